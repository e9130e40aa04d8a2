"""A story that was told, with statements: what was ordered, sent and paid, and who asks for it.

D01's statement of March is issued on 1 April as version 1, before its payment of 31 March was
entered. D04 bears a hostile name, and owes a document that looks like a formula.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from api.engine import Engine
from tests.api.money.bench import Bench
from tests.support.story import STORY
from tests.support.templates import Templates
from tests.support.world import MovableClock, build, done, opened

HOSTILE = "<script>alert('1')</script> & \"Söhne\" =1+1"
FIRST_OF_APRIL = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)
OPENED = "2026-04-01T08:00:00+08:00"
"""Before the statement was issued, after everything that was told of March."""
*TOLD, LATE = STORY


def tell(engine: Engine, clock: MovableClock) -> None:
    """Tell the story but for its last step, and what statements need beside it."""
    build(engine)
    for number, step in enumerate(TOLD, 1):
        clock.now = step.recorded
        who_and_when = {"on_behalf_of": step.who, "occurred_at": step.at}
        done(engine, step.name, f"story-{number}", step.body, **who_and_when)
    bench = Bench(engine, clock)
    bench.people()
    for user, dealer in (("dlr-d01", "D01"), ("dlr-d03", "D03"), ("dlr-d04", "D04")):
        bench.does(None, "register-user", user_id=user, role="DLR", dealer_id=dealer)
    bench.does(None, "register-user", user_id="fin-2", role="FIN")
    profile = {"legal_name": HOSTILE, "uscc": "USCC-D04", "tier": "A", "sales_region": "EAST"}
    bench.does(None, "register-dealer", dealer_id="D04", profile=profile)
    bench.owes("=1+1", 50_00, "D04")
    clock.now = FIRST_OF_APRIL
    bench.issued()


@contextmanager
def told(folder: Path, templates: Templates, *, follow: bool = False) -> Iterator[Bench]:
    """A bench over the story, on a database of its own."""
    url, clock = f"sqlite:///{folder / 'told.db'}", MovableClock()
    templates.fill(url, tell, clock)
    with opened(url, clock, follow=follow) as engine:
        bench = Bench(engine, clock)
        bench.said = 1_000  # keys of its own
        yield bench


def paid_late(bench: Bench) -> None:
    """The payment of 31 March is entered on 2 April."""
    bench.clock.now = LATE.recorded
    who_and_when = {"on_behalf_of": LATE.who, "occurred_at": LATE.at}
    done(bench.engine, LATE.name, "late", LATE.body, **who_and_when)
