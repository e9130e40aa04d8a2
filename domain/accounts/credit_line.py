"""A dealer's credit line: its limit, and what orders occupy of it, bucket by bucket.

An amount is in one bucket at a time, so that nothing is counted twice: confirming puts it into
ORDERED, shipping moves it to SHIPPED, invoicing takes it out, for it is then an open item of
the dealer's account.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp

OUTSIDE = ""
ORDERED = "ORDERED"
SHIPPED = "SHIPPED"


class Limit(msgspec.Struct, frozen=True):
    """Credit limit in minor units with its validity, and when an invoice counts as overdue."""

    amount: int
    valid_from: date
    valid_to: date
    grace_days: int = 3
    overdue_minimum: int = 1_000_00


NO_LIMIT = Limit(0, date.min, date.max)


class CreditLine(Aggregate):
    """One dealer's credit in one currency; the stream is ``Credit/{dealer}/{currency}``."""

    CATEGORY: ClassVar[str] = "Credit"

    limit: Limit = NO_LIMIT
    temporary: list[Limit] = msgspec.field(default_factory=list)
    """Amounts granted on top of the limit, each for a time."""
    buckets: dict[str, dict[str, int]] = msgspec.field(default_factory=dict)
    """Occupied credit in minor units by bucket and order."""
    overdue_released_on: date | None = None

    # What can happen to a credit line. Topics and fields are stored: add, never rename.

    class LimitSet(Event, frozen=True, kw_only=True):
        """Finance decided a limit."""

        TOPIC = "credit.limit_set"
        limit: Limit
        basis: str

        def apply(self, credit: CreditLine) -> None:
            """Set the limit."""
            credit.limit = self.limit

    class TemporaryLimitGranted(Event, frozen=True, kw_only=True):
        """Finance granted an amount on top of the limit, for a time."""

        TOPIC = "credit.temporary_limit_granted"
        limit: Limit
        basis: str

        def apply(self, credit: CreditLine) -> None:
            """Add the amount."""
            credit.temporary.append(self.limit)

    class Moved(Event, frozen=True, kw_only=True):
        """An order's amount moved between buckets; "" is outside of them."""

        TOPIC = "credit.moved"
        so: str
        source: str
        target: str
        amount: int

        def apply(self, credit: CreditLine) -> None:
            """Move it."""
            credit.shift(self.so, self.source, -self.amount)
            credit.shift(self.so, self.target, self.amount)

    class OverdueReleased(Event, frozen=True, kw_only=True):
        """Finance let an order pass although invoices are overdue."""

        TOPIC = "credit.overdue_released"
        so: str
        on: date

        def apply(self, credit: CreditLine) -> None:
            """Remember the day."""
            credit.overdue_released_on = self.on

    def shift(self, so: str, bucket: str, amount: int) -> None:
        """Change an order's share of a bucket (a fold, not a command)."""
        if bucket == OUTSIDE:
            return
        orders = self.buckets.setdefault(bucket, {})
        orders[so] = orders.get(so, 0) + amount
        if orders[so] == 0:
            del orders[so]

    # What is asked about it.

    @property
    def dealer(self) -> str:
        """The dealer's id."""
        return self.key.partition("/")[0]

    @property
    def currency(self) -> str:
        """The line's currency (ISO 4217)."""
        return self.key.partition("/")[2]

    def occupied(self) -> int:
        """Credit that confirmed orders occupy, invoices excluded, in minor units."""
        return sum(sum(orders.values()) for orders in self.buckets.values())

    def of_order(self, so: str, bucket: str) -> int:
        """An order's share of a bucket."""
        return self.buckets.get(bucket, {}).get(so, 0)

    def limit_on(self, day: date) -> int:
        """Limit in force on a day, temporary amounts included; 0 without one."""
        granted = (self.limit, *self.temporary)
        return sum(one.amount for one in granted if one.valid_from <= day <= one.valid_to)

    def overdue_released_within(self, days: int, today: date) -> bool:
        """Whether finance let an order of the dealer pass in the last days."""
        last = self.overdue_released_on
        return last is not None and (today - last).days < days

    # What may be asked of it.

    def set_limit(self, limit: Limit, basis: str, stamp: Stamp) -> None:
        """Decide the limit; deciding it again alike records nothing."""
        if limit != self.limit:
            self.record(self.LimitSet(stamp.by, stamp.at, limit=limit, basis=basis))

    def grant(self, limit: Limit, basis: str, stamp: Stamp) -> None:
        """Grant an amount on top of the limit; granting it again alike records nothing."""
        if limit not in self.temporary:
            self.record(self.TemporaryLimitGranted(stamp.by, stamp.at, limit=limit, basis=basis))

    def move(self, so: str, source: str, target: str, amount: int, stamp: Stamp) -> None:
        """Move an order's amount; moving nothing records nothing."""
        if amount:
            self.record(
                self.Moved(stamp.by, stamp.at, so=so, source=source, target=target, amount=amount)
            )

    def release_overdue(self, so: str, stamp: Stamp) -> None:
        """Let an order pass although invoices are overdue."""
        self.record(self.OverdueReleased(stamp.by, stamp.at, so=so, on=stamp.today))
