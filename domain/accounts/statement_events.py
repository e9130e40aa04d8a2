"""What can happen to a statement. Topics and fields are stored: add, never rename."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from domain.accounts.statement_terms import (
    ACCEPTED,
    CONFIRMED,
    DEEMED_CONFIRMED,
    DISPUTED,
    ISSUED,
    REJECTED,
    SIGNED_OFF,
    VIEWED,
    Dispute,
    Figures,
)
from domain.kernel.event import Event

if TYPE_CHECKING:
    from domain.accounts.statement import Statement


class Issued(Event, frozen=True, kw_only=True):
    """A version was issued. Everything recorded before this event is in it, nothing after.

    ``digest`` is the SHA-256 of its content; ``documents`` are the amounts by document.
    """

    TOPIC = "statement.issued"
    number: int
    currency: str
    known_at: date
    figures: Figures
    digest: str
    documents: dict[str, int]
    supersedes: int | None = None

    def apply(self, statement: Statement) -> None:
        """Begin the version; what was disputed and accepted stays so."""
        statement.version_no, statement.state = self.number, ISSUED
        statement.digest, statement.closing = self.digest, self.figures.closing
        statement.documents, statement.prepared_by = dict(self.documents), self.by.user
        statement.issued_on = self.known_at


class Viewed(Event, frozen=True, kw_only=True):
    """The dealer has looked at it."""

    TOPIC = "statement.viewed"
    number: int

    def apply(self, statement: Statement) -> None:
        """Note it."""
        statement.state = VIEWED


class LineDisputed(Event, frozen=True, kw_only=True):
    """The dealer disputes part of a document."""

    TOPIC = "statement.line_disputed"
    number: int
    line: str
    amount: int
    code: str
    evidence: tuple[str, ...]
    sku: str = ""
    qty: int = 0

    def apply(self, statement: Statement) -> None:
        """Note it."""
        statement.state = DISPUTED
        statement.disputes[self.line] = Dispute(
            self.amount, self.code, self.evidence, self.sku, self.qty
        )


class DisputeAnswered(Event, frozen=True, kw_only=True):
    """We said something to a dispute, and decided nothing yet."""

    TOPIC = "statement.dispute_answered"
    line: str
    answer: str

    def apply(self, statement: Statement) -> None:
        """Note it."""
        statement.disputes[self.line].answer = self.answer


class DisputeAccepted(Event, frozen=True, kw_only=True):
    """The dealer was right; a credit note of the day corrects it."""

    TOPIC = "statement.dispute_accepted"
    line: str
    amount: int
    credit_note: str

    def apply(self, statement: Statement) -> None:
        """End it."""
        dispute = statement.disputes[self.line]
        dispute.state, dispute.credit_note = ACCEPTED, self.credit_note


class DisputeRejected(Event, frozen=True, kw_only=True):
    """The document stands. ``number`` is the version that the dealer must confirm again, if any."""

    TOPIC = "statement.dispute_rejected"
    line: str
    amount: int
    reason: str
    number: int = 0

    def apply(self, statement: Statement) -> None:
        """End it; a dealer who had confirmed the rest must say yes to the whole."""
        statement.disputes[self.line].state = REJECTED
        if self.number:
            statement.state = DISPUTED


class Confirmed(Event, frozen=True, kw_only=True):
    """The dealer confirms the balance, less what it disputed. ``amount`` in minor units."""

    TOPIC = "statement.confirmed"
    number: int
    amount: int
    e_seal: str

    def apply(self, statement: Statement) -> None:
        """Note it."""
        statement.state = CONFIRMED


class DeemedConfirmed(Event, frozen=True, kw_only=True):
    """The dealer's contract takes its silence for a yes."""

    TOPIC = "statement.deemed_confirmed"
    number: int
    amount: int
    contract: str

    def apply(self, statement: Statement) -> None:
        """Note it."""
        statement.state = DEEMED_CONFIRMED


class SignedOff(Event, frozen=True, kw_only=True):
    """Finance signed it; the month of the account is settled with it."""

    TOPIC = "statement.signed_off"
    number: int
    signer: str
    closing: int
    confirmed: int

    def apply(self, statement: Statement) -> None:
        """Sign it."""
        statement.state, statement.signed_version = SIGNED_OFF, self.number


class Reopened(Event, frozen=True, kw_only=True):
    """The period was opened again: the signature does not stand any more."""

    TOPIC = "statement.reopened"
    number: int

    def apply(self, statement: Statement) -> None:
        """Take the signature back."""
        statement.state, statement.signed_version = ISSUED, 0
