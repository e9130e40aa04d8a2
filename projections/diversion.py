"""Diversion: the alerts, with everything that a reader needs to judge them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from sqlalchemy import BigInteger, Column, Date, Index, Integer, Numeric

from domain.cases.diversion_case import Alert, DiversionCase
from projections.columns import Instant, Price, count, key, movement_table, state_table, text
from projections.effects import Add, Append, Change, Fact, Projection, Put, events_in

diversion_alerts = state_table(
    "diversion_alerts",
    "Every diversion alert, as it was judged when it was raised.",
    key("alert_id", "Case."),
    text("rule", "Rule that fired."),
    text("severity", "CRITICAL, HIGH, MEDIUM or LOW."),
    Column("score", Integer, comment="0 to 100."),
    text("score_parts", "Summands of the score with their reasons, as JSON."),
    text("status", "State of the case."),
    text("sku", "Product."),
    text("di", "Device identifier (GTIN-14)."),
    text("serial", "Serial number, for alerts about a unit."),
    text("lot", "Lot, for alerts about a lot."),
    Column("qty_received", BigInteger, comment="Base units of the lot that came to the dealer."),
    Column("qty_sold", BigInteger, comment="Base units of the lot that left the dealer."),
    Column("qty_excess", BigInteger, comment="Base units beyond what the books explain."),
    text("code", "INTRA_FAMILY, while an unreported transfer in the family explains a lot."),
    text("source_dealer", "Dealer that we shipped the unit to."),
    text("suspect_dealer", "Last known holder."),
    text("responsible_dealer", "Level-1 dealer that answers for the unit."),
    text("authorised_regions", "Regions in which the unit may be sold, separated by commas."),
    text("observed_region", "Region in which it was seen (GB/T 2260)."),
    text("observed_hospital", "Hospital at which it was seen."),
    Column("observed_on", Date, comment="Day on which it was seen."),
    text("observation_source", "Where the observation comes from."),
    Column("weight", Price, comment="Weight of the observation, 0 to 1."),
    text("victim_dealer", "Dealer with exclusive rights there."),
    text("exception_id", "Cross-region exception that was considered, if any."),
    text("exception_state", "EXHAUSTED or EXPIRED, where there was an exception."),
    text("register_state", "State of the unit in our register, where that contradicts."),
    text("register_wh", "Warehouse that should hold the unit."),
    text("shipment", "Shipment it left with."),
    text("so", "Order it was sold under."),
    text("invoice", "Invoice it was billed with."),
    Column("p_source", Price, comment="Net price per unit that the source dealer paid."),
    Column("p_local", Price, comment="Tier price of the place."),
    Column("gap_pct", Numeric(9, 2), comment="(p_local - p_source) / p_local in per cent."),
    count("evidence", "Number of sightings."),
    Column("raised_at", Instant, comment="Business time of the alert."),
    Column("due_at", Instant, comment="When somebody has to have responded."),
)

diversion_scores = movement_table(
    "diversion_scores",
    "Every time that an alert was judged: when it was raised, and when facts changed it.",
    text("alert_id", "Case."),
    text("severity", "CRITICAL, HIGH, MEDIUM or LOW."),
    Column("score", Integer, comment="0 to 100."),
    text("code", "INTRA_FAMILY, where an unreported transfer in the family explains it."),
    text("cause", "Why it was judged again; empty where it was raised."),
    Index("ix_diversion_scores_alert", "alert_id", "position"),
)

diversion_evidence = movement_table(
    "diversion_evidence",
    "Every sighting that a case rests on.",
    text("alert_id", "Case."),
    text("raw", "What was scanned."),
    text("region", "Where (GB/T 2260)."),
    text("hospital", "At which hospital."),
    text("source", "Where the observation comes from."),
    Column("weight", Price, comment="Weight of the observation, 0 to 1."),
    text("observer", "Who saw it."),
    Index("ix_diversion_evidence_alert", "alert_id", "position"),
)


def effects(fact: Fact) -> Iterable[Change]:
    """All that this read model believes, and nothing else."""
    row = {"alert_id": fact.key[0]}
    if isinstance(fact.event, DiversionCase.AlertRescored):
        yield Put(diversion_alerts, row, _alert(fact.event.alert))
        yield _judged(fact.event.alert, row | {"cause": fact.event.cause})
        return
    if isinstance(fact.event, DiversionCase.AlertRaised):
        new = {"status": "ALERTED", "raised_at": fact.event.occurred_at}
        yield Put(diversion_alerts, row, _alert(fact.event.alert) | new)
        yield _judged(fact.event.alert, row)
    yield Add(diversion_alerts, row, {"evidence": 1})
    sighting = fact.event.sighting
    seen = {
        "raw": sighting.raw,
        "region": sighting.region_code,
        "hospital": sighting.hospital,
        "source": sighting.source,
        "weight": sighting.weight,
        "observer": sighting.observer,
    }
    yield Append(diversion_evidence, row | seen)


def _judged(alert: Alert, row: dict[str, str]) -> Append:
    judged = {"severity": alert.severity, "score": alert.score, "code": alert.code}
    return Append(diversion_scores, row | judged)


def _alert(alert: Alert) -> dict[str, object]:
    same = (
        "rule severity score sku di source_dealer suspect_dealer responsible_dealer "
        "observed_region observed_hospital observed_on weight victim_dealer register_state "
        "invoice p_source p_local gap_pct due_at exception_id exception_state lot code"
    )
    return {name: getattr(alert, name) for name in same.split()} | {
        "serial": alert.serial or None,
        "score_parts": msgspec.json.encode(alert.parts).decode(),
        "authorised_regions": ",".join(alert.authorised_regions),
        "observation_source": alert.source,
        "register_wh": alert.register_warehouse,
        "shipment": alert.shp,
        "so": alert.so,
        "qty_received": alert.received,
        "qty_sold": alert.sold,
        "qty_excess": alert.excess,
    }


PROJECTION = Projection(
    name="diversion",
    version=3,
    tables=(diversion_alerts, diversion_scores, diversion_evidence),
    reads=frozenset(events_in(DiversionCase)),
    effects=effects,
)
