"""Conservation laws: what must hold of the books at every position, whatever happened.

They are asked of a scratch copy, which the log alone made.
"""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection

from replays.laws import goods, money, orders

LAWS = (*money.LAWS, *goods.LAWS, *orders.LAWS)
MOST = 20
"""Rows of a breach that are told."""


class Breach(msgspec.Struct, frozen=True):
    """Rows that break a law at a position, each written as ``column=value, ...``."""

    position: int
    law: str
    text: str
    rows: tuple[str, ...]


def breaches(folded: Connection, position: int) -> list[Breach]:
    """Ask every law of read models at a position; empty where all hold."""
    found = []
    for law in LAWS:
        rows = folded.execute(law.broken().limit(MOST)).mappings()
        told = tuple(", ".join(f"{name}={row[name]}" for name in row) for row in rows)
        if told:
            found.append(Breach(position, law.name, law.text, told))
    return found
