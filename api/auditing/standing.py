"""What papers said when goods left, and why statements of today are not those of then."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field, create_model

from api.keys import EngineOf, Reader
from api.queries.statements import Period
from api.reading import Answer, Reads, Told, model_of
from domain.accounts.statement_terms import Figures
from replays.standing import standing
from replays.statements.restating import restated
from replays.statements.values import DetailLine

router = APIRouter(tags=["auditing"])

FiguresTold: Any = model_of(Figures)
LineTold: Any = model_of(DetailLine)


class JudgedTold(Told):
    """What a check of an order's papers finds."""

    so: str
    check: str = Field(description="K03 licence, K04 registration.")
    hold: str = Field(description="Hold that it calls for; empty where it passes.")
    inputs: dict[str, str | int | None]


class ShipmentStanding(Answer):
    """A shipment's papers on its day, as they were known then and as they are known now."""

    shp: str
    dealer: str
    shipped_on: date
    shipped_at: int = Field(description="Log position of the shipment.")
    changed: bool = Field(description="Whether what is known now says otherwise.")
    known_then: list[JudgedTold]
    known_now: list[JudgedTold]


RestatedTold: Any = create_model(
    "Restated",
    __base__=Answer,
    __doc__="A statement as it was issued and as it is now, with what makes the difference.",
    dealer=(str, ...),
    period=(str, ...),
    version=(int, ...),
    issued_at=(int, Field(description="Log position of its issue.")),
    issued=(FiguresTold, ...),
    today=(FiguresTold, ...),
    differences=(dict[str, int], Field(description="Of the figures, where there are any.")),
    came=(list[LineTold], Field(description="Lines that were not in it.")),
    went=(list[LineTold], Field(description="Lines that are not in it any more.")),
)


@router.get("/v1/shipments/{shp}/standing", response_model=ShipmentStanding)
def papers(engine: EngineOf, reads: Reads, _: Reader, shp: str) -> Any:
    """Whether the dealer was licensed and the products registered when goods were shipped.

    As the papers were known then, and as they are known now.
    """
    found = standing(engine.reader, engine.codec, shp, engine.zone)
    names = ("shp", "dealer", "shipped_on", "changed", "known_then", "known_now")
    told = {name: getattr(found, name) for name in names}
    return reads.state() | told | {"shipped_at": found.position}


@router.get("/v1/dealers/{dealer}/statements/{period}/restated", response_model=RestatedTold)
def why_different(
    reads: Reads,
    dealer: str,
    period: Period,
    version: Annotated[int, Query(ge=1, description="Issued version.")] = 1,
) -> Any:
    """Why a month's statement of today is not the version that was issued."""
    reads.of_dealer(dealer)
    engine = reads.engine
    found = restated(engine.reader, engine.codec, dealer, period, version)
    names = ("issued_at", "issued", "today", "differences", "came", "went")
    told = {name: getattr(found, name) for name in names}
    about = {"dealer": dealer, "period": period, "version": version}
    return reads.state() | about | told
