"""How many units of a lot were diverted, at least: what dealers had against where it was seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from domain.channel.dealer_stock import DealerStock
from domain.goods.holders import Holders
from domain.goods.lot import Lot
from domain.goods.product import Product
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import NotFound
from domain.parties.customer import Customer
from domain.policies import territory
from replays.least_diverted import Proof, Right, least_diverted

ASSUMPTIONS = (
    "Every unit was seen once; else the excess may be units that were seen twice.",
    "At one place, scans and reported sales may be of the same units: only the greater sum counts.",
    "Every unit passed through a dealer who signed for it; else the excess may be counterfeit.",
    "A dealer could sell where it or a dealer above it had the right since its first receipt.",
    "Under a leave a dealer sold elsewhere no more than it names.",
)
COUNTS_TRUSTED = "What dealers counted last is believed to be there still."


class Supplied(msgspec.Struct, frozen=True):
    """What a dealer can have sold: received from us, returned or put right, and counted."""

    dealer: str
    received: int
    returned: int
    adjusted: int
    counted: int | None
    supply: int


class SeenAt(msgspec.Struct, frozen=True):
    """What was seen at a place (GB/T 2260, and the hospital where one is named), base units."""

    place: str
    region_code: str
    hospital: str | None
    scanned: int
    reported: int

    @property
    def units(self) -> int:
        """Units that are surely distinct."""
        return max(self.scanned, self.reported)


class LotBound(msgspec.Struct, frozen=True):
    """A lot's lower bound of diverted units, with all that it rests on."""

    sku: str
    lot: str
    proof: Proof
    supplies: tuple[Supplied, ...]
    seen: tuple[SeenAt, ...]
    rights: tuple[Right, ...]
    assumptions: tuple[str, ...]


def lot_bound(log: Log, sku: str, lot: str, day: date, *, trust_counts: bool = False) -> LotBound:
    """Prove how many units of a lot were diverted, at least, as known on a day.

    Raises NotFound for a lot that no dealer ever had and nobody ever saw.
    """
    stocks = [log.get(DealerStock, one) for one in log.get(Holders, sku).who_had(lot)]
    seen = _seen(log, stocks, sku, lot)
    if not stocks and not seen:
        raise NotFound(kind="Lot", id=f"{sku}/{lot}")
    supplies = [_supplied(one, f"{sku}/{lot}", trust_counts=trust_counts) for one in stocks]
    rights = [right for one in stocks for right in _rights(log, one, sku, lot, seen, day)]
    proof = least_diverted(
        {one.dealer: one.supply for one in supplies},
        {one.place: one.units for one in seen},
        rights,
    )
    assumed = (*ASSUMPTIONS, COUNTS_TRUSTED) if trust_counts else ASSUMPTIONS
    return LotBound(sku, lot, proof, tuple(supplies), tuple(seen), tuple(rights), assumed)


def _supplied(stock: DealerStock, key: str, *, trust_counts: bool) -> Supplied:
    book = stock.book(key)
    supply = book.received - book.returned + book.adjusted
    if trust_counts:
        supply -= book.counted or 0
    counted, most = book.counted, max(0, supply)
    return Supplied(stock.key, book.received, book.returned, book.adjusted, counted, most)


def _seen(log: Log, stocks: list[DealerStock], sku: str, lot: str) -> list[SeenAt]:
    scanned: dict[str, int] = {}
    reported: dict[str, int] = {}
    for place, qty in log.get(Lot, sku, lot).seen.items():
        region, _, hospital = place.partition("/")
        customer = log.get(Customer, hospital)
        # A hospital's registered address is surer than the place where a label was read.
        where = f"{customer.region_code if customer.exists else region}/{hospital}"
        scanned[where] = scanned.get(where, 0) + qty
    for stock in stocks:
        for hospital, qty in stock.buyers.get(f"{sku}/{lot}", {}).items():
            place = f"{log.get(Customer, hospital).region_code}/{hospital}"
            reported[place] = reported.get(place, 0) + qty
    found = []
    for place in sorted({*scanned, *reported}):
        region, _, hospital = place.partition("/")
        if region:
            units = scanned.get(place, 0), reported.get(place, 0)
            found.append(SeenAt(place, region, hospital or None, *units))
    return found


def _rights(
    log: Log, stock: DealerStock, sku: str, lot: str, seen: list[SeenAt], day: date
) -> Iterator[Right]:
    """Rights of a dealer and of those above it, on any day since it first got the lot."""
    line = existing(log, Product, sku).known.product_line
    days = [one.day for one in stock.book(f"{sku}/{lot}").arrivals]
    since = min(days, default=date.min)
    for holder in territory.chain(log, stock.key):
        mine = [
            one
            for one in holder.authorisations
            if one.product_line == line and one.valid_from <= day and one.valid_to >= since
        ]
        places = tuple(
            one.place
            for one in seen
            if any(territory.covers(right, one.hospital, one.region_code) for right in mine)
        )
        if places:
            yield Right(stock.key, places)
        for leave in holder.exceptions.values():
            there = tuple(
                one.place
                for one in seen
                if territory.leave_covers(leave, one.hospital, one.region_code)
            )
            timely = leave.valid_from <= day and leave.valid_to >= since
            if there and timely and (leave.sku == sku or leave.product_line == line):
                yield Right(stock.key, there, leave.qty_max, leave.exception)
