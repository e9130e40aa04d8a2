"""Whether a device's history is whole: no event missing, and in somebody's custody at all times.

Custody (who has it) and ownership (whose it is) are told apart: goods on their way are ours until
they are signed for, and what is lent stays ours wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from domain.goods.product import Product
from domain.goods.serial_events import (
    AT_DEALER,
    AT_HOSPITAL,
    IN_SERVICE,
    IN_STOCK,
    IN_TRANSFER,
    INSTALLED,
    LOST,
    MADE,
    QUARANTINED,
    RESERVED,
    SCRAPPED,
    SHIPPED,
    SOLD,
)
from domain.goods.serial_number import SerialNumber
from domain.goods.serial_register import SerialRegister
from domain.goods.trail import Stay
from domain.kernel.aggregate import Log, existing

MAKER, CARRIER, NOBODY, UNKNOWN = "MAKER", "CARRIER", "NOBODY", "UNKNOWN"

NEXT = {
    "": {MADE},
    MADE: {IN_STOCK, QUARANTINED},
    IN_STOCK: {RESERVED, QUARANTINED, LOST},
    RESERVED: {IN_STOCK, SHIPPED, IN_TRANSFER, QUARANTINED, LOST},
    IN_TRANSFER: {IN_STOCK, QUARANTINED, LOST},
    SHIPPED: {AT_DEALER, AT_HOSPITAL, INSTALLED, QUARANTINED, LOST},
    AT_DEALER: {AT_DEALER, SOLD, INSTALLED, QUARANTINED},
    SOLD: {INSTALLED, QUARANTINED},
    AT_HOSPITAL: {INSTALLED, QUARANTINED},
    INSTALLED: {INSTALLED, IN_SERVICE, QUARANTINED},
    IN_SERVICE: {IN_SERVICE, QUARANTINED},
    QUARANTINED: {QUARANTINED, IN_STOCK, AT_DEALER, SCRAPPED, LOST},
    LOST: {IN_STOCK, QUARANTINED},
    SCRAPPED: set[str](),
}
"""States that may follow a state. Whatever else follows left a gap in the custody."""

NOBODY_NAMED = {
    "": UNKNOWN,
    MADE: MAKER,
    IN_TRANSFER: CARRIER,
    SHIPPED: CARRIER,
    LOST: NOBODY,
    SCRAPPED: NOBODY,
}
"""Custodians of states in which no place of ours and no customer has it."""

HELD_BY = {
    IN_STOCK: "warehouse",
    RESERVED: "warehouse",
    QUARANTINED: "warehouse",
    AT_DEALER: "dealer",
    SOLD: "hospital",
    AT_HOSPITAL: "hospital",
    INSTALLED: "hospital",
    IN_SERVICE: "hospital",
}

OPEN_ENDED = (SHIPPED, IN_TRANSFER, LOST)
"""States in which a device waits for the other half of a hand-over."""


class Span(msgspec.Struct, frozen=True):
    """Who had a device from an instant on, whose it was, and in which state."""

    since: datetime
    version: int
    state: str
    custodian: str
    owner: str


class Completeness(msgspec.Struct, frozen=True):
    """What is proved of a device's history, and every gap that was found."""

    di: str
    serial: str
    sku: str
    versions: int
    spans: tuple[Span, ...]
    open_ended: bool
    registered: int
    """Devices of the product that were ever registered."""
    by_state: dict[str, int]
    """The same devices by their state: the sum must be the same."""
    gaps: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether no gap was found."""
        return not self.gaps


def completeness(log: Log, di: str, serial: str, versions: list[int]) -> Completeness:
    """Prove that nothing is missing from a device's history. ``versions`` are its stream's.

    Raises NotFound for a device that was never heard of.
    """
    unit = existing(log, SerialNumber, di, serial)
    spans = tuple(_span(stay) for stay in unit.trail)
    registered, by_state = _conserved(log, unit)
    gaps = [*_dense(versions), *_continuous(unit)]
    if sum(by_state.values()) != registered:
        gaps.append(f"{registered} registered, {sum(by_state.values())} found")
    return Completeness(
        di,
        serial,
        unit.sku,
        len(versions),
        spans,
        unit.state in OPEN_ENDED,
        registered,
        by_state,
        tuple(gaps),
    )


def _dense(versions: list[int]) -> Iterator[str]:
    for place, version in enumerate(versions, start=1):
        if version != place:
            yield f"version {place} is missing"
            return


def _continuous(unit: SerialNumber) -> Iterator[str]:
    """Steps that no hand-over accounts for, in the order in which they were recorded."""
    state = ""
    for stay in sorted(unit.trail, key=lambda one: one.version):
        if stay.state != state and stay.state not in NEXT[state]:
            yield f"version {stay.version}: {state or 'nothing'} was followed by {stay.state}"
        state = stay.state


def _conserved(log: Log, unit: SerialNumber) -> tuple[int, dict[str, int]]:
    serials = log.get(SerialRegister, unit.sku).serials
    di = existing(log, Product, unit.sku).base_di if serials else ""
    found: dict[str, int] = {}
    for one in serials:
        other = log.get(SerialNumber, di, one)
        if other.in_register:
            found[other.state] = found.get(other.state, 0) + 1
    return len(serials), dict(sorted(found.items()))


def _span(stay: Stay) -> Span:
    """Who had it, and whose it was: what is with us, on its way, lost or lent is ours."""
    places = {"warehouse": stay.warehouse, "dealer": stay.dealer, "hospital": stay.hospital}
    custodian = NOBODY_NAMED.get(stay.state) or places[HELD_BY[stay.state]] or UNKNOWN
    lent = stay.passport is not None and stay.passport.lent
    sold = HELD_BY.get(stay.state) in ("dealer", "hospital") and not lent
    owner = custodian if sold or not stay.state else MAKER
    return Span(stay.at, stay.version, stay.state, custodian, owner)
