"""A dealer: who buys from us to resell, in which territory, under which licences."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp

ACTIVE = "ACTIVE"
TERMINATED = "TERMINATED"
MAX_LEVEL = 3


class Authorisation(msgspec.Struct, frozen=True, omit_defaults=True):
    """Right to sell a product line in regions (GB/T 2260 codes); both days inclusive."""

    product_line: str
    region_codes: tuple[str, ...]
    valid_from: date
    valid_to: date
    exclusive: bool = False
    hospitals_include: tuple[str, ...] = ()
    hospitals_exclude: tuple[str, ...] = ()
    version: int = 1

    def covers(self, product_line: str, day: date) -> bool:
        """Whether it speaks of a product line on a day."""
        return self.product_line == product_line and self.valid_from <= day <= self.valid_to


class Licence(msgspec.Struct, frozen=True, omit_defaults=True):
    """Distribution licence (class III) or filing (class II); no end date means open-ended."""

    type: str
    no: str
    device_class: str
    scope_codes: tuple[str, ...]
    valid_from: date
    valid_to: date | None = None
    document_hash: str | None = None


class DealerProfile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who the dealer is: names, unified social credit code, place in the channel, terms."""

    legal_name: str
    uscc: str
    tier: str
    sales_region: str
    level: int = 1
    parent: str | None = None
    payment_terms_days: int = 30


class Dealer(Aggregate):
    """One dealer; the stream is ``Dealer/{id}``."""

    CATEGORY: ClassVar[str] = "Dealer"

    profile: DealerProfile | None = None
    status: str = ""
    authorisations: list[Authorisation] = msgspec.field(default_factory=list)
    licences: list[Licence] = msgspec.field(default_factory=list)

    # What can happen to a dealer. Topics and fields are stored: add, never rename.

    class Registered(Event, frozen=True, kw_only=True):
        """The dealer is known and may trade."""

        TOPIC = "dealer.registered"
        profile: DealerProfile
        status: str

        def apply(self, dealer: Dealer) -> None:
            """Set the profile."""
            dealer.profile, dealer.status = self.profile, self.status

    class TerritoryGranted(Event, frozen=True, kw_only=True):
        """The dealer may sell a product line in regions, for a time."""

        TOPIC = "dealer.territory_granted"
        authorisation: Authorisation

        def apply(self, dealer: Dealer) -> None:
            """Add the right."""
            dealer.authorisations.append(self.authorisation)

    class LicenceRegistered(Event, frozen=True, kw_only=True):
        """A licence or filing was verified."""

        TOPIC = "dealer.licence_registered"
        licence: Licence

        def apply(self, dealer: Dealer) -> None:
            """Add the licence."""
            dealer.licences.append(self.licence)

    # What is asked about it.

    @property
    def known(self) -> DealerProfile:
        """The profile of a registered dealer."""
        assert self.profile is not None  # noqa: S101 - only existing dealers are asked
        return self.profile

    def authorised(self, product_line: str, day: date) -> list[Authorisation]:
        """Rights to a product line on a day."""
        return [one for one in self.authorisations if one.covers(product_line, day)]

    # What may be asked of it.

    def register(self, profile: DealerProfile, stamp: Stamp) -> None:
        """Make the dealer known; said twice alike, it is said once."""
        if profile != self.profile:
            status = self.status or ACTIVE
            self.record(self.Registered(stamp.by, stamp.at, profile=profile, status=status))

    def grant(self, authorisation: Authorisation, stamp: Stamp) -> None:
        """Grant a right; granting it again alike records nothing."""
        if authorisation not in self.authorisations:
            self.record(self.TerritoryGranted(stamp.by, stamp.at, authorisation=authorisation))

    def license(self, licence: Licence, stamp: Stamp) -> None:
        """Enter a verified licence; entering it again alike records nothing."""
        if licence not in self.licences:
            self.record(self.LicenceRegistered(stamp.by, stamp.at, licence=licence))
