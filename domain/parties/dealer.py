"""A dealer: who buys from us to resell, in which territory, under which licences."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import AlreadyExists, InvalidState
from domain.kernel.stamp import Stamp
from domain.parties.refusals import ExceptionExhausted

ACTIVE = "ACTIVE"
SUSPENDED = "SUSPENDED"
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


class CrossRegionException(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Leave to sell outside the territory (特批): what, where, how many, until when.

    Either a ``product_line`` or a ``sku``; either a region (GB/T 2260) or a hospital.
    """

    exception: str
    qty_max: int
    valid_from: date
    valid_to: date
    approved_by: str
    product_line: str | None = None
    sku: str | None = None
    region_code: str | None = None
    hospital: str | None = None
    victim_consent: str | None = None

    def speaks_of(self, sku: str, product_line: str, day: date) -> bool:
        """Whether it is about a product on a day."""
        what = sku == self.sku or product_line == self.product_line
        return what and self.valid_from <= day <= self.valid_to


class DealerProfile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who the dealer is: names, unified social credit code, place in the channel, terms."""

    legal_name: str
    uscc: str
    tier: str
    sales_region: str
    level: int = 1
    parent: str | None = None
    payment_terms_days: int = 30
    commission_owner: str | None = None
    """User who earns on the dealer's orders, and so may not release their holds."""


class Dealer(Aggregate):
    """One dealer; the stream is ``Dealer/{id}``."""

    CATEGORY: ClassVar[str] = "Dealer"

    profile: DealerProfile | None = None
    status: str = ""
    authorisations: list[Authorisation] = msgspec.field(default_factory=list)
    licences: list[Licence] = msgspec.field(default_factory=list)
    exceptions: dict[str, CrossRegionException] = msgspec.field(default_factory=dict)
    used: dict[str, int] = msgspec.field(default_factory=dict)
    """Quantity used of each exception."""

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

    class LicenceRenewed(Event, frozen=True, kw_only=True):
        """A licence or filing was renewed, and the new one verified."""

        TOPIC = "dealer.licence_renewed"
        licence: Licence

        def apply(self, dealer: Dealer) -> None:
            """Add the licence."""
            dealer.licences.append(self.licence)

    class Suspended(Event, frozen=True, kw_only=True):
        """The dealer may not buy for the time being."""

        TOPIC = "dealer.suspended"
        reason: str

        def apply(self, dealer: Dealer) -> None:
            """Stop."""
            dealer.status = SUSPENDED

    class Reinstated(Event, frozen=True, kw_only=True):
        """The dealer may buy again."""

        TOPIC = "dealer.reinstated"
        reason: str

        def apply(self, dealer: Dealer) -> None:
            """Go on."""
            dealer.status = ACTIVE

    class Terminated(Event, frozen=True, kw_only=True):
        """The dealer's contract ended."""

        TOPIC = "dealer.terminated"
        reason: str

        def apply(self, dealer: Dealer) -> None:
            """End it."""
            dealer.status = TERMINATED

    class ExceptionGranted(Event, frozen=True, kw_only=True):
        """The dealer may sell a quantity outside its territory."""

        TOPIC = "dealer.exception_granted"
        exception: CrossRegionException

        def apply(self, dealer: Dealer) -> None:
            """Add the exception."""
            dealer.exceptions[self.exception.exception] = self.exception

    class ExceptionConsumed(Event, frozen=True, kw_only=True):
        """A quantity of an exception was used; ``used`` is the sum so far."""

        TOPIC = "dealer.exception_consumed"
        exception: str
        ref: str
        qty: int
        used: int
        qty_max: int

        def apply(self, dealer: Dealer) -> None:
            """Count it."""
            dealer.used[self.exception] = self.used

    # What is asked about it.

    @property
    def known(self) -> DealerProfile:
        """The profile of a registered dealer."""
        assert self.profile is not None  # noqa: S101 - only existing dealers are asked
        return self.profile

    def authorised(self, product_line: str, day: date) -> list[Authorisation]:
        """Rights to a product line on a day."""
        return [one for one in self.authorisations if one.covers(product_line, day)]

    def licensed(self, device_class: str) -> list[Licence]:
        """Licences and filings for a class of device, whatever their dates."""
        return [one for one in self.licences if one.device_class == device_class]

    def remaining(self, exception: str) -> int:
        """Quantity left of an exception."""
        return self.exceptions[exception].qty_max - self.used.get(exception, 0)

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

    def renew(self, licence: Licence, stamp: Stamp) -> None:
        """Enter a renewed licence; entering it again alike records nothing."""
        if licence not in self.licences:
            self.record(self.LicenceRenewed(stamp.by, stamp.at, licence=licence))

    def suspend(self, reason: str, stamp: Stamp) -> None:
        """Stop the dealer's purchases; raises InvalidState."""
        self._require(ACTIVE)
        self.record(self.Suspended(stamp.by, stamp.at, reason=reason))

    def reinstate(self, reason: str, stamp: Stamp) -> None:
        """Let the dealer buy again; raises InvalidState."""
        self._require(SUSPENDED)
        self.record(self.Reinstated(stamp.by, stamp.at, reason=reason))

    def terminate(self, reason: str, stamp: Stamp) -> None:
        """End the dealer's contract; raises InvalidState."""
        self._require(ACTIVE, SUSPENDED)
        self.record(self.Terminated(stamp.by, stamp.at, reason=reason))

    def except_(self, exception: CrossRegionException, stamp: Stamp) -> None:
        """Grant an exception; raises AlreadyExists for another under the same id."""
        if self.exceptions.get(exception.exception) == exception:
            return
        if exception.exception in self.exceptions:
            raise AlreadyExists(kind="Exception", id=exception.exception)
        self.record(self.ExceptionGranted(stamp.by, stamp.at, exception=exception))

    def consume(self, exception: str, ref: str, qty: int, stamp: Stamp) -> None:
        """Use a quantity of an exception; raises ExceptionExhausted."""
        left = self.remaining(exception)
        if qty > left:
            raise ExceptionExhausted(exception=exception, left=left, qty=qty)
        most = self.exceptions[exception].qty_max
        used = most - left + qty
        self.record(
            self.ExceptionConsumed(
                stamp.by,
                stamp.at,
                exception=exception,
                ref=ref,
                qty=qty,
                used=used,
                qty_max=most,
            )
        )

    def _require(self, *states: str) -> None:
        if self.status not in states:
            raise InvalidState(dealer=self.key, status=self.status, required=states)
