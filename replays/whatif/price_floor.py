"""The floors of prices, had they been higher or lower: which decisions would have differed."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from domain.goods.product import Product
from domain.kernel.aggregate import Aggregate, existing
from domain.orders.check import Evidence
from domain.orders.order import Order
from domain.orders.order_line import Line, LineTerms
from domain.orders.price_list import PriceList
from domain.policies.checks.prices import price_corridor
from replays.whatif.inquiry import Inquiry
from replays.whatif.orders import Orders, Scope
from replays.whatif.overlay import Overlay
from replays.whatif.report import Report, Supposition
from replays.whatif.retaking import retake

LOWEST, HIGHEST = -100, 1_000
"""Per cent by which floors can be supposed to differ."""

ASSUMPTIONS = (
    "Floors differ by exactly so many per cent, and are not rounded.",
    "Prices that were agreed, and ceilings, stay as they were.",
    "Alerts about prices that leak (R13) are not judged again.",
)


def price_floor(
    inquiry: Inquiry, percent: Decimal, sku: str | None = None, price_list: str | None = None
) -> Report:
    """Take all checks and releases again that looked at a floor (K10).

    ``percent`` is added to the floors, of one product or one price list if such is named. Raises
    NotFound, ValidationFailed, DateRange.
    """
    findings = inquiry.findings()
    findings.between(percent, LOWEST, HIGHEST, "percent")
    findings.refuse()
    if sku is not None:
        existing(inquiry.today, Product, sku)
    if price_list is not None:
        existing(inquiry.today, PriceList, price_list)
    factor = 1 + percent / 100

    def concerned(terms: LineTerms) -> bool:
        named = sku in (None, terms.sku) and price_list in (None, terms.price_list)
        return named and terms.floor is not None

    def changed(line: Line) -> Line:
        if line.terms.floor is None or not concerned(line.terms):
            return line
        terms = msgspec.structs.replace(line.terms, floor=line.terms.floor * factor)
        return msgspec.structs.replace(line, terms=terms)

    def change(one: Aggregate) -> Aggregate:
        if not isinstance(one, Order):
            return one
        lines = {line_no: changed(line) for line_no, line in one.lines.items()}
        return msgspec.structs.replace(one, lines=lines)

    scope = Scope(
        at_placement=(price_corridor,),
        concerns=lambda _, order: any(concerned(line.terms) for line in order.lines.values()),
    )
    judge = Orders(inquiry, Overlay(inquiry.reader, inquiry.codec, change), scope)
    about: Evidence = {"percent": str(percent), "sku": sku, "price_list": price_list}
    named = "".join(f" of {one}" for one in (sku, price_list) if one)
    said = f"price floors{named} had been {abs(percent)} % {'lower' if percent < 0 else 'higher'}"
    return retake(inquiry, (judge,), Supposition("PRICE_FLOOR", about, said), ASSUMPTIONS)
