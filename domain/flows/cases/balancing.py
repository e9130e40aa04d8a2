"""Balancing: whether a dealer sold more of a lot than ever came to it, and what explains it."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.cases.diversion_case import Alert, DiversionCase
from domain.channel.book import Book
from domain.channel.dealer_stock import DealerStock
from domain.flows.company.numbering import next_number
from domain.goods.product import Product
from domain.goods.sighting import Sighting
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.parties.dealer import Dealer
from domain.parties.territory import Territory
from domain.policies import diversion, territory


def judge_lot(
    log: Log, stock: DealerStock, sku: str, lot: str, sighting: Sighting, stamp: Stamp
) -> str | None:
    """R08: raise an alert where more of a lot was sold than came, or judge the open one again."""
    key = f"{sku}/{lot}"
    book, about = stock.book(key), f"{diversion.R08}/{key}"
    excess = diversion.excess(book)
    known = stock.cases.get(about)
    if known is not None:
        case = existing(log, DiversionCase, known)
        case.add_evidence(diversion.R08, sighting, stamp.automatic("diversion"))
        _judge_again(log, case, stock, stamp)
        return known
    if not excess:
        return None
    system = stamp.automatic("diversion")
    name = next_number(log, "DIV", stamp)
    facts = _facts(log, stock, sku, lot, sighting, stamp)
    holders = [one.key for one in territory.chain(log, stock.key)]
    alert = Alert(
        rule=diversion.R08,
        sku=sku,
        di=existing(log, Product, sku).base_di,
        serial="",
        lot=lot,
        observed_region=sighting.region_code,
        observed_on=stamp.today,
        observed_hospital=sighting.hospital,
        source=sighting.source,
        weight=sighting.weight,
        source_dealer=stock.key,
        suspect_dealer=stock.key,
        responsible_dealer=holders[-1],
        **facts,
    )
    log.get(DiversionCase, name).raise_alert(alert, sighting, system)
    stock.link(about, name, system)
    return name


def judge_family(log: Log, dealer: Dealer, sku: str, lot: str, stamp: Stamp) -> list[str]:
    """Judge the open cases about a lot in a dealer's family again, after one of them counted."""
    cases = []
    for member in _family(log, dealer.key, sku):
        stock = log.get(DealerStock, member)
        known = stock.cases.get(f"{diversion.R08}/{sku}/{lot}")
        if known is not None:
            _judge_again(log, existing(log, DiversionCase, known), stock, stamp)
            cases.append(known)
    return cases


def _judge_again(log: Log, case: DiversionCase, stock: DealerStock, stamp: Stamp) -> None:
    alert = case.known
    facts = _facts(log, stock, alert.sku, alert.lot or "", case.evidence[-1], stamp)
    needed = facts["excess"] - diversion.tolerance(facts["received"])
    gap, excess = facts["family_gap"], facts["excess"]
    explained = "may" if facts["code"] else "cannot"
    cause = f"count gap {gap} of {needed}: a family transfer {explained} explain excess {excess}"
    case.rescore(facts, cause, stamp.automatic("diversion"))


def _facts(
    log: Log, stock: DealerStock, sku: str, lot: str, sighting: Sighting, stamp: Stamp
) -> dict[str, Any]:
    """What the books say, and how grave that is: low while the family explains it."""
    key = f"{sku}/{lot}"
    book, excess = stock.book(key), diversion.excess(stock.book(key))
    price = existing(log, Product, sku).known.list_price
    parts = diversion.lot_parts(sighting.weight, price, excess, book.came)
    points, code = diversion.score(parts), ""
    others = [
        log.get(DealerStock, one).books[key]
        for one in _family(log, stock.key, sku)
        if one != stock.key and key in log.get(DealerStock, one).books
    ]
    gap = sum(diversion.gap(one) for one in others)
    if _family_explains(book, others, excess, stamp.today):
        points, code = min(points, diversion.INTRA_FAMILY_MOST), diversion.INTRA_FAMILY
    grade = diversion.severity(points)
    return {
        "severity": grade,
        "score": points,
        "parts": parts,
        "due_at": diversion.due_at(grade, stamp.at),
        "received": book.came,
        "sold": book.went,
        "excess": excess,
        "family_gap": gap,
        "code": code or None,
    }


def _family_explains(book: Book, others: list[Book], excess: int, day: date) -> bool:
    """Whether an unreported transfer in the family may be the cause.

    The family as a whole has received what it sold, and either somebody in it has not counted
    lately, or what is missing at the others is enough.
    """
    whole = [book, *others]
    if not others or sum(one.received for one in whole) < sum(one.sold for one in whole):
        return False
    uncounted = any(diversion.stale(one, day) for one in others)
    needed = excess - diversion.tolerance(book.came)
    return uncounted or sum(diversion.gap(one) for one in others) >= needed


def _family(log: Log, dealer: str, sku: str) -> list[str]:
    """Dealers of one tree: those who sell the product's line under the same level-1 dealer."""
    line = existing(log, Product, sku).known.product_line
    root = territory.chain(log, dealer)[-1].key
    names = dict.fromkeys([root, dealer, *(one.dealer for one in log.get(Territory, line).grants)])
    return [one for one in names if territory.chain(log, one)[-1].key == root]
