"""The values of a statement: its states, its figures, its disputes."""

from __future__ import annotations

import msgspec

ISSUED, VIEWED, DISPUTED, CONFIRMED = "ISSUED", "VIEWED", "DISPUTED", "CONFIRMED"
DEEMED_CONFIRMED, SIGNED_OFF = "DEEMED_CONFIRMED", "SIGNED_OFF"
OPEN, ACCEPTED, REJECTED = "OPEN", "ACCEPTED", "REJECTED"


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Part A of a statement, gross minor units.

    ``opening + invoices - returns - price_credits - rebates - claims - deposits - payments
    - write_offs + adjustments + penalties = closing``; each is named for what it usually does.
    """

    opening: int
    invoices: int
    returns: int
    price_credits: int
    rebates: int
    claims: int
    deposits: int
    payments: int
    write_offs: int
    adjustments: int
    penalties: int
    closing: int


class Dispute(msgspec.Struct):
    """A disputed line: the document, how much of it, why, and how it ended. Minor units."""

    amount: int
    code: str
    evidence: tuple[str, ...]
    sku: str = ""
    qty: int = 0
    state: str = OPEN
    answer: str = ""
    credit_note: str = ""
