"""Watching: what no single sighting shows (R11, R12, R13, R14, R16)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from statistics import mean, pstdev
from typing import Any

from domain.cases.dealer_conduct import DealerConduct
from domain.cases.detection_policy import RULES, DetectionPolicy
from domain.channel.book import Book, month_of, months_before
from domain.channel.dealer_stock import DealerStock
from domain.kernel.aggregate import Log, existing
from domain.kernel.money import percent
from domain.parties.dealer import Dealer
from domain.parties.territory import Territory
from domain.policies import pricing, territory
from domain.policies.diversion import R11, R12, R13, R14, R16
from domain.policies.diversion.accusing import accuse, bound, is_bound, report
from domain.policies.diversion.finding import Subject, Verdict
from domain.policies.diversion.seen import Seen
from domain.policies.territory import PROVINCE

PARTIES = ("source_dealer", "suspect_dealer", "responsible_dealer")
SERIES_MONTHS = 12
"""Months before the one that is judged, which make up its expectation."""


def volume_anomaly(log: Log, seen: Seen, dealer: str) -> Verdict | None:
    """R11: far more bought in the month than ever, than the territory uses, and than is explained.

    Sell-in above mean + 3 sigma of the 12 months before and above 1.5 times the territory's
    potential, of which reported sales and the count explain less than 70 per cent.
    """
    stock = log.get(DealerStock, dealer)
    books = [one for key, one in stock.books.items() if key.startswith(f"{seen.sku}/")]
    month, limits = month_of(seen.day), seen.thresholds
    bought = sum(one.arrived_in(month) for one in books)
    series = [
        sum(one.arrived_in(past) for one in books) for past in months_before(month, SERIES_MONTHS)
    ]
    usual = Decimal(str(mean(series))) + limits.volume_sigma * Decimal(str(pstdev(series)))
    potential = log.get(DetectionPolicy, RULES).potentials.get(f"{dealer}/{seen.sku}")
    if potential is None or bought <= max(usual, limits.volume_potential * potential):
        return None
    explained = percent(Decimal(sum(_explained(one, month) for one in books)), Decimal(bought))
    if explained >= limits.volume_explained_pct:
        return None
    note = f"{bought} in {month}, usually at most {usual:.1f}, potential {potential}"
    facts: dict[str, Any] = dict.fromkeys(PARTIES, dealer)
    return report(
        log,
        seen,
        R11,
        Subject(key=f"{dealer}/{seen.sku}/{month}"),
        note=f"{note}, explained {explained} %",
        received=bought,
        **facts,
    )


def service_geography(log: Log, seen: Seen) -> Verdict | None:
    """R12: service asked for again and again in one province for devices of another's dealer."""
    if not is_bound(seen):
        return None
    dealer, region = bound(seen).dealer or "", seen.sighting.region_code
    since = seen.thresholds.service_days
    asked = log.get(DealerConduct, dealer).services_within(region[:PROVINCE], since, seen.day)
    if asked < seen.thresholds.service_requests:
        return None
    place = Subject(key=f"{dealer}/{region[:PROVINCE]}0000")
    responsible = [one.key for one in territory.chain(log, dealer)][-1]
    return report(
        log,
        seen,
        R12,
        place,
        source_dealer=dealer,
        suspect_dealer=dealer,
        responsible_dealer=responsible,
        note=f"{asked} requests in {since} days",
    )


def price_leak(log: Log, seen: Seen, price: Decimal) -> Verdict | None:
    """R13: offered below the place's floor, at what dealers of other regions pay.

    ``price`` is net per unit. The dealers whose tier price it matches are suspects together.
    """
    line, hospital, region, day = seen.place
    local = territory.exclusive_dealer(log, line, hospital, region, day)
    quote = _quote(log, seen, local, region)
    if quote is None or price >= quote.row.floor:
        return None
    matching = []
    for grant in log.get(Territory, line).on(day):
        place = grant.authorisation.region_codes[0]
        theirs = _quote(log, seen, grant.dealer, place)
        near = theirs and abs(price - theirs.row.price) * 100 <= (
            seen.thresholds.price_match_pct * theirs.row.price
        )
        if near and grant.dealer != local:
            matching.append(grant.dealer)
    if not matching:
        return None
    return report(
        log,
        seen,
        R13,
        Subject(key=f"{seen.sku}/{region}"),
        victim_dealer=local,
        suspects=tuple(dict.fromkeys(matching)),
        p_source=price,
        p_local=quote.row.price,
        note=f"offered at {price:,.2f}, floor {quote.row.floor:,.2f}",
    )


def online_listing(log: Log, seen: Seen, address: str) -> Verdict:
    """R14: offered on the net, outside of the channel."""
    if is_bound(seen):
        return accuse(log, seen, R14, bound(seen).dealer or "", note=address)
    subject = Subject(unit=seen.unit) if seen.unit else Subject(key=f"{seen.name}@{address}")
    return report(log, seen, R14, subject, lot=seen.lot, note=address)


def silent(log: Log, seen: Seen, since: date) -> Verdict | None:
    """R16: at a dealer for long, with neither a report nor a count of it."""
    days = (seen.day - since).days
    if days <= seen.thresholds.silent_days or not is_bound(seen):
        return None
    return accuse(log, seen, R16, bound(seen).dealer or "", note=f"no word for {days} days")


def _explained(book: Book, month: str) -> int:
    """What was reported sold in a month, and what was counted in it."""
    counted = book.counted if book.counted_on and month_of(book.counted_on) == month else 0
    return book.left_in(month) + (counted or 0)


def _quote(log: Log, seen: Seen, dealer: str | None, region: str) -> pricing.Quote | None:
    if dealer is None:
        return None
    tier = existing(log, Dealer, dealer).known.tier
    asked = pricing.Question(seen.sku, region, tier, 1, seen.day, seen.currency)
    return pricing.quote(log, asked)
