"""Entries as values, drawn or written down; batches as a told log hands them over."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import chain
from typing import Any

from hypothesis import strategies as st

from api.engine import Engine
from domain.books.chart import CHART
from domain.books.period import last_day
from domain.books.posting import Posting, move
from replays.journal.batch import Batch, batch
from replays.journal.entries import JournalEntry, entries
from tests.support.world import done

MARCH, APRIL = "2026-03", "2026-04"
FORMULA = "=HYPERLINK(A1)"
"""A document's number that a spreadsheet would run."""
OPENING_ITEM = {"dealer_id": "D03", "doc": FORMULA, "gross": 5_000_05, "due": "2026-04-30"}


def exported(engine: Engine, key: str, period: str = MARCH) -> Batch:
    """Hand over what finance has not got of a period, and read it back."""
    seq = int(finance(engine, "export-journal", key, period=period)["batch"].partition("/")[2])
    return batch(engine.reader, engine.codec, period, seq, "CNY")


def finance(engine: Engine, name: str, key: str, **body: Any) -> Any:
    """Let finance do something that must be accepted."""
    return done(engine, name, key, body, on_behalf_of="fin-1")["result"]


def post_more(engine: Engine) -> None:
    """Post another entry into March: an item of a dealer that had none."""
    at = datetime(2026, 3, 31, 10, 0, tzinfo=UTC)
    done(engine, "set-opening-item", "more", OPENING_ITEM, on_behalf_of="fin-1", occurred_at=at)


def all_entries(engine: Engine, *periods: str) -> list[JournalEntry]:
    """Entries of several periods, one after the other."""
    told = (entries(engine.reader, engine.codec, period) for period in periods)
    return list(chain.from_iterable(told))


def entry(number: int, day: str, lines: tuple[Posting, ...], **more: Any) -> JournalEntry:
    """An entry that is written down."""
    filled = {"doc": f"DOC-{number}", "dealer": "", "source": f"Stock/WH/A/{number}"} | more
    return JournalEntry(
        **{"effective": None, "cause": "stock.received", "position": 10 * number} | filled,
        period=day[:7],
        number=number,
        day=date.fromisoformat(day),
        lines=lines,
        recorded_at=datetime(2026, 5, 1, tzinfo=UTC),
    )


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
AMOUNTS = st.integers(1, 10**13)
MOVES = st.builds(move, st.sampled_from([*CHART]), st.sampled_from([*CHART]), AMOUNTS)
LINES = st.lists(MOVES, min_size=1, max_size=3).map(lambda found: tuple(chain(*found)))


@st.composite
def balanced_entries(draw: st.DrawFn) -> list[JournalEntry]:
    """Entries of up to three periods, as they come: days in no order, ids of any signs."""
    found = []
    for period in draw(st.sets(st.sampled_from(["2025-12", "2026-02", "2026-03"]), max_size=3)):
        days = st.dates(date.fromisoformat(f"{period}-01"), last_day(period))
        for number in range(1, draw(st.integers(1, 4)) + 1):
            words = {name: draw(WORDS) for name in ("doc", "dealer", "source")}
            words["effective"] = draw(st.none() | st.dates(date(2025, 1, 1), date(2026, 1, 1)))
            found.append(entry(number, draw(days).isoformat(), draw(LINES), **words))
    return found
