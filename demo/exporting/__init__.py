"""The read models at the end of the month, as one document to compare with a worked example."""

from __future__ import annotations

from typing import Any

from demo.exporting import alerts, goods, money, orders
from demo.exporting.money import PERIOD
from demo.playing import Played

__all__ = ["PERIOD", "differences", "export", "figures"]


def export(played: Played) -> dict[str, Any]:
    """Orders, stock, serials, alerts, statements and open items; money in minor units."""
    balances = played.ask("/v1/dealer-balances")["items"]
    dealers = [row["dealer"] for row in balances]
    return {
        "note": "as of 2026-03-31, known 2026-04-05; money in fen",
        "orders": orders.orders(played),
        "checks": orders.checks(played),
        "sourcing": orders.sourcing(played),
        "holds": orders.holds(played),
        "contracts": orders.contracts(played),
        "supply": orders.supply(played),
        "stock": goods.stock(played),
        "serials": goods.serials(played),
        "diversion_alerts": alerts.alerts(played),
        "channel": goods.channel(played),
        "recall_INJ2512A": goods.recall(played, "INJ", "INJ2512A"),
        "statements": money.statements(played, dealers, known_at=money.APRIL_FIFTH),
        "statements_known_2026_04_01": money.statements(
            played, dealers, known_at=money.APRIL_FIRST
        ),
        "open_items": money.open_items(played),
        "unapplied_deposits": money.deposits(played),
        "gl": money.ledger(played),
        "rebate_accrued": money.rebates(played),
        "sales": money.sales(played),
        "balances": {row["dealer"]: row["open"] for row in balances},
        "issued": money.issued(played),
        "periods": {row["period"]: row["state"] for row in played.ask("/v1/periods")["items"]},
        "seen_by_dlr_d06": money.seen(played, "dlr-d06", "SO-0001", "SO-0002"),
    }


def differences(found: Any, expected: Any, path: str = "") -> list[str]:
    """Where an export says something else than expected; further rows do not count."""
    if isinstance(expected, dict):
        return [
            line
            for key, value in expected.items()
            for line in differences(found.get(key, "missing"), value, f"{path}/{key}")
        ]
    if isinstance(expected, list):
        return [f"{path}: {row} is missing" for row in expected if row not in found]
    return [] if found == expected else [f"{path}: {found} instead of {expected}"]


def figures(document: Any) -> int:
    """How many figures and texts a document holds."""
    if isinstance(document, dict):
        return sum(figures(value) for value in document.values())
    if isinstance(document, list):
        return sum(figures(value) for value in document)
    return 1
