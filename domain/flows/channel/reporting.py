"""Reporting (流向): what dealers say they sold and what they counted.

A report is a claim. Errors of form are refused, all lines at once; what it says is kept whatever it
says, entered in the book, and judged in the same append.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from domain.channel.book import Buyer, Movement
from domain.channel.dealer_stock import DealerStock
from domain.channel.refusals import DateFuture, DuplicateLine
from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.flows.cases.balancing import judge_count, judge_lot
from domain.flows.cases.detecting import ON_FOREIGN_SALE, ON_LOT_SALE, ON_SALE, judge
from domain.flows.channel.expiring import FirstExpired
from domain.flows.channel.sold import sighting_of
from domain.goods.holders import Holders
from domain.goods.lot import Lot
from domain.goods.product import Product
from domain.goods.product_terms import LOT, SERIAL
from domain.goods.refusals import LotRequired, SerialRequired, UnknownSku
from domain.goods.serial_events import AT_DEALER
from domain.goods.serial_number import SerialNumber
from domain.goods.sighting import Sighting
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import NotFound
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.parties.customer import Customer
from domain.parties.dealer import Dealer
from domain.policies.diversion import balance
from domain.policies.diversion.seen import reported_by, seen_lot, seen_unit


class ReportedSale(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line of a report: a device by ``serial``, or ``qty`` of a lot; no lot: by expiry."""

    line_no: int
    day: date
    sku: str
    buyer: Buyer
    qty: int = 1
    lot: str | None = None
    serial: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReportDealerSales:
    """Report a dealer's sales, from one file or one message. ``source`` weighs the report."""

    dealer_id: str
    file_hash: str
    lines: tuple[ReportedSale, ...]
    source: str = "DEALER_PORTAL"


def report_sales(log: Log, stamp: Stamp, command: ReportDealerSales) -> dict[str, Any]:
    """Enter a dealer's sales, and judge them; answers with the cases that they raised.

    Refuses NOT_FOUND, VALIDATION_FAILED, UNKNOWN_SKU, SERIAL_REQUIRED, DATE_FUTURE,
    DUPLICATE_LINE.
    """
    dealer = mine(log, command.dealer_id, stamp)
    stock, findings = log.get(DealerStock, dealer.key), Findings()
    findings.identifier(command.file_hash, "file_hash")
    findings.field(command.lines, "lines", "at least one line")
    weights = log.get(CompanyPolicy, COMPANY).weights
    known = command.source in weights
    findings.field(known, "source", f"one of {', '.join(sorted(weights))}")
    before = set(stock.reported.get(command.file_hash, ()))
    for place, line in enumerate(command.lines):
        _check(log, line, f"lines[{place}]", findings, stamp)
        findings.require(line.line_no not in before, DuplicateLine(line_no=line.line_no))
        before.add(line.line_no)
    findings.refuse()
    log.expect(
        (SerialNumber, existing(log, Product, line.sku).base_di, line.serial)
        for line in command.lines
        if line.serial is not None
    )
    log.expect((Lot, line.sku, line.lot) for line in command.lines if line.lot)
    cases: list[str | None] = []
    touched: dict[tuple[str, str], Report] = {}
    lots = FirstExpired(log, stock)
    for line in command.lines:
        told = Report(command.file_hash, command.source, line)
        if line.serial is not None:
            cases += _enter_unit(log, stock, told, stamp)
            continue
        parts = [(line.lot, line.qty)] if line.lot else lots.take(line.sku, line.qty)
        cases += _enter_lots(log, stock, told, parts, stamp)
        touched |= {(line.sku, lot): told for lot, _ in parts}
        if line.buyer.dealer == stock.key:
            lots.look_again()
    for (sku, lot), told in touched.items():
        cases.append(judge_lot(log, stock, sku, lot, _seen(log, told), stamp))
    return {"dealer_id": dealer.key, "cases": list(dict.fromkeys(filter(None, cases)))}


class Report(msgspec.Struct, frozen=True):
    """A line with the report that it came in."""

    file_hash: str
    source: str
    line: ReportedSale


def _enter_lots(
    log: Log, stock: DealerStock, told: Report, parts: list[tuple[str, int]], stamp: Stamp
) -> list[str]:
    """Enter the parts of one line in the books of seller and buyer: the cases that it raised."""
    line, product = told.line, existing(log, Product, told.line.sku)
    cases: list[str] = []
    for lot, qty in parts:
        moved = Movement(line.sku, qty, line.day, lot)
        unknown = product.known.tracking == LOT and not log.get(Lot, line.sku, lot).known
        whose = {"reporter": stock.key, "buyer": line.buyer}
        sighting = _seen(log, told)
        seen = seen_lot(log, moved, sighting, stamp, **whose)
        _sell(log, stock, told, moved, stamp, inferred=not line.lot, suspicious=unknown)
        cases += judge(log, ON_LOT_SALE if lot else (), seen, stamp)
    return cases


def _enter_unit(log: Log, stock: DealerStock, told: Report, stamp: Stamp) -> list[str]:
    line = told.line
    di = existing(log, Product, line.sku).base_di
    unit = log.get(SerialNumber, di, line.serial or "")
    holder, seller, sighting = unit.dealer, stock.key, _seen(log, told)
    moved = Movement(line.sku, 1, line.day, serials=(unit.serial,))
    held = unit.state == AT_DEALER and holder == seller
    counted, name = not stock.gone(moved), f"{line.sku}/{unit.serial}"
    whose = reported_by(stock, name) | {"buyer": line.buyer}
    seen = seen_unit(log, unit, line.sku, sighting, line.day, stamp, **whose)
    _sell(log, stock, told, moved, stamp, counted=counted)
    if held:
        unit.sell_on(line.buyer, line.day, sighting, stamp)
        return judge(log, ON_SALE, seen, stamp)
    unit.observe(line.sku, sighting, stamp, seen.at)
    rightful = seen.then is not None and seen.then.dealer == seller
    return judge(log, ON_SALE if rightful else ON_FOREIGN_SALE, seen, stamp)


