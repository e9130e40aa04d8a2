"""A dealer's rebate (返利) under a policy: what was earned, withheld, confirmed and settled.

``accrued`` is the sum of what was posted; the entitlement is a function of the base, so that
anyone can reckon it again from the events (INV-RB-1).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

import msgspec

from domain.incentives.refusals import AlreadySettled
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import InvalidState
from domain.kernel.stamp import Stamp

RUNNING, CONFIRMED, SETTLED = "RUNNING", "CONFIRMED", "SETTLED"


class Withheld(msgspec.Struct, frozen=True):
    """Base that a case of diversion casts doubt on: the product, how much, and of which device.

    ``base`` is in minor units, or in base units for the metric QTY.
    """

    sku: str
    base: int
    unit: str = ""


class Rebate(Aggregate):
    """One dealer's rebate; the stream is ``Rebate/{dealer}/{policy}``. Net amounts, minor units."""

    CATEGORY: ClassVar[str] = "Rebate"
    STATE_VERSION: ClassVar[int] = 2

    state: str = ""
    opening_base: int = 0
    base: int = 0
    accrued: int = 0
    """Sum of what was accrued and reversed."""
    last_period: str = ""
    confirmed: int = 0
    settled: int = 0
    forfeited: int = 0
    """What final payments left for good, because invoices were paid late."""
    withheld: dict[str, Withheld] = msgspec.field(default_factory=dict)
    """What is withheld, by case."""
    deducted: dict[str, int] = msgspec.field(default_factory=dict)
    """What sanctions took out, by case."""
    excluded: dict[str, int] = msgspec.field(default_factory=dict)
    """Base that a confirmed case took away for good."""

    # What can happen to a rebate. Topics and fields are stored: add, never rename.

    class OpeningSet(Event, frozen=True, kw_only=True):
        """What was accrued when the log began, on which base; confirmed already, or not."""

        TOPIC = "rebate.opening_set"
        policy: str
        accrued: int
        base: int
        confirmed: bool
        day: date | None = None

        def apply(self, rebate: Rebate) -> None:
            """Set it."""
            rebate.accrued, rebate.opening_base = self.accrued, self.base
            rebate.base = self.base
            rebate.state = CONFIRMED if self.confirmed else RUNNING
            rebate.confirmed = self.accrued if self.confirmed else 0

    class Accrued(Event, frozen=True, kw_only=True):
        """The entitlement of a month's end, less what was accrued before: ``net``.

        ``base`` is that of the month, ``cumulative`` of the policy so far. ``trace`` tells how the
        entitlement was reckoned.
        """

        TOPIC = "rebate.accrued"
        policy: str
        period: str
        base: int
        cumulative: int
        entitlement: int
        net: int
        trace: tuple[str, ...]
        accounting_date: date
        state: str = RUNNING

        def apply(self, rebate: Rebate) -> None:
            """Earn it."""
            rebate.state = self.state
            rebate.base, rebate.accrued = self.cumulative, rebate.accrued + self.net
            rebate.last_period = max(rebate.last_period, self.period)

    class Withholding(Event, frozen=True, kw_only=True):
        """A grave case of diversion is open: what its goods earn waits for its decision."""

        TOPIC = "rebate.withheld"
        policy: str
        case: str
        scope: str
        base: int
        unit: str = ""
        day: date | None = None

        def apply(self, rebate: Rebate) -> None:
            """Withhold it."""
            rebate.withheld[self.case] = Withheld(self.scope, self.base, self.unit)

    class Released(Event, frozen=True, kw_only=True):
        """The case came to nothing."""

        TOPIC = "rebate.released"
        policy: str
        case: str
        base: int
        day: date | None = None

        def apply(self, rebate: Rebate) -> None:
            """Withhold it no longer."""
            rebate.withheld.pop(self.case, None)

    class Reversed(Event, frozen=True, kw_only=True):
        """The case was confirmed: diverted goods never earn (INV-RB-4).

        Below 0 it was overturned, and they earn again. ``doubtful`` is the base that the case
        withheld until now.
        """

        TOPIC = "rebate.reversed"
        policy: str
        case: str
        base: int
        net: int
        accounting_date: date
        doubtful: int = 0

        def apply(self, rebate: Rebate) -> None:
            """Take it away."""
            rebate.withheld.pop(self.case, None)
            rebate.excluded[self.case] = rebate.excluded.get(self.case, 0) + self.base
            if not rebate.excluded[self.case]:
                del rebate.excluded[self.case]
            rebate.accrued -= self.net
            rebate.base -= self.base

    class Deducted(Event, frozen=True, kw_only=True):
        """A sanction takes an amount out of what is to be paid; below 0 it gives it back."""

        TOPIC = "rebate.deducted"
        policy: str
        case: str
        net: int
        accounting_date: date

        def apply(self, rebate: Rebate) -> None:
            """Count it."""
            rebate.deducted[self.case] = rebate.deducted.get(self.case, 0) + self.net

    class Confirmed(Event, frozen=True, kw_only=True):
        """Finance confirmed the amount; ``factor_pct`` of it is payable."""

        TOPIC = "rebate.confirmed"
        policy: str
        net: int
        factor_pct: Decimal
        day: date | None = None

        def apply(self, rebate: Rebate) -> None:
            """Confirm it."""
            rebate.state, rebate.confirmed = CONFIRMED, self.net

    class Settled(Event, frozen=True, kw_only=True):
        """It was paid, or part of it. ``doc`` is the document that paid it.

        ``forfeited`` is what the ``final`` payment leaves for good: the factor counts no more.
        """

        TOPIC = "rebate.settled"
        policy: str
        doc: str
        method: str
        net: int
        vat: int
        accounting_date: date
        factor_pct: Decimal = Decimal(100)
        final: bool = False
        forfeited: int = 0
        bank_ref: str = ""

        def apply(self, rebate: Rebate) -> None:
            """Count it; the final one leaves nothing to be paid."""
            rebate.settled += self.net
            rebate.forfeited += self.forfeited
            if self.final:
                rebate.state = SETTLED

    # What is asked about it.

    @property
    def dealer(self) -> str:
        """The dealer's id."""
        return self.key.partition("/")[0]

    @property
    def policy(self) -> str:
        """The policy's id."""
        return self.key.partition("/")[2]

    @property
    def due(self) -> int:
        """What was confirmed and is still earned, less what sanctions took; minor units."""
        return min(self.confirmed, self.accrued) - sum(self.deducted.values())

    @property
    def outstanding(self) -> int:
        """What is accrued and neither paid, nor forfeited, nor taken by a sanction."""
        return self.accrued - self.settled - self.forfeited - sum(self.deducted.values())

    @property
    def doubtful(self) -> int:
        """Base that is withheld, minor units."""
        return sum(one.base for one in self.withheld.values())

    # What may be asked of it.

    def withhold(self, case: str, doubt: Withheld, stamp: Stamp) -> None:
        """Withhold what goods earn; a device is withheld once, whatever the number of its cases."""
        held = {one.unit for one in self.withheld.values() if one.unit}
        known = case in self.withheld or case in self.excluded or doubt.unit in held
        if not known and self.state != SETTLED:
            self.record(
                self.Withholding(
                    stamp.by,
                    stamp.at,
                    policy=self.policy,
                    case=case,
                    scope=doubt.sku,
                    base=doubt.base,
                    unit=doubt.unit,
                    day=stamp.today,
                )
            )

    def release(self, case: str, stamp: Stamp) -> None:
        """Withhold it no longer; releasing it again records nothing."""
        if case in self.withheld:
            told = {"policy": self.policy, "case": case}
            base = self.withheld[case].base
            self.record(self.Released(stamp.by, stamp.at, base=base, day=stamp.today, **told))

    def deduct(self, case: str, net: int, day: date, stamp: Stamp) -> None:
        """Take an amount out, or give it back; nothing records nothing."""
        if net:
            self.record(
                self.Deducted(
                    stamp.by,
                    stamp.at,
                    policy=self.policy,
                    case=case,
                    net=net,
                    accounting_date=day,
                )
            )

    def confirm(self, net: int, factor_pct: Decimal, stamp: Stamp) -> None:
        """Confirm an amount; confirming it again alike records nothing; raises AlreadySettled.

        What was earned more in a month that was opened again can be confirmed after a payment.
        """
        if self.settled and net <= self.settled:
            raise AlreadySettled(policy=self.policy, settled=self.settled)
        if (self.state, self.confirmed) != (CONFIRMED, net):
            self.record(
                self.Confirmed(
                    stamp.by,
                    stamp.at,
                    policy=self.policy,
                    net=net,
                    factor_pct=factor_pct,
                    day=stamp.today,
                )
            )

    def require_confirmed(self) -> None:
        """Raise InvalidState or AlreadySettled."""
        if self.state == SETTLED:
            raise AlreadySettled(policy=self.policy, settled=self.settled)
        if self.state != CONFIRMED:
            raise InvalidState(policy=self.policy, state=self.state, required=CONFIRMED)
