"""K10: the price of every line lies in the corridor of the row that answers for it."""

from __future__ import annotations

from decimal import Decimal

from domain.kernel.money import in_basis
from domain.orders.check import CheckResult, Evidence
from domain.orders.order_line import Line, LineTerms
from domain.policies.checks.situation import Situation
from domain.policies.pricing import below_floor_pct


def price_corridor(now: Situation) -> list[CheckResult]:
    """K10: ``floor <= unit price <= ceiling`` of the row that answers on the price date."""
    failing = [_corridor(line.terms) for line in now.order.lines.values() if _priced(line)]
    found = [result for result in failing if result.hold]
    worst: dict[str, CheckResult] = {}
    for result in found:
        kept = worst.get(result.hold)
        if kept is None or _deviation(result) > _deviation(kept):
            worst[result.hold] = result
    return list(worst.values()) or [CheckResult("K10")]


def _priced(line: Line) -> bool:
    """Whether the price of a line matters: goods free of charge are of no list."""
    return bool(line.wanted) and line.terms.price_source != "FREE"


def _corridor(terms: LineTerms) -> CheckResult:
    inputs: Evidence = {
        "line_no": terms.line_no,
        "sku": terms.sku,
        "unit_price": str(terms.unit_price),
        "price_list": terms.price_list,
    }
    if terms.floor is None or terms.ceiling is None:
        return CheckResult("K10", "PRICE_MISSING", inputs)
    price = in_basis(terms.unit_price, terms.price_basis, terms.list_basis, terms.tax_rate)
    if price < terms.floor:
        pct = below_floor_pct(price, terms.floor)
        inputs |= {"floor": str(terms.floor), "deviation": str(pct)}
        return CheckResult("K10", "PRICE_BELOW_FLOOR", inputs, terms.price_edition)
    if price > terms.ceiling:
        pct = -below_floor_pct(price, terms.ceiling)
        inputs |= {"ceiling": str(terms.ceiling), "deviation": str(pct)}
        if terms.vbp:
            inputs["vbp"] = 1
        return CheckResult("K10", "PRICE_ABOVE_CEILING", inputs, terms.price_edition)
    return CheckResult("K10")


def _deviation(result: CheckResult) -> Decimal:
    return Decimal(str(result.inputs.get("deviation", 0)))
