"""Projects: which dealer may pursue a hospital's project, and until when (项目报备)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.kernel.validation import MOST_DAYS, Findings
from domain.parties.customer import Customer
from domain.parties.dealer import Dealer
from domain.parties.project import Project

DAYS = 90


@dataclass(frozen=True, kw_only=True)
class RegisterProject:
    """Claim a customer's project in a product line for a dealer, for a number of days."""

    dealer_id: str
    customer_id: str
    product_line: str
    days: int = DAYS


def register_project(log: Log, stamp: Stamp, command: RegisterProject) -> dict[str, Any]:
    """Register a project.

    Refuses NOT_FOUND, VALIDATION_FAILED, PROJECT_ALREADY_REGISTERED.
    """
    project = _project(log, command.dealer_id, command.customer_id, command.product_line)
    until = stamp.today + timedelta(days=_days(command.days))
    project.register(command.dealer_id, until, stamp)
    return _standing(project)


@dataclass(frozen=True, kw_only=True)
class ExtendRegistration:
    """Keep a project longer, once."""

    dealer_id: str
    customer_id: str
    product_line: str
    days: int = DAYS


def extend_registration(log: Log, stamp: Stamp, command: ExtendRegistration) -> dict[str, Any]:
    """Extend a registration that is still valid.

    Refuses NOT_FOUND, VALIDATION_FAILED, INVALID_STATE.
    """
    project = _project(log, command.dealer_id, command.customer_id, command.product_line)
    since: date = project.valid_to or stamp.today
    project.extend(command.dealer_id, since + timedelta(days=_days(command.days)), stamp)
    return _standing(project)


@dataclass(frozen=True, kw_only=True)
class ReleaseRegistration:
    """Give a project up."""

    dealer_id: str
    customer_id: str
    product_line: str
    reason: str


def release_registration(log: Log, stamp: Stamp, command: ReleaseRegistration) -> dict[str, Any]:
    """Release a registration.

    Refuses NOT_FOUND, VALIDATION_FAILED, INVALID_STATE.
    """
    project = _project(log, command.dealer_id, command.customer_id, command.product_line)
    findings = Findings()
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    findings.refuse()
    project.release(command.dealer_id, command.reason, stamp)
    return _standing(project)


def _project(log: Log, dealer_id: str, customer_id: str, product_line: str) -> Project:
    existing(log, Dealer, dealer_id)
    existing(log, Customer, customer_id)
    findings = Findings()
    findings.identifier(product_line, "product_line")
    findings.refuse()
    return log.get(Project, customer_id, product_line)


def _days(days: int) -> int:
    findings = Findings()
    findings.field(1 <= days <= MOST_DAYS, "days", f"1 to {MOST_DAYS} days")
    findings.refuse()
    return days


def _standing(project: Project) -> dict[str, Any]:
    return {"project": project.key, "dealer": project.dealer, "valid_to": project.valid_to}
