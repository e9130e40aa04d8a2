"""The values of a recall: what it covers, who has it, and what became of it."""

from __future__ import annotations

import msgspec

OPENED, STOCK_LOCKED, NOTIFYING = "OPENED", "STOCK_LOCKED", "NOTIFYING"
COLLECTING, CORRECTING = "COLLECTING", "CORRECTING"
CHECKED, CLOSED = "EFFECTIVENESS_CHECK", "CLOSED"

NOTICE_DAYS = {1: 1, 2: 3, 3: 7}
"""Days within which consignees must know, by class (Recall Provisions, decree 29)."""

DEALER, HOSPITAL = "DEALER", "HOSPITAL"
RECOVERED, CORRECTED, DESTROYED = "RECOVERED", "CORRECTED", "DESTROYED"
USED, LOST = "USED", "LOST"
OVER = "RECALL_CLOSED"
"""What is noted of a device that nothing became of until its recall was closed."""


class LotScope(msgspec.Struct, frozen=True):
    """A lot of a product."""

    sku: str
    lot: str


class SerialRange(msgspec.Struct, frozen=True):
    """Devices of a product from one serial number to another, in the order of their characters."""

    sku: str
    first: str
    last: str

    def covers(self, sku: str, serial: str) -> bool:
        """Whether a device lies in it. Numbers of another length are of another series."""
        same = sku == self.sku and len(serial) == len(self.first)
        return same and self.first <= serial <= self.last


class Scope(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a recall covers: whole products, lots, ranges of serial numbers."""

    skus: tuple[str, ...] = ()
    lots: tuple[LotScope, ...] = ()
    serial_ranges: tuple[SerialRange, ...] = ()

    def products(self) -> list[str]:
        """Products of which anything is covered."""
        lots, ranges = (one.sku for one in self.lots), (one.sku for one in self.serial_ranges)
        return list(dict.fromkeys((*self.skus, *lots, *ranges)))

    def covers_lot(self, sku: str, lot: str) -> bool:
        """Whether a lot is covered."""
        return sku in self.skus or LotScope(sku, lot) in self.lots

    def covers_unit(self, sku: str, serial: str) -> bool:
        """Whether a device is covered."""
        return sku in self.skus or any(one.covers(sku, serial) for one in self.serial_ranges)


class Locked(msgspec.Struct, frozen=True, omit_defaults=True):
    """Goods of ours that a recall locked, base units."""

    warehouse: str
    sku: str
    qty: int
    lot: str = ""
    serials: tuple[str, ...] = ()


class Held(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a consignee has of one lot or product, base units, by what we know."""

    sku: str
    qty: int
    lot: str = ""
    serials: tuple[str, ...] = ()


class Listed(msgspec.Struct, frozen=True, omit_defaults=True):
    """A consignee: a dealer, or a hospital that bought from one (``through``)."""

    name: str
    kind: str
    goods: tuple[Held, ...]
    through: str | None = None
    contact: str = ""
    """Whom to tell: the registered name, and where."""

    @property
    def qty(self) -> int:
        """Base units of all its goods."""
        return sum(one.qty for one in self.goods)
