"""Producing: work orders from planning to the goods that lie ready for release."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.flows.company.numbering import document_number
from domain.flows.goods.opening import repeated
from domain.flows.goods.registering import register
from domain.flows.orders.supplying import create_work_order
from domain.flows.supply.steering import standing
from domain.goods.lot import Lot
from domain.goods.product import Product
from domain.goods.product_terms import LOT, SERIAL
from domain.goods.refusals import LotRequired, SerialDuplicate, SerialRequired, UnknownSku
from domain.goods.serial_number import SerialNumber
from domain.goods.shelf import Goods
from domain.goods.warehouse import Warehouse
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.refusals import RegistrationExpired
from domain.supply.refusals import NeedDatePast
from domain.supply.work_order import WorkOrder
from domain.supply.work_order_terms import Issued, WorkOrderTerms


@dataclass(frozen=True, kw_only=True)
class CreateWorkOrder:
    """Plan production of a product for a warehouse, until a day."""

    sku: str
    wh: str
    qty: int
    due: date
    wo: str | None = None


def create(log: Log, stamp: Stamp, command: CreateWorkOrder) -> dict[str, Any]:
    """Create a work order, and the requisitions of the components that are bought for it.

    Refuses UNKNOWN_SKU, VALIDATION_FAILED, NEED_DATE_PAST, REGISTRATION_EXPIRED, NUMBER_TAKEN,
    ALREADY_EXISTS.
    """
    findings = Findings()
    if command.wo is not None:
        findings.identifier(command.wo, "wo")
    findings.known(log, Warehouse, command.wh, "wh")
    findings.field(command.qty >= 1, "qty", "at least 1")
    findings.require(command.due >= stamp.today, NeedDatePast(due=command.due))
    product = log.get(Product, command.sku)
    findings.require(product.exists, UnknownSku(sku=command.sku))
    if product.exists:
        fine = product.registered_on(stamp.today)
        findings.require(fine, RegistrationExpired(sku=command.sku, day=stamp.today))
    findings.refuse()
    number = document_number(log, "WO", command.wo, stamp)
    terms = WorkOrderTerms(command.sku, command.wh, command.qty, command.due)
    create_work_order(log, number, terms, stamp)
    return {"wo": number}


@dataclass(frozen=True, kw_only=True)
class ReleaseWorkOrder:
    """Let production begin. ``missing`` are components that are not at hand, by item."""

    wo: str
    missing: dict[str, int] = field(default_factory=dict)
    accept_shortage: bool = False


def release(log: Log, stamp: Stamp, command: ReleaseWorkOrder) -> dict[str, Any]:
    """Release a work order.

    Refuses NOT_FOUND, INVALID_STATE, MATERIAL_SHORTAGE, REGISTRATION_EXPIRED, VALIDATION_FAILED.
    """
    work, findings = existing(log, WorkOrder, command.wo), Findings()
    for item, qty in command.missing.items():
        findings.field(qty >= 1, f"missing.{item}", "at least 1")
    product = existing(log, Product, work.known.sku)
    fine = product.registered_on(stamp.today)
    findings.require(fine, RegistrationExpired(sku=product.key, day=stamp.today))
    findings.refuse()
    work.release(dict(command.missing), stamp, accepted=command.accept_shortage)
    return standing(work)


@dataclass(frozen=True, kw_only=True)
class IssueComponents:
    """Say which components production took."""

    wo: str
    items: tuple[Issued, ...]


def issue_components(log: Log, stamp: Stamp, command: IssueComponents) -> dict[str, Any]:
    """Issue components.

    Refuses NOT_FOUND, INVALID_STATE, VALIDATION_FAILED.
    """
    work, findings = existing(log, WorkOrder, command.wo), Findings()
    findings.field(command.items, "items", "at least one component")
    for place, one in enumerate(command.items):
        findings.identifier(one.item, f"items[{place}].item")
        findings.field(one.qty >= 1, f"items[{place}].qty", "at least 1")
    findings.refuse()
    work.issue(command.items, stamp)
    return standing(work)


@dataclass(frozen=True, kw_only=True)
class ReportProgress:
    """Say how far a step of production is, in per cent."""

    wo: str
    step: str
    pct: int


def report_progress(log: Log, stamp: Stamp, command: ReportProgress) -> dict[str, Any]:
    """Report progress.

    Refuses NOT_FOUND, INVALID_STATE, VALIDATION_FAILED.
    """
    work, findings = existing(log, WorkOrder, command.wo), Findings()
    findings.identifier(command.step, "step")
    findings.field(0 <= command.pct <= 100, "pct", "0 to 100")  # noqa: PLR2004 - per cent
    findings.refuse()
    work.report(command.step, command.pct, stamp)
    return standing(work)


@dataclass(frozen=True, kw_only=True)
class MadeSerial:
    """A device that was made."""

    serial: str
    manufacture_date: date


@dataclass(frozen=True, kw_only=True)
class MadeLot:
    """A lot that was made."""

    no: str
    qty: int
    manufacture_date: date
    expiry: date


@dataclass(frozen=True, kw_only=True)
class ReportOutput:
    """Say what a work order has made: devices, or a quantity of a lot, and what was scrapped.

    The goods wait for their release inspection; receiving them brings them to stock.
    """

    wo: str
    serials: tuple[MadeSerial, ...] = ()
    lot: MadeLot | None = None
    qty: int = 0
    scrap: int = 0


def report_output(log: Log, stamp: Stamp, command: ReportOutput) -> dict[str, Any]:
    """Report output; devices enter the register.

    Refuses NOT_FOUND, INVALID_STATE, OVER_OUTPUT, SERIAL_REQUIRED, SERIAL_DUPLICATE,
    LOT_REQUIRED, REGISTRATION_EXPIRED, VALIDATION_FAILED, DATE_RANGE, ALREADY_EXISTS.
    """
    work, findings = existing(log, WorkOrder, command.wo), Findings()
    product = existing(log, Product, work.known.sku)
    _check_output(log, product, command, findings)
    findings.refuse()
    goods = _made(command)
    tolerance = log.get(CompanyPolicy, COMPANY).limits.output_tolerance_pct
    work.put_out(goods, command.scrap, tolerance, stamp)
    registration = product.known.registrations[-1].no if product.known.registrations else ""
    for day in dict.fromkeys(one.manufacture_date for one in command.serials):
        made = tuple(one.serial for one in command.serials if one.manufacture_date == day)
        register(log, product, made, day, registration, stamp)
    if command.lot is not None:
        lot = log.get(Lot, product.key, command.lot.no)
        lot.create(command.lot.manufacture_date, command.lot.expiry, registration, stamp)
    return standing(work)


def _check_output(log: Log, product: Product, command: ReportOutput, findings: Findings) -> None:
    findings.field(command.scrap >= 0, "scrap", "at least 0")
    tracking = product.known.tracking
    if tracking == SERIAL:
        named = bool(command.serials) or bool(command.scrap)
        findings.require(named, SerialRequired(sku=product.key))
        findings.add(*repeated([one.serial for one in command.serials]))
    elif command.serials:
        findings.field(fine=False, field="serials", reason=f"{product.key} has no serials")
    if tracking == LOT:
        findings.require(command.lot or command.scrap, LotRequired(sku=product.key))
    elif command.lot is not None:
        findings.field(fine=False, field="lot", reason=f"{product.key} has no lots")
    for place, one in enumerate(command.serials):
        findings.identifier(one.serial, f"serials[{place}].serial")
        known = log.get(SerialNumber, product.base_di, one.serial).in_register
        findings.require(not known, SerialDuplicate(serial=one.serial))
        fine = product.registered_on(one.manufacture_date)
        findings.require(fine, RegistrationExpired(sku=product.key, day=one.manufacture_date))
    if command.lot is not None:
        findings.identifier(command.lot.no, "lot.no")
        findings.field(command.lot.qty >= 1, "lot.qty", "at least 1")
        findings.dates(command.lot.manufacture_date, command.lot.expiry, "lot.expiry")
        day = command.lot.manufacture_date
        fine = product.registered_on(day)
        findings.require(fine, RegistrationExpired(sku=product.key, day=day))
    plain = tracking not in (SERIAL, LOT)
    findings.field(not command.qty or plain, "qty", "only for goods that are not tracked")


def _made(command: ReportOutput) -> Goods | None:
    if command.serials:
        serials = tuple(one.serial for one in command.serials)
        return Goods(len(serials), serials=serials)
    if command.lot is not None:
        return Goods(command.lot.qty, command.lot.no)
    return Goods(command.qty) if command.qty else None
