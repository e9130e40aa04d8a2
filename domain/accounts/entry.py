"""An entry of a dealer's account: what statements are made of, line by line."""

from __future__ import annotations

from datetime import date

import msgspec

OPENING, INVOICE, PENALTY = "OPENING", "INVOICE", "PENALTY"
CREDIT_RETURN, CREDIT_PRICE, CREDIT_REBATE = "CREDIT_RETURN", "CREDIT_PRICE", "CREDIT_REBATE"
CLAIM, DEPOSIT, PAYMENT = "CLAIM", "DEPOSIT", "PAYMENT"
WRITE_OFF, ADJUSTMENT = "WRITE_OFF", "ADJUSTMENT"
KINDS = (
    OPENING,
    INVOICE,
    CREDIT_RETURN,
    CREDIT_PRICE,
    CREDIT_REBATE,
    CLAIM,
    DEPOSIT,
    PAYMENT,
    WRITE_OFF,
    ADJUSTMENT,
    PENALTY,
)
"""Kinds of entries, in the order in which a statement sums them up."""

CREDIT_KINDS = {
    "RETURN": CREDIT_RETURN,
    "PRICE": CREDIT_PRICE,
    "SHORT_DELIVERY": CREDIT_PRICE,
    "REBATE": CREDIT_REBATE,
    "CLAIM": CLAIM,
}
"""Kind of the entry that a credit note of each kind makes."""


class Billed(msgspec.Struct, frozen=True):
    """Goods of an entry: quantity in base units, gross amount in minor units."""

    sku: str
    qty: int
    gross: int


class Entry(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One line: ``amount`` (gross minor units) above 0 is owed more, below 0 less.

    ``item`` is the document whose open amount it changes. ``effective`` is the day that an earlier
    period would have had it on, had that not been closed.
    """

    kind: str
    doc: str
    item: str
    day: date
    amount: int
    text: str
    so: str = ""
    shp: str = ""
    goods: tuple[Billed, ...] = ()
    effective: date | None = None


def owed(
    kind: str, doc: str, day: date, amount: int, text: str, effective: date | None = None
) -> Entry:
    """Return the entry of a document that is owed from now on."""
    return Entry(
        kind=kind, doc=doc, item=doc, day=day, amount=amount, text=text, effective=effective
    )


def settled(
    kind: str, doc: str, item: str, day: date, amount: int, effective: date | None = None
) -> Entry:
    """Return the entry of a document that settles part of another; ``amount`` is what it takes."""
    said = f"{kind.lower().replace('_', ' ')} of {item}"
    return Entry(
        kind=kind, doc=doc, item=item, day=day, amount=-amount, text=said, effective=effective
    )
