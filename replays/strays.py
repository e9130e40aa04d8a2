"""Strays: devices that stand where the dealer they were sold to had no right to sell them.

The right is that of the passport, as it was on the day of shipment. What explains a device is
told beside it, and nobody is accused: that is the work of the rules of diversion.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, tzinfo

import msgspec

from domain.goods.product import Product
from domain.goods.serial_number import SerialNumber
from domain.kernel.aggregate import Log
from domain.parties.dealer import Dealer
from domain.policies.territory import contains, exceptions

Found = tuple[str, str, str | None, str]
"""DI, serial, hospital and region of a device that stands somewhere."""


class Stray(msgspec.Struct, frozen=True, kw_only=True):
    """A device outside its territory: whose it was, where it may be, where it is, and why."""

    di: str
    serial: str
    sku: str
    dealer: str
    shp: str
    authorised_regions: tuple[str, ...]
    region: str
    hospital: str | None
    seen_on: date
    exceptions: tuple[str, ...]
    """Leaves of the dealer to sell such goods there on that day, used up or not."""
    case: str | None


def strays(log: Log, standing: Iterable[tuple[Found, str | None]], zone: tzinfo) -> Iterator[Stray]:
    """Tell which of the devices that stand somewhere are strays, each with its open case."""
    for (di, serial, hospital, region), case in standing:
        unit = log.get(SerialNumber, di, serial)
        passport = unit.passport
        if passport is None or any(contains(one, region) for one in passport.authorised_regions):
            continue
        seen_on = unit.trail[-1].at.astimezone(zone).date()
        line = log.get(Product, unit.sku).known.product_line
        dealer = log.get(Dealer, passport.dealer)
        leaves = exceptions(dealer, unit.sku, line, hospital, region, seen_on)
        yield Stray(
            di=di,
            serial=serial,
            sku=unit.sku,
            dealer=passport.dealer,
            shp=passport.shp,
            authorised_regions=passport.authorised_regions,
            region=region,
            hospital=hospital,
            seen_on=seen_on,
            exceptions=tuple(one.exception for one in leaves),
            case=case,
        )
