"""Watching: what no single sighting shows: prices, listings, months and silence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from domain.channel.book import Movement
from domain.channel.dealer_stock import DealerStock
from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.flows.cases.observing import weight_of
from domain.flows.cases.raising import act
from domain.goods.market_watch import MarketWatch
from domain.goods.product import Product
from domain.goods.serial_number import SerialNumber
from domain.goods.sighting import Sighting
from domain.goods.udi import Scan, sku_of, understand
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import FutureDated
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.parties.dealer import Dealer
from domain.policies.diversion import watching
from domain.policies.diversion.seen import Seen, seen_lot, seen_unit

PUBLIC = "PUBLIC_TENDER"
"""Source of prices and offers that anybody can read."""


@dataclass(frozen=True, kw_only=True)
class RecordMarketPrice:
    """Enter a price that somebody was quoted or awarded. ``price`` is net per base unit."""

    sku: str
    region_code: str
    price: Decimal
    seen_on: date
    document_hash: str
    observer: str
    hospital_id: str | None = None
    source: str = PUBLIC


def record_market_price(log: Log, stamp: Stamp, command: RecordMarketPrice) -> dict[str, Any]:
    """Record a market price, and judge whether it leaks from another region (R13).

    Refuses NOT_FOUND, VALIDATION_FAILED, FUTURE_DATED.
    """
    product, findings = existing(log, Product, command.sku), Findings()
    findings.region(command.region_code, "region_code")
    findings.price(command.price, "price")
    findings.field(command.document_hash.strip(), "document_hash", "the quotation's document")
    _source(log, command.source, findings)
    ahead = command.seen_on > stamp.today
    findings.require(not ahead, FutureDated(field="seen_on", day=command.seen_on))
    findings.refuse()
    sighting = Sighting(
        raw=command.document_hash,
        region_code=command.region_code,
        source=command.source,
        weight=weight_of(log, command.source),
        hospital=command.hospital_id,
        observer=command.observer,
    )
    watch = log.get(MarketWatch, product.key)
    watch.price(sighting, command.price, command.seen_on, stamp)
    seen = seen_lot(log, Movement(product.key, 1, command.seen_on), sighting, stamp)
    case = act(log, watching.price_leak(log, seen, command.price), seen, stamp)
    return {"sku": product.key, "case": case}


@dataclass(frozen=True, kw_only=True)
class RecordListing:
    """Enter an offer on the net. The scan names the device or lot, or only the product."""

    scan: Scan
    address: str
    seller: str
    region_code: str
    seen_on: date
    photo_hash: str | None = None
    price: Decimal | None = None
    source: str = PUBLIC


def record_listing(log: Log, stamp: Stamp, command: RecordListing) -> dict[str, Any]:
    """Record an online listing (R14).

    Refuses VALIDATION_FAILED, FUTURE_DATED and UDI codes.
    """
    findings = Findings()
    bare = command.scan.serial is None and command.scan.lot is None and not command.scan.raw
    scan = command.scan
    if not bare:
        scan, wrong = understand(log, scan, "scan")
        findings.add(*wrong)
    findings.field(command.scan.di or command.scan.raw, "scan", "a device identifier at least")
    findings.region(command.region_code, "region_code")
    findings.field(command.address.strip(), "address", "where it is offered")
    if command.price is not None:
        findings.price(command.price, "price")
    _source(log, command.source, findings)
    ahead = command.seen_on > stamp.today
    findings.require(not ahead, FutureDated(field="seen_on", day=command.seen_on))
    findings.refuse()
    sighting = Sighting(
        raw=scan.raw or command.address,
        region_code=command.region_code,
        source=command.source,
        weight=weight_of(log, command.source),
        observer=command.seller,
        photos=(command.photo_hash,) if command.photo_hash else (),
    )
    sku = sku_of(log, scan.di or "")
    log.get(MarketWatch, sku).listing(
        sighting, command.address, command.price, command.seen_on, stamp
    )
    if scan.serial is not None:
        unit = log.get(SerialNumber, scan.di or "", scan.serial)
        seen = seen_unit(log, unit, sku, sighting, command.seen_on, stamp)
    else:
        goods = Movement(sku, 1, command.seen_on, scan.lot or "")
        seen = seen_lot(log, goods, sighting, stamp)
    case = act(log, watching.online_listing(log, seen, command.address), seen, stamp)
    return {"sku": sku, "case": case}


@dataclass(frozen=True, kw_only=True)
class WatchDealer:
    """Look at a dealer's month as a whole: what it bought (R11), and what it is silent about (R16).

    For the scheduler, after the reports of a month are in. ``as_of`` is the month's last day.
    """

    dealer_id: str
    as_of: date


def watch_dealer(log: Log, stamp: Stamp, command: WatchDealer) -> dict[str, Any]:
    """Watch a dealer.

    Refuses NOT_FOUND, FUTURE_DATED.
    """
    dealer, findings = existing(log, Dealer, command.dealer_id), Findings()
    ahead = command.as_of > stamp.today
    findings.require(not ahead, FutureDated(field="as_of", day=command.as_of))
    findings.refuse()
    stock, cases = log.get(DealerStock, dealer.key), []
    sighting = Sighting("", "", "WATCH", Decimal(1), observer=stamp.by.user)
    for sku in dict.fromkeys(key.partition("/")[0] for key in stock.books):
        seen = seen_lot(log, Movement(sku, 0, command.as_of), sighting, stamp)
        cases.append(act(log, watching.volume_anomaly(log, seen, dealer.key), seen, stamp))
    for name, since in list(stock.held.items()):
        unit = _held(log, name, sighting, command.as_of, stamp)
        cases.append(act(log, watching.silent(log, unit, since), unit, stamp))
    found = list(dict.fromkeys(case for case in cases if case is not None))
    return {"dealer_id": dealer.key, "cases": found}


def _held(log: Log, name: str, sighting: Sighting, day: date, stamp: Stamp) -> Seen:
    sku, _, serial = name.partition("/")
    unit = log.get(SerialNumber, existing(log, Product, sku).base_di, serial)
    return seen_unit(log, unit, sku, sighting, day, stamp)


def _source(log: Log, source: str, findings: Findings) -> None:
    weights = log.get(CompanyPolicy, COMPANY).weights
    findings.field(source in weights, "source", f"one of {', '.join(sorted(weights))}")
