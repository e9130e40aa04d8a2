"""Reasons to refuse what concerns periods and the general ledger."""

from domain.kernel.refusal import InvalidState, Refusal


class PeriodClosed(Refusal):
    """The period is closed; post on a day of an open one."""

    status = 409


class PeriodNotOver(InvalidState):
    """A period is signed and closed when its last day is over."""


class StatementNotIssued(InvalidState):
    """A dealer with balance or movement has no statement of the period."""


class AccrualNotRun(InvalidState):
    """The rebates of the period have not been accrued."""


class CountNotApproved(InvalidState):
    """A count of the period waits for its approval."""


class OpenDifferencesAboveLimit(InvalidState):
    """Differences with a dealer that nobody has explained are above the limit."""


class GlExported(InvalidState):
    """Finance has accepted the journal of the period."""


class NotLatestPeriod(InvalidState):
    """Months are closed, and signed, one after the other, and opened again from the last one."""


class NothingToExport(InvalidState):
    """Every entry of the period is in a batch."""


class ControlMismatch(InvalidState):
    """The control account differs from the sum of its sub-ledgers."""
