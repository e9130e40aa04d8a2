"""How diversion is detected, as data: thresholds, rules out of force, places that explain."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp

RULES = "rules"


class Thresholds(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where the rules draw their lines. Days, hours, kilometres, per cent.

    ``off`` names rules that are not in force. ``grace_days`` is how long a dealer may sell what it
    bought before its territory changed; ``relocation_months`` how long after its acceptance a
    device may be moved by its owner.
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


class Emergency(msgspec.Struct, frozen=True, kw_only=True):
    """An allocation that the government ordered: goods of a line go to a region for a time."""

    no: str
    product_line: str
    region_code: str
    valid_from: date
    valid_to: date
    document_hash: str


class DetectionPolicy(Aggregate):
    """The detection policy; the stream is ``Detection/rules``. Its version is the evidence's."""

    CATEGORY: ClassVar[str] = "Detection"

    thresholds: Thresholds = Thresholds()
    service_centres: tuple[str, ...] = ()
    """Regions of repair depots (GB/T 2260): a device seen there is on its way through."""
    emergencies: dict[str, Emergency] = msgspec.field(default_factory=dict)
    potentials: dict[str, int] = msgspec.field(default_factory=dict)
    """Base units a month that a dealer's territory can use, by dealer and product with a slash."""

    # What can happen to the policy. Topics and fields are stored: add, never rename.

    class ThresholdsSet(Event, frozen=True, kw_only=True):
        """The lines were drawn."""

        TOPIC = "detection.thresholds_set"
        thresholds: Thresholds

        def apply(self, policy: DetectionPolicy) -> None:
            """Set them."""
            policy.thresholds = self.thresholds

    class ServiceCentresNamed(Event, frozen=True, kw_only=True):
        """The regions of repair depots were named."""

        TOPIC = "detection.service_centres_named"
        region_codes: tuple[str, ...]

        def apply(self, policy: DetectionPolicy) -> None:
            """Set them."""
            policy.service_centres = self.region_codes

    class EmergencyRecorded(Event, frozen=True, kw_only=True):
        """The government ordered an allocation."""

        TOPIC = "detection.emergency_recorded"
        emergency: Emergency

        def apply(self, policy: DetectionPolicy) -> None:
            """Add it."""
            policy.emergencies[self.emergency.no] = self.emergency

    class PotentialSet(Event, frozen=True, kw_only=True):
        """It was estimated what a dealer's territory can use of a product in a month."""

        TOPIC = "detection.potential_set"
        dealer: str
        sku: str
        qty: int

        def apply(self, policy: DetectionPolicy) -> None:
            """Set it."""
            policy.potentials[f"{self.dealer}/{self.sku}"] = self.qty

    # What is asked about it.

    def in_force(self, rule: str) -> bool:
        """Whether a rule is applied."""
        return rule not in self.thresholds.off

    # What may be asked of it.

    def set_thresholds(self, thresholds: Thresholds, stamp: Stamp) -> None:
        """Draw the lines; drawing them again alike records nothing."""
        if thresholds != self.thresholds:
            self.record(self.ThresholdsSet(stamp.by, stamp.at, thresholds=thresholds))

    def name_service_centres(self, region_codes: tuple[str, ...], stamp: Stamp) -> None:
        """Name the regions of repair depots."""
        if region_codes != self.service_centres:
            self.record(self.ServiceCentresNamed(stamp.by, stamp.at, region_codes=region_codes))

    def record_emergency(self, emergency: Emergency, stamp: Stamp) -> None:
        """Enter an allocation; entering it again alike records nothing."""
        if self.emergencies.get(emergency.no) != emergency:
            self.record(self.EmergencyRecorded(stamp.by, stamp.at, emergency=emergency))

    def set_potential(self, dealer: str, sku: str, qty: int, stamp: Stamp) -> None:
        """Estimate what a territory can use in a month."""
        if self.potentials.get(f"{dealer}/{sku}") != qty:
            self.record(self.PotentialSet(stamp.by, stamp.at, dealer=dealer, sku=sku, qty=qty))
