"""Statements: a month of a dealer's account, summed from its entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

TOTALS = {"INVOICE": "invoices", "PAYMENT": "payments", "WRITE_OFF": "write_offs"}


def statement(entries: Iterable[Mapping[str, Any]], period: str) -> dict[str, Any]:
    """Fold entries up to a period (in accounting order) into its statement.

    ``opening + invoices - payments - write_offs = closing``; amounts in minor units. Entries
    of earlier periods, and openings, make up the opening balance.
    """
    opening = 0
    totals = dict.fromkeys(TOTALS.values(), 0)
    lines: list[dict[str, Any]] = []
    balance = 0
    for entry in entries:
        balance += entry["debit"] - entry["credit"]
        if entry["period"] < period:
            opening = balance
            continue
        total = TOTALS.get(entry["type"])
        if total is not None:
            totals[total] += entry["debit"] + entry["credit"]
        names = ("accounting_date", "doc", "type", "text", "debit", "credit")
        lines.append({name: entry[name] for name in names} | {"balance": balance})
    return {"opening": opening, **totals, "closing": balance, "lines": lines}
