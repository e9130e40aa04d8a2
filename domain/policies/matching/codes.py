"""Words of statement matching: rules, kinds of lines, categories of differences."""

from __future__ import annotations

P0 = "P0"
M1, M2, M3, M4, M5, M6, M7 = "M1", "M2", "M3", "M4", "M5", "M6", "M7"

NAMES = {
    P0: "DUPLICATES",
    M1: "SAME_DOCUMENT",
    M2: "SAME_DOCUMENT_OTHER_AMOUNT",
    M3: "SAME_GOODS",
    M4: "ONE_TO_MANY",
    M5: "MANY_TO_ONE",
    M6: "SAME_PAYMENT",
    M7: "OTHER_MONTH",
}
"""All rules in the order in which they are tried."""

INVOICE, CREDIT_NOTE, CLAIM = "INVOICE", "CREDIT_NOTE", "CLAIM"
PAYMENT, DEPOSIT = "PAYMENT", "DEPOSIT"
WRITE_OFF, PENALTY = "WRITE_OFF", "PENALTY"

CASH = frozenset({PAYMENT, DEPOSIT})
"""Kinds of lines that are money, not documents about goods."""

TIMING_GOODS, TIMING_CASH = "TIMING_GOODS", "TIMING_CASH"
QTY_SHORT, QTY_EXCESS, PRICE_DIFF = "QTY_SHORT", "QTY_EXCESS", "PRICE_DIFF"
TAX_ROUNDING, SMALL_DIFF = "TAX_ROUNDING", "SMALL_DIFF"
RETURN_NOT_BOOKED = "RETURN_NOT_BOOKED"
REBATE_NOT_BOOKED, REBATE_DISPUTED = "REBATE_NOT_BOOKED", "REBATE_DISPUTED"
CLAIM_NOT_BOOKED, CLAIM_REDUCED = "CLAIM_NOT_BOOKED", "CLAIM_REDUCED"
DEPOSIT_TREATMENT = "DEPOSIT_TREATMENT"
DUPLICATE, MISSING_INVOICE = "DUPLICATE", "MISSING_INVOICE"
PENALTY_DISPUTED, UNKNOWN = "PENALTY_DISPUTED", "UNKNOWN"

ACTIONS = {
    TIMING_GOODS: "wait: it clears when the goods are received",
    TIMING_CASH: "wait: it clears when the money arrives",
    QTY_SHORT: "review the proof of delivery, then a credit note",
    QTY_EXCESS: "review the proof of delivery, then an invoice",
    PRICE_DIFF: "show the version of the order or contract that set the price",
    TAX_ROUNDING: "write off",
    SMALL_DIFF: "write off, within the limit of the month",
    RETURN_NOT_BOOKED: "send the return document or the red letter",
    REBATE_NOT_BOOKED: "send the credit note with the calculation of the rebate",
    REBATE_DISPUTED: "show the calculation of the rebate",
    CLAIM_NOT_BOOKED: "send the settlement of the claim",
    CLAIM_REDUCED: "show why a part of the claim was refused",
    DEPOSIT_TREATMENT: "explain: a deposit is shown beside the balance until it is applied",
    DUPLICATE: "find out whether it was booked more than once",
    MISSING_INVOICE: "send the document to the side that lacks it",
    PENALTY_DISPUTED: "show the case that led to the penalty",
    UNKNOWN: "a person looks into it",
}
"""What usually resolves a difference, by category."""
