"""Licensing: dealers' licences and filings, and the orders that wait for them or must stop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.flows.orders.confirming import LICENCE_HOLDS, recheck_waiting, stop
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.parties.dealer import Dealer
from domain.parties.dealer_terms import Licence
from domain.policies.checks.dealers import dealer_licence


@dataclass(frozen=True, kw_only=True)
class RegisterLicence:
    """Enter a dealer's verified distribution licence or filing."""

    dealer_id: str
    licence: Licence


def register_licence(log: Log, stamp: Stamp, command: RegisterLicence) -> dict[str, Any]:
    """Enter a licence.

    Refuses NOT_FOUND, VALIDATION_FAILED, DATE_RANGE.
    """
    licence, findings = command.licence, Findings()
    dealer = existing(log, Dealer, command.dealer_id)
    findings.identifier(licence.no, "licence.no")
    findings.field(licence.device_class in ("I", "II", "III"), "licence.device_class", "I to III")
    findings.dates(licence.valid_from, licence.valid_to, "licence.valid_to")
    findings.refuse()
    dealer.license(licence, stamp)
    orders = recheck_waiting(log, dealer.key, LICENCE_HOLDS, "licence-recheck", stamp)
    return {"dealer_id": command.dealer_id, "no": licence.no, "orders": orders}


@dataclass(frozen=True, kw_only=True)
class RenewLicence:
    """Enter a dealer's renewed licence or filing, once it is verified."""

    dealer_id: str
    type: str
    no: str
    device_class: str
    scope_codes: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    document_hash: str


def renew_licence(log: Log, stamp: Stamp, command: RenewLicence) -> dict[str, Any]:
    """Renew a licence; orders that waited for it go on in the same append.

    Refuses NOT_FOUND, VALIDATION_FAILED, DATE_RANGE, MASTER_DATA_MISSING.
    """
    dealer, findings = existing(log, Dealer, command.dealer_id), Findings()
    findings.identifier(command.no, "no")
    findings.field(command.device_class in ("I", "II", "III"), "device_class", "I, II or III")
    findings.field(command.scope_codes, "scope_codes", "at least one catalogue code")
    findings.dates(command.valid_from, command.valid_to, "valid_to")
    findings.field(command.document_hash.strip(), "document_hash", "the licence's document")
    findings.refuse()
    licence = Licence(
        command.type,
        command.no,
        command.device_class,
        command.scope_codes,
        command.valid_from,
        command.valid_to,
        command.document_hash,
    )
    dealer.renew(licence, stamp)
    orders = recheck_waiting(log, dealer.key, LICENCE_HOLDS, "licence-recheck", stamp)
    return {"dealer_id": dealer.key, "no": command.no, "orders": orders}


@dataclass(frozen=True, kw_only=True)
class WatchLicences:
    """Warn before a dealer's licences expire, and hold the orders that they no longer cover.

    For the scheduler, once a day.
    """

    dealer_id: str


def watch_licences(log: Log, stamp: Stamp, command: WatchLicences) -> dict[str, Any]:
    """Warn of licences that are about to expire, and hold what the law holds (INV-DL-4).

    Refuses NOT_FOUND, MASTER_DATA_MISSING.
    """
    dealer = existing(log, Dealer, command.dealer_id)
    warnings = log.get(CompanyPolicy, COMPANY).planning.licence_days
    dealer.warn(warnings, stamp.automatic("licence-watch"))
    orders = stop(log, dealer, (dealer_licence,), "licence-watch", stamp)
    days = sorted(
        (one.valid_to - stamp.today).days for one in dealer.licences if one.valid_to is not None
    )
    return {"dealer_id": dealer.key, "orders": orders, "days_left": days}
