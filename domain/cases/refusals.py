"""Reasons to refuse what concerns diversion cases and recalls."""

from domain.kernel.refusal import InvalidState, Refusal


class EvidenceInsufficient(Refusal):
    """Confirming needs two independent observations, or a single strong one."""


class DeciderIsOwner(Refusal):
    """The manager of a region concerned may not decide alone."""

    status = 403


class ResponsePeriodRunning(InvalidState):
    """The dealer has to be heard first, and still has time to answer."""


class SanctionAboveLimit(Refusal):
    """The sanction is larger than this person may impose."""


class AppealPeriodRunning(InvalidState):
    """The dealer may still appeal."""


class AppealPeriodOver(InvalidState):
    """The days for an appeal are over."""


class NoNewEvidence(InvalidState):
    """Nothing new was found since the case was closed."""
