"""A dealer: who buys from us to resell, in which territory, under which licences."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.refusal import AlreadyExists, InvalidState
from domain.kernel.stamp import Stamp
from domain.parties import dealer_events as happened
from domain.parties.dealer_events import (
    ACTIVE,
    APPLICANT,
    QUALIFIED,
    SUSPENDED,
    TERMINATED,
    UNDER_REVIEW,
)
from domain.parties.dealer_terms import (
    Authorisation,
    CrossRegionException,
    DealerProfile,
    Licence,
)
from domain.parties.refusals import ExceptionExhausted


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
    uses: dict[str, list[str]] = msgspec.field(default_factory=dict)
    """What each exception was used for."""
    below: list[str] = msgspec.field(default_factory=list)
    """Dealers that buy from this one."""
    warned: dict[str, int] = msgspec.field(default_factory=dict)
    """Days of the last warning by licence and its last day, joined by a slash."""

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
            self.record(happened.Registered(stamp.by, stamp.at, profile=profile, status=status))

    def take_on(self, dealer: str, stamp: Stamp) -> None:
        """Let another dealer buy from this one, once."""
        if dealer not in self.below:
            self.record(happened.SubDealerRegistered(stamp.by, stamp.at, dealer=dealer))

    def let_go(self, dealer: str, stamp: Stamp) -> None:
        """Let a dealer buy from it no more."""
        if dealer in self.below:
            self.record(happened.SubDealerLeft(stamp.by, stamp.at, dealer=dealer))

    def apply_for(self, profile: DealerProfile, stamp: Stamp) -> None:
        """Ask to become a dealer; raises AlreadyExists."""
        if self.exists:
            raise AlreadyExists(kind="Dealer", id=self.key)
        self.record(happened.Applied(stamp.by, stamp.at, profile=profile))

    def review(self, missing: str, document_hash: str, stamp: Stamp) -> None:
        """Pass the first review where nothing is missing; raises InvalidState."""
        self._require(APPLICANT, UNDER_REVIEW)
        self.record(
            happened.Reviewed(
                stamp.by,
                stamp.at,
                passed=not missing,
                missing=missing,
                document_hash=document_hash,
            )
        )

    def activate(self, stamp: Stamp) -> None:
        """Let a qualified dealer buy; raises InvalidState."""
        self._require(QUALIFIED)
        self.record(happened.Activated(stamp.by, stamp.at))

    def change_tier(self, tier: str, reason: str, stamp: Stamp) -> None:
        """Sell at the prices of another tier; raises InvalidState."""
        self._require(ACTIVE, SUSPENDED)
        before = self.known.tier
        if tier != before:
            self.record(
                happened.TierChanged(stamp.by, stamp.at, before=before, tier=tier, reason=reason)
            )

    def grant(self, authorisation: Authorisation, stamp: Stamp) -> None:
        """Grant a right; granting it again alike records nothing."""
        if authorisation not in self.authorisations:
            self.record(happened.TerritoryGranted(stamp.by, stamp.at, authorisation=authorisation))

    def revoke(self, right: Authorisation, last_day: date, reason: str, stamp: Stamp) -> None:
        """Let a right end with a day."""
        self.record(
            happened.TerritoryRevoked(
                stamp.by, stamp.at, authorisation=right, last_day=last_day, reason=reason
            )
        )

    def license(self, licence: Licence, stamp: Stamp) -> None:
        """Enter a verified licence; entering it again alike records nothing."""
        if licence not in self.licences:
            self.record(happened.LicenceRegistered(stamp.by, stamp.at, licence=licence))

    def renew(self, licence: Licence, stamp: Stamp) -> None:
        """Enter a renewed licence; entering it again alike records nothing."""
        if licence not in self.licences:
            self.record(happened.LicenceRenewed(stamp.by, stamp.at, licence=licence))

    def warn(self, warnings: tuple[int, ...], stamp: Stamp) -> None:
        """Warn of each licence that expires, once at each of these numbers of days before.

        A licence that another of its class outlives needs no warning.
        """
        for one in self.licences:
            if one.valid_to is None or self._outlived(one, one.valid_to):
                continue
            left = (one.valid_to - stamp.today).days
            days = 0 if left < 0 else min((day for day in warnings if left <= day), default=None)
            last = self.warned.get(f"{one.no}/{one.valid_to}")
            if days is not None and (last is None or days < last):
                self.record(
                    happened.LicenceExpiring(
                        stamp.by, stamp.at, no=one.no, valid_to=one.valid_to, days=days
                    )
                )

    def suspend(self, reason: str, stamp: Stamp) -> None:
        """Stop the dealer's purchases; raises InvalidState."""
        self._require(ACTIVE)
        self.record(happened.Suspended(stamp.by, stamp.at, reason=reason))

    def reinstate(self, reason: str, stamp: Stamp) -> None:
        """Let the dealer buy again; raises InvalidState."""
        self._require(SUSPENDED)
        self.record(happened.Reinstated(stamp.by, stamp.at, reason=reason))

    def terminate(self, reason: str, stamp: Stamp) -> None:
        """End the dealer's contract; raises InvalidState."""
        self._require(ACTIVE, SUSPENDED)
        self.record(happened.Terminated(stamp.by, stamp.at, reason=reason))

    def except_(self, exception: CrossRegionException, stamp: Stamp) -> None:
        """Grant an exception; raises AlreadyExists for another under the same id."""
        if self.exceptions.get(exception.exception) == exception:
            return
        if exception.exception in self.exceptions:
            raise AlreadyExists(kind="Exception", id=exception.exception)
        self.record(happened.ExceptionGranted(stamp.by, stamp.at, exception=exception))

    def consume(self, exception: str, ref: str, qty: int, stamp: Stamp) -> None:
        """Use a quantity of an exception; raises ExceptionExhausted."""
        left = self.remaining(exception)
        if qty > left:
            raise ExceptionExhausted(exception=exception, left=left, qty=qty)
        most = self.exceptions[exception].qty_max
        used = most - left + qty
        self.record(
            happened.ExceptionConsumed(
                stamp.by,
                stamp.at,
                exception=exception,
                ref=ref,
                qty=qty,
                used=used,
                qty_max=most,
            )
        )

    def close_exception(self, exception: str, reason: str, stamp: Stamp) -> None:
        """End an exception with yesterday, where it has not ended before."""
        last = stamp.today - timedelta(days=1)
        if self.exceptions[exception].valid_to > last:
            self.record(
                happened.ExceptionClosed(
                    stamp.by, stamp.at, exception=exception, last_day=last, reason=reason
                )
            )

    def wind_up(self, reason: str, stamp: Stamp) -> None:
        """End it for good; raises InvalidState."""
        self._require(TERMINATED)
        self.record(happened.WoundUp(stamp.by, stamp.at, reason=reason))

    def _outlived(self, licence: Licence, valid_to: date) -> bool:
        mine = (one for one in self.licences if one.device_class == licence.device_class)
        return any(one.valid_to is None or one.valid_to > valid_to for one in mine)

    def _require(self, *states: str) -> None:
        if self.status not in states:
            raise InvalidState(dealer=self.key, status=self.status, required=states)
