"""Goods: quantities of a lot or named units, and the shelf they lie on and are claimed from."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, datetime

import msgspec

QUARANTINED, BLOCKED = "QUARANTINED", "BLOCKED"
"""Why goods that are here may not be sold: they wait for inspection, or are locked."""


class Bucket(msgspec.Struct):
    """Goods of one lot (lot "" for goods that are not tracked). Quantities in base units."""

    on_hand: int = 0
    quarantined: int = 0
    blocked: int = 0
    reserved: int = 0
    expiry: date | None = None
    manufacture_date: date | None = None
    received_at: datetime | None = None
    moves: int = 0
    """How often goods came or went."""
    warned: int | None = None
    """Days of the last warning that it expires."""

    @property
    def marked(self) -> int:
        """What is here and may not be sold."""
        return self.quarantined + self.blocked

    @property
    def available(self) -> int:
        """What may still be claimed."""
        return self.on_hand - self.quarantined - self.blocked - self.reserved


class Unit(msgspec.Struct):
    """One device on the shelf, who claims it and why it may not be sold ("" for neither)."""

    manufacture_date: date
    reserved_for: str = ""
    mark: str = ""

    @property
    def free(self) -> bool:
        """Whether it may be claimed."""
        return not self.reserved_for and not self.mark


class Goods(msgspec.Struct, frozen=True, omit_defaults=True):
    """A quantity of one lot, or named serials of it. For serials the quantity is their number."""

    qty: int
    lot: str | None = None
    serials: tuple[str, ...] = ()
    expiry: date | None = None
    manufacture_date: date | None = None


class Shelf(msgspec.Struct):
    """Goods in one place: by lot, by serial, and the claims on them by reference."""

    lots: dict[str, Bucket] = msgspec.field(default_factory=dict)
    units: dict[str, Unit] = msgspec.field(default_factory=dict)
    free: list[tuple[date, str]] = msgspec.field(default_factory=list)
    """Units that may be claimed, the oldest first: day on which it was made, and serial."""
    reservations: dict[str, list[Goods]] = msgspec.field(default_factory=dict)
    unit_moves: int = 0
    """How often units came or went."""

    @property
    def on_hand(self) -> int:
        """All goods that are here, in base units."""
        return len(self.units) + sum(bucket.on_hand for bucket in self.lots.values())

    @property
    def available(self) -> int:
        """Goods that may be claimed, in base units, whatever their expiry."""
        return len(self.free) + sum(bucket.available for bucket in self.lots.values())

    def by_lot(self) -> dict[str, int]:
        """All goods that are here by lot, in base units; devices are under an empty one."""
        found = {lot: bucket.on_hand for lot, bucket in self.lots.items() if bucket.on_hand}
        return found | ({"": len(self.units)} if self.units else {})

    def add(self, goods: Goods, at: datetime) -> None:
        """Add goods that came at a time."""
        if goods.serials:
            made = goods.manufacture_date or date.min
            for one in goods.serials:
                self._file(one, free=False)
            self.units.update({one: Unit(made) for one in goods.serials})
            self.free = sorted([*self.free, *((made, one) for one in goods.serials)])
            self.unit_moves += 1
            return
        bucket = self.lots.setdefault(goods.lot or "", Bucket())
        bucket.on_hand += goods.qty
        bucket.moves += 1
        bucket.expiry = goods.expiry or bucket.expiry
        bucket.manufacture_date = goods.manufacture_date or bucket.manufacture_date
        bucket.received_at = bucket.received_at or at

    def remove(self, goods: Goods) -> None:
        """Remove goods."""
        for serial in goods.serials:
            self._file(serial, free=False)
            self.units.pop(serial)
        if goods.serials:
            self.unit_moves += 1
        else:
            self.lots[goods.lot or ""].on_hand -= goods.qty
            self.lots[goods.lot or ""].moves += 1

    def claim(self, goods: Goods, ref: str) -> None:
        """Mark goods as claimed by a reference."""
        self.reservations.setdefault(ref, []).append(goods)
        for serial in goods.serials:
            self.units[serial].reserved_for = ref
            self._file(serial, free=False)
        if not goods.serials:
            self.lots[goods.lot or ""].reserved += goods.qty

    def unclaim(self, goods: Goods, ref: str) -> None:
        """Mark goods as free, and take them out of the reference's claims."""
        for serial in goods.serials:
            self.units[serial].reserved_for = ""
            self._file(serial, free=self.units[serial].free)
        if not goods.serials:
            self.lots[goods.lot or ""].reserved -= goods.qty
        left = without(self.reservations.get(ref, []), goods)
        if left:
            self.reservations[ref] = left
        else:
            self.reservations.pop(ref, None)

    def mark(self, goods: Goods, mark: str) -> None:
        """Set goods apart."""
        for serial in goods.serials:
            self.units[serial].mark = mark
            self._file(serial, free=False)
        if not goods.serials:
            self._count(goods, mark, goods.qty)

    def unmark(self, goods: Goods, mark: str) -> None:
        """Put goods back that were set apart."""
        for serial in goods.serials:
            self.units[serial].mark = ""
            self._file(serial, free=self.units[serial].free)
        if not goods.serials:
            self._count(goods, mark, -goods.qty)

    def marked(self, goods: Goods, mark: str) -> bool:
        """Whether at least these goods are set apart for a reason ("" for none: they are free)."""
        if goods.serials:
            units = [self.units.get(serial) for serial in goods.serials]
            return all(
                unit is not None and unit.mark == mark and not unit.reserved_for for unit in units
            )
        bucket = self.lots.get(goods.lot or "", Bucket())
        kept = {"": bucket.available, QUARANTINED: bucket.quarantined, BLOCKED: bucket.blocked}
        return kept[mark] >= goods.qty

    def _file(self, serial: str, *, free: bool) -> None:
        """Keep the list of free units in step with a unit."""
        if serial not in self.units:
            return
        entry = (self.units[serial].manufacture_date, serial)
        place = bisect_left(self.free, entry)
        filed = place < len(self.free) and self.free[place] == entry
        if free and not filed:
            self.free.insert(place, entry)
        elif filed and not free:
            del self.free[place]

    def _count(self, goods: Goods, mark: str, qty: int) -> None:
        bucket = self.lots[goods.lot or ""]
        if mark == QUARANTINED:
            bucket.quarantined += qty
        else:
            bucket.blocked += qty

    def last_claimed(self, ref: str, qty: int) -> list[Goods]:
        """Goods that a reference gives up first: what it claimed last, up to a quantity."""
        given: list[Goods] = []
        for one in reversed(self.reservations.get(ref, [])):
            used = min(qty, one.qty)
            if used:
                serials = one.serials[len(one.serials) - used :] if one.serials else ()
                given.append(msgspec.structs.replace(one, qty=used, serials=serials))
                qty -= used
        return given

    def made_on(self, goods: Goods) -> tuple[date, ...]:
        """Days on which goods were made, as far as known here."""
        if goods.serials:
            return tuple(
                self.units[one].manufacture_date for one in goods.serials if one in self.units
            )
        bucket = self.lots.get(goods.lot or "")
        return (bucket.manufacture_date,) if bucket and bucket.manufacture_date else ()

    def described(self, goods: Goods) -> Goods:
        """Return goods with the dates that are known here of their lot or units."""
        if goods.serials:
            made = min(self.units[one].manufacture_date for one in goods.serials)
            return msgspec.structs.replace(goods, manufacture_date=made)
        bucket = self.lots[goods.lot or ""]
        return msgspec.structs.replace(
            goods, expiry=bucket.expiry, manufacture_date=bucket.manufacture_date
        )

    def holds(self, ref: str, goods: Goods) -> bool:
        """Whether a reference claims at least these goods."""
        claims = self.reservations.get(ref, [])
        if goods.serials:
            claimed = {serial for one in claims for serial in one.serials}
            return claimed.issuperset(goods.serials)
        return sum(one.qty for one in claims if one.lot == goods.lot) >= goods.qty


def without(claims: list[Goods], taken: Goods) -> list[Goods]:
    """Return claims less the goods taken: whole claims, or parts of them."""
    left: list[Goods] = []
    qty = taken.qty
    for one in claims:
        if one.lot != taken.lot or (taken.serials and not set(one.serials) & set(taken.serials)):
            left.append(one)
        elif taken.serials:
            kept = tuple(serial for serial in one.serials if serial not in taken.serials)
            if kept:
                left.append(msgspec.structs.replace(one, qty=len(kept), serials=kept))
        else:
            used = min(qty, one.qty)
            qty -= used
            if one.qty > used:
                left.append(msgspec.structs.replace(one, qty=one.qty - used))
    return left
