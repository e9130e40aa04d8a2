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
