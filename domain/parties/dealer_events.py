"""What can happen to a dealer. Topics and fields are stored: add, never rename."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from domain.kernel.event import Event
from domain.parties.dealer_terms import (
    Authorisation,
    CrossRegionException,
    DealerProfile,
    Licence,
)

if TYPE_CHECKING:
    from domain.parties.dealer import Dealer

APPLICANT, UNDER_REVIEW, QUALIFIED = "APPLICANT", "UNDER_REVIEW", "QUALIFIED"
ACTIVE, SUSPENDED = "ACTIVE", "SUSPENDED"
TERMINATED, WOUND_UP = "TERMINATED", "WOUND_UP"


class Registered(Event, frozen=True, kw_only=True):
    """The dealer is known and may trade."""

    TOPIC = "dealer.registered"
    profile: DealerProfile
    status: str

    def apply(self, dealer: Dealer) -> None:
        """Set the profile."""
        dealer.profile, dealer.status = self.profile, self.status


class SubDealerRegistered(Event, frozen=True, kw_only=True):
    """Another dealer buys from this one."""

    TOPIC = "dealer.sub_dealer_registered"
    dealer: str

    def apply(self, dealer: Dealer) -> None:
        """Know it."""
        dealer.below.append(self.dealer)


class SubDealerLeft(Event, frozen=True, kw_only=True):
    """A dealer buys from this one no more."""

    TOPIC = "dealer.sub_dealer_left"
    dealer: str

    def apply(self, dealer: Dealer) -> None:
        """Forget it."""
        dealer.below.remove(self.dealer)


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
        dealer.uses.setdefault(self.exception, []).append(self.ref)


class Applied(Event, frozen=True, kw_only=True):
    """A company asked to become a dealer; it may not buy before it is reviewed and activated."""

    TOPIC = "dealer.applied"
    profile: DealerProfile

    def apply(self, dealer: Dealer) -> None:
        """Set the profile."""
        dealer.profile, dealer.status = self.profile, APPLICANT


class Reviewed(Event, frozen=True, kw_only=True):
    """Quality made its first review (首营审核): passed, or what is still missing."""

    TOPIC = "dealer.reviewed"
    passed: bool
    missing: str
    document_hash: str

    def apply(self, dealer: Dealer) -> None:
        """Qualify it, or let it complete its papers."""
        dealer.status = QUALIFIED if self.passed else UNDER_REVIEW


class Activated(Event, frozen=True, kw_only=True):
    """The dealer may buy."""

    TOPIC = "dealer.activated"

    def apply(self, dealer: Dealer) -> None:
        """Begin."""
        dealer.status = ACTIVE


class TierChanged(Event, frozen=True, kw_only=True):
    """From now on the dealer's prices are those of another tier."""

    TOPIC = "dealer.tier_changed"
    before: str
    tier: str
    reason: str

    def apply(self, dealer: Dealer) -> None:
        """Set the tier."""
        dealer.profile = msgspec.structs.replace(dealer.known, tier=self.tier)


class WoundUp(Event, frozen=True, kw_only=True):
    """Nothing is open with the dealer any more."""

    TOPIC = "dealer.wound_up"
    reason: str

    def apply(self, dealer: Dealer) -> None:
        """End it for good."""
        dealer.status = WOUND_UP


class TerritoryRevoked(Event, frozen=True, kw_only=True):
    """A right ends with a day: it was revoked, or amended by another that follows it."""

    TOPIC = "dealer.territory_revoked"
    authorisation: Authorisation
    last_day: date
    reason: str

    def apply(self, dealer: Dealer) -> None:
        """Let it end; a right that had not begun never was."""
        place = dealer.authorisations.index(self.authorisation)
        ended = self.authorisation.until(self.last_day)
        dealer.authorisations[place : place + 1] = [ended] if ended else []


class ExceptionClosed(Event, frozen=True, kw_only=True):
    """An exception ended before its time; ``last_day`` is its last."""

    TOPIC = "dealer.exception_closed"
    exception: str
    last_day: date
    reason: str

    def apply(self, dealer: Dealer) -> None:
        """Let it end."""
        old = dealer.exceptions[self.exception]
        dealer.exceptions[self.exception] = msgspec.structs.replace(old, valid_to=self.last_day)


class LicenceExpiring(Event, frozen=True, kw_only=True):
    """A licence expires within this many days; 0 once it has expired."""

    TOPIC = "dealer.licence_expiring"
    no: str
    valid_to: date
    days: int

    def apply(self, dealer: Dealer) -> None:
        """Remember the warning."""
        dealer.warned[f"{self.no}/{self.valid_to}"] = self.days
