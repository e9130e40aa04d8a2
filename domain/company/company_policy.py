"""What the company has decided as data: tax rates, who serves whom, who may release what."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

import msgspec

from domain.company.approval_policy import DEFAULT_RULES, ApprovalLimits, ApprovalRule
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp

COMPANY = "company"


class Service(msgspec.Struct, frozen=True):
    """Warehouses that serve a region, best first, with their lead times in days."""

    region_code: str
    ranking: tuple[str, ...]
    lead_days: dict[str, int]


class Planning(msgspec.Struct, frozen=True, omit_defaults=True):
    """Days that planning reckons with.

    ``near_expiry_days`` and ``licence_days`` are the warnings before a lot and a licence expire.
    """

    handling_days: int = 1
    near_expiry_days: tuple[int, ...] = (180, 90, 30)
    transit_grace_days: int = 3
    licence_days: tuple[int, ...] = (90, 60, 30)


class TaxRate(msgspec.Struct, frozen=True):
    """VAT rate in per cent, from a day on."""

    tax_code: str
    rate_pct: Decimal
    valid_from: date


class SmallDifference(msgspec.Struct, frozen=True):
    """Difference of a payment that is written off: ``min(max_item, max(floor, pct of item))``."""

    max_item: int = 10_00
    pct: Decimal = Decimal("0.01")
    floor: int = 10
    per_dealer_month: int = 100_00


class Identity(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Who the company is, as documents show it."""

    legal_name: str
    uscc: str
    address: str = ""
    bank: str = ""
    bank_account: str = ""
    contact: str = ""


