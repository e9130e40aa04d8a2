"""Ruling: the detection policy as data: thresholds, repair depots, emergencies, potentials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from domain.cases.detection_policy import RULES, DetectionPolicy, Emergency, Thresholds
from domain.goods.product import Product
from domain.kernel.aggregate import Log, existing
from domain.kernel.money import LARGEST_AMOUNT
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.parties.dealer import Dealer
from domain.policies.diversion import NAMES


@dataclass(frozen=True, kw_only=True)
class SetDetectionThresholds:
    """Decide where the rules of detection draw their lines, and which are ``off``.

    Days, months, hours, kilometres, counts; per cent for names that end so.
    """

    grace_days: int = 60
    relocation_months: int = 12
    border_km: int = 5
    travel_km: int = 1000
    travel_hours: int = 24
    service_requests: int = 3
    service_days: int = 90
    silent_days: int = 180
    volume_sigma: Decimal = Decimal(3)
    volume_potential: Decimal = Decimal("1.5")
    volume_explained_pct: Decimal = Decimal(70)
    price_match_pct: Decimal = Decimal(1)
    off: tuple[str, ...] = ()


def set_detection_thresholds(
    log: Log, stamp: Stamp, command: SetDetectionThresholds
) -> dict[str, Any]:
    """Set the thresholds. What was judged stays judged; alerts name the version they rest on.

    Refuses VALIDATION_FAILED.
    """
    findings = Findings()
    for name, value in vars(command).items():
        if name == "off":
            continue
        most = 100 if name.endswith("_pct") else 100_000
        findings.between(Decimal(value), 0, most, name)
    for place, rule in enumerate(command.off):
        findings.field(rule in NAMES, f"off[{place}]", f"one of {', '.join(NAMES)}")
    findings.refuse()
    policy = log.get(DetectionPolicy, RULES)
    policy.set_thresholds(Thresholds(**vars(command)), stamp)
    return {"version": policy.version}


@dataclass(frozen=True, kw_only=True)
class NameServiceCentres:
    """Name the regions of repair depots (GB/T 2260): a device seen there is passing through."""

    region_codes: tuple[str, ...]


def name_service_centres(log: Log, stamp: Stamp, command: NameServiceCentres) -> dict[str, Any]:
    """Name the service centres.

    Refuses VALIDATION_FAILED.
    """
    findings = Findings()
    for place, code in enumerate(command.region_codes):
        findings.region(code, f"region_codes[{place}]")
    findings.refuse()
    policy = log.get(DetectionPolicy, RULES)
    policy.name_service_centres(command.region_codes, stamp)
    return {"version": policy.version}


@dataclass(frozen=True, kw_only=True)
class RecordEmergency:
    """Enter that the government ordered goods of a line to a region, for a time."""

    no: str
    product_line: str
    region_code: str
    valid_from: date
    valid_to: date
    document_hash: str


def record_emergency(log: Log, stamp: Stamp, command: RecordEmergency) -> dict[str, Any]:
    """Record an emergency allocation.

    Refuses VALIDATION_FAILED, DATE_RANGE.
    """
    findings = Findings()
    findings.identifier(command.no, "no")
    findings.identifier(command.product_line, "product_line")
    findings.region(command.region_code, "region_code")
    findings.dates(command.valid_from, command.valid_to, "valid_to")
    findings.field(command.document_hash.strip(), "document_hash", "the order's document")
    findings.refuse()
    policy = log.get(DetectionPolicy, RULES)
    policy.record_emergency(Emergency(**vars(command)), stamp)
    return {"no": command.no, "version": policy.version}


@dataclass(frozen=True, kw_only=True)
class SetPotential:
    """Estimate how many base units of a product a dealer's territory can use in a month."""

    dealer_id: str
    sku: str
    qty: int


def set_potential(log: Log, stamp: Stamp, command: SetPotential) -> dict[str, Any]:
    """Set a territory's potential.

    Refuses NOT_FOUND, VALIDATION_FAILED.
    """
    findings = Findings()
    existing(log, Dealer, command.dealer_id)
    existing(log, Product, command.sku)
    findings.field(0 <= command.qty <= LARGEST_AMOUNT, "qty", "at least 0")
    findings.refuse()
    policy = log.get(DetectionPolicy, RULES)
    policy.set_potential(command.dealer_id, command.sku, command.qty, stamp)
    return {"version": policy.version}
