"""A contract: what a dealer may call off, at which prices, until when, and how it is paid."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import AlreadyExists, InvalidState
from domain.kernel.stamp import Stamp
from domain.orders.contract_terms import Call, ContractTerms
from domain.orders.refusals import ApproverIsAuthor

DRAFT, IN_APPROVAL, APPROVED, ACTIVE = "DRAFT", "IN_APPROVAL", "APPROVED", "ACTIVE"
AMENDING, TERMINATED = "AMENDING", "TERMINATED"


class Contract(Aggregate):
    """One contract; the stream is ``Contract/{id}``. ``edition`` counts the signed versions."""

    CATEGORY: ClassVar[str] = "Contract"
    STATE_VERSION: ClassVar[int] = 2

    state: str = ""
    terms: ContractTerms | None = None
    proposed: ContractTerms | None = None
    """Terms that wait for approval and signature."""
    author: str = ""
    edition: int = 0
    approvals: list[str] = msgspec.field(default_factory=list)
    """Roles that have approved what is proposed."""
    calls: dict[str, Call] = msgspec.field(default_factory=dict)
    """What was called off, by order and line, joined by a slash."""
    called: dict[str, int] = msgspec.field(default_factory=dict)
    """Quantity called off by product."""
    called_net: int = 0
    """Net amount called off, minor units."""

    # What can happen to a contract. Topics and fields are stored: add, never rename.

    class Drafted(Event, frozen=True, kw_only=True):
        """Terms were proposed, for a new contract or as a supplement (补充协议)."""

        TOPIC = "contract.drafted"
        terms: ContractTerms
        in_force: int = 0
        """Edition that stays in force meanwhile; 0 for a new contract."""

        def apply(self, contract: Contract) -> None:
            """Propose them."""
            contract.proposed, contract.author = self.terms, self.by.user
            contract.state = AMENDING if contract.edition else DRAFT
            contract.approvals = []

    class Submitted(Event, frozen=True, kw_only=True):
        """The proposal waits for these roles."""

        TOPIC = "contract.submitted"
        route: tuple[str, ...]
        in_force: int = 0

        def apply(self, contract: Contract) -> None:
            """Ask for approval."""
            contract.state = IN_APPROVAL

    class Approved(Event, frozen=True, kw_only=True):
        """A role agreed; ``missing`` are the roles that still have to."""

        TOPIC = "contract.approved"
        role: str
        missing: tuple[str, ...]
        in_force: int = 0

        def apply(self, contract: Contract) -> None:
            """Count the approval."""
            contract.approvals.append(self.role)
            if not self.missing:
                contract.state = APPROVED

    class Rejected(Event, frozen=True, kw_only=True):
        """The proposal was turned down."""

        TOPIC = "contract.rejected"
        reason: str
        in_force: int = 0

        def apply(self, contract: Contract) -> None:
            """Back to the author; a contract in force stays as it was."""
            contract.state, contract.approvals = ACTIVE if contract.edition else DRAFT, []

    class Signed(Event, frozen=True, kw_only=True):
        """The terms are in force. ``remaining`` may still be called off, by product."""

        TOPIC = "contract.signed"
        edition: int
        terms: ContractTerms
        document_hash: str
        remaining: dict[str, int | None] = msgspec.field(default_factory=dict)

        def apply(self, contract: Contract) -> None:
            """Put them in force."""
            contract.state, contract.edition = ACTIVE, self.edition
            contract.terms, contract.proposed = self.terms, None

    class CalledOff(Event, frozen=True, kw_only=True):
        """An order took a quantity; ``remaining`` is what the contract still allows."""

        TOPIC = "contract.called_off"
        so: str
        line_no: int
        sku: str
        qty: int
        net: int
        remaining: int | None

        def apply(self, contract: Contract) -> None:
            """Count it."""
            contract.count(self.so, self.line_no, self.sku, self.qty, self.net)

    class CallOffReturned(Event, frozen=True, kw_only=True):
        """An order gave a quantity back."""

        TOPIC = "contract.call_off_returned"
        so: str
        line_no: int
        sku: str
        qty: int
        net: int
        remaining: int | None
        reason: str

        def apply(self, contract: Contract) -> None:
            """Count it."""
            contract.count(self.so, self.line_no, self.sku, -self.qty, -self.net)

    class Terminated(Event, frozen=True, kw_only=True):
        """Nothing may be called off any more."""

        TOPIC = "contract.terminated"
        reason: str

        def apply(self, contract: Contract) -> None:
            """End it."""
            contract.state = TERMINATED

    def count(self, so: str, line_no: int, sku: str, qty: int, net: int) -> None:
        """Count a call-off (a fold, not a command)."""
        call = self.calls.setdefault(f"{so}/{line_no}", Call())
        call.qty, call.net, call.sku = call.qty + qty, call.net + net, sku
        self.called[sku] = self.called.get(sku, 0) + qty
        self.called_net += net

    # What is asked about it.

    def in_force(self, day: date) -> bool:
        """Whether an order of this day may refer to it."""
        if self.terms is None or self.state == TERMINATED:
            return False
        return self.terms.valid_from <= day <= self.terms.valid_to

    def of_line(self, so: str, line_no: int) -> Call:
        """What an order line has called off so far."""
        return self.calls.get(f"{so}/{line_no}", Call())

    def lines_of(self, so: str) -> list[int]:
        """Lines of an order that have ever called something off."""
        found = (key.partition("/") for key in self.calls)
        return [int(line_no) for order, _, line_no in found if order == so]

    def remaining(self, sku: str) -> int | None:
        """Quantity that may still be called off; None without a maximum."""
        return self.remaining_under(self.terms).get(sku) if self.terms else None

    def remaining_under(self, terms: ContractTerms) -> dict[str, int | None]:
        """Quantity that terms still allow, by product; None: no limit."""
        most = {one.sku: one.qty_max for one in terms.lines}
        return {
            sku: None if limit is None else limit - self.called.get(sku, 0)
            for sku, limit in most.items()
        }

    # What may be asked of it.

    def draft(self, terms: ContractTerms, stamp: Stamp) -> None:
        """Propose terms for a new contract; raises AlreadyExists."""
        if self.exists and self.state != DRAFT:
            raise AlreadyExists(kind="Contract", id=self.key)
        self.record(self.Drafted(stamp.by, stamp.at, terms=terms, in_force=self.edition))

    def amend(self, terms: ContractTerms, stamp: Stamp) -> None:
        """Propose a supplement to a contract in force; raises InvalidState."""
        self._require(ACTIVE, AMENDING)
        self.record(self.Drafted(stamp.by, stamp.at, terms=terms, in_force=self.edition))

    def submit(self, route: tuple[str, ...], stamp: Stamp) -> None:
        """Ask for approval; raises InvalidState."""
        self._require(DRAFT, AMENDING)
        self.record(self.Submitted(stamp.by, stamp.at, route=route, in_force=self.edition))

    def approve(self, role: str, missing: tuple[str, ...], stamp: Stamp) -> None:
        """Agree for a role; raises InvalidState or ApproverIsAuthor."""
        self._require(IN_APPROVAL)
        if stamp.by.user == self.author:
            raise ApproverIsAuthor(contract=self.key, author=self.author)
        self.record(
            self.Approved(stamp.by, stamp.at, role=role, missing=missing, in_force=self.edition)
        )

    def reject(self, reason: str, stamp: Stamp) -> None:
        """Turn the proposal down; raises InvalidState."""
        self._require(IN_APPROVAL)
        self.record(self.Rejected(stamp.by, stamp.at, reason=reason, in_force=self.edition))

    def sign(self, document_hash: str, stamp: Stamp) -> None:
        """Put the approved terms in force; raises InvalidState."""
        self._require(APPROVED)
        assert self.proposed is not None  # noqa: S101 - what is approved was proposed
        self.record(
            self.Signed(
                stamp.by,
                stamp.at,
                edition=self.edition + 1,
                terms=self.proposed,
                document_hash=document_hash,
                remaining=self.remaining_under(self.proposed),
            )
        )

    def settle(
        self, so: str, line_no: int, sku: str, call: Call, reason: str, stamp: Stamp
    ) -> None:
        """Let an order line have called off this much: take what is missing, give the rest back."""
        before, left = self.of_line(so, line_no), self.remaining(sku)
        qty, net = call.qty - before.qty, call.net - before.net
        after = None if left is None else left - qty
        if qty > 0 or (qty == 0 and net > 0):
            self.record(
                self.CalledOff(
                    stamp.by,
                    stamp.at,
                    so=so,
                    line_no=line_no,
                    sku=sku,
                    qty=qty,
                    net=net,
                    remaining=after,
                )
            )
        elif qty or net:
            self.record(
                self.CallOffReturned(
                    stamp.by,
                    stamp.at,
                    so=so,
                    line_no=line_no,
                    sku=sku,
                    qty=-qty,
                    net=-net,
                    remaining=after,
                    reason=reason,
                )
            )

    def terminate(self, reason: str, stamp: Stamp) -> None:
        """End it, whatever is proposed; raises InvalidState."""
        if not self.edition or self.state == TERMINATED:
            raise InvalidState(contract=self.key, state=self.state, required=(ACTIVE,))
        self.record(self.Terminated(stamp.by, stamp.at, reason=reason))

    def _require(self, *states: str) -> None:
        if self.state not in states:
            raise InvalidState(contract=self.key, state=self.state, required=states)
