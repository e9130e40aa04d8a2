"""The read models at the end of the month, as one document to compare with a worked example."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from demo.playing import Played

PERIOD = "2026-03"
APRIL_FIRST = "2026-04-01T23:59:59+08:00"

NOT_PLAYED_STOCK = ("t_out", "t_in", "ret", "adj")
"""Transfers, returns and counts: no command of this release makes one, so their sums are nought."""

NOT_PLAYED_MONEY = ("ret", "reb", "claim", "dep_applied", "other")
"""Returns, rebates, claims, deposits and penalties: the same."""

_MOVED = {
    "OPENING": ("open", 1),
    "RECEIPT": ("recv", 1),
    "SHIPMENT": ("shipped", -1),
}
_ALERT = {
    "case": "alert_id",
    "rule": "rule",
    "severity": "severity",
    "score": "score",
    "serial": "serial",
    "source_dealer": "source_dealer",
    "authorised": "authorised_regions",
    "observed": "observed_region",
    "victim": "victim_dealer",
    "hospital": "observed_hospital",
    "register_state": "register_state",
    "register_wh": "register_wh",
    "p_source": "p_source",
    "p_local": "p_local",
    "gap_pct": "gap_pct",
    "shp": "shipment",
    "so": "so",
    "inv": "invoice",
}


def export(played: Played) -> dict[str, Any]:
    """Orders, stock, serials, alerts, statements and open items; money in minor units."""
    dealers = [row["dealer"] for row in played.ask("/v1/dealer-balances")["items"]]
    return {
        "note": "as of 2026-03-31; money in minor units",
        "orders": _orders(played),
        "stock": _stock(played),
        "serials": _serials(played),
        "diversion_alerts": _alerts(played),
        "statements": _statements(played, dealers),
        "statements_known_2026_04_01": _statements(played, dealers, known_at=APRIL_FIRST),
        "open_items": _open_items(played),
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


def _orders(played: Played) -> dict[str, Any]:
    names = ("dealer", "gross", "net", "state")
    rows = played.ask("/v1/orders")["items"]
    return {row["so"]: {name: row[name] for name in names} for row in rows}


def _stock(played: Played) -> list[dict[str, Any]]:
    moved: dict[tuple[str, str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in played.ask("/v1/stock-movements")["items"]:
        if row["kind"] in _MOVED:
            name, sign = _MOVED[row["kind"]]
            moved[row["wh"], row["sku"], row["lot"]][name] += sign * row["on_hand"]
    stock = []
    for row in played.ask("/v1/stock")["items"]:
        sums = moved.get((row["wh"], row["sku"], row["lot"]))
        if sums is not None:
            stock.append(_stock_row(row, sums))
    return stock


def _stock_row(row: dict[str, Any], sums: dict[str, int]) -> dict[str, Any]:
    return {
        "wh": row["wh"],
        "sku": row["sku"],
        "lot": row["lot"] or None,
        "on_hand": row["on_hand"],
        "reserved": row["reserved"],
        "quar": row["quarantined"],
        "in_transit_in": row["in_transit_in"],
        "open": sums["open"],
        "shipped": sums["shipped"],
        "recv": sums["recv"],
        **dict.fromkeys(NOT_PLAYED_STOCK, 0),
    }


def _serials(played: Played) -> dict[str, Any]:
    serials = {}
    for row in played.ask("/v1/serials")["items"]:
        if row["state"] != "UNKNOWN":
            shown = {name: row[name] for name in ("state", "wh", "sku", "dealer")}
            if row["hospital"]:
                shown |= {"hospital": row["hospital"], "region": row["region"]}
            serials[row["serial"]] = shown
    return serials


def _alerts(played: Played) -> list[dict[str, Any]]:
    alerts = []
    for row in played.ask("/v1/diversion-alerts")["items"]:
        shown = {name: row[column] for name, column in _ALERT.items() if row[column]}
        if row["rule"] != "R04":
            del shown["hospital"]  # named where nothing else says whose the unit might be
        alerts.append(shown)
    return alerts


def _statements(played: Played, dealers: list[str], known_at: str | None = None) -> dict[str, Any]:
    statements = {}
    for dealer in dealers:
        params = {"known_at": known_at} if known_at else {}
        found = played.ask(f"/v1/dealers/{dealer}/statements/{PERIOD}", **params)
        if found["lines"] or found["opening"]:
            statements[dealer] = {
                "opening": found["opening"],
                "inv": found["invoices"],
                "pay": found["payments"],
                **dict.fromkeys(NOT_PLAYED_MONEY, 0),
                "adj": found["write_offs"],
                "closing": found["closing"],
            }
    return statements


def _open_items(played: Played) -> dict[str, Any]:
    rows = played.ask("/v1/open-items")["items"]
    names = ("dealer", "open", "gross", "due")
    return {row["doc"]: {name: row[name] for name in names} for row in rows}
