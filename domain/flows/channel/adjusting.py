"""Adjusting: what dealers say they sent back, and books that are put right by agreement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from domain.channel.book import Movement
from domain.channel.dealer_stock import DealerStock
from domain.channel.refusals import DateFuture, DuplicateLine
from domain.flows.channel.reporting import mine
from domain.flows.company.acting import only
from domain.goods.product import Product
from domain.goods.product_terms import LOT, SERIAL
from domain.goods.refusals import LotRequired, QtySerialMismatch, SerialRequired, UnknownSku
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import OutOfScope
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.price_list import ALL
from domain.parties.dealer import Dealer

ADJUSTING = ("MGR", "FIN", "SERVICE")


class ReportedReturn(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line of a report: a device by ``serial``, or ``qty`` of a lot, sent back on a day."""

    line_no: int
    day: date
    sku: str
    qty: int = 1
    lot: str | None = None
    serial: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReportDealerReturns:
    """Report what a dealer sent back to us, from one file or one message."""

    dealer_id: str
    file_hash: str
    lines: tuple[ReportedReturn, ...]


def report_returns(log: Log, stamp: Stamp, command: ReportDealerReturns) -> dict[str, Any]:
    """Enter a dealer's returns. They change nothing: what we receive does.

    Refuses NOT_FOUND, VALIDATION_FAILED, UNKNOWN_SKU, LOT_REQUIRED, SERIAL_REQUIRED,
    QTY_SERIAL_MISMATCH, DATE_FUTURE, DUPLICATE_LINE.
    """
    dealer = mine(log, command.dealer_id, stamp)
    stock, findings = log.get(DealerStock, dealer.key), Findings()
    findings.identifier(command.file_hash, "file_hash")
    findings.field(command.lines, "lines", "at least one line")
    before = set(stock.reported.get(command.file_hash, ()))
    for place, line in enumerate(command.lines):
        field, serials = f"lines[{place}]", (line.serial,) if line.serial else ()
        _check(log, line.sku, line.qty, line.lot, serials, field, findings)
        timely = line.day <= stamp.today
        findings.require(timely, DateFuture(field=f"{field}.day", day=line.day))
        findings.require(line.line_no not in before, DuplicateLine(line_no=line.line_no))
        before.add(line.line_no)
    findings.refuse()
    for line in command.lines:
        serials = (line.serial,) if line.serial else ()
        moved = Movement(line.sku, line.qty, line.day, line.lot or "", serials)
        stock.record(
            DealerStock.ReturnReported(
                stamp.by,
                stamp.at,
                moved=moved,
                file_hash=command.file_hash,
                line_no=line.line_no,
            )
        )
    return {"dealer_id": dealer.key, "lines": len(command.lines)}


@dataclass(frozen=True, kw_only=True)
class AdjustDealerStock:
    """Put a dealer's book right by an accepted difference; ``qty`` may be below 0.

    Devices are named by ``serials`` and come to the book; they leave it by what becomes of them.
    """

    dealer_id: str
    sku: str
    qty: int
    effective_on: date
    reason: str
    document: str
    lot: str | None = None
    serials: tuple[str, ...] = ()


def adjust_stock(log: Log, stamp: Stamp, command: AdjustDealerStock) -> dict[str, Any]:
    """Adjust a dealer's book. For sales managers and finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, OUT_OF_SCOPE, VALIDATION_FAILED, UNKNOWN_SKU, LOT_REQUIRED,
    SERIAL_REQUIRED, QTY_SERIAL_MISMATCH, DATE_FUTURE.
    """
    dealer, findings = existing(log, Dealer, command.dealer_id), Findings()
    only(ADJUSTING, stamp)
    region = dealer.known.sales_region
    if stamp.by.role == "MGR" and stamp.by.scope not in (ALL, region):
        raise OutOfScope(dealer=dealer.key, sales_region=region, scope=stamp.by.scope)
    _check(log, command.sku, abs(command.qty), command.lot, command.serials, "", findings)
    findings.field(not command.serials or command.qty > 0, "qty", "above 0 for devices")
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    findings.field(command.document.strip(), "document", "what the difference rests on")
    timely = command.effective_on <= stamp.today
    findings.require(timely, DateFuture(field="effective_on", day=command.effective_on))
    findings.refuse()
    goods = (command.sku, command.qty, command.effective_on, command.lot or "", command.serials)
    stock, moved = log.get(DealerStock, dealer.key), Movement(*goods)
    stock.adjust(moved, command.reason, command.document, stamp)
    return {"dealer_id": dealer.key, "book": stock.balance(moved.key)}


def _check(  # noqa: PLR0913 - what goods are named by, where, and what is wrong so far
    log: Log,
    sku: str,
    qty: int,
    lot: str | None,
    serials: tuple[str, ...],
    field: str,
    findings: Findings,
) -> None:
    product, dot = log.get(Product, sku), f"{field}." if field else ""
    findings.require(product.exists, UnknownSku(field=f"{dot}sku", sku=sku))
    findings.field(qty >= 1, f"{dot}qty", "at least 1")
    if not product.exists:
        return
    tracking = product.known.tracking
    findings.require(lot or tracking != LOT, LotRequired(field=f"{dot}lot", sku=sku))
    findings.field(not lot or tracking == LOT, f"{dot}lot", "none: it is not tracked by lot")
    if tracking != SERIAL:
        strange = QtySerialMismatch(field=f"{dot}serial", sku=sku, serials=len(serials))
        findings.require(not serials, strange)
    if tracking == SERIAL:
        findings.require(serials, SerialRequired(field=f"{dot}serial", sku=sku))
        same = not serials or len(set(serials)) == qty
        findings.require(same, QtySerialMismatch(field=f"{dot}qty", qty=qty, serials=len(serials)))
