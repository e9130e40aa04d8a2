"""A dealer's statement of a month (对账单): its versions, what is disputed, and who signed.

``ISSUED -> VIEWED -> CONFIRMED | DISPUTED -> CONFIRMED -> SIGNED_OFF``; a new version supersedes
the one before. A dispute never changes the balance by itself.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from domain.accounts import statement_events as happened
from domain.accounts.refusals import (
    AlreadyDisputed,
    AlreadySigned,
    AmountExceedsLine,
    DisputeOpen,
    NotLatestVersion,
    PreparerSigns,
)
from domain.accounts.statement_terms import (
    CONFIRMED,
    DEEMED_CONFIRMED,
    ISSUED,
    OPEN,
    REJECTED,
    VIEWED,
    Dispute,
)
from domain.kernel.aggregate import Aggregate
from domain.kernel.refusal import InvalidState, NotFound
from domain.kernel.stamp import Stamp


class Statement(Aggregate):
    """One dealer's statement of one month; the stream is ``Statement/{dealer}/{period}``."""

    CATEGORY: ClassVar[str] = "Statement"

    version_no: int = 0
    state: str = ""
    digest: str = ""
    closing: int = 0
    documents: dict[str, int] = msgspec.field(default_factory=dict)
    """What each document adds to the balance in the latest version, minor units."""
    disputes: dict[str, Dispute] = msgspec.field(default_factory=dict)
    """Disputes by document."""
    prepared_by: str = ""
    issued_on: date | None = None
    signed_version: int = 0

    # What is asked about it.

    @property
    def dealer(self) -> str:
        """The dealer's id."""
        return self.key.partition("/")[0]

    @property
    def period(self) -> str:
        """The month, YYYY-MM."""
        return self.key.partition("/")[2]

    @property
    def confirmed_amount(self) -> int:
        """The closing balance less what is disputed, minor units.

        A rejected dispute is over, and so is one whose correction is in this version already.
        """
        alive = (
            one.amount
            for one in self.disputes.values()
            if one.state != REJECTED and one.credit_note not in self.documents
        )
        return self.closing - sum(alive)

    # What may be asked of it.

    def issue(self, event: happened.Issued) -> None:
        """Issue the next version; the same content again records nothing; raises AlreadySigned."""
        if self.signed_version:
            raise AlreadySigned(period=self.period, version=self.signed_version)
        if event.digest != self.digest:
            self.record(
                msgspec.structs.replace(
                    event,
                    number=self.version_no + 1,
                    supersedes=self.version_no or None,
                )
            )

    def view(self, number: int, stamp: Stamp) -> None:
        """Say that the dealer looked at it; looking again records nothing."""
        self.latest(number)
        if self.state == ISSUED:
            self.record(happened.Viewed(stamp.by, stamp.at, number=number))

    def dispute(self, event: happened.LineDisputed) -> None:
        """Dispute part of a document; raises AmountExceedsLine, AlreadyDisputed and others."""
        self.changeable(event.number)
        amount = self.documents.get(event.line)
        if amount is None:
            raise NotFound(kind="StatementLine", id=event.line)
        if event.amount > abs(amount):
            raise AmountExceedsLine(line=event.line, amount=event.amount, of=abs(amount))
        if event.line in self.disputes:
            raise AlreadyDisputed(line=event.line, state=self.disputes[event.line].state)
        self.record(event)

    def open_dispute(self, line: str) -> Dispute:
        """Return a dispute that is open; raises NotFound, InvalidState."""
        found = self.disputes.get(line)
        if found is None:
            raise NotFound(kind="Dispute", id=line)
        if found.state != OPEN:
            raise InvalidState(line=line, state=found.state)
        return found

    def reject(self, line: str, reason: str, stamp: Stamp) -> None:
        """Reject a dispute; what the dealer had confirmed it must confirm again."""
        found, said = self.open_dispute(line), self.state in (CONFIRMED, DEEMED_CONFIRMED)
        rejected = happened.DisputeRejected(
            stamp.by,
            stamp.at,
            line=line,
            amount=found.amount,
            reason=reason,
            number=self.version_no if said else 0,
        )
        self.record(rejected)

    def confirm(self, number: int, e_seal: str, stamp: Stamp) -> None:
        """Confirm it; confirming again records nothing."""
        self.changeable(number)
        if self.state != CONFIRMED:
            confirmed = happened.Confirmed(
                stamp.by, stamp.at, number=number, amount=self.confirmed_amount, e_seal=e_seal
            )
            self.record(confirmed)

    def deem_confirmed(self, contract: str, stamp: Stamp) -> None:
        """Take silence for a yes; raises InvalidState."""
        if self.state not in (ISSUED, VIEWED):
            raise InvalidState(period=self.period, state=self.state)
        self.record(
            happened.DeemedConfirmed(
                stamp.by,
                stamp.at,
                number=self.version_no,
                amount=self.confirmed_amount,
                contract=contract,
            )
        )

    def sign_off(self, number: int, signer: str, stamp: Stamp) -> None:
        """Sign it; raises PreparerSigns, DisputeOpen, InvalidState and others."""
        self.changeable(number)
        if signer == self.prepared_by:
            raise PreparerSigns(signer=signer)
        still = sorted(line for line, one in self.disputes.items() if one.state == OPEN)
        if still:
            raise DisputeOpen(lines=still)
        if self.state not in (CONFIRMED, DEEMED_CONFIRMED):
            raise InvalidState(period=self.period, state=self.state)
        signed = happened.SignedOff(
            stamp.by,
            stamp.at,
            number=number,
            signer=signer,
            closing=self.closing,
            confirmed=self.confirmed_amount,
        )
        self.record(signed)

    def reopen(self, stamp: Stamp) -> None:
        """Take the signature back, where there is one."""
        if self.signed_version:
            self.record(happened.Reopened(stamp.by, stamp.at, number=self.signed_version))

    def latest(self, number: int) -> None:
        """Raise NotFound or NotLatestVersion."""
        if not 1 <= number <= self.version_no:
            raise NotFound(kind="Statement", id=f"{self.key}/{number}")
        if number != self.version_no:
            raise NotLatestVersion(version=number, latest=self.version_no)

    def changeable(self, number: int) -> None:
        """Raise NotFound, NotLatestVersion or AlreadySigned."""
        self.latest(number)
        if self.signed_version:
            raise AlreadySigned(period=self.period, version=self.signed_version)
