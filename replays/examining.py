"""Examining what was made from the log: read models, the laws of the books, issued statements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import tzinfo

import msgspec

from eventlog.codec import Codec
from eventlog.reader import Reader
from projections.effects import Projection
from replays.laws import LAWS
from replays.statements.checking import statement_faults
from replays.tables.refolding import Snapshot, refold
from replays.verifying import Fault, Verdict

READ_MODEL, LAW = "READ_MODEL", "LAW"


class Examined(msgspec.Struct, frozen=True):
    """What an examination found, how much it looked at, and which read models lag behind."""

    tables: int
    rows: int
    laws: int
    statements: int
    behind: dict[str, int]
    faults: tuple[Fault, ...]


def examine(
    reader: Reader,
    codec: Codec,
    snapshot: Snapshot,
    projections: Sequence[Projection],
    zone: tzinfo,
    progress: Callable[[int], None] = lambda _: None,
) -> Examined:
    """Fold all read models anew, compare every row, ask every law, reckon every statement.

    A row that is not what the log gives is a fault at the last event that made the row; a law
    that does not hold is one at the position that was folded; a statement at that of its issue.
    """
    found = refold(reader, codec, snapshot, projections, zone, progress)
    faults = [
        Fault(one.position, READ_MODEL, f"{one.table} {one.key}: {one.text}")
        for one in found.differences
    ]
    faults += [
        Fault(one.position, LAW, f"{one.law}: {one.text} {'; '.join(one.rows)}")
        for one in found.breaches
    ]
    stated = list(statement_faults(reader, codec, reader.head().position))
    faults += [one for one in stated if one is not None]
    about = (found.tables, found.rows, len(LAWS), len(stated), found.behind)
    return Examined(*about, tuple(faults))


def together(verdict: Verdict, examined: Examined) -> Verdict:
    """Add what was found in the read models to what was found in the log."""
    return msgspec.structs.replace(verdict, faults=(*verdict.faults, *examined.faults))
