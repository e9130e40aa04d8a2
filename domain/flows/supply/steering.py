"""Steering: what a planner changes in a work order: its day, a stop, its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.flows.supply.promising import promise_again, supply_again
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.supply.refusals import NeedDatePast
from domain.supply.work_order import WorkOrder


@dataclass(frozen=True, kw_only=True)
class RescheduleWorkOrder:
    """Set another day for a work order; the orders that wait for it are promised again."""

    wo: str
    due: date
    cause: str


def reschedule(log: Log, stamp: Stamp, command: RescheduleWorkOrder) -> dict[str, Any]:
    """Reschedule a work order (INV-WO-3).

    Refuses NOT_FOUND, INVALID_STATE, NEED_DATE_PAST, VALIDATION_FAILED.
    """
    work, findings = existing(log, WorkOrder, command.wo), Findings()
    findings.field(command.cause.strip(), "cause", "a cause must be given")
    findings.require(command.due >= stamp.today, NeedDatePast(due=command.due))
    findings.refuse()
    work.reschedule(command.due, command.cause, stamp)
    handling = log.get(CompanyPolicy, COMPANY).planning.handling_days
    day = command.due + timedelta(days=handling)
    promised = promise_again(log, work.known.so, work.key, day, command.cause, stamp)
    return standing(work) | {"orders": promised}


@dataclass(frozen=True, kw_only=True)
class HoldWorkOrder:
    """Stop a work order for the time being."""

    wo: str
    reason: str


def hold(log: Log, stamp: Stamp, command: HoldWorkOrder) -> dict[str, Any]:
    """Put a work order on hold; the orders that wait for it show it.

    Refuses NOT_FOUND, INVALID_STATE, VALIDATION_FAILED.
    """
    work, findings = existing(log, WorkOrder, command.wo), Findings()
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    findings.refuse()
    work.hold(command.reason, stamp)
    return standing(work)


@dataclass(frozen=True, kw_only=True)
class ResumeWorkOrder:
    """Let a work order that was stopped go on; its day stays, until it is rescheduled."""

    wo: str


def resume(log: Log, stamp: Stamp, command: ResumeWorkOrder) -> dict[str, Any]:
    """Resume a work order.

    Refuses NOT_FOUND, INVALID_STATE.
    """
    work = existing(log, WorkOrder, command.wo)
    work.resume(stamp)
    return standing(work)


@dataclass(frozen=True, kw_only=True)
class CancelWorkOrder:
    """Do not make it. The order that waits for it is supplied again by the usual rules."""

    wo: str
    reason: str


def cancel(log: Log, stamp: Stamp, command: CancelWorkOrder) -> dict[str, Any]:
    """Cancel a work order before goods were made.

    Refuses NOT_FOUND, INVALID_STATE, VALIDATION_FAILED, MASTER_DATA_MISSING.
    """
    work, findings = existing(log, WorkOrder, command.wo), Findings()
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    findings.refuse()
    work.cancel(command.reason, stamp)
    orders = supply_again(log, work.known.so, work.key, command.reason, stamp)
    return standing(work) | {"orders": orders}


@dataclass(frozen=True, kw_only=True)
class CloseWorkOrder:
    """Expect nothing more of a work order."""

    wo: str


def close(log: Log, stamp: Stamp, command: CloseWorkOrder) -> dict[str, Any]:
    """Close a work order.

    Refuses NOT_FOUND, INVALID_STATE.
    """
    work = existing(log, WorkOrder, command.wo)
    work.close(stamp)
    return standing(work)


def standing(work: WorkOrder) -> dict[str, Any]:
    """Where a work order stands, for the answer."""
    return {"wo": work.key, "state": work.state, "good": work.good, "received": work.received}
