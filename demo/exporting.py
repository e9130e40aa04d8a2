"""The read models at the end of the month, as one document to compare with a worked example."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from demo.playing import Played

PERIOD = "2026-03"
APRIL_FIRST = "2026-04-01T23:59:59+08:00"

NOT_PLAYED_MONEY = ("reb", "claim", "other")
"""Rebates, claims and penalties: no command of this release makes one, so their sums are nought."""

_MOVED = {
    "OPENING": ("open", 1),
    "PURCHASE": ("recv", 1),
    "PRODUCTION": ("recv", 1),
    "SHIPMENT": ("shipped", -1),
    "RETURN": ("ret", 1),
    "COUNT": ("adj", 1),
}
SUMS = ("open", "shipped", "recv", "t_out", "t_in", "ret", "adj")
"""Movements of the month, in base units."""

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
    "exception": "exception_id",
    "exception_state": "exception_state",
}
_LOT_ALERT = {
    "case": "alert_id",
    "rule": "rule",
    "lot": "lot",
    "source_dealer": "source_dealer",
    "responsible": "responsible_dealer",
    "received": "qty_received",
    "sold": "qty_sold",
    "excess": "qty_excess",
}


def export(played: Played) -> dict[str, Any]:
    """Orders, stock, serials, alerts, statements and open items; money in minor units."""
    dealers = [row["dealer"] for row in played.ask("/v1/dealer-balances")["items"]]
    return {
        "note": "as of 2026-03-31; money in minor units",
        "orders": _orders(played),
        "checks": _checks(played),
        "sourcing": _sourcing(played),
        "holds": _holds(played),
        "contracts": _contracts(played),
        "supply": _supply(played),
        "stock": _stock(played),
        "serials": _serials(played),
        "diversion_alerts": _alerts(played),
        "channel": _channel(played),
        "recall_INJ2512A": _recall(played, "INJ", "INJ2512A"),
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


def _checks(played: Played) -> list[dict[str, Any]]:
    """What the checks found when each order was placed."""
    found = []
    for row in played.ask("/v1/orders")["items"]:
        first = played.ask(f"/v1/orders/{row['so']}")["checks"][0]
        used = {"exposure_gross": first["exposure"], "limit": first["credit_limit"]}
        failed = [hold for hold in first["failed"].split(",") if hold]
        found.append({"so": row["so"], "dealer": row["dealer"], **used, "failed": failed})
    return found


def _sourcing(played: Played) -> dict[str, list[str]]:
    """Where the goods of each confirmed order were decided to come from."""
    found = {}
    for row in played.ask("/v1/orders")["items"]:
        rows = played.ask(f"/v1/orders/{row['so']}")["sourcing"]
        if rows:
            found[row["so"]] = [_source(one) for one in rows]
    return found


def _source(row: dict[str, Any]) -> str:
    if row["kind"] == "TRANSFER":
        return f"{row['qty']} TRANSFER {row['donor']}>{row['wh']} {row['ref']}"
    return f"{row['qty']} {row['kind']} {row['ref'] or row['wh']}"


def _holds(played: Played) -> dict[str, list[str]]:
    """Every hold that an order met, and how it ended."""
    found = {}
    for row in played.ask("/v1/orders")["items"]:
        holds = played.ask(f"/v1/orders/{row['so']}")["holds"]
        if holds:
            found[row["so"]] = [_hold(one) for one in holds]
    return found


def _hold(row: dict[str, Any]) -> str:
    end = "active" if row["active"] else f"{row['released_by']}, {row['reason']}"
    tries = f", {row['rejected_attempts']} rejected" if row["rejected_attempts"] else ""
    return f"{row['code']}: {end}{tries}"


def _contracts(played: Played) -> list[dict[str, Any]]:
    found = []
    for row in played.ask("/v1/contracts")["items"]:
        for line in played.ask(f"/v1/contracts/{row['contract']}")["lines"]:
            called = {"qty_max": line["qty_max"], "qty_called": line["called"]}
            called["remaining"] = line["remaining"]
            found.append({"contract_id": row["contract"], **called})
    return found


def _supply(played: Played) -> dict[str, Any]:
    """Transfers, work orders and requisitions: state, quantity, what is still to come, when."""
    names = ("state", "sku", "qty", "expected", "due", "so")
    rows = played.ask("/v1/supply-documents")["items"]
    return {row["doc"]: {name: row[name] for name in names} for row in rows}


def _stock(played: Played) -> list[dict[str, Any]]:
    moved: dict[tuple[str, str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in played.ask("/v1/stock-movements")["items"]:
        of_lot = moved[row["wh"], row["sku"], row["lot"]]
        if row["kind"] in _MOVED:
            name, sign = _MOVED[row["kind"]]
            of_lot[name] += sign * row["on_hand"]
        elif row["kind"] == "TRANSFER":
            of_lot["t_in" if row["on_hand"] > 0 else "t_out"] += abs(row["on_hand"])
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
        **{name: sums[name] for name in SUMS},
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
    alerts, judged_again = [], []
    for row in played.ask("/v1/diversion-alerts")["items"]:
        if row["lot"]:
            first, *later = played.ask(f"/v1/diversion-alerts/{row['alert_id']}")["scores"]
            names = {"severity": first["severity"], "score": first["score"], "code": first["code"]}
            alerts.append({name: row[column] for name, column in _LOT_ALERT.items()} | names)
            for one in later:
                told = {name: one[name] for name in ("severity", "score", "cause")}
                judged_again.append({"case": row["alert_id"]} | told)
            continue
        shown = {name: row[column] for name, column in _ALERT.items() if row[column]}
        if row["rule"] != "R04":
            del shown["hospital"]  # named where nothing else says whose the unit might be
        alerts.append(shown)
    return alerts + judged_again


def _channel(played: Played) -> list[dict[str, Any]]:
    rows = played.ask("/v1/channel-stock")["items"]
    return [
        {"dealer": row["dealer"], "sku": row["sku"], "lot": row["lot"] or None, "qty": row["qty"]}
        for row in rows
    ]


def _recall(played: Played, sku: str, lot: str) -> dict[str, Any]:
    """Where a lot is, and whom its recall would have to tell; tried out, and nothing kept."""
    holders = played.ask(f"/v1/lots/{sku}/{lot}/trace")["holders"]
    kept = [row for row in holders if row["balance"] or row["kind"] == "DEALER"]
    set_apart = {
        row["wh"]
        for row in played.ask("/v1/stock", sku=sku, lot=lot)["items"]
        if row["on_hand"] and row["on_hand"] == row["quarantined"]
    }
    ours, market, loss = {}, {}, 0
    for row in kept:
        name, balance = row["holder"], row["balance"]
        match row["kind"]:
            case "WAREHOUSE":
                ours[f"{name} (quarantine)" if name in set_apart else name] = balance
            case "TRANSFER":
                ours[f"in transit {name}"] = balance
            case "COUNT":
                loss += balance
            case _:
                market[name] = balance
    scope = {"lots": [{"sku": sku, "lot": lot}]}
    wish = scope | {"level": 1, "reason": "tried out", "decided_at": "2026-03-31", "drill": True}
    named = played.try_out("open-recall", "qa-1", wish)["consignees"]
    return {
        "opening": sum(row["balance"] for row in holders),
        "ours": ours,
        "ours_total": sum(ours.values()),
        "shipped": sum(market.values()),
        "holders": market,
        "count_loss": loss,
        "notify": sorted(named),
        "not_on_list": [one for one in ("D06",) if one not in named],
    }


def _statements(played: Played, dealers: list[str], known_at: str | None = None) -> dict[str, Any]:
    statements = {}
    for dealer in dealers:
        params = {"known_at": known_at} if known_at else {}
        found = played.ask(f"/v1/dealers/{dealer}/statements/{PERIOD}", **params)
        if found["lines"] or found["opening"]:
            statements[dealer] = {
                "opening": found["opening"],
                "inv": found["invoices"],
                "ret": found["credit_notes"],
                "dep_applied": found["deposits"],
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
