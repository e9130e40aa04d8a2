"""Pricing: which row of which list answers for a line (K10), and the corridor it must stay in.

First match wins: a row for the hospital, then one for the dealer, then the longest region prefix
with the tier, then ALL with the tier, then ALL with ALL. A contract's price comes before them all.
Within it the largest ``min_qty`` not above the quantity; the whole line gets that price.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import msgspec

from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.goods.product import Product
from domain.kernel.aggregate import Log, existing
from domain.kernel.money import TAX_EXCLUSIVE, in_basis, percent
from domain.orders.price_list import ALL, PriceBook, PriceList, PriceRow
from domain.orders.refusals import PriceAmbiguous
from domain.policies.territory import contains


class Quote(msgspec.Struct, frozen=True):
    """A price row with the list and edition it stands in, and the list's price basis."""

    row: PriceRow
    price_list: str
    edition: int
    basis: str


class Question(msgspec.Struct, frozen=True):
    """What is asked of the price lists: a product, where to, for which tier, how many, when."""

    sku: str
    region: str
    tier: str
    qty: int
    day: date
    currency: str
    dealer: str = ""
    hospital: str = ""


def quote(log: Log, question: Question) -> Quote | None:
    """Answer from the lists in force, or None; raises PriceAmbiguous for two equal answers."""
    found: list[tuple[tuple[int, ...], Quote]] = []
    book = log.get(PriceBook, question.currency)
    for name in book.on(question.day):
        prices = log.get(PriceList, name)
        for row in prices.rows.get(question.sku, ()):
            rank = _rank(row, question)
            if rank is not None:
                found.append((rank, Quote(row, name, prices.edition, prices.basis)))
    if not found:
        return None
    best = max(rank for rank, _ in found)
    answers = [answer for rank, answer in found if rank == best]
    if len(answers) > 1:
        raise PriceAmbiguous(
            sku=question.sku, day=question.day, lists=[one.price_list for one in answers]
        )
    return answers[0]


def net_price(log: Log, question: Question) -> Decimal | None:
    """Price per base unit without tax, whatever the list's basis; None where nothing answers."""
    found = quote(log, question)
    if found is None:
        return None
    tax_code = existing(log, Product, question.sku).known.tax_code
    rate = log.get(CompanyPolicy, COMPANY).tax_rate(tax_code, question.day) or Decimal(0)
    return in_basis(found.row.price, found.basis, TAX_EXCLUSIVE, rate)


def ambiguous(rows: Iterable[PriceRow]) -> list[PriceRow]:
    """Return rows whose question another row of the list has answered."""
    seen: set[object] = set()
    twice = []
    for row in rows:
        if row.key in seen:
            twice.append(row)
        seen.add(row.key)
    return twice


def rising(rows: Iterable[PriceRow]) -> list[PriceRow]:
    """Return rows that ask more per unit for more units (INV-PR-3)."""
    best: dict[object, PriceRow] = {}
    found = []
    for row in sorted(rows, key=lambda one: one.min_qty):
        less = best.get(row.key[:-1])
        if less is not None and row.price > less.price:
            found.append(row)
        best[row.key[:-1]] = row
    return found


def below_floor_pct(price: Decimal, floor: Decimal) -> Decimal:
    """How far a price lies below the floor: ``(floor - price) / floor`` in per cent, to 0.01."""
    return percent(floor - price, floor)


def _rank(row: PriceRow, question: Question) -> tuple[int, ...] | None:
    """How well a row answers: hospital, dealer, region length, tier, quantity break; or None."""
    if row.tier not in (question.tier, ALL) or row.min_qty > question.qty:
        return None
    if row.hospital not in ("", question.hospital) or row.dealer not in ("", question.dealer):
        return None
    if row.region == ALL:
        length = 0
    elif contains(row.region, question.region) and (row.tier != ALL or row.hospital or row.dealer):
        length = len(row.region.rstrip("0"))
    else:
        return None
    named = (int(bool(row.hospital)), int(bool(row.dealer)))
    return (*named, length, int(row.tier != ALL), row.min_qty)
