"""Diversion: alerts and cases, what waits for somebody, and what each party may know of them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, create_model
from sqlalchemy import and_, or_, select

from api.reading import Answer, Page, Reads, row_model
from projections.diversion import (
    diversion_alerts,
    diversion_corridors,
    diversion_evidence,
    diversion_scores,
    diversion_steps,
)
from projections.market import market_sightings

router = APIRouter(tags=["diversion"])

AlertRow: Any = row_model(diversion_alerts)
EvidenceRow: Any = row_model(diversion_evidence)
ScoreRow: Any = row_model(diversion_scores)
StepRow: Any = row_model(diversion_steps)
CorridorRow: Any = row_model(diversion_corridors)
MarketRow: Any = row_model(market_sightings)
AlertInFull: Any = create_model(
    "AlertInFull",
    __base__=Answer,
    __doc__="An alert with every sighting it rests on, every judgement and every step.",
    item=(AlertRow, ...),
    scores=(list[ScoreRow], ...),
    evidence=(list[EvidenceRow], ...),
    steps=(list[StepRow], ...),
)


class VictimNotice(BaseModel):
    """What the dealer whose area it is learns: that a unit is there. Never whose, nor from whom."""

    case: str
    status: str
    sku: str
    serial: str | None
    lot: str | None
    region: str = Field(description="Region in which it was seen (GB/T 2260).")
    hospital: str | None
    observed_on: date


class OwnCase(BaseModel):
    """What a dealer learns of a case that it answers for. Never who reported it, or who suffers."""

    case: str
    rule: str
    status: str
    sku: str
    serial: str | None
    lot: str | None
    region: str = Field(description="Region in which it was seen (GB/T 2260).")
    authorised_regions: str
    so: str | None
    shipment: str | None
    response_due: date | None
    outcome: str | None
    appeal_until: date | None


@router.get("/v1/diversion-alerts", response_model=Page[AlertRow])
def alerts(  # noqa: PLR0913 - a filter for each of its columns that people ask for
    reads: Reads,
    rule: str | None = None,
    severity: str | None = None,
    status: str | None = None,
    source_dealer: str | None = None,
    serial: str | None = None,
    lot: str | None = None,
) -> Any:
    """Every diversion alert, explained ones too."""
    filters = {"rule": rule, "severity": severity, "status": status, "lot": lot}
    return reads.page(
        diversion_alerts, filters | {"source_dealer": source_dealer, "serial": serial}
    )


@router.get("/v1/diversion-alerts/{alert_id}", response_model=AlertInFull)
def alert(reads: Reads, alert_id: str) -> Any:
    """One alert with its evidence, its judgements, and what was made of it."""
    found = reads.one(diversion_alerts, {"alert_id": alert_id})
    for name, table in (
        ("scores", diversion_scores),
        ("evidence", diversion_evidence),
        ("steps", diversion_steps),
    ):
        query = select(table).where(table.c.alert_id == alert_id).order_by(*table.primary_key)
        found[name] = reads.rows(query)
    return found


@router.get("/v1/diversion-deadlines", response_model=Page[AlertRow])
def deadlines(
    reads: Reads,
    on: Annotated[date | None, Query(description="Day to look from; today if none.")] = None,
) -> Any:
    """Cases that wait for somebody longer than they may: nobody looked, or nobody answered."""
    day, now, case = on or reads.today, reads.engine.clock(), diversion_alerts.c
    if on is not None:
        now = datetime.combine(on, time.max, reads.engine.zone)
    unseen = and_(case.status == "ALERTED", case.due_at < now)
    unanswered = and_(case.status == "AWAITING_DEALER_RESPONSE", case.response_due < day)
    unclosed = and_(case.status == "SANCTIONED", case.appeal_until < day)
    query = select(diversion_alerts).where(or_(unseen, unanswered, unclosed))
    rows = reads.rows(query.order_by(case.alert_id))
    return {**reads.state(), "items": rows, "next": None}


@router.get("/v1/diversion-corridors", response_model=Page[CorridorRow])
def corridors(reads: Reads, source_dealer: str | None = None, province: str | None = None) -> Any:
    """From where to where goods go astray."""
    filters = {"source_dealer": source_dealer, "province": province}
    return reads.page(diversion_corridors, filters)


@router.get("/v1/market-sightings", response_model=Page[MarketRow])
def market(
    reads: Reads, sku: str | None = None, kind: str | None = None, region: str | None = None
) -> Any:
    """Every price and offer that was seen in the market."""
    return reads.page(market_sightings, {"sku": sku, "kind": kind, "region": region})


@router.get("/v1/dealers/{dealer}/diversion-notices", response_model=Page[VictimNotice])
def notices(reads: Reads, dealer: str) -> Any:
    """What a dealer may know of goods of others in its area."""
    reads.of_dealer(dealer)
    case = diversion_alerts.c
    shown = (case.status, case.sku, case.serial, case.lot, case.observed_on)
    place = (case.observed_region.label("region"), case.observed_hospital.label("hospital"))
    query = select(case.alert_id.label("case"), *shown, *place)
    query = query.where(case.victim_dealer == dealer, case.status != "SUPPRESSED")
    return {**reads.state(), "items": reads.rows(query.order_by(case.alert_id)), "next": None}


@router.get("/v1/dealers/{dealer}/diversion-cases", response_model=Page[OwnCase])
def own_cases(reads: Reads, dealer: str) -> Any:
    """What a dealer may know of the cases that it answers for, once it was asked."""
    reads.of_dealer(dealer)
    case = diversion_alerts.c
    shown = (case.rule, case.status, case.sku, case.serial, case.lot, case.authorised_regions)
    sold = (case.so, case.shipment, case.response_due, case.outcome, case.appeal_until)
    place = case.observed_region.label("region")
    query = select(case.alert_id.label("case"), *shown, *sold, place)
    query = query.where(case.responsible_dealer == dealer, case.asked == dealer)
    return {**reads.state(), "items": reads.rows(query.order_by(case.alert_id)), "next": None}
