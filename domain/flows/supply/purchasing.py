"""Purchasing: requisitions from the need to the goods, and the suppliers that may deliver them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.company.unique_key import UniqueKey
from domain.flows.company.numbering import document_number
from domain.flows.orders.supplying import DEMAND, ask_for
from domain.flows.supply.promising import promise_again, supply_again
from domain.goods.product import Product
from domain.goods.warehouse import Warehouse
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import BudgetExceeded
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.parties.supplier import Supplier
from domain.supply.refusals import DuplicateForDemand, NeedDatePast, SupplierNotQualified
from domain.supply.requisition import Requisition, RequisitionTerms


@dataclass(frozen=True, kw_only=True)
class QualifySupplier:
    """Enter a supplier's first review (首营企业、首营品种审核), with the items it may deliver."""

    supplier: str
    name: str
    items: tuple[str, ...]
    document_hash: str


def qualify_supplier(log: Log, stamp: Stamp, command: QualifySupplier) -> dict[str, Any]:
    """Qualify a supplier.

    Refuses VALIDATION_FAILED.
    """
    findings = Findings()
    findings.identifier(command.supplier, "supplier")
    findings.field(command.name.strip(), "name", "a name must be given")
    findings.field(command.items, "items", "at least one item")
    for place, item in enumerate(command.items):
        findings.identifier(item, f"items[{place}]")
    findings.field(command.document_hash.strip(), "document_hash", "the review's document")
    findings.refuse()
    supplier = log.get(Supplier, command.supplier)
    supplier.qualify(command.name, command.items, command.document_hash, stamp)
    return {"supplier": command.supplier}


@dataclass(frozen=True, kw_only=True)
class CreateRequisition:
    """Ask for something to be bought. ``ref`` is the demand behind it, if there is one."""

    item: str
    wh: str
    qty: int
    need_date: date
    reason: Literal["ORDER", "WO_COMPONENT", "REPLENISHMENT"]
    pr: str | None = None
    ref: str | None = None
    suggested_supplier: str | None = None


def create(log: Log, stamp: Stamp, command: CreateRequisition) -> dict[str, Any]:
    """Create a requisition (INV-PQ-1: one open requisition per demand).

    Refuses VALIDATION_FAILED, NEED_DATE_PAST, DUPLICATE_FOR_DEMAND, NUMBER_TAKEN, ALREADY_EXISTS.
    """
    findings = Findings()
    if command.pr is not None:
        findings.identifier(command.pr, "pr")
    findings.identifier(command.item, "item")
    findings.known(log, Warehouse, command.wh, "wh")
    findings.field(command.qty >= 1, "qty", "at least 1")
    findings.require(command.need_date >= stamp.today, NeedDatePast(need=command.need_date))
    if command.ref is not None:
        findings.identifier(command.ref, "ref")
    findings.refuse()
    if command.ref is not None:
        _only_one(log, command, findings)
        findings.refuse()
    number = document_number(log, "PR", command.pr, stamp)
    terms = RequisitionTerms(
        command.item,
        command.wh,
        command.qty,
        command.need_date,
        command.reason,
        command.ref or "",
        supplier=command.suggested_supplier,
    )
    ask_for(log, number, terms, stamp)
    return {"pr": number}


@dataclass(frozen=True, kw_only=True)
class ApproveRequisition:
    """Allow a purchase; above the limit at standard cost, finance has to."""

    pr: str


def approve(log: Log, stamp: Stamp, command: ApproveRequisition) -> dict[str, Any]:
    """Approve a requisition.

    Refuses NOT_FOUND, INVALID_STATE, BUDGET_EXCEEDED.
    """
    requisition = existing(log, Requisition, command.pr)
    product = log.get(Product, requisition.known.item)
    value = requisition.known.qty * product.known.std_cost if product.exists else None
    most = log.get(CompanyPolicy, COMPANY).limits.requisition_value
    if value is not None and value > most and stamp.by.role != "FIN":
        raise BudgetExceeded(pr=requisition.key, value=value, limit=most, required="FIN")
    requisition.approve(value, stamp)
    return _standing(requisition)


