"""Diversion alerts, and the sightings they rest on."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import create_model
from sqlalchemy import select

from api.reading import Answer, Page, Reads, row_model
from projections.diversion import diversion_alerts, diversion_evidence, diversion_scores

router = APIRouter(tags=["diversion"])

AlertRow: Any = row_model(diversion_alerts)
EvidenceRow: Any = row_model(diversion_evidence)
ScoreRow: Any = row_model(diversion_scores)
AlertInFull: Any = create_model(
    "AlertInFull",
    __base__=Answer,
    __doc__="An alert with every sighting it rests on, and every time that it was judged.",
    item=(AlertRow, ...),
    scores=(list[ScoreRow], ...),
    evidence=(list[EvidenceRow], ...),
)


@router.get("/v1/diversion-alerts", response_model=Page[AlertRow])
def alerts(
    reads: Reads,
    rule: str | None = None,
    severity: str | None = None,
    source_dealer: str | None = None,
) -> Any:
    """Every diversion alert."""
    filters = {"rule": rule, "severity": severity, "source_dealer": source_dealer}
    return reads.page(diversion_alerts, filters)


@router.get("/v1/diversion-alerts/{alert_id}", response_model=AlertInFull)
def alert(reads: Reads, alert_id: str) -> Any:
    """One alert with its evidence, and how it was judged in the course of time."""
    found = reads.one(diversion_alerts, {"alert_id": alert_id})
    for name, table in (("scores", diversion_scores), ("evidence", diversion_evidence)):
        query = select(table).where(table.c.alert_id == alert_id).order_by(*table.primary_key)
        found[name] = reads.rows(query)
    return found
