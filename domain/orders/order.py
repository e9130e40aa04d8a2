"""An order: the baton that drives stock, production, purchase, delivery, invoicing, settlement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import ClassVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import InvalidState
from domain.kernel.stamp import Stamp
from domain.orders import order_events as happened
from domain.orders.check import CheckResult, Evidence
from domain.orders.order_line import Line, LineTerms, Supply, totals
from domain.orders.order_terms import Change, Hold, OrderTerms
from domain.orders.refusals import (
    AlreadyShipped,
    HoldNotActive,
    HoldsActive,
    OverrideLimitExceeded,
)

DRAFT, PLACED, ON_HOLD, CONFIRMED = "DRAFT", "PLACED", "ON_HOLD", "CONFIRMED"
PARTIALLY_SHIPPED, SHIPPED, DELIVERED = "PARTIALLY_SHIPPED", "SHIPPED", "DELIVERED"
INSTALLED, ACCEPTED = "INSTALLED", "ACCEPTED"
CANCELLED, REJECTED, CLOSED = "CANCELLED", "REJECTED", "CLOSED"


class Order(Aggregate):
    """One order; the stream is ``Order/{so}``. The state is a function of its lines and holds."""

    CATEGORY: ClassVar[str] = "Order"
    STATE_VERSION: ClassVar[int] = 4

    terms: OrderTerms | None = None
    lines: dict[int, Line] = msgspec.field(default_factory=dict)
    active: dict[str, Hold] = msgspec.field(default_factory=dict)
    """Holds by code, the released ones included."""
    editors: list[str] = msgspec.field(default_factory=list)
    """Users who placed or amended the order."""
    placed: bool = False
    confirmed: bool = False
    invoices: dict[str, str] = msgspec.field(default_factory=dict)
    """Milestone that each invoice billed."""
    last_line_no: int = 0
    """Highest number of a line; that of a removed line is not given to another."""
    delivered_on: date | None = None
    """Day of the last proof of delivery."""
    ended: str = ""
    """CANCELLED, REJECTED or CLOSED, once it is."""

    def record(self, event: Event) -> None:
        """Write a new fact down with the state and the holds that follow from it."""
        place = len(self.journal)
        super().record(event)
        told = msgspec.structs.replace(event, state=self.state, holds=self.holds)
        self.journal[place] = (self.stream, self.version, told)

    def write(self, terms: OrderTerms, lines: tuple[LineTerms, ...], editor: str) -> None:
        """Set terms and lines; what happened to a line stays with it (a fold, not a command)."""
        self.terms = terms
        for one in lines:
            self.lines.setdefault(one.line_no, Line(one)).terms = one
        kept = {one.line_no for one in lines}
        self.last_line_no = max(self.last_line_no, *kept)
        self.lines = {no: line for no, line in self.lines.items() if no in kept}
        self.editors.append(editor)

    # What is asked about it.

    @property
    def so(self) -> str:
        """The order's number."""
        return self.key

    @property
    def known(self) -> OrderTerms:
        """The terms of an order that exists."""
        assert self.terms is not None  # noqa: S101 - only existing orders are asked
        return self.terms

    @property
    def holds(self) -> tuple[str, ...]:
        """Codes of the active holds, in alphabetical order."""
        return tuple(sorted(code for code, hold in self.active.items() if hold.active))

    @property
    def gross(self) -> int:
        """Gross amount of all lines in minor units."""
        return sum(line.terms.gross for line in self.lines.values())

    @property
    def shipped(self) -> bool:
        """Whether anything has left."""
        return any(line.shipped for line in self.lines.values())

    @property
    def content(self) -> str:
        """Digest of terms and lines, so that a release names what was seen."""
        lines = [line.terms for line in self.lines.values()]
        return sha256(msgspec.json.encode((self.terms, lines))).hexdigest()

    @property
    def state(self) -> str:
        """Where the order stands: the least advanced open line decides."""
        if self.ended:
            return self.ended
        if not self.confirmed:
            waiting = PLACED if self.placed else DRAFT
            return ON_HOLD if self.holds else waiting
        lines = [line for line in self.lines.values() if line.wanted]
        if not lines:
            return CANCELLED
        if any(line.shipped < line.wanted for line in lines):
            return PARTIALLY_SHIPPED if any(line.shipped for line in lines) else CONFIRMED
        if any(line.delivered < line.wanted for line in lines):
            return SHIPPED
        devices = [line for line in lines if line.terms.installation_required]
        if not devices or any(line.installed < line.wanted for line in devices):
            return DELIVERED
        return INSTALLED if any(line.accepted < line.wanted for line in devices) else ACCEPTED

    def cleared_by(self, results: tuple[CheckResult, ...]) -> list[str]:
        """Active holds that the results no longer support."""
        failing = {one.hold for one in results}
        return [code for code in self.holds if code not in failing]

    def raised_by(self, results: tuple[CheckResult, ...]) -> dict[str, Evidence]:
        """Holds that the results call for and that do not stand, or were not released, already."""
        raised: dict[str, Evidence] = {}
        for one in results:
            hold = self.active.get(one.hold)
            stands = hold is not None and (
                hold.evidence == one.inputs if hold.active else hold.covers(one.inputs)
            )
            if one.hold and not stands:
                raised[one.hold] = one.inputs
        return raised

    # What may be asked of it.

    def draft(self, terms: OrderTerms, lines: tuple[LineTerms, ...], stamp: Stamp) -> None:
        """Write the order down without sending it."""
        net, vat, gross = totals(lines)
        self.record(
            happened.Drafted(
                stamp.by, stamp.at, terms=terms, lines=lines, net=net, vat=vat, gross=gross
            )
        )

    def place(self, terms: OrderTerms, lines: tuple[LineTerms, ...], stamp: Stamp) -> None:
        """Send the order; raises InvalidState for one that was sent before."""
        if self.placed or self.ended:
            raise InvalidState(so=self.so, state=self.state)
        net, vat, gross = totals(lines)
        self.record(
            happened.Placed(
                stamp.by, stamp.at, terms=terms, lines=lines, net=net, vat=vat, gross=gross
            )
        )

    def amend(
        self,
        terms: OrderTerms,
        lines: tuple[LineTerms, ...],
        changes: tuple[Change, ...],
        reason: str,
        stamp: Stamp,
        *,
        favourable: bool,
    ) -> None:
        """Change the order. Releases are void unless every change is favourable to us."""
        net, vat, gross = totals(lines)
        self.record(
            happened.Amended(
                stamp.by,
                stamp.at,
                changes=changes,
                reason=reason,
                terms=terms,
                lines=lines,
                net=net,
                vat=vat,
                gross=gross,
                keeps_releases=favourable,
            )
        )

    def requote(self, line: LineTerms, stamp: Stamp) -> None:
        """Take in the price row that now answers for a line."""
        self.record(happened.LineQuoted(stamp.by, stamp.at, line=line))

    def judge(self, results: tuple[CheckResult, ...], cause: str, stamp: Stamp) -> None:
        """Keep the results of the checks; hold for what fails, clear what no longer does."""
        self.record(happened.Checked(stamp.by, stamp.at, results=results, cause=cause))
        for code in self.cleared_by(results):
            self.record(happened.HoldCleared(stamp.by, stamp.at, code=code, cause=cause))
        for code, evidence in self.raised_by(results).items():
            self.record(happened.Held(stamp.by, stamp.at, code=code, evidence=evidence))

    def consent(self, code: str, reason: str, missing: Sequence[str], stamp: Stamp) -> None:
        """Agree to a release that needs others as well."""
        self.record(
            happened.HoldConsented(
                stamp.by,
                stamp.at,
                code=code,
                role=stamp.by.role,
                reason=reason,
                missing=tuple(missing),
            )
        )

    def release(
        self,
        code: str,
        reason: str,
        limit: Decimal | None,
        deviation: Decimal | None,
        document_hash: str | None,
        stamp: Stamp,
    ) -> None:
        """Let the order pass a hold; raises HoldNotActive or OverrideLimitExceeded."""
        if code not in self.holds:
            raise HoldNotActive(so=self.so, code=code, active=self.holds)
        if limit is not None and deviation is not None and deviation > limit:
            self.record(
                happened.HoldReleaseRejected(
                    stamp.by,
                    stamp.at,
                    code=code,
                    role=stamp.by.role,
                    rejection=OverrideLimitExceeded.code,
                    limit=limit,
                    deviation=deviation,
                )
            )
            raise OverrideLimitExceeded(so=self.so, code=code, limit=limit, deviation=deviation)
        self.record(
            happened.HoldReleased(
                stamp.by,
                stamp.at,
                code=code,
                role=stamp.by.role,
                reason=reason,
                limit=limit,
                deviation=deviation,
                document_hash=document_hash,
                content=self.content,
            )
        )

    def confirm(
        self, sourcing: tuple[Supply, ...], promise: date, policy_version: int, stamp: Stamp
    ) -> None:
        """Commit to the supplies; raises HoldsActive or InvalidState."""
        if self.holds:
            raise HoldsActive(so=self.so, holds=self.holds)
        if self.confirmed or self.ended:
            raise InvalidState(so=self.so, state=self.state)
        self.record(
            happened.Confirmed(
                stamp.by,
                stamp.at,
                sourcing=sourcing,
                promise_date=promise,
                policy_version=policy_version,
            )
        )

    def reject(self, code: str, stamp: Stamp) -> None:
        """Turn the order down; raises AlreadyShipped, InvalidState."""
        if self.shipped:
            raise AlreadyShipped(so=self.so)
        if self.ended or self.confirmed or not self.placed:
            raise InvalidState(so=self.so, state=self.state)
        self.record(happened.Rejected(stamp.by, stamp.at, code=code))

    def cancel(self, reason: str, fee: int | None, stamp: Stamp) -> None:
        """Cancel an order of which nothing has left; raises AlreadyShipped, InvalidState."""
        if self.shipped:
            raise AlreadyShipped(so=self.so)
        if self.ended:
            raise InvalidState(so=self.so, state=self.state)
        open_ = tuple((no, line.open) for no, line in self.lines.items())
        self.record(happened.Cancelled(stamp.by, stamp.at, reason=reason, fee=fee, lines=open_))

    def close(self, stamp: Stamp) -> None:
        """Say that the order is over."""
        self.record(happened.Closed(stamp.by, stamp.at))