class CompanyPolicy(Aggregate):
    """The company's policies; the stream is ``Policy/company``. Its version is the evidence's."""

    CATEGORY: ClassVar[str] = "Policy"

    tax_rates: list[TaxRate] = msgspec.field(default_factory=list)
    services: dict[str, Service] = msgspec.field(default_factory=dict)
    limits: ApprovalLimits = ApprovalLimits()
    small_difference: SmallDifference = SmallDifference()
    rules: dict[str, ApprovalRule] = msgspec.field(default_factory=lambda: dict(DEFAULT_RULES))
    """Who may release which hold."""
    planning: Planning = Planning()
    transfer_leads: dict[str, int] = msgspec.field(default_factory=dict)
    """Days between two warehouses, by their ids in order, joined by a slash."""
    weights: dict[str, Decimal] = msgspec.field(default_factory=dict)
    """Weight of an observation by its source, between 0 and 1."""
    identity: Identity | None = None

    # What can happen to a policy. Topics and fields are stored: add, never rename.

    class TaxRateSet(Event, frozen=True, kw_only=True):
        """A VAT rate is in force from a day on."""

        TOPIC = "policy.tax_rate_set"
        rate: TaxRate

        def apply(self, policy: CompanyPolicy) -> None:
            """Add the rate."""
            policy.tax_rates.append(self.rate)

    class ServiceRanked(Event, frozen=True, kw_only=True):
        """The warehouses of a region were ranked."""

        TOPIC = "policy.service_ranked"
        service: Service

        def apply(self, policy: CompanyPolicy) -> None:
            """Set the ranking."""
            policy.services[self.service.region_code] = self.service

    class LimitsSet(Event, frozen=True, kw_only=True):
        """Release limits were decided."""

        TOPIC = "policy.limits_set"
        limits: ApprovalLimits
        small_difference: SmallDifference

        def apply(self, policy: CompanyPolicy) -> None:
            """Set the limits."""
            policy.limits, policy.small_difference = self.limits, self.small_difference

    class ApprovalRuleSet(Event, frozen=True, kw_only=True):
        """It was decided who may release a hold."""

        TOPIC = "policy.approval_rule_set"
        code: str
        rule: ApprovalRule

        def apply(self, policy: CompanyPolicy) -> None:
            """Set the rule."""
            policy.rules[self.code] = self.rule

    class PlanningSet(Event, frozen=True, kw_only=True):
        """Days of planning were decided."""

        TOPIC = "policy.planning_set"
        planning: Planning

        def apply(self, policy: CompanyPolicy) -> None:
            """Set the days."""
            policy.planning = self.planning

    class TransferLeadSet(Event, frozen=True, kw_only=True):
        """The days that a transfer between two warehouses takes, in either direction."""

        TOPIC = "policy.transfer_lead_set"
        warehouses: tuple[str, str]
        days: int

        def apply(self, policy: CompanyPolicy) -> None:
            """Set the days."""
            policy.transfer_leads[_pair(*self.warehouses)] = self.days

    class WeightsSet(Event, frozen=True, kw_only=True):
        """Sources of observations were weighed."""

        TOPIC = "policy.weights_set"
        weights: dict[str, Decimal]

        def apply(self, policy: CompanyPolicy) -> None:
            """Set the weights."""
            policy.weights = dict(self.weights)

    class IdentitySet(Event, frozen=True, kw_only=True):
        """It was written down who the company is."""

        TOPIC = "policy.identity_set"
        identity: Identity

        def apply(self, policy: CompanyPolicy) -> None:
            """Set it."""
            policy.identity = self.identity

    # What is asked about it.

    def tax_rate(self, tax_code: str, day: date) -> Decimal | None:
        """Rate in force on a day, or None."""
        found: TaxRate | None = None
        for one in self.tax_rates:  # of two for the same day, the later decision counts
            if one.tax_code == tax_code and one.valid_from <= day:
                found = one if found is None or one.valid_from >= found.valid_from else found
        return found.rate_pct if found else None

    def service(self, region_code: str) -> Service | None:
        """Service of the smallest region that contains a place, or None."""
        for code in (region_code, region_code[:4] + "00", region_code[:2] + "0000"):
            if code in self.services:
                return self.services[code]
        return None

    def transfer_days(self, source: str, target: str) -> int | None:
        """Days of a transfer between two warehouses, or None where none is set."""
        return self.transfer_leads.get(_pair(source, target))

    # What may be asked of it.

    def set_tax_rate(self, rate: TaxRate, stamp: Stamp) -> None:
        """Decide a rate; deciding it again alike records nothing."""
        if rate not in self.tax_rates or self.tax_rate(rate.tax_code, rate.valid_from) != (
            rate.rate_pct
        ):
            self.record(self.TaxRateSet(stamp.by, stamp.at, rate=rate))

    def identify(self, identity: Identity, stamp: Stamp) -> None:
        """Say who the company is."""
        if identity != self.identity:
            self.record(self.IdentitySet(stamp.by, stamp.at, identity=identity))

    def rank_service(self, service: Service, stamp: Stamp) -> None:
        """Rank a region's warehouses."""
        if self.services.get(service.region_code) != service:
            self.record(self.ServiceRanked(stamp.by, stamp.at, service=service))

    def set_limits(
        self, limits: ApprovalLimits, small_difference: SmallDifference, stamp: Stamp
    ) -> None:
        """Decide release limits."""
        if (limits, small_difference) != (self.limits, self.small_difference):
            self.record(
                self.LimitsSet(stamp.by, stamp.at, limits=limits, small_difference=small_difference)
            )

    def set_rule(self, code: str, rule: ApprovalRule, stamp: Stamp) -> None:
        """Decide who may release a hold."""
        if self.rules.get(code) != rule:
            self.record(self.ApprovalRuleSet(stamp.by, stamp.at, code=code, rule=rule))

    def set_planning(self, planning: Planning, stamp: Stamp) -> None:
        """Decide the days of planning."""
        if planning != self.planning:
            self.record(self.PlanningSet(stamp.by, stamp.at, planning=planning))

    def set_transfer_lead(self, source: str, target: str, days: int, stamp: Stamp) -> None:
        """Decide the days of a transfer."""
        if self.transfer_days(source, target) != days:
            self.record(
                self.TransferLeadSet(stamp.by, stamp.at, warehouses=(source, target), days=days)
            )

    def set_weights(self, weights: dict[str, Decimal], stamp: Stamp) -> None:
        """Weigh the sources of observations."""
        if weights != self.weights:
            self.record(self.WeightsSet(stamp.by, stamp.at, weights=weights))


def _pair(one: str, other: str) -> str:
    return "/".join(sorted((one, other)))
