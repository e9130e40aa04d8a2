"""The values of a dealer's ledger: open items, document lines, and what settles what."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec


class OpenItem(msgspec.Struct):
    """An invoice as it stands. Amounts in minor units."""

    gross: int
    open: int
    due: date


class InvoiceLine(msgspec.Struct, frozen=True):
    """One line of an invoice; VAT is computed per line."""

    so_line: int
    sku: str
    qty: int
    unit_price: Decimal
    net: int
    vat: int
    tax_rate: Decimal


class Allocation(msgspec.Struct, frozen=True):
    """Money put against a document."""

    doc: str
    amount: int


class CreditedLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of a credit note: what is taken back of an invoice line, at its price and rate."""

    sku: str
    net: int
    vat: int
    tax_rate: Decimal
    so_line: int | None = None
    qty: int | None = None
    lot: str | None = None
    serials: tuple[str, ...] = ()
