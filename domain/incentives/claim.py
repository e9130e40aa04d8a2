"""A dealer's claim (费用申请) on us: what it asks for, what we agreed to, how it is paid."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

import msgspec

from domain.incentives.refusals import AlreadySettled, ExceedsApproved
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import InvalidState, SelfApproval, ValidationFailed
from domain.kernel.stamp import Stamp

SUBMITTED, UNDER_REVIEW = "SUBMITTED", "UNDER_REVIEW"
APPROVED, PARTIALLY_APPROVED, REJECTED = "APPROVED", "PARTIALLY_APPROVED", "REJECTED"
SETTLED, EXPIRED = "SETTLED", "EXPIRED"
PRICE_PROTECTION, PROMOTION = "PRICE_PROTECTION", "PROMOTION"


class ProtectedGoods(msgspec.Struct, frozen=True, omit_defaults=True):
    """Goods at a dealer whose price fell: how many, from what to what (net per unit), how much."""

    sku: str
    lot: str
    qty: int
    before: Decimal
    after: Decimal
    net: int


class Refused(msgspec.Struct, frozen=True):
    """Part of a claim that was not agreed to, and the code of the reason. Minor units."""

    amount: int
    code: str


class Claim(Aggregate):
    """One claim; the stream is ``Claim/{id}``. Amounts in minor units."""

    CATEGORY: ClassVar[str] = "Claim"
    STATE_VERSION: ClassVar[int] = 3

    state: str = ""
    kind: str = ""
    dealer: str = ""
    promotion: str = ""
    net: int = 0
    """What it asks for."""
    approved: int = 0
    settled: int = 0
    submitted_by: str = ""
    invoice_ref: str = ""
    """The dealer's own invoice, for a service."""
    day: date | None = None
    decided_on: date | None = None

    # What can happen to a claim. Topics and fields are stored: add, never rename.

    class PriceProtectionClaimed(Event, frozen=True, kw_only=True):
        """Prices fell for goods that a dealer had bought lately (价保, INV-PR-6)."""

        TOPIC = "claim.price_protection_claimed"
        dealer: str
        price_list: str
        day: date
        goods: tuple[ProtectedGoods, ...]
        net: int

        def apply(self, claim: Claim) -> None:
            """Ask for the difference."""
            claim.state, claim.kind = SUBMITTED, PRICE_PROTECTION
            claim.dealer, claim.net, claim.day = self.dealer, self.net, self.day

    class Submitted(Event, frozen=True, kw_only=True):
        """A dealer asks for money under a promotion, with evidence by the hashes of documents."""

        TOPIC = "claim.submitted"
        dealer: str
        promotion: str
        claimed: int
        evidence: tuple[str, ...]
        invoice_ref: str = ""
        products: tuple[str, ...] = ()
        day: date | None = None

        def apply(self, claim: Claim) -> None:
            """Ask for it."""
            claim.state, claim.kind = SUBMITTED, PROMOTION
            claim.dealer, claim.promotion = self.dealer, self.promotion
            claim.net, claim.submitted_by = self.claimed, self.by.user
            claim.day, claim.invoice_ref = self.day, self.invoice_ref

    class ReviewBegun(Event, frozen=True, kw_only=True):
        """Somebody looks at it."""

        TOPIC = "claim.review_begun"

        def apply(self, claim: Claim) -> None:
            """Note it."""
            claim.state = UNDER_REVIEW

    class Reviewed(Event, frozen=True, kw_only=True):
        """It was decided: what was agreed to, and what was refused for which reasons."""

        TOPIC = "claim.reviewed"
        claim: str
        dealer: str
        claimed: int
        approved: int
        rejected: tuple[Refused, ...]
        accounting_date: date
        promotion: str = ""

        def apply(self, claim: Claim) -> None:
            """Note it."""
            claim.approved, claim.decided_on = self.approved, self.accounting_date
            whole, none = self.approved == self.claimed, not self.approved
            claim.state = APPROVED if whole else REJECTED if none else PARTIALLY_APPROVED

    class Settled(Event, frozen=True, kw_only=True):
        """It was paid, or part of it, by a document."""

        TOPIC = "claim.settled"
        claim: str
        dealer: str
        method: str
        doc: str
        amount: int
        state: str
        accounting_date: date
        promotion: str = ""
        bank_ref: str = ""

        def apply(self, claim: Claim) -> None:
            """Count it."""
            claim.settled += self.amount
            claim.state = self.state

    class Expired(Event, frozen=True, kw_only=True):
        """Nobody decided it in time; or nobody took ``lapsed``, what was agreed to and not paid."""

        TOPIC = "claim.expired"
        dealer: str
        claim: str = ""
        accounting_date: date | None = None
        lapsed: int = 0
        promotion: str = ""

        def apply(self, claim: Claim) -> None:
            """End it."""
            claim.state = EXPIRED

    # What may be asked of it.

    def protect(
        self,
        dealer: str,
        price_list: str,
        day: date,
        goods: tuple[ProtectedGoods, ...],
        stamp: Stamp,
    ) -> None:
        """Ask for the difference of prices that fell."""
        self.record(
            self.PriceProtectionClaimed(
                stamp.by,
                stamp.at,
                dealer=dealer,
                price_list=price_list,
                day=day,
                goods=goods,
                net=sum(one.net for one in goods),
            )
        )

    def submit(self, event: Claim.Submitted) -> None:
        """Ask for money."""
        self.record(event)

    def begin_review(self, stamp: Stamp) -> None:
        """Begin to look at it; raises SelfApproval, InvalidState."""
        self._require(SUBMITTED)
        self._require_other(stamp)
        self.record(self.ReviewBegun(stamp.by, stamp.at))

    def review(self, approved: int, rejected: tuple[Refused, ...], stamp: Stamp) -> None:
        """Decide it; raises SelfApproval, InvalidState, ValidationFailed."""
        self._require(SUBMITTED, UNDER_REVIEW)
        self._require_other(stamp)
        told = approved + sum(one.amount for one in rejected)
        if told != self.net:
            raise ValidationFailed(
                field="approved", reason=f"with what is rejected it comes to {told}, not {self.net}"
            )
        self.record(
            self.Reviewed(
                stamp.by,
                stamp.at,
                claim=self.key,
                dealer=self.dealer,
                claimed=self.net,
                approved=approved,
                rejected=rejected,
                accounting_date=stamp.today,
                promotion=self.promotion,
            )
        )

    def settle(self, method: str, doc: str, amount: int, stamp: Stamp, bank_ref: str = "") -> None:
        """Pay it, or part of it; raises AlreadySettled, ExceedsApproved, InvalidState."""
        self.require_payable(amount)
        self.record(
            self.Settled(
                stamp.by,
                stamp.at,
                claim=self.key,
                dealer=self.dealer,
                method=method,
                doc=doc,
                amount=amount,
                state=SETTLED if self.settled + amount == self.approved else self.state,
                accounting_date=stamp.today,
                promotion=self.promotion,
                bank_ref=bank_ref,
            )
        )

    def require_payable(self, amount: int) -> None:
        """Raise AlreadySettled, InvalidState or ExceedsApproved."""
        if self.state == SETTLED:
            raise AlreadySettled(claim=self.key, settled=self.settled)
        self._require(APPROVED, PARTIALLY_APPROVED)
        left = self.approved - self.settled
        if amount > left:
            raise ExceedsApproved(claim=self.key, amount=amount, left=left)

    def expire(self, day: date, stamp: Stamp) -> int:
        """End it on an accounting day: what it gives back; one that has ended gives nothing."""
        if self.state in (SUBMITTED, UNDER_REVIEW):
            lapsed, back = 0, self.net
        elif self.state in (APPROVED, PARTIALLY_APPROVED):
            lapsed = back = self.approved - self.settled
        else:
            return 0
        self.record(
            self.Expired(
                stamp.by,
                stamp.at,
                claim=self.key,
                dealer=self.dealer,
                accounting_date=day,
                lapsed=lapsed,
                promotion=self.promotion,
            )
        )
        return back

    def _require_other(self, stamp: Stamp) -> None:
        if stamp.by.user == self.submitted_by or stamp.by.dealer == self.dealer:
            raise SelfApproval(claim=self.key, submitted_by=self.submitted_by)

    def _require(self, *states: str) -> None:
        if self.state not in states:
            raise InvalidState(claim=self.key, state=self.state)
