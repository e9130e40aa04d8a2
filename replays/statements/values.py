"""A statement (对账单) as a document: head, figures, lines, memo, goods. Amounts in minor units."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from domain.accounts.statement_terms import Figures


class Party(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One side of a statement."""

    name: str
    uscc: str = ""
    address: str = ""
    bank: str = ""
    bank_account: str = ""
    contact: str = ""


class Head(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Who states what to whom. Without a version it is only drawn up, not issued.

    ``log_position`` is the last one that is in it; ``digest`` the SHA-256 of the entries.
    """

    ours: Party
    dealer_id: str
    dealer: Party
    period: str
    currency: str
    log_position: int
    digest: str
    version: int | None = None
    issued_on: date | None = None
    previous: str | None = None
    confirm_by: date | None = None


class DetailLine(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One line of part B; ``balance`` is what is owed after its document."""

    day: date
    type: str
    doc: str
    text: str
    gross: int
    balance: int
    fapiao: str = ""
    so: str = ""
    shp: str = ""
    sku: str = ""
    lots: tuple[str, ...] = ()
    serials: tuple[str, ...] = ()
    qty: int | None = None
    unit_price: Decimal | None = None
    net: int | None = None
    vat: int | None = None
    effective: date | None = None
    """Day of an earlier, closed period: the line stands in the block of prior periods."""


class Ageing(msgspec.Struct, frozen=True, kw_only=True):
    """What is open at the end of the month, by days after its due date."""

    on: date
    not_due: int
    overdue_1_30: int
    overdue_31_60: int
    overdue_61_90: int
    overdue_over_90: int


class OpenDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document with what is open of it at the end of the month."""

    doc: str
    due: date
    open: int
    days_overdue: int


class RebateMemo(msgspec.Struct, frozen=True, kw_only=True):
    """What was earned under a policy and is not paid, and what of it is withheld; net."""

    policy: str
    accrued: int
    withheld: int


class Memo(msgspec.Struct, frozen=True, kw_only=True):
    """Part C: what stands beside the balance."""

    unapplied_deposits: int
    unapplied_money: int
    security_deposit: int
    shipped_not_signed: int
    delivered_not_invoiced: int
    rebates: tuple[RebateMemo, ...]
    claims_in_review: int
    disputed: int
    credit_limit: int
    exposure: int
    available: int
    ageing: Ageing
    open_documents: tuple[OpenDocument, ...]


class GoodsLine(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Part D: the dealer's book of a product or lot in the month; base units."""

    sku: str
    lot: str
    opening: int
    received: int
    returned: int
    sold: int
    transferred_in: int
    transferred_out: int
    adjusted: int
    closing: int
    counted: int | None = None
    difference: int | None = None


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """The whole statement, without its signatures: those are facts of their own."""

    head: Head
    figures: Figures
    lines: tuple[DetailLine, ...]
    prior: tuple[DetailLine, ...]
    memo: Memo
    goods: tuple[GoodsLine, ...]