@dataclass(frozen=True, kw_only=True)
class OrderRequisition:
    """Order a requisition from a supplier that has passed its first review."""

    pr: str
    po_ref: str
    supplier: str
    promised: date


def order(log: Log, stamp: Stamp, command: OrderRequisition) -> dict[str, Any]:
    """Order a requisition; who waits for it is promised the supplier's day.

    Refuses NOT_FOUND, INVALID_STATE, SUPPLIER_NOT_QUALIFIED, NEED_DATE_PAST, VALIDATION_FAILED.
    """
    requisition, findings = existing(log, Requisition, command.pr), Findings()
    findings.identifier(command.po_ref, "po_ref")
    findings.require(command.promised >= stamp.today, NeedDatePast(promised=command.promised))
    item = requisition.known.item
    qualified = log.get(Supplier, command.supplier).may_deliver(item)
    findings.require(qualified, SupplierNotQualified(supplier=command.supplier, item=item))
    findings.refuse()
    requisition.order(command.po_ref, command.supplier, command.promised, stamp)
    orders = _promise(log, requisition, command.promised, f"ordered as {command.po_ref}", stamp)
    return _standing(requisition) | {"orders": orders}


@dataclass(frozen=True, kw_only=True)
class RejectRequisition:
    """Do not allow a purchase."""

    pr: str
    reason: str


def reject(log: Log, stamp: Stamp, command: RejectRequisition) -> dict[str, Any]:
    """Reject a requisition; the order that waits for it is supplied again.

    Refuses NOT_FOUND, INVALID_STATE, VALIDATION_FAILED, MASTER_DATA_MISSING.
    """
    requisition = existing(log, Requisition, command.pr)
    _reason(command.reason)
    requisition.reject(command.reason, stamp)
    return _standing(requisition) | {"orders": _again(log, requisition, command.reason, stamp)}


@dataclass(frozen=True, kw_only=True)
class CancelRequisition:
    """Do not buy it after all."""

    pr: str
    reason: str


def cancel(log: Log, stamp: Stamp, command: CancelRequisition) -> dict[str, Any]:
    """Cancel a requisition; the order that waits for it is supplied again.

    Refuses NOT_FOUND, INVALID_STATE, VALIDATION_FAILED, MASTER_DATA_MISSING.
    """
    requisition = existing(log, Requisition, command.pr)
    _reason(command.reason)
    requisition.cancel(command.reason, stamp)
    return _standing(requisition) | {"orders": _again(log, requisition, command.reason, stamp)}


@dataclass(frozen=True, kw_only=True)
class CloseRequisition:
    """Expect nothing more of a requisition."""

    pr: str


def close(log: Log, stamp: Stamp, command: CloseRequisition) -> dict[str, Any]:
    """Close a requisition.

    Refuses NOT_FOUND, INVALID_STATE.
    """
    requisition = existing(log, Requisition, command.pr)
    requisition.close(stamp)
    return _standing(requisition)


def _only_one(log: Log, command: CreateRequisition, findings: Findings) -> None:
    held = log.get(UniqueKey, DEMAND, f"{command.ref}/{command.item}")
    before = log.get(Requisition, held.owner) if held.exists else None
    taken = before is not None and before.expected > 0
    findings.require(not taken, DuplicateForDemand(ref=command.ref, pr=held.owner))


def _reason(reason: str) -> None:
    findings = Findings()
    findings.field(reason.strip(), "reason", "a reason must be given")
    findings.refuse()


def _again(log: Log, requisition: Requisition, reason: str, stamp: Stamp) -> list[str]:
    so = requisition.known.ref if requisition.known.line_no else ""
    return supply_again(log, so, requisition.key, reason, stamp)


def _promise(
    log: Log, requisition: Requisition, promised: date, cause: str, stamp: Stamp
) -> list[str]:
    handling = log.get(CompanyPolicy, COMPANY).planning.handling_days
    so = requisition.known.ref if requisition.known.line_no else ""
    day = promised + timedelta(days=handling)
    return promise_again(log, so, requisition.key, day, cause, stamp)


def _standing(requisition: Requisition) -> dict[str, Any]:
    return {"pr": requisition.key, "state": requisition.state, "received": requisition.received}
