"""Protecting (价保): where prices fall, dealers get the difference for what they bought lately.

``claim = sum of quantity x (old price - new price)`` over what a dealer received in the days of its
clause and still has by its book; net, at the dealer's tier and region.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from domain.channel.dealer_stock import DealerStock
from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.flows.company.acting import SCHEDULER, only
from domain.flows.company.numbering import next_number
from domain.goods.product import Product
from domain.incentives.claim import Claim, ProtectedGoods
from domain.incentives.incentive_book import IncentiveBook
from domain.kernel.aggregate import Log, existing
from domain.kernel.money import TAX_EXCLUSIVE, in_basis, minor_units
from domain.kernel.refusal import InvalidState
from domain.kernel.stamp import Stamp
from domain.orders.price_list import PriceList
from domain.parties.dealer import Dealer
from domain.parties.territory import Territory
from domain.policies import pricing

Prices = dict[tuple[str, str], Decimal]
"""Net price per unit by dealer and product."""


@dataclass(frozen=True, kw_only=True)
class ProtectPrices:
    """Compare a list on its first day with the day before. For the scheduler, on that day."""

    price_list: str


def protect_prices(log: Log, stamp: Stamp, command: ProtectPrices) -> dict[str, Any]:
    """Create the claims of a list that begins later than it was activated, once.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, INVALID_STATE.
    """
    only((*SCHEDULER, "ADM", "MGR"), stamp)
    prices = existing(log, PriceList, command.price_list)
    since, currency = prices.valid_from, prices.currency
    if since is None or since > stamp.today or prices.protected == prices.edition:
        raise InvalidState(price_list=prices.key, valid_from=since, protected=prices.protected)
    old = prices_on(log, prices.rows, since - timedelta(days=1), currency)
    return {"price_list": prices.key, "claims": protect(log, prices, old, since, stamp)}


def prices_until(log: Log, skus: Iterable[str], day: date, currency: str) -> Prices:
    """Prices of a day; where there is none any more, those of the day before."""
    skus = list(skus)
    yesterday = prices_on(log, skus, day - timedelta(days=1), currency)
    return yesterday | prices_on(log, skus, day, currency)


def protect(log: Log, prices: PriceList, old: Prices, day: date, stamp: Stamp) -> list[str]:
    """Claim the difference for every dealer with the clause whose price fell on a day."""
    automatic, claims = stamp.automatic("price-protection"), []
    new = prices_on(log, prices.rows, day, prices.currency)
    fallen = {key: price for key, price in new.items() if key in old and price < old[key]}
    for dealer in dict.fromkeys(name for name, _ in fallen):
        goods = [
            one
            for (name, sku), price in fallen.items()
            if name == dealer
            for one in _goods(log, dealer, sku, (old[name, sku], price), day)
        ]
        if goods:
            number = next_number(log, "CL", stamp)
            log.get(Claim, number).protect(dealer, prices.key, day, tuple(goods), automatic)
            claims.append(number)
            asked = sum(one.net for one in goods)
            log.get(IncentiveBook, dealer).await_claim(number, asked, automatic)
    if claims:
        prices.note_protection(automatic)
    return claims


def prices_on(log: Log, skus: Iterable[str], day: date, currency: str) -> Prices:
    """What products cost the dealers with the clause on a day, one unit of each."""
    found: Prices = {}
    for sku in skus:
        line, tax_code = existing(log, Product, sku).known.product_line, _tax_code(log, sku)
        rate = log.get(CompanyPolicy, COMPANY).tax_rate(tax_code, day) or Decimal(0)
        for name in dict.fromkeys(one.dealer for one in log.get(Territory, line).grants):
            dealer = existing(log, Dealer, name).known
            rights = existing(log, Dealer, name).authorised(line, day)
            if not dealer.price_protection_days or not rights:
                continue
            region = rights[0].region_codes[0]
            asked = pricing.Question(sku, region, dealer.tier, 1, day, currency, dealer=name)
            quote = pricing.quote(log, asked)
            if quote is not None:
                net = in_basis(quote.row.price, quote.basis, TAX_EXCLUSIVE, rate)
                found[name, sku] = net
    return found


def _tax_code(log: Log, sku: str) -> str:
    return existing(log, Product, sku).known.tax_code


def _goods(
    log: Log, dealer: str, sku: str, prices: tuple[Decimal, Decimal], day: date
) -> list[ProtectedGoods]:
    """What a dealer bought lately of a product and still has, by lot."""
    days = existing(log, Dealer, dealer).known.price_protection_days
    stock, found = log.get(DealerStock, dealer), []
    before, after = prices
    for key, book in stock.books.items():
        if not key.startswith(f"{sku}/"):
            continue
        qty = min(book.balance, book.arrived(day - timedelta(days=days), day))
        if qty > 0:
            net = minor_units(qty * (before - after))
            lot = key.removeprefix(f"{sku}/")
            found.append(ProtectedGoods(sku, lot, qty, before, after, net))
    return found
