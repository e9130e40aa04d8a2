"""Administering: users, keys, warehouses, and what the company decides as data."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from domain.company.company_policy import (
    COMPANY,
    ApprovalLimits,
    CompanyPolicy,
    Service,
    SmallDifference,
    TaxRate,
)
from domain.goods.warehouse import Warehouse
from domain.kernel.aggregate import Log, existing
from domain.kernel.money import LARGEST_AMOUNT
from domain.kernel.stamp import Stamp
from domain.kernel.validation import MOST_DAYS, Findings
from domain.parties.api_key import KEY_ROLES, ApiKey
from domain.parties.user import ROLES, User

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class RegisterUser:
    """Make a user known, or give it another role, scope or dealer.

    ``role`` is one of REP, MGR, FIN, WH, PP, PUR, DLR, SE, QA, AUD, ANA, ADM; ``scope`` a sales
    region, a warehouse or ALL; ``dealer_id`` is for dealer users.
    """

    user_id: str
    role: str
    scope: str | None = None
    dealer_id: str | None = None


def register_user(log: Log, stamp: Stamp, command: RegisterUser) -> dict[str, Any]:
    """Register a user.

    Refuses VALIDATION_FAILED.
    """
    findings = Findings()
    findings.identifier(command.user_id, "user_id")
    findings.field(command.role in ROLES, "role", f"one of {', '.join(ROLES)}")
    needs_dealer = command.role == "DLR"
    findings.field(
        (command.dealer_id is not None) == needs_dealer, "dealer_id", "given for DLR, and only then"
    )
    findings.refuse()
    user = log.get(User, command.user_id)
    user.register(command.role, command.scope, command.dealer_id, stamp)
    return {"user_id": command.user_id}


@dataclass(frozen=True, kw_only=True)
class IssueApiKey:
    """Open the door for a new key. ``secret_digest`` is the SHA-256 of the secret, in hex.

    ``role`` is SERVICE (commands and queries) or AUDITOR (queries only).
    """

    name: str
    role: str
    secret_digest: str


def issue_api_key(log: Log, stamp: Stamp, command: IssueApiKey) -> dict[str, Any]:
    """Issue a key.

    Refuses VALIDATION_FAILED, ALREADY_EXISTS.
    """
    findings = Findings()
    findings.identifier(command.name, "name")
    findings.field(command.role in KEY_ROLES, "role", f"one of {', '.join(KEY_ROLES)}")
    findings.field(
        _SHA256.fullmatch(command.secret_digest), "secret_digest", "64 lower-case hex digits"
    )
    findings.refuse()
    log.get(ApiKey, command.secret_digest).issue(command.name, command.role, stamp)
    return {"name": command.name}


@dataclass(frozen=True, kw_only=True)
class RevokeApiKey:
    """Close the door for a key."""

    secret_digest: str
    reason: str


def revoke_api_key(log: Log, stamp: Stamp, command: RevokeApiKey) -> dict[str, Any]:
    """Revoke a key.

    Refuses NOT_FOUND.
    """
    key = existing(log, ApiKey, command.secret_digest)
    key.revoke(command.reason, stamp)
    return {"name": key.name}


@dataclass(frozen=True, kw_only=True)
class RegisterWarehouse:
    """Make a warehouse known. ``region_code`` is GB/T 2260; ``plant`` where goods are made."""

    wh: str
    region_code: str
    sales_region: str
    plant: bool = False


def register_warehouse(log: Log, stamp: Stamp, command: RegisterWarehouse) -> dict[str, Any]:
    """Register a warehouse.

    Refuses VALIDATION_FAILED.
    """
    findings = Findings()
    findings.identifier(command.wh, "wh")
    findings.region(command.region_code, "region_code")
    findings.identifier(command.sales_region, "sales_region")
    findings.refuse()
    warehouse = log.get(Warehouse, command.wh)
    warehouse.register(command.region_code, command.sales_region, stamp, plant=command.plant)
    return {"wh": command.wh}


@dataclass(frozen=True, kw_only=True)
class SetTaxRate:
    """Decide a VAT rate in per cent for a tax code, from a day on."""

    tax_code: str
    rate_pct: Decimal
    valid_from: date


def set_tax_rate(log: Log, stamp: Stamp, command: SetTaxRate) -> dict[str, Any]:
    """Set a rate.

    Refuses VALIDATION_FAILED.
    """
    findings = Findings()
    findings.identifier(command.tax_code, "tax_code")
    findings.between(command.rate_pct, 0, 100, "rate_pct")
    findings.refuse()
    rate = TaxRate(command.tax_code, command.rate_pct, command.valid_from)
    log.get(CompanyPolicy, COMPANY).set_tax_rate(rate, stamp)
    return {"tax_code": command.tax_code}


@dataclass(frozen=True, kw_only=True)
class RankService:
    """Rank the warehouses that serve a region, best first, with lead times in days."""

    region_code: str
    ranking: list[str]
    lead_days: dict[str, int]


def rank_service(log: Log, stamp: Stamp, command: RankService) -> dict[str, Any]:
    """Rank a region's service.

    Refuses VALIDATION_FAILED.
    """
    findings = Findings()
    findings.region(command.region_code, "region_code")
    findings.field(command.ranking, "ranking", "at least one warehouse")
    for place, warehouse in enumerate(command.ranking):
        findings.known(log, Warehouse, warehouse, f"ranking[{place}]")
        days = command.lead_days.get(warehouse, -1)
        findings.field(0 <= days <= MOST_DAYS, f"lead_days.{warehouse}", f"0 to {MOST_DAYS} days")
    findings.refuse()
    service = Service(command.region_code, tuple(command.ranking), dict(command.lead_days))
    log.get(CompanyPolicy, COMPANY).rank_service(service, stamp)
    return {"region_code": command.region_code}


@dataclass(frozen=True, kw_only=True)
class SetApprovalLimits:
    """Decide how far roles may release holds. Shares in per cent, amounts in minor units."""

    price_regional_pct: Decimal = Decimal("3.00")
    price_national_pct: Decimal = Decimal("8.00")
    credit_pct: Decimal = Decimal("10.00")
    credit_amount: int = 300_000_00
    overdue_days_between: int = 30
    small_difference_max: int = 10_00
    small_difference_pct: Decimal = Decimal("0.01")
    small_difference_floor: int = 10
    small_difference_month: int = 100_00


def set_approval_limits(log: Log, stamp: Stamp, command: SetApprovalLimits) -> dict[str, Any]:
    """Set the limits.

    Refuses VALIDATION_FAILED.
    """
    findings = Findings()
    for name, value in vars(command).items():
        most = 100 if name.endswith("_pct") else LARGEST_AMOUNT
        findings.between(Decimal(value), 0, most, name)
    findings.refuse()
    limits = ApprovalLimits(
        price_regional_pct=command.price_regional_pct,
        price_national_pct=command.price_national_pct,
        credit_pct=command.credit_pct,
        credit_amount=command.credit_amount,
        overdue_days_between=command.overdue_days_between,
    )
    difference = SmallDifference(
        max_item=command.small_difference_max,
        pct=command.small_difference_pct,
        floor=command.small_difference_floor,
        per_dealer_month=command.small_difference_month,
    )
    policy = log.get(CompanyPolicy, COMPANY)
    policy.set_limits(limits, difference, stamp)
    return {"version": policy.version}


@dataclass(frozen=True, kw_only=True)
class SetObservationWeights:
    """Weigh the sources of observations, each between 0 and 1."""

    weights: dict[str, Decimal] = field(default_factory=dict)


def set_observation_weights(
    log: Log, stamp: Stamp, command: SetObservationWeights
) -> dict[str, Any]:
    """Set the weights.

    Refuses VALIDATION_FAILED.
    """
    findings = Findings()
    findings.field(command.weights, "weights", "at least one source")
    for source, weight in command.weights.items():
        findings.between(weight, 0, 1, f"weights.{source}")
    findings.refuse()
    policy = log.get(CompanyPolicy, COMPANY)
    policy.set_weights(dict(command.weights), stamp)
    return {"version": policy.version}
