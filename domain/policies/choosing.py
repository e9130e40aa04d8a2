"""Choosing: which lots or units of a shelf a demand gets.

Lots go by first expiry among those with enough life left (FEFO), then first receipt, then name;
units by manufacture date and number (FIFO).
"""

from __future__ import annotations

from datetime import date
from itertools import islice

import msgspec

from domain.goods.product_terms import SERIAL
from domain.goods.shelf import Bucket, Goods, Shelf


class Pick(msgspec.Struct, frozen=True):
    """Goods chosen for a line, and the trace of the choice."""

    goods: tuple[Goods, ...]
    considered: tuple[str, ...]
    made: tuple[date, ...] = ()
    """Days on which the goods were made, as far as known."""

    @property
    def qty(self) -> int:
        """Base units chosen."""
        return sum(one.qty for one in self.goods)


def choose(
    shelf: Shelf, tracking: str, qty: int, needed: int, day: date, gone: list[Goods]
) -> Pick:
    """Choose goods up to a quantity, leaving out what is gone already."""
    if tracking == SERIAL:
        return _oldest_units(shelf, qty, gone)
    return _first_expiring(shelf, qty, needed, day, gone)


def _oldest_units(shelf: Shelf, qty: int, gone: list[Goods]) -> Pick:
    taken = {serial for one in gone for serial in one.serials}
    free = (one for one in shelf.free if one[1] not in taken)
    picked = list(islice(free, max(qty, 0)))
    serials = tuple(serial for _, serial in picked)
    goods = (Goods(len(serials), serials=serials),) if serials else ()
    return Pick(goods, (), tuple(made for made, _ in picked))


def _first_expiring(shelf: Shelf, qty: int, needed: int, day: date, gone: list[Goods]) -> Pick:
    picked: list[Goods] = []
    considered: list[str] = []
    left = qty
    for lot, bucket in sorted(shelf.lots.items(), key=_expiry):
        free = bucket.available - sum(one.qty for one in gone if (one.lot or "") == lot)
        if free <= 0:
            continue
        life = (bucket.expiry - day).days if bucket.expiry else None
        if life is not None and (life < 0 or life < needed):
            considered.append(f"{lot}: {life} days left, {needed} needed")
            continue
        used = min(left, free)
        if used:
            picked.append(
                Goods(
                    used,
                    lot=lot or None,
                    expiry=bucket.expiry,
                    manufacture_date=bucket.manufacture_date,
                )
            )
            considered.append(f"{lot}: {used} of {free} taken")
            left -= used
    made = tuple(one.manufacture_date for one in picked if one.manufacture_date)
    return Pick(tuple(picked), tuple(considered), made)


def _expiry(entry: tuple[str, Bucket]) -> tuple[date, int, str]:
    lot, bucket = entry
    first = bucket.received_at.toordinal() if bucket.received_at else 0
    return bucket.expiry or date.max, first, lot
