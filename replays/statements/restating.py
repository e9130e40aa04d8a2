"""Restating: why a statement of today is not the one that was issued, entry by entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from domain.accounts.statement_terms import Figures
from eventlog.codec import Codec
from eventlog.reader import Reader
from replays.statements import draw_up, issued_document
from replays.statements.values import DetailLine


class Restated(msgspec.Struct, frozen=True, kw_only=True):
    """A statement as it was issued and as it is now. The differences add up to ``closing``.

    ``came`` are lines that were not in it, ``went`` those that are not any more.
    """

    issued_at: int
    position: int
    issued: Figures
    today: Figures
    differences: dict[str, int]
    came: tuple[DetailLine, ...]
    went: tuple[DetailLine, ...]


def restated(reader: Reader, codec: Codec, dealer: str, period: str, version: int) -> Restated:
    """Compare an issued version with the same month as it is known now. Raises NotFound."""
    was = issued_document(reader, codec, dealer, period, version)
    position = reader.head().position
    now = draw_up(reader, codec, dealer, period, was.head.currency, position)
    old, new = (msgspec.structs.asdict(one.figures) for one in (was, now))
    before, after = (list(_plain((*one.lines, *one.prior))) for one in (was, now))
    return Restated(
        issued_at=was.head.log_position,
        position=position,
        issued=was.figures,
        today=now.figures,
        differences={name: new[name] - old[name] for name in new if new[name] != old[name]},
        came=tuple((Counter(after) - Counter(before)).elements()),
        went=tuple((Counter(before) - Counter(after)).elements()),
    )


def _plain(lines: tuple[DetailLine, ...]) -> Iterator[DetailLine]:
    """Lines without the running balance, which changes with every line before."""
    return (msgspec.structs.replace(line, balance=0) for line in lines)
