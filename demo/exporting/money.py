"""Money at the end of the month: statements, items, deposits, journal, rebates, sales."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from demo.playing import Played

PERIOD = "2026-03"
LAST_DAY = "2026-03-31"
APRIL_FIRST = "2026-04-01T23:59:59+08:00"
APRIL_FIFTH = "2026-04-05T23:59:59+08:00"


def statements(played: Played, dealers: list[str], known_at: str) -> dict[str, Any]:
    """The statements of the month, as they were known at a time."""
    statements = {}
    for dealer in dealers:
        path = f"/v1/dealers/{dealer}/statements/{PERIOD}"
        found = played.ask(path, known_at=known_at)
        if found["lines"] or found["opening"]:
            statements[dealer] = {
                "opening": found["opening"],
                "inv": found["invoices"],
                "ret": found["returns"],
                "reb": found["rebates"],
                "claim": found["claims"],
                "other": found["price_credits"] + found["penalties"],
                "dep_applied": found["deposits"],
                "pay": found["payments"],
                "adj": found["write_offs"] - found["adjustments"],
                "closing": found["closing"],
            }
    return statements


def open_items(played: Played) -> dict[str, Any]:
    """What was open of each document on the last day."""
    rows = played.ask("/v1/open-items", as_of=LAST_DAY)["items"]
    names = ("dealer", "open", "gross", "due")
    return {row["doc"]: {name: row[name] for name in names} for row in rows}


def issued(played: Played) -> dict[str, Any]:
    """The latest version of each statement of the month, and how far it got."""
    names = ("version", "state", "closing", "confirmed_amount")
    rows = played.ask("/v1/statements", period=PERIOD)["items"]
    return {row["dealer"]: {name: row[name] for name in names} for row in rows}


def seen(played: Played, user: str, *orders: str) -> dict[str, str]:
    """What a dealer's user is told of orders: whose they are, or that there is none."""
    return {so: played.ask_as(user, f"/v1/orders/{so}", "dealer") for so in orders}


def deposits(played: Played) -> dict[str, int]:
    """Order deposits by dealer that no invoice has taken."""
    found: dict[str, int] = defaultdict(int)
    for row in played.ask("/v1/order-deposits")["items"]:
        found[row["dealer"]] += row["open"]
    return dict(found)


def ledger(played: Played) -> dict[str, dict[str, int]]:
    """Movement of every account in the month."""
    rows = played.ask("/v1/account-totals", period=PERIOD)["items"]
    return {row["account"]: {"dr": row["debit"], "cr": row["credit"]} for row in rows}


def rebates(played: Played) -> dict[str, int]:
    """What was accrued under each policy and is not settled, net."""
    rows = played.ask("/v1/rebates")["items"]
    return {row["policy"]: row["outstanding"] for row in rows}


def sales(played: Played) -> list[dict[str, Any]]:
    """Recognised sales of the month by dealer and product, returns as negatives."""
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in played.ask("/v1/sales-facts", period=PERIOD)["items"]:
        for name in ("net", "qty", "cost"):
            found[row["dealer"], row["sku"]][name] += row[name]
    return [{"dealer": dealer, "sku": sku, **sums} for (dealer, sku), sums in found.items()]