def _sell(  # noqa: PLR0913 - what was sold, by whom, to whom, and how sure that is
    log: Log,
    stock: DealerStock,
    told: Report,
    moved: Movement,
    stamp: Stamp,
    *,
    inferred: bool = False,
    suspicious: bool = False,
    counted: bool = True,
) -> None:
    line = told.line
    stock.record(
        DealerStock.SaleReported(
            stamp.by,
            stamp.at,
            moved=moved,
            buyer=line.buyer,
            source=told.source,
            file_hash=told.file_hash,
            line_no=line.line_no,
            inferred=inferred,
            suspicious=suspicious,
            counted=counted,
        )
    )
    automatic = stamp.automatic("channel")
    log.get(Holders, moved.sku).send(moved.lot, stock.key, automatic)
    if line.buyer.dealer is not None:
        log.get(Holders, moved.sku).send(moved.lot, line.buyer.dealer, automatic)
        buyer = log.get(DealerStock, line.buyer.dealer)
        buyer.take_over(moved, stock.key, automatic)


@dataclass(frozen=True, kw_only=True)
class CountedGoods:
    """What a dealer counted of a lot, or which of its devices it found."""

    sku: str
    qty: int
    lot: str | None = None
    serials: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReportDealerCount:
    """Report what a dealer counted at the end of a day."""

    dealer_id: str
    as_of: date
    lines: tuple[CountedGoods, ...]


def report_count(log: Log, stamp: Stamp, command: ReportDealerCount) -> dict[str, Any]:
    """Enter a dealer's count; the cases about these lots are judged again with it.

    Refuses NOT_FOUND, VALIDATION_FAILED, UNKNOWN_SKU, LOT_REQUIRED, DATE_FUTURE.
    """
    dealer = mine(log, command.dealer_id, stamp)
    findings = Findings()
    findings.field(command.lines, "lines", "at least one line")
    findings.require(command.as_of <= stamp.today, DateFuture(as_of=command.as_of))
    for place, line in enumerate(command.lines):
        product = log.get(Product, line.sku)
        findings.require(product.exists, UnknownSku(field=f"lines[{place}]", sku=line.sku))
        findings.field(line.qty >= 0, f"lines[{place}].qty", "at least 0")
        tracked = product.exists and product.known.tracking == LOT
        where = f"lines[{place}].lot"
        findings.require(line.lot or not tracked, LotRequired(field=where, sku=line.sku))
    findings.refuse()
    stock, told, cases = log.get(DealerStock, dealer.key), [], []
    for line in command.lines:
        key = f"{line.sku}/{line.lot or ''}"
        book = stock.balance(key)
        counted = DealerStock.CountReported(
            stamp.by,
            stamp.at,
            sku=line.sku,
            lot=line.lot or "",
            as_of=command.as_of,
            counted=line.qty,
            book=book,
            serials=line.serials,
        )
        stock.record(counted)
        short = balance.short(stock.book(key))
        told.append({"sku": line.sku, "lot": line.lot, "book": book, "short": short})
        cases += judge_count(log, dealer, line.sku, line.lot or "", stamp)
    return {"dealer_id": dealer.key, "lines": told, "cases": cases}


def mine(log: Log, dealer_id: str, stamp: Stamp) -> Dealer:
    """The dealer; a dealer's own user reports for it alone, and learns of no other."""
    if stamp.by.role == "DLR" and stamp.by.dealer != dealer_id:
        raise NotFound(kind="Dealer", id=dealer_id)
    return existing(log, Dealer, dealer_id)


def _check(log: Log, line: ReportedSale, field: str, findings: Findings, stamp: Stamp) -> None:
    product, buyer = log.get(Product, line.sku), line.buyer
    findings.require(product.exists, UnknownSku(field=field, sku=line.sku))
    findings.field(line.qty >= 1, f"{field}.qty", "at least 1")
    findings.require(line.day <= stamp.today, DateFuture(field=field, day=line.day))
    if product.exists:
        single = product.known.tracking == SERIAL
        findings.require(line.serial or not single, SerialRequired(field=field, sku=line.sku))
        findings.field(not single or line.qty == 1, f"{field}.qty", "1 for a device")
    named = [one for one in (buyer.hospital, buyer.dealer, buyer.name) if one]
    findings.field(len(named) == 1, f"{field}.buyer", "a hospital, a dealer or a name")
    if buyer.hospital is not None:
        findings.known(log, Customer, buyer.hospital, f"{field}.buyer.hospital")
    if buyer.dealer is not None:
        findings.known(log, Dealer, buyer.dealer, f"{field}.buyer.dealer")
    if buyer.region_code is not None:
        findings.region(buyer.region_code, f"{field}.buyer.region_code")


def _seen(log: Log, told: Report) -> Sighting:
    line, document = told.line, f"{told.file_hash}:{told.line.line_no}"
    named = line.serial or line.lot or ""
    return sighting_of(log, line.sku, line.buyer, named, told.source, document)
