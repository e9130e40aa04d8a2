"""Goods at the end of the month: stock, devices, what dealers have, where a lot is."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from demo.playing import Played

LAST_DAY = "2026-03-31"

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


def stock(played: Played) -> list[dict[str, Any]]:
    """What lies in each warehouse of each lot, and what moved in the month."""
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


def serials(played: Played) -> dict[str, Any]:
    """Where every device of the register is."""
    serials = {}
    for row in played.ask("/v1/serials")["items"]:
        if row["state"] != "UNKNOWN":
            shown = {name: row[name] for name in ("state", "wh", "sku", "dealer")}
            if row["hospital"]:
                shown |= {"hospital": row["hospital"], "region": row["region"]}
            serials[row["serial"]] = shown
    return serials


def channel(played: Played) -> list[dict[str, Any]]:
    """What every dealer should have by its book, on the last day."""
    rows = played.ask("/v1/channel-stock", as_of=LAST_DAY)["items"]
    return [
        {"dealer": row["dealer"], "sku": row["sku"], "lot": row["lot"] or None, "qty": row["qty"]}
        for row in rows
    ]


def recall(played: Played, sku: str, lot: str) -> dict[str, Any]:
    """Where a lot is, and whom its recall would have to tell; tried out, and nothing kept."""
    holders = played.ask(f"/v1/lots/{sku}/{lot}/trace")["holders"]
    kept = [row for row in holders if row["balance"] or row["kind"] == "DEALER"]
    kept = [row for row in kept if row["holder"] != "ADJUSTED"]  # of April, as the books below
    set_apart = {
        row["wh"]
        for row in played.ask("/v1/stock", sku=sku, lot=lot)["items"]
        if row["on_hand"] and row["on_hand"] == row["quarantined"]
    }
    then = played.ask("/v1/channel-stock", sku=sku, lot=lot, as_of=LAST_DAY)["items"]
    books = {row["dealer"]: row["qty"] for row in then}
    ours, market, loss = {}, {}, 0
    for row in kept:
        name, balance = row["holder"], row["balance"]
        balance = books.get(name, balance) if row["kind"] == "DEALER" else balance
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
