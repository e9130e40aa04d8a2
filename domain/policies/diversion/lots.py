"""Lots: more sold than came (R08), or seen where nobody with the right ever had it (R09)."""

from __future__ import annotations

from typing import Any

from domain.cases.dealer_conduct import DealerConduct
from domain.channel.book import Book
from domain.channel.dealer_stock import DealerStock
from domain.company.unique_key import UniqueKey
from domain.goods.holders import Holders
from domain.goods.lot import Lot
from domain.goods.product_terms import LOT
from domain.kernel.aggregate import Log
from domain.parties.territory import Territory
from domain.policies import territory
from domain.policies.diversion import R08, R09, TERRITORY, balance, scoring
from domain.policies.diversion.accusing import exception_for, report
from domain.policies.diversion.finding import ExceptionUsed, Finding, Subject, Verdict
from domain.policies.diversion.seen import Seen

CASE = "case"
"""Kind of key under which a case is found that is about neither a device nor a dealer's lot."""


def lot_balance(log: Log, seen: Seen) -> Finding | None:
    """R08: the dealer sold more of a lot than came to it, beyond the tolerance.

    While an unreported transfer inside of the dealer's family may be the cause, it is LOW. A lot
    that was inferred, not named, never raises above LOW either.
    """
    stock = log.get(DealerStock, seen.reporter or "")
    book = stock.book(seen.name)
    return weigh(log, seen, stock, book) if balance.excess(book) else None


def weigh(log: Log, seen: Seen, stock: DealerStock, book: Book) -> Finding:
    """Say what a dealer's books say of a lot, and how grave that is."""
    excess = balance.excess(book)
    conduct = log.get(DealerConduct, stock.key)
    confirmed = conduct.confirmed_within(scoring.CONFIRMED_DAYS, seen.day)
    parts = scoring.lot_parts(
        seen.weight, seen.product.list_price, excess, book.came, confirmed=confirmed
    )
    others = [
        log.get(DealerStock, one).books[seen.name]
        for one in family(log, stock.key, seen.product.product_line)
        if one != stock.key and seen.name in log.get(DealerStock, one).books
    ]
    explained = balance.family_explains(book, others, seen.day)
    facts: dict[str, Any] = {
        "lot": seen.lot,
        "source_dealer": stock.key,
        "suspect_dealer": stock.key,
        "responsible_dealer": [one.key for one in territory.chain(log, stock.key)][-1],
        "received": book.came,
        "sold": book.went,
        "excess": excess,
        "family_gap": sum(balance.gap(one) for one in others),
        "code": balance.INTRA_FAMILY if explained else None,
    }
    low = explained or seen.name in stock.inferred
    return Finding(
        rule=R08,
        subject=Subject(stock=stock, key=seen.name),
        parts=parts,
        facts=facts,
        most=scoring.LOW_MOST if low else 100,
    )


def channel_short(log: Log, seen: Seen) -> Finding | None:
    """R08, CHANNEL_SHORT: a count misses goods of a lot that was seen in a foreign region too.

    Without such evidence it is a task for whoever keeps the data, not an alarm.
    """
    stock = log.get(DealerStock, seen.reporter or "")
    book = stock.book(seen.name)
    missing = balance.short(book)
    if not missing or not log.get(UniqueKey, CASE, f"{TERRITORY}:{seen.name}").exists:
        return None
    return report(
        log,
        seen,
        R08,
        Subject(stock=stock, key=f"{seen.name}/{balance.CHANNEL_SHORT}"),
        lot=seen.lot,
        source_dealer=stock.key,
        suspect_dealer=stock.key,
        responsible_dealer=[one.key for one in territory.chain(log, stock.key)][-1],
        received=book.came,
        sold=book.went,
        excess=missing,
        code=balance.CHANNEL_SHORT,
        note=f"book {book.balance}, counted {book.counted}",
    )


def foreign_lot(log: Log, seen: Seen) -> Verdict | None:
    """R09: nobody with the right to sell at the place ever had the lot.

    Blame is shared among the dealers whose counts miss some of it, and none is named alone.
    """
    if seen.lot is None or seen.product.tracking != LOT or not seen.sighting.region_code:
        return None
    if not log.get(Lot, seen.sku, seen.lot).known:
        return None
    had = log.get(Holders, seen.sku).who_had(seen.lot)
    line, hospital, region, day = seen.place
    first = sorted(had, key=lambda one: one != seen.reporter)  # it nearly always is its right
    if any(territory.judge(log, one, line, hospital, region, day).lawful for one in first):
        return None
    left = None
    for one in had:
        mine = exception_for(log, seen, one)
        left = left or mine
        if mine is not None and mine.left >= seen.qty:
            ref = f"{seen.name} at {hospital or region}"
            return ExceptionUsed(
                rule=R09, dealer=mine.dealer, exception=mine.name, ref=ref, qty=seen.qty
            )
    gaps = {one: balance.gap(log.get(DealerStock, one).book(seen.name)) for one in had}
    missing = {one: gap for one, gap in gaps.items() if gap}
    suspects = sorted(missing or gaps, key=lambda one: (-gaps[one], one))
    told = ", ".join(f"{one} {gaps[one]}" for one in suspects) or "nobody had it"
    return report(
        log,
        seen,
        R09,
        Subject(key=seen.name),
        left,
        lot=seen.lot,
        suspects=tuple(suspects),
        note=f"missing in counts: {told}",
    )


def family(log: Log, dealer: str, product_line: str) -> list[str]:
    """Dealers of one tree: those who sell the product's line under the same level-1 dealer."""
    root = territory.chain(log, dealer)[-1].key
    grants = log.get(Territory, product_line).grants
    names = dict.fromkeys([root, dealer, *(one.dealer for one in grants)])
    return [one for one in names if territory.chain(log, one)[-1].key == root]
