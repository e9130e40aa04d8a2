"""A month of a dealer's account: its lines, and the figures that rebates are reckoned from."""

from __future__ import annotations

import msgspec

from domain.accounts.entry import Entry


class Sold(msgspec.Struct):
    """What was invoiced of a product in a month, less what was credited: net, and base units."""

    net: int = 0
    qty: int = 0


class Month(msgspec.Struct):
    """One calendar month. Amounts in minor units.

    ``lines`` are kept until the month has ``ended``: until then a statement of it can be drawn up
    anew; ``net`` is their sum. ``paid`` is the net amount of the month's invoices that money
    settled, by days after their due date; ``collected`` the net amount that came in for any.
    """

    lines: list[Entry] = []
    net: int = 0
    locked: bool = False
    ended: bool = False
    sold: dict[str, Sold] = {}
    paid: dict[int, int] = {}
    collected: int = 0
