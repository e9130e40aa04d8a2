"""Which difference of prices financed a diversion, and between which regions one would pay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import msgspec

from domain.cases.alert import Alert
from domain.cases.diversion_case import DiversionCase
from domain.goods.product import Product
from domain.goods.serial_number import SerialNumber
from domain.kernel.aggregate import Log, existing
from domain.kernel.money import percent
from domain.orders.order import Order
from domain.orders.price_list import PriceBook, PriceList
from domain.parties.dealer import Dealer
from domain.parties.territory import Territory
from domain.policies import pricing

WORTH_PCT = Decimal(3)
"""Per cent of the dearer price by which a gap must exceed the freight to tempt anybody."""


class Step(msgspec.Struct, frozen=True):
    """One difference on the way from the local price to what was paid, net per base unit."""

    cause: str
    difference: Decimal
    text: str


class Leak(msgspec.Struct, frozen=True):
    """The gap of a case, net per base unit: ``p_local - p_source``, and the steps it is made of."""

    case: str
    p_source: Decimal
    p_local: Decimal
    gap: Decimal
    gap_pct: Decimal
    steps: tuple[Step, ...]


class Corridor(msgspec.Struct, frozen=True):
    """A product that a dealer in one region buys for less than one elsewhere, net per base unit.

    The difference is more than it costs to move the goods.
    """

    sku: str
    source_dealer: str
    source: str
    p_source: Decimal
    destination_dealer: str
    destination: str
    p_destination: Decimal
    gap: Decimal
    gap_pct: Decimal


def price_leak(log: Log, case: str, currency: str) -> Leak | None:
    """Explain the gap of a case, one difference after another; None where no prices are known.

    From the local price to the one paid: first the region, then the tier, then the quantity, and
    what is left is the contract, the promotion or a price that was agreed. The steps add up.
    """
    alert = existing(log, DiversionCase, case).known
    paid, local = alert.p_source, alert.p_local
    if paid is None or local is None:
        return None
    steps, at = [], local
    for cause, price, text in _ladder(log, alert, currency):
        if price is not None:
            steps.append(Step(cause, at - price, text))
            at = price
    steps.append(Step("AGREED", at - paid, "contract, promotion or agreed price"))
    gap = local - paid
    return Leak(case, paid, local, gap, percent(gap, local), tuple(steps))


def price_corridors(
    log: Log, day: date, currency: str, freight: Decimal = Decimal(0)
) -> list[Corridor]:
    """Pairs of regions between which a product's gap exceeds freight and three per cent.

    Each region has the price of the dealers with rights there, for one base unit on a day;
    ``freight`` is per base unit. The widest gap comes first.
    """
    found: list[Corridor] = []
    for sku in _products(log, day, currency):
        prices = _prices(log, sku, day, currency)
        for (source, there), low in prices.items():
            for (destination, here), high in prices.items():
                gap = high - low
                if source == destination or gap <= freight + high * WORTH_PCT / 100:
                    continue
                pair = (sku, source, there, low, destination, here, high)
                found.append(Corridor(*pair, gap, percent(gap, high)))
    return sorted(found, key=lambda one: (-one.gap_pct, one.sku, one.source, one.destination))


def _ladder(log: Log, alert: Alert, currency: str) -> Iterator[tuple[str, Decimal | None, str]]:
    trail = log.get(SerialNumber, alert.di, alert.serial).trail
    sold = [one.passport for one in trail if one.passport is not None]
    passport = next((one for one in sold if one.so == alert.so), None)
    if passport is None or alert.victim_dealer is None:
        return
    bought = existing(log, Order, passport.so)
    line = bought.lines[passport.so_line].terms
    home = bought.known.ship_to.region_code
    theirs = existing(log, Dealer, alert.victim_dealer).known.tier
    tier = passport.tier or theirs

    def price(region: str, tier: str, qty: int) -> Decimal | None:
        day = alert.observed_on
        return pricing.net_price(log, pricing.Question(alert.sku, region, tier, qty, day, currency))

    yield "REGION", price(home, theirs, 1), f"{alert.observed_region} to {home}"
    yield "TIER", price(home, tier, 1), f"tier {theirs} to {tier}"
    yield "QUANTITY", price(home, tier, line.qty), f"1 to {line.qty}"


def _products(log: Log, day: date, currency: str) -> list[str]:
    lists = (log.get(PriceList, name) for name in log.get(PriceBook, currency).on(day))
    return sorted({sku for one in lists for sku in one.rows})


def _prices(log: Log, sku: str, day: date, currency: str) -> dict[tuple[str, str], Decimal]:
    """Net prices of a product by the dealers with rights to it and their regions."""
    found: dict[tuple[str, str], Decimal] = {}
    line = existing(log, Product, sku).known.product_line
    for grant in log.get(Territory, line).on(day):
        tier = existing(log, Dealer, grant.dealer).known.tier
        for region in grant.authorisation.region_codes:
            asked = pricing.Question(sku, region, tier, 1, day, currency, dealer=grant.dealer)
            price = pricing.net_price(log, asked)
            if price is not None:
                found[grant.dealer, region] = price
    return found
