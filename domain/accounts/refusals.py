"""Reasons to refuse what concerns money."""

from domain.kernel.refusal import InvalidState, Refusal


class DuplicateBankRef(Refusal):
    """This bank reference has been booked."""

    status = 409


class DuplicateDocument(Refusal):
    """This document number has been posted."""

    status = 409


class CurrencyMismatch(Refusal):
    """The account is kept in another currency."""


class PayerMismatch(Refusal):
    """The payer is not the dealer."""


class Overallocated(Refusal):
    """More is allocated than was received, or than is open."""


class ItemClosed(Refusal):
    """The item is not open."""


class NotBillable(Refusal):
    """Nothing of this milestone can be invoiced yet."""


class ExceedsInvoiced(Refusal):
    """More would be credited than was invoiced."""


class RedInfoMissing(Refusal):
    """A red-letter information number must be given."""


class DepositExceeded(Refusal):
    """More is taken than the deposit holds."""


class OrderStillOpen(InvalidState):
    """The order still needs its deposit."""


class ItemOfOtherDealer(Refusal):
    """The document is another dealer's."""


class TaxMismatch(Refusal):
    """VAT is not the sum of the VAT of the lines."""


class ExceedsDelivered(Refusal):
    """More would be invoiced than was delivered."""


class FapiaoDuplicate(Refusal):
    """This tax invoice number is in use, or the document has one."""

    status = 409


class AmountMismatch(Refusal):
    """The tax invoice is for another amount than the document."""


class AdjustmentLimit(Refusal):
    """The amount is above the limit of one person; a second one must approve."""


class SecondApproverRequired(Refusal):
    """A second person, of the right role and not oneself, must approve."""


class AmountExceedsOpen(Refusal):
    """More is disputed than is open."""


class AlreadyDisputed(InvalidState):
    """The document is in dispute, or was."""


class NotDisputed(InvalidState):
    """The document is not in dispute."""


class DisputedAmountOnly(Refusal):
    """Only disputed amounts are overdue; they are not dunned."""


class NotLatestVersion(Refusal):
    """A later version of the statement supersedes this one."""

    status = 409


class AlreadySigned(InvalidState):
    """The statement is signed."""


class AmountExceedsLine(Refusal):
    """More is disputed than the line comes to."""


class DisputeOpen(InvalidState):
    """A line is in dispute that nobody has decided."""


class PreparerSigns(Refusal):
    """Whoever prepared a statement does not sign it."""

    status = 403


class NothingToState(InvalidState):
    """The dealer has neither a balance nor a movement in the month."""


class FootingWrong(Refusal):
    """Opening balance and lines of a bank statement do not come to its closing balance."""


class DuplicateStatement(Refusal):
    """This bank statement was imported with other lines."""

    status = 409


class LineAssigned(InvalidState):
    """The line of the bank statement is booked already."""


class AlreadyMatched(InvalidState):
    """A line of the match is in another match."""
