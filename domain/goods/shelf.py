"""Goods: quantities of a lot or named units, and the shelf they lie on and are claimed from."""

from __future__ import annotations

from datetime import date

import msgspec


class Bucket(msgspec.Struct):
    """Goods of one lot (lot "" for goods that are not tracked). Quantities in base units."""

    on_hand: int = 0
    quarantined: int = 0
    blocked: int = 0
    reserved: int = 0
    expiry: date | None = None
    manufacture_date: date | None = None

    @property
    def available(self) -> int:
        """What may still be claimed."""
        return self.on_hand - self.quarantined - self.blocked - self.reserved


class Unit(msgspec.Struct):
    """One device on the shelf, and the reference that claims it ("" for nobody)."""

    manufacture_date: date
    reserved_for: str = ""


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
    reservations: dict[str, list[Goods]] = msgspec.field(default_factory=dict)

    def add(self, goods: Goods) -> None:
        """Add goods."""
        if goods.serials:
            made = goods.manufacture_date or date.min
            self.units.update({one: Unit(made) for one in goods.serials})
            return
        bucket = self.lots.setdefault(goods.lot or "", Bucket())
        bucket.on_hand += goods.qty
        bucket.expiry = goods.expiry or bucket.expiry
        bucket.manufacture_date = goods.manufacture_date or bucket.manufacture_date

    def remove(self, goods: Goods) -> None:
        """Remove goods."""
        for serial in goods.serials:
            self.units.pop(serial)
        if not goods.serials:
            self.lots[goods.lot or ""].on_hand -= goods.qty

    def claim(self, goods: Goods, ref: str) -> None:
        """Mark goods as claimed by a reference."""
        self.reservations.setdefault(ref, []).append(goods)
        for serial in goods.serials:
            self.units[serial].reserved_for = ref
        if not goods.serials:
            self.lots[goods.lot or ""].reserved += goods.qty

    def unclaim(self, goods: Goods, ref: str) -> None:
        """Mark goods as free, and take them out of the reference's claims."""
        for serial in goods.serials:
            self.units[serial].reserved_for = ""
        if not goods.serials:
            self.lots[goods.lot or ""].reserved -= goods.qty
        left = without(self.reservations.get(ref, []), goods)
        if left:
            self.reservations[ref] = left
        else:
            self.reservations.pop(ref, None)

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
