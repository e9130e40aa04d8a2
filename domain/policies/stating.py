"""Stating (对账): the figures of a dealer's month and the digest of their content.

A statement is a function of the entries recorded before it, so that anyone who folds the same
events gets the same document (INV-RC-3).
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

import msgspec

from domain.accounts.entry import (
    ADJUSTMENT,
    CLAIM,
    CREDIT_PRICE,
    CREDIT_REBATE,
    CREDIT_RETURN,
    DEPOSIT,
    INVOICE,
    OPENING,
    PAYMENT,
    PENALTY,
    WRITE_OFF,
    Entry,
)
from domain.accounts.statement_terms import Figures

LESS = {
    CREDIT_RETURN: "returns",
    CREDIT_PRICE: "price_credits",
    CREDIT_REBATE: "rebates",
    CLAIM: "claims",
    DEPOSIT: "deposits",
    PAYMENT: "payments",
    WRITE_OFF: "write_offs",
}
"""Figure of each kind that lowers the balance; it is shown without its sign."""

MORE = {INVOICE: "invoices", ADJUSTMENT: "adjustments", PENALTY: "penalties"}


def figures(opening: int, entries: Iterable[Entry]) -> Figures:
    """Sum a month up (part A). Opening items belong to the balance before all movements."""
    sums = dict.fromkeys((*MORE.values(), *LESS.values()), 0)
    closing = opening
    for one in entries:
        closing += one.amount
        if one.kind == OPENING:
            opening += one.amount
        elif one.kind in LESS:
            sums[LESS[one.kind]] -= one.amount
        else:
            sums[MORE[one.kind]] += one.amount
    return Figures(opening=opening, closing=closing, **sums)


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Entries as a statement lists them: by accounting date, document and item."""
    return sorted(entries, key=lambda one: (one.day, one.doc, one.item))


def digest(dealer: str, period: str, currency: str, opening: int, entries: Iterable[Entry]) -> str:
    """SHA-256 of a statement's content, in hex: who, when, the opening balance, every line."""
    content = (dealer, period, currency, opening, in_order(entries))
    return sha256(msgspec.json.encode(content)).hexdigest()


def documents(entries: Iterable[Entry]) -> dict[str, int]:
    """What each document adds to the balance; opening items too, for they can be disputed."""
    found: dict[str, int] = {}
    for one in in_order(entries):
        found[one.doc] = found.get(one.doc, 0) + one.amount
    return found
