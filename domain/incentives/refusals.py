"""Reasons to refuse what concerns incentives."""

from domain.kernel.refusal import InvalidState, Refusal


class PolicyNotAccepted(InvalidState):
    """The dealer has not accepted the policy."""


class GateFailed(Refusal):
    """A condition of the policy is not met."""


class WithheldDiversion(Refusal):
    """Part of the rebate is withheld for a case of diversion."""


class AlreadySettled(InvalidState):
    """The rebate is settled."""


class PeriodNotClosed(InvalidState):
    """The last month of the policy is not closed yet."""


class ExceedsConfirmed(Refusal):
    """More would be settled than was confirmed, or is payable."""


class NotEnrolled(Refusal):
    """The dealer does not take part in the promotion."""


class OutOfPeriod(Refusal):
    """The promotion does not run on this day."""


class ClaimDuplicate(Refusal):
    """This evidence was handed in with another claim."""

    status = 409


class CapExceeded(Refusal):
    """It is above what one dealer may claim of the promotion."""


class EvidenceMissing(Refusal):
    """There is no evidence."""


class ClaimLate(Refusal):
    """The promotion ended more than sixty days ago."""


class ComplianceBlock(Refusal):
    """Nothing of value is given to health professionals."""


class InvoiceMissing(Refusal):
    """A claim for a service needs the dealer's own invoice for it."""


class ExceedsApproved(Refusal):
    """More would be settled than was approved."""
