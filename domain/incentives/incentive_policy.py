"""An incentive policy: drafted, approved by another person, published, accepted by each dealer."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from domain.incentives.policy_terms import PolicyTerms
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import InvalidState, SelfApproval
from domain.kernel.stamp import Stamp

DRAFT, APPROVED, PUBLISHED = "DRAFT", "APPROVED", "PUBLISHED"


class IncentivePolicy(Aggregate):
    """One policy; the stream is ``IncentivePolicy/{id}``."""

    CATEGORY: ClassVar[str] = "IncentivePolicy"

    state: str = ""
    terms: PolicyTerms | None = None
    author: str = ""
    accepted: dict[str, str] = msgspec.field(default_factory=dict)
    """Seal of each dealer that has accepted it."""

    # What can happen to a policy. Topics and fields are stored: add, never rename.

    class Drafted(Event, frozen=True, kw_only=True):
        """Terms were written down, for the first time or again."""

        TOPIC = "incentive_policy.drafted"
        terms: PolicyTerms

        def apply(self, policy: IncentivePolicy) -> None:
            """Set them."""
            policy.state, policy.terms, policy.author = DRAFT, self.terms, self.by.user

    class Approved(Event, frozen=True, kw_only=True):
        """Another person agreed."""

        TOPIC = "incentive_policy.approved"

        def apply(self, policy: IncentivePolicy) -> None:
            """Note it."""
            policy.state = APPROVED

    class Published(Event, frozen=True, kw_only=True):
        """The dealers know it."""

        TOPIC = "incentive_policy.published"
        terms: PolicyTerms

        def apply(self, policy: IncentivePolicy) -> None:
            """Note it."""
            policy.state = PUBLISHED

    class Accepted(Event, frozen=True, kw_only=True):
        """A dealer agreed to it."""

        TOPIC = "incentive_policy.accepted"
        dealer: str
        e_seal: str

        def apply(self, policy: IncentivePolicy) -> None:
            """Note it."""
            policy.accepted[self.dealer] = self.e_seal

    # What is asked about it.

    @property
    def known(self) -> PolicyTerms:
        """The terms of a policy that exists."""
        assert self.terms is not None  # noqa: S101 - only existing policies are asked
        return self.terms

    # What may be asked of it.

    def draft(self, terms: PolicyTerms, stamp: Stamp) -> None:
        """Write terms down; raises InvalidState once it is approved."""
        if self.state not in ("", DRAFT):
            raise InvalidState(policy=self.key, state=self.state)
        if terms != self.terms:
            self.record(self.Drafted(stamp.by, stamp.at, terms=terms))

    def approve(self, stamp: Stamp) -> None:
        """Agree; raises SelfApproval, InvalidState."""
        self._require(DRAFT)
        if stamp.by.user == self.author:
            raise SelfApproval(policy=self.key, author=self.author)
        self.record(self.Approved(stamp.by, stamp.at))

    def publish(self, stamp: Stamp) -> None:
        """Let the dealers know; raises InvalidState."""
        self._require(APPROVED)
        self.record(self.Published(stamp.by, stamp.at, terms=self.known))

    def accept(self, dealer: str, e_seal: str, stamp: Stamp) -> None:
        """Agree as a dealer; agreeing again records nothing; raises InvalidState."""
        self._require(PUBLISHED)
        if dealer not in self.accepted:
            self.record(self.Accepted(stamp.by, stamp.at, dealer=dealer, e_seal=e_seal))

    def _require(self, state: str) -> None:
        if self.state != state:
            raise InvalidState(policy=self.key, state=self.state, required=state)
