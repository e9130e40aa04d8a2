"""A promotion (促销): what we promise dealers for taking part, and the money that there is for it.

The budget's states nest: planned >= committed (claimed) >= approved >= settled (INV-CL-3).
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from domain.incentives.refusals import CapExceeded, NotEnrolled, OutOfPeriod
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import BudgetExceeded, InvalidState, Refusal, SelfApproval
from domain.kernel.stamp import Stamp

DRAFT, APPROVED, PUBLISHED, ENDED = "DRAFT", "APPROVED", "PUBLISHED", "ENDED"
TYPES = ("DISCOUNT", "FREE_GOODS", "MARKET_ACTIVITY", "SAMPLE")
SERVICE_TYPES = ("MARKET_ACTIVITY",)
"""Types whose claims are for a service: they need the dealer's own invoice (INV-CL-4)."""
PRICE_TYPES = ("DISCOUNT",)
"""Types whose claims are about prices: they become red-letter notes, with VAT (INV-CL-4)."""


class PromotionTerms(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What is promised. Amounts in minor units; days inclusive.

    No dealers, and no products, stand for all of them. ``evidence`` names the kinds of documents
    that a claim needs, one of each at least.
    """

    name: str
    type: str
    valid_from: date
    valid_to: date
    budget: int
    cap_per_dealer: int
    dealers: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


class Promotion(Aggregate):
    """One promotion; the stream is ``Promotion/{id}``."""

    CATEGORY: ClassVar[str] = "Promotion"

    state: str = ""
    terms: PromotionTerms | None = None
    author: str = ""
    enrolled: set[str] = msgspec.field(default_factory=set)
    claimed: dict[str, int] = msgspec.field(default_factory=dict)
    """What is claimed and not refused, by dealer: it is committed."""

    # What can happen to a promotion. Topics and fields are stored: add, never rename.

    class Drafted(Event, frozen=True, kw_only=True):
        """Terms were written down, for the first time or again."""

        TOPIC = "promotion.drafted"
        terms: PromotionTerms

        def apply(self, promotion: Promotion) -> None:
            """Set them."""
            promotion.state, promotion.terms = DRAFT, self.terms
            promotion.author = self.by.user

    class Approved(Event, frozen=True, kw_only=True):
        """Another person agreed."""

        TOPIC = "promotion.approved"

        def apply(self, promotion: Promotion) -> None:
            """Note it."""
            promotion.state = APPROVED

    class Published(Event, frozen=True, kw_only=True):
        """The dealers know it."""

        TOPIC = "promotion.published"
        terms: PromotionTerms

        def apply(self, promotion: Promotion) -> None:
            """Note it."""
            promotion.state = PUBLISHED

    class DealerEnrolled(Event, frozen=True, kw_only=True):
        """A dealer takes part."""

        TOPIC = "promotion.dealer_enrolled"
        dealer: str

        def apply(self, promotion: Promotion) -> None:
            """Enter it."""
            promotion.enrolled.add(self.dealer)

    class Committed(Event, frozen=True, kw_only=True):
        """A claim takes part of the budget; a negative amount gives it back."""

        TOPIC = "promotion.committed"
        dealer: str
        claim: str
        amount: int

        def apply(self, promotion: Promotion) -> None:
            """Count it."""
            promotion.claimed[self.dealer] = promotion.claimed.get(self.dealer, 0) + self.amount

    class Ended(Event, frozen=True, kw_only=True):
        """It is over before its time."""

        TOPIC = "promotion.ended"
        reason: str
        last_day: date

        def apply(self, promotion: Promotion) -> None:
            """End it."""
            promotion.state = ENDED
            promotion.terms = msgspec.structs.replace(promotion.known, valid_to=self.last_day)

    # What is asked about it.

    @property
    def known(self) -> PromotionTerms:
        """The terms of a promotion that exists."""
        assert self.terms is not None  # noqa: S101 - only existing promotions are asked
        return self.terms

    def room(self, dealer: str) -> tuple[int, int]:
        """What is left of the budget, and of what a dealer may claim; minor units."""
        left = self.known.budget - sum(self.claimed.values())
        return left, self.known.cap_per_dealer - self.claimed.get(dealer, 0)

    def no_room(self, dealer: str, amount: int) -> list[Refusal]:
        """Why a dealer cannot claim an amount. What others have claimed is not told."""
        (budget, cap), found = self.room(dealer), list[Refusal]()
        if amount > cap:
            found.append(CapExceeded(promotion=self.key, amount=amount, left=cap))
        if amount > budget:
            found.append(BudgetExceeded(promotion=self.key, amount=amount))
        return found

    # What may be asked of it.

    def draft(self, terms: PromotionTerms, stamp: Stamp) -> None:
        """Write terms down; raises InvalidState once it is approved."""
        if self.state not in ("", DRAFT):
            raise InvalidState(promotion=self.key, state=self.state)
        if terms != self.terms:
            self.record(self.Drafted(stamp.by, stamp.at, terms=terms))

    def approve(self, stamp: Stamp) -> None:
        """Agree; raises SelfApproval, InvalidState."""
        self._require(DRAFT)
        if stamp.by.user == self.author:
            raise SelfApproval(promotion=self.key, author=self.author)
        self.record(self.Approved(stamp.by, stamp.at))

    def publish(self, stamp: Stamp) -> None:
        """Let the dealers know; raises InvalidState."""
        self._require(APPROVED)
        self.record(self.Published(stamp.by, stamp.at, terms=self.known))

    def enrol(self, dealer: str, stamp: Stamp) -> None:
        """Let a dealer take part, once; raises InvalidState, NotEnrolled, OutOfPeriod."""
        self._require(PUBLISHED)
        if self.known.dealers and dealer not in self.known.dealers:
            raise NotEnrolled(promotion=self.key, dealer=dealer)
        if stamp.today > self.known.valid_to:
            raise OutOfPeriod(promotion=self.key, valid_to=self.known.valid_to)
        if dealer not in self.enrolled:
            self.record(self.DealerEnrolled(stamp.by, stamp.at, dealer=dealer))

    def commit(self, dealer: str, claim: str, amount: int, stamp: Stamp) -> None:
        """Take part of the budget."""
        self.record(self.Committed(stamp.by, stamp.at, dealer=dealer, claim=claim, amount=amount))

    def give_back(self, dealer: str, claim: str, amount: int, stamp: Stamp) -> None:
        """Give back what a claim took and does not get; nothing records nothing."""
        if amount:
            self.record(
                self.Committed(stamp.by, stamp.at, dealer=dealer, claim=claim, amount=-amount)
            )

    def end(self, reason: str, stamp: Stamp) -> None:
        """End it today, or when it was over anyhow; raises InvalidState."""
        self._require(PUBLISHED)
        last = min(stamp.today, self.known.valid_to)
        self.record(self.Ended(stamp.by, stamp.at, reason=reason, last_day=last))

    def _require(self, state: str) -> None:
        if self.state != state:
            raise InvalidState(promotion=self.key, state=self.state, required=state)
