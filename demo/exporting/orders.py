"""Orders at the end of the month: states, checks, sourcing, holds, contracts, supply."""

from __future__ import annotations

import json
from typing import Any

from demo.playing import Played


def orders(played: Played) -> dict[str, Any]:
    """Every order with its amounts and its state."""
    names = ("dealer", "gross", "net", "state")
    rows = played.ask("/v1/orders")["items"]
    return {row["so"]: {name: row[name] for name in names} for row in rows}


def checks(played: Played) -> list[dict[str, Any]]:
    """What the checks found when each order was placed, and what came of it."""
    held = {row["subject"]: row["data"] for row in reversed(_held(played))}
    found = []
    for row in played.ask("/v1/orders")["items"]:
        order = played.ask(f"/v1/orders/{row['so']}")
        first = order["checks"][0]
        used = {"exposure_gross": first["exposure"], "limit": first["credit_limit"]}
        failed = [hold for hold in first["failed"].split(",") if hold]
        about = {"so": row["so"], "dealer": row["dealer"], **used, "failed": failed}
        evidence = held[f"Order/{row['so']}"]["evidence"] if failed else {}
        found.append(about | _came_to(row, order, evidence))
    return found


CLEARED = {"credit-recheck": "payment", "deposit": "deposit", "licence-recheck": "new licence"}
"""What cleared a hold, in the words of the worked example."""


def _held(played: Played) -> list[dict[str, Any]]:
    """Holds as they were raised, oldest first."""
    items: list[dict[str, Any]] = played.ask("/v1/events", limit=100, topic="order.held")["items"]
    return items


def _came_to(
    row: dict[str, Any], order: dict[str, Any], evidence: dict[str, Any]
) -> dict[str, Any]:
    """How an order got past what the checks had found."""
    if not evidence:
        return {"result": "CONFIRMED"}
    hold = order["holds"][0]
    if row["state"] == "REJECTED":
        return {"result": "ON_HOLD, rejected"}
    if hold["code"] == "PRICE_BELOW_FLOOR":
        after = {
            "exposure_gross": order["checks"][1]["exposure"],
            "deviation_pct": json.loads(hold["evidence"])["deviation"],
            "result": f"released by {hold['released_by']}",
        }
        return {
            "result": "ON_HOLD",
            "deviation_pct": evidence["deviation"],
            "after_amendment": after,
        }
    names = {"overdue", "days", "required"} & evidence.keys()
    cleared = f"ON_HOLD, cleared by {CLEARED[hold['reason']]}"
    return {"result": cleared} | {name: evidence[name] for name in names}


def sourcing(played: Played) -> dict[str, list[str]]:
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


def holds(played: Played) -> dict[str, list[str]]:
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


def contracts(played: Played) -> list[dict[str, Any]]:
    """What was called off of each contract, and what had been before a line was closed short."""
    events = played.ask("/v1/events", limit=100, topic="contract.called_off")["items"]
    taken = {(one["subject"], one["data"]["sku"]): one["data"]["qty"] for one in events}
    found = []
    for row in played.ask("/v1/contracts")["items"]:
        for line in played.ask(f"/v1/contracts/{row['contract']}")["lines"]:
            called = {"qty_max": line["qty_max"], "qty_called": line["called"]}
            called["remaining"] = line["remaining"]
            before = taken.get((f"Contract/{row['contract']}", line["sku"]), 0)
            if before != line["called"]:
                called["called_before_short_close"] = before
            found.append({"contract_id": row["contract"], **called})
    return found


def supply(played: Played) -> dict[str, Any]:
    """Transfers, work orders and requisitions: state, quantity, what is still to come, when."""
    names = ("state", "sku", "qty", "expected", "due", "so")
    rows = played.ask("/v1/supply-documents")["items"]
    return {row["doc"]: {name: row[name] for name in names} for row in rows}
