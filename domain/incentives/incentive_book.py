"""A dealer's incentive book: the policies that earn it something, and its claims in review."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp


class IncentiveBook(Aggregate):
    """One dealer's book; the stream is ``IncentiveBook/{dealer}``."""

    CATEGORY: ClassVar[str] = "IncentiveBook"

    policies: list[str] = msgspec.field(default_factory=list)
    pending: dict[str, int] = msgspec.field(default_factory=dict)
    """Amount of each claim that nobody has decided, minor units."""

    # What can happen to a book. Topics and fields are stored: add, never rename.

    class Entered(Event, frozen=True, kw_only=True):
        """A policy earns this dealer a rebate."""

        TOPIC = "incentive_book.entered"
        policy: str

        def apply(self, book: IncentiveBook) -> None:
            """Enter it."""
            book.policies.append(self.policy)

    class ClaimPending(Event, frozen=True, kw_only=True):
        """A claim waits for its decision; with nothing it has got it."""

        TOPIC = "incentive_book.claim_pending"
        claim: str
        amount: int

        def apply(self, book: IncentiveBook) -> None:
            """Remember it, or forget it."""
            book.pending[self.claim] = self.amount
            if not self.amount:
                del book.pending[self.claim]

    # What may be asked of it.

    def enter(self, policy: str, stamp: Stamp) -> None:
        """Enter a policy; entering it again records nothing."""
        if policy not in self.policies:
            self.record(self.Entered(stamp.by, stamp.at, policy=policy))

    def await_claim(self, claim: str, amount: int, stamp: Stamp) -> None:
        """Let a claim wait; nothing ends it, and ending it again records nothing."""
        if self.pending.get(claim, 0) != amount:
            self.record(self.ClaimPending(stamp.by, stamp.at, claim=claim, amount=amount))
