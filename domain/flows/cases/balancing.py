"""Balancing: whether a dealer sold more of a lot than ever came to it, and what explains it."""

from __future__ import annotations

from decimal import Decimal

from domain.cases.detection_policy import RULES, DetectionPolicy
from domain.cases.diversion_case import DiversionCase
from domain.channel.book import Movement
from domain.channel.dealer_stock import DealerStock
from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.flows.cases.raising import act, judge_again, surviving
from domain.goods.product import Product
from domain.goods.sighting import Sighting
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.parties.dealer import Dealer
from domain.policies.diversion import BALANCE, R08, balance, lots
from domain.policies.diversion.seen import seen_lot

COUNT = "DEALER_COUNT"
"""Source of what a dealer counts itself: it is believed as far as it speaks against the dealer."""


def judge_lot(
    log: Log, stock: DealerStock, sku: str, lot: str, sighting: Sighting, stamp: Stamp
) -> str | None:
    """R08: raise an alert where more of a lot was sold than came, or judge the open one again."""
    known = stock.cases.get(f"{BALANCE}/{sku}/{lot}")
    case = surviving(log, known) if known is not None else None
    if case is not None and not case.ended and log.get(DetectionPolicy, RULES).in_force(R08):
        case.add_evidence(R08, sighting, stamp.automatic("diversion"))
        _again(log, case, stock, stock.key, stamp)
        return case.key
    goods = Movement(sku, 0, stamp.today, lot)
    seen = seen_lot(log, goods, sighting, stamp, reporter=stock.key)
    return act(log, lots.lot_balance(log, seen), seen, stamp)


def judge_count(log: Log, dealer: Dealer, sku: str, lot: str, stamp: Stamp) -> list[str]:
    """Judge what a count says: of the family's open cases about a lot, and of what it misses."""
    cases = []
    line = existing(log, Product, sku).known.product_line
    for member in lots.family(log, dealer.key, line):
        stock = log.get(DealerStock, member)
        known = stock.cases.get(f"{BALANCE}/{sku}/{lot}")
        if known is not None:
            case = surviving(log, known)
            _again(log, case, stock, dealer.key, stamp)
            cases.append(case.key)
    weight = log.get(CompanyPolicy, COMPANY).weights.get(COUNT, Decimal(1))
    sighting = Sighting(lot, "", COUNT, weight, observer=stamp.by.user, at=stamp.at)
    goods = Movement(sku, 0, stamp.today, lot)
    seen = seen_lot(log, goods, sighting, stamp, reporter=dealer.key)
    short = act(log, lots.channel_short(log, seen), seen, stamp)
    return [*cases, short] if short is not None and short not in cases else cases


def _again(log: Log, case: DiversionCase, stock: DealerStock, counter: str, stamp: Stamp) -> None:
    alert, sighting = case.known, case.evidence[-1]
    goods = Movement(alert.sku, 0, stamp.today, alert.lot or "")
    seen = seen_lot(log, goods, sighting, stamp, reporter=stock.key)
    finding = lots.weigh(log, seen, stock, stock.book(seen.name))
    gap, excess = finding.facts["family_gap"], finding.facts["excess"]
    needed = excess - balance.tolerance(finding.facts["received"])
    than, explained = (">=", "may") if finding.facts["code"] else ("<", "cannot")
    gaps = f"{counter} count gap {gap} {than} {needed}"
    cause = f"{gaps}, family transfer {explained} explain excess {excess}"
    judge_again(log, case, finding, cause, stamp)
