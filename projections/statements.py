"""Statements: a month of a dealer's account, and how long its items are overdue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

TOTALS = {
    "INVOICE": "invoices",
    "CREDIT_NOTE": "credit_notes",
    "DEPOSIT": "deposits",
    "PAYMENT": "payments",
    "WRITE_OFF": "write_offs",
    "PENALTY": "penalties",
    "ADJUSTMENT": "adjustments",
}


BUCKETS = ((0, "not_due"), (30, "overdue_1_30"), (60, "overdue_31_60"), (90, "overdue_61_90"))
BEYOND = "overdue_over_90"


def ageing(items: Iterable[Mapping[str, Any]], on: date) -> dict[str, Any]:
    """Sum open items by the days they are overdue on a day; an item is not due on its due date."""
    sums = {"on": on, **{name: 0 for _, name in BUCKETS}, BEYOND: 0}
    for item in items:
        late = (on - item["due"]).days
        name = next((name for most, name in BUCKETS if late <= most), BEYOND)
        sums[name] += item["open"]
    return sums


def statement(entries: Iterable[Mapping[str, Any]], period: str) -> dict[str, Any]:
    """Fold entries up to a period (in accounting order) into its statement.

    ``opening + invoices - credit_notes - deposits - payments - write_offs + penalties +
    adjustments = closing``; amounts in minor units. Entries of earlier periods, and openings,
    make up the opening balance.
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
