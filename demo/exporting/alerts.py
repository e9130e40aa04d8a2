"""Diversion alerts at the end of the month."""

from __future__ import annotations

from typing import Any

from demo.playing import Played

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
ORIGIN = ("shp", "so", "inv")
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


def alerts(played: Played) -> list[dict[str, Any]]:
    """Every alert with its evidence, and how cases were judged again."""
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
        if "exception" in shown:  # it names the sale by the leave that was used up
            shown = {name: value for name, value in shown.items() if name not in ORIGIN}
        alerts.append(shown)
    return alerts + judged_again
