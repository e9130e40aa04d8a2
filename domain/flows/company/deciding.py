"""Deciding: what the company decides as data: rates, rankings, limits, approvals, days, weights."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from domain.company.approval_policy import (
    DEFAULT_RULES,
    NEVER_RELEASED,
    ApprovalLimits,
    ApprovalRule,
)
from domain.company.company_policy import (
    COMPANY,
    CompanyPolicy,
    Identity,
    Planning,
    Service,
    SmallDifference,
    TaxRate,
)
from domain.goods.warehouse import Warehouse
from domain.kernel.aggregate import Log
from domain.kernel.money import LARGEST_AMOUNT
from domain.kernel.stamp import Stamp
from domain.kernel.validation import MOST_DAYS, Findings
from domain.orders.refusals import HoldNotOverridable
from domain.parties.user import ROLES
from domain.supply.refusals import SameWarehouse


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
class SetIdentity:
    """Say who the company is, as its documents show it. ``uscc`` is its credit code."""

    legal_name: str
    uscc: str
    address: str = ""
    bank: str = ""
    bank_account: str = ""
    contact: str = ""


def set_identity(log: Log, stamp: Stamp, command: SetIdentity) -> dict[str, Any]:
    """Set the company's identity.

    Refuses VALIDATION_FAILED.
    """
    findings = Findings()
    findings.field(command.legal_name.strip(), "legal_name", "a name")
    findings.identifier(command.uscc, "uscc")
    findings.refuse()
    log.get(CompanyPolicy, COMPANY).identify(Identity(**vars(command)), stamp)
    return {"legal_name": command.legal_name}


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
    deposit_deficit: int = 100_000_00
    contract_pct: Decimal = Decimal("10.00")
    duplicate_hours: int = 24
    count_value: int = 5_000_00
    count_recount_pct: Decimal = Decimal("0.5")
    requisition_value: int = 500_000_00
    contract_manager: int = 500_000_00
    contract_finance: int = 3_000_000_00
    return_window_days: int = 30
    output_tolerance_pct: Decimal = Decimal(0)
    sanction_amount: int = 100_000_00
    adjustment_amount: int = 1_000_00
    open_difference: int = 1_000_00
    small_difference_max: int = 10_00
    small_difference_pct: Decimal = Decimal("0.01")
    small_difference_floor: int = 10
    small_difference_month: int = 100_00


LIMIT_NAMES = frozenset(ApprovalLimits.__struct_fields__)


def set_approval_limits(log: Log, stamp: Stamp, command: SetApprovalLimits) -> dict[str, Any]:
    """Set the limits.

    Refuses VALIDATION_FAILED.
    """
    findings = Findings()
    for name, value in vars(command).items():
        most = 100 if name.endswith("_pct") else LARGEST_AMOUNT
        findings.between(Decimal(value), 0, most, name)
    findings.refuse()
    said = {name: value for name, value in vars(command).items() if name in LIMIT_NAMES}
    limits = ApprovalLimits(**said)
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
class SetApprovalRule:
    """Decide who may release a hold: one person of these roles, or (``every``) one of each.

    ``region`` binds a sales manager: ORDER to the dealer's region, DESTINATION to the goods'.
    """

    code: str
    roles: tuple[str, ...]
    every: bool = False
    region: Literal["ORDER", "DESTINATION"] = "ORDER"
    document: bool = False


def set_approval_rule(log: Log, stamp: Stamp, command: SetApprovalRule) -> dict[str, Any]:
    """Set a rule.

    Refuses VALIDATION_FAILED, HOLD_NOT_OVERRIDABLE.
    """
    findings = Findings()
    never = command.code in NEVER_RELEASED
    findings.require(not never, HoldNotOverridable(code=command.code))
    known = never or command.code in DEFAULT_RULES
    findings.field(known, "code", f"one of {', '.join(DEFAULT_RULES)}")
    findings.field(command.roles, "roles", "at least one role")
    for place, role in enumerate(command.roles):
        findings.field(role in ROLES, f"roles[{place}]", f"one of {', '.join(ROLES)}")
    findings.refuse()
    rule = ApprovalRule(command.roles, command.every, command.region, command.document)
    policy = log.get(CompanyPolicy, COMPANY)
    policy.set_rule(command.code, rule, stamp)
    return {"code": command.code, "version": policy.version}


@dataclass(frozen=True, kw_only=True)
class SetPlanning:
    """Decide days: handling before goods leave, warnings before expiry, grace of a transfer."""

    handling_days: int = 1
    near_expiry_days: tuple[int, ...] = (180, 90, 30)
    transit_grace_days: int = 3
    licence_days: tuple[int, ...] = (90, 60, 30)


def set_planning(log: Log, stamp: Stamp, command: SetPlanning) -> dict[str, Any]:
    """Set the days.

    Refuses VALIDATION_FAILED.
    """
    findings = Findings()
    for name in ("handling_days", "transit_grace_days"):
        findings.field(0 <= getattr(command, name) <= MOST_DAYS, name, f"0 to {MOST_DAYS} days")
    for name in ("near_expiry_days", "licence_days"):
        for place, before in enumerate(getattr(command, name)):
            fine = 1 <= before <= MOST_DAYS
            findings.field(fine, f"{name}[{place}]", f"1 to {MOST_DAYS} days")
    findings.refuse()
    planning = Planning(
        command.handling_days,
        tuple(sorted(set(command.near_expiry_days), reverse=True)),
        command.transit_grace_days,
        tuple(sorted(set(command.licence_days), reverse=True)),
    )
    policy = log.get(CompanyPolicy, COMPANY)
    policy.set_planning(planning, stamp)
    return {"version": policy.version}


@dataclass(frozen=True, kw_only=True)
class SetTransferLead:
    """Decide how many days a transfer between two warehouses takes, in either direction."""

    src: str
    dst: str
    days: int


def set_transfer_lead(log: Log, stamp: Stamp, command: SetTransferLead) -> dict[str, Any]:
    """Set the days.

    Refuses VALIDATION_FAILED, SAME_WAREHOUSE.
    """
    findings = Findings()
    findings.known(log, Warehouse, command.src, "src")
    findings.known(log, Warehouse, command.dst, "dst")
    findings.require(command.src != command.dst, SameWarehouse(wh=command.src))
    findings.field(0 <= command.days <= MOST_DAYS, "days", f"0 to {MOST_DAYS} days")
    findings.refuse()
    policy = log.get(CompanyPolicy, COMPANY)
    policy.set_transfer_lead(command.src, command.dst, command.days, stamp)
    return {"src": command.src, "dst": command.dst}


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
