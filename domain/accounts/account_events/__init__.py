"""What can happen to a dealer's account. Topics and fields are stored: add, never rename."""

from domain.accounts.account_events.adjusted import (
    AdjustmentPosted,
    BadDebtWrittenOff,
    SmallDifferenceWrittenOff,
)
from domain.accounts.account_events.base import AccountEvent
from domain.accounts.account_events.invoiced import (
    CreditNotePosted,
    InvoicePosted,
    OpenItemOpeningSet,
    PenaltyCharged,
    RevenueReleased,
)
from domain.accounts.account_events.noted import (
    DisputeRaised,
    DisputeResolved,
    DunningIssued,
    MonthEnded,
    MonthLocked,
    MonthReopened,
)
from domain.accounts.account_events.paid import (
    CashApplied,
    CashUnapplied,
    ClaimSettled,
    DepositApplied,
    MoneyNetted,
    MoneyRefunded,
    PaymentReceived,
    PaymentReversed,
)

__all__ = [
    "AccountEvent",
    "AdjustmentPosted",
    "BadDebtWrittenOff",
    "CashApplied",
    "CashUnapplied",
    "ClaimSettled",
    "CreditNotePosted",
    "DepositApplied",
    "DisputeRaised",
    "DisputeResolved",
    "DunningIssued",
    "InvoicePosted",
    "MoneyNetted",
    "MoneyRefunded",
    "MonthEnded",
    "MonthLocked",
    "MonthReopened",
    "OpenItemOpeningSet",
    "PaymentReceived",
    "PaymentReversed",
    "PenaltyCharged",
    "RevenueReleased",
    "SmallDifferenceWrittenOff",
]
