"""Approvals as data: who may release which hold, how far, and what nobody may release."""

from __future__ import annotations

from decimal import Decimal

import msgspec

ORDER, DESTINATION = "ORDER", "DESTINATION"
"""Whose region a sales manager must be of: the order's dealer's, or that of the goods' address."""

NEVER_RELEASED = frozenset(
    {
        "LICENCE_EXPIRED",
        "LICENCE_MISSING",
        "LICENCE_SCOPE",
        "REGISTRATION_EXPIRED",
        "REGISTRATION_MISSING",
        "RECALL_BLOCK",
        "QUALITY_LOCK",
        "PRICE_MISSING",
        "ADDRESS_UNVERIFIED",
        "NO_SUPPLY",
    }
)
"""Holds that facts alone clear: the law, the goods or the data have to change."""


class ApprovalRule(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who may release a hold: one person with any of the roles, or (``every``) one of each.

    ``region`` binds a sales manager to a region; ``document`` asks for the hash of a document.
    """

    roles: tuple[str, ...]
    every: bool = False
    region: str = ORDER
    document: bool = False


DEFAULT_RULES: dict[str, ApprovalRule] = {
    "PRICE_BELOW_FLOOR": ApprovalRule(("MGR",)),
    "PRICE_ABOVE_CEILING": ApprovalRule(("MGR",)),
    "CREDIT_LIMIT": ApprovalRule(("FIN",)),
    "CREDIT_OVERDUE": ApprovalRule(("FIN",)),
    "DEPOSIT_PENDING": ApprovalRule(("FIN",)),
    "DEALER_SUSPENDED": ApprovalRule(("ADM", "MGR"), every=True),
    "PRODUCT_NOT_AUTHORISED": ApprovalRule(("MGR",)),
    "ADDRESS_OUT_OF_TERRITORY": ApprovalRule(("MGR",), region=DESTINATION),
    "PROJECT_REGISTERED_TO_OTHER": ApprovalRule(("MGR",)),
    "NO_CONTRACT": ApprovalRule(("MGR",)),
    "CONTRACT_EXPIRED": ApprovalRule(("MGR",)),
    "CONTRACT_QTY_EXCEEDED": ApprovalRule(("MGR",)),
    "CONTRACT_PRICE_MISMATCH": ApprovalRule(("MGR",)),
    "SHORT_DATED_CONSENT": ApprovalRule(("REP",), document=True),
    "POSSIBLE_DUPLICATE": ApprovalRule(("REP", "MGR")),
    "HOSPITAL_PERMIT_MISSING": ApprovalRule(("MGR",)),
}


class ApprovalLimits(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far a role may go. Amounts in minor units, shares in per cent.

    ``duplicate_hours`` is the window in which a dealer's like order is a possible duplicate, 0 for
    none. A count sheet up to ``count_value`` is the warehouse manager's, above it finance's. An
    adjustment up to ``adjustment_amount`` is one person's; a period closes with differences that
    nobody has explained up to ``open_difference`` a dealer.
    """

    price_regional_pct: Decimal = Decimal("3.00")
    price_national_pct: Decimal = Decimal("8.00")
    credit_pct: Decimal = Decimal("10.00")
    credit_amount: int = 300_000_00
    overdue_days_between: int = 30
    deposit_deficit: int = 100_000_00
    contract_pct: Decimal = Decimal("10.00")
    duplicate_hours: int = 24
    count_value: int = 5_000_00
    count_recount_pct: Decimal = Decimal("0.5")
    requisition_value: int = 500_000_00
    contract_manager: int = 500_000_00
    contract_finance: int = 3_000_000_00
    return_window_days: int = 30
    output_tolerance_pct: Decimal = Decimal(0)
    sanction_amount: int = 100_000_00
    adjustment_amount: int = 1_000_00
    open_difference: int = 1_000_00
