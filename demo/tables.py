"""The tables that the demo prints."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rich import box
from rich.table import Table

from demo.playing import Played, Step
from domain.books.chart import CHART
from domain.kernel.money import text

_QUIET = {"set-opening-stock", "set-opening-item", "plan-shipment", "confirm-pick"}
_QUIET |= {"review-outbound", "submit-contract", "draft-contract"}
_QUIET |= {"draft-incentive-policy", "approve-incentive-policy", "publish-incentive-policy"}
_QUIET |= {"draft-promotion", "approve-promotion", "publish-promotion"}
"""Commands of the month that nobody needs to be told of."""


def _table(title: str, *columns: str, right: tuple[str, ...] = ()) -> Table:
    table = Table(
        title=title,
        box=box.SIMPLE_HEAD,
        title_justify="left",
        title_style="bold",
        pad_edge=False,
    )
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left")
    return table


def happened(steps: list[Step]) -> Table:
    """What happened, day by day."""
    table = _table("What happened", "day", "who", "command", "what came of it")
    for step in steps:
        command = step.command
        if command["name"] not in _QUIET or step.refused:
            day = datetime.fromisoformat(command["occurred_at"])
            who = command["on_behalf_of"] or "scheduler"
            told = [f"{day:%m-%d}", who, command["name"], _outcome(step)]
            table.add_row(*told, style="yellow" if step.refused else None)
    return table


def _outcome(step: Step) -> str:
    if step.refused:
        violations = step.answer["violations"] or [step.answer]
        return f"refused {step.refused}: {violations[0]['detail']}"
    result = step.answer["result"]
    body = step.command["body"]
    match step.command["name"]:
        case "place-order":
            lines = " + ".join(f"{line['qty']} x {line['sku']}" for line in body["lines"])
            return f"{result['so']} for {body['dealer_id']}: {lines}, {_state(result)}"
        case "ship":
            return f"{result['shp']} on its way"
        case "confirm-delivery":
            return f"{result['shp']} signed for, {', '.join(result['invoices'])} posted"
        case "record-payment":
            paid = f"{result['receipt']}: {text(body['amount'])} from {body['dealer_id']}"
            return "; ".join([paid, *(f"{one['so']} {_state(one)}" for one in result["orders"])])
        case "record-installation" | "observe-scan":
            found = f"{result['serial']} is {result['state']}"
            return f"{found}: alert {result['case']}" if result["case"] else found
        case "receive-deposit":
            return f"{result['doc']}: {text(body['amount'])}; {result['so']} {_state(result)}"
    if "so" in result and "holds" in result:
        return f"{result['so']} {_state(result)}"
    return ", ".join(
        _told(name, value) for name, value in result.items() if value not in ([], None)
    )


def _told(name: str, value: Any) -> str:
    """A fact of an answer; ids and states speak for themselves, and orders tell how they stand."""
    if isinstance(value, list):
        return " ".join(f"{one['so']} {_state(one)}" if "so" in one else str(one) for one in value)
    plain = name.endswith(("_id", "state", "status")) or name in ("to", "wo", "pr", "wh", "sku")
    if name in ("value", "gross"):
        return text(value)
    return str(value) if plain else f"{name.replace('_', ' ')} {value}"


def _state(result: dict[str, Any]) -> str:
    holds = ", ".join(result["holds"])
    return f"{result['state']} ({holds})" if holds else str(result["state"])


def stock(played: Played) -> Table:
    """Stock that moved, and what may still be promised."""
    right = ("on hand", "reserved", "available", "value at cost")
    table = _table("Stock", "warehouse", "product", "lot", *right, "expiry", right=right)
    for row in played.ask("/v1/stock")["items"]:
        if row["value_std"] or row["on_hand"] or row["reserved"]:
            table.add_row(
                row["wh"],
                row["sku"],
                row["lot"],
                str(row["on_hand"]),
                str(row["reserved"] or ""),
                str(row["available"]),
                text(row["value_std"]),
                row["expiry"] or "",
            )
    return table


def alerts(played: Played) -> Table:
    """Diversion alerts, gravest facts first."""
    table = _table(
        "Diversion alerts (窜货)",
        "case",
        "rule",
        "severity",
        "score",
        "device or lot",
        "seen at",
        "what speaks against it",
        right=("score",),
    )
    for row in played.ask("/v1/diversion-alerts")["items"]:
        table.add_row(
            row["alert_id"],
            row["rule"],
            row["severity"],
            str(row["score"]),
            f"{row['sku']} {row['serial'] or row['lot']}",
            f"{row['observed_hospital']} ({row['observed_region']})",
            _against(row),
        )
    return table


def _against(row: dict[str, Any]) -> str:
    if row["rule"] == "R01":
        return (
            f"sold to {row['source_dealer']} for {row['authorised_regions']}; "
            f"{row['victim_dealer']} has the rights there; price gap {row['gap_pct']} %"
        )
    if row["lot"]:
        sold = f"{row['source_dealer']} sold {row['qty_sold']} of {row['qty_received']} that came"
        return f"{sold}: {row['code'] or 'its family cannot explain that'}"
    if row["register_state"]:
        return f"the register says {row['register_state']} in {row['register_wh']}"
    return "not in our register"


def statement(played: Played, dealer: str, period: str) -> Table:
    """A dealer's statement, with the running balance."""
    found = played.ask(f"/v1/dealers/{dealer}/statements/{period}")
    title = f"Statement (对账单) of {dealer}, {period}, {found['currency']}"
    right = ("debit", "credit", "balance")
    table = _table(title, "date", "document", "text", *right, right=right)
    table.add_row("", "", "opening balance", "", "", text(found["opening"]))
    for line in found["lines"]:
        amount = line["gross"]
        table.add_row(
            line["day"],
            line["doc"],
            f"{line['qty']} x {line['sku']}" if line["sku"] else line["text"],
            text(amount) if amount > 0 else "",
            text(-amount) if amount < 0 else "",
            text(line["balance"]),
        )
    table.add_row("", "", "closing balance", "", "", text(found["closing"]), style="bold")
    return table


def ledger(played: Played, period: str) -> Table:
    """Movement of every account of the general ledger in a month; debits equal credits."""
    right = ("debit", "credit")
    table = _table(f"General ledger (总账), {period}", "account", "name", *right, right=right)
    rows = played.ask("/v1/account-totals", period=period)["items"]
    for row in sorted(rows, key=lambda one: one["account"]):
        name = CHART[row["account"]]
        table.add_row(row["account"], name, text(row["debit"]), text(row["credit"]))
    sums = [sum(row[side] for row in rows) for side in right]
    table.add_row("", "together", *map(text, sums), style="bold")
    return table
