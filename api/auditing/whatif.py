"""What if: which recorded decisions would have gone another way under another policy."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from api.keys import EngineOf, Reader
from api.reading import Told
from domain.orders.check import Evidence
from replays.whatif.credit_limit import credit_limit
from replays.whatif.inquiry import Inquiry
from replays.whatif.price_floor import HIGHEST, LOWEST, price_floor
from replays.whatif.report import Report
from replays.whatif.safety_stock import safety_stock
from replays.whatif.territory import territory

router = APIRouter(prefix="/v1/what-if", tags=["what-if"])


class SupposedPolicy(Told):
    """The change that is assumed."""

    policy: str = Field(description="CREDIT_LIMIT, PRICE_FLOOR, TERRITORY or SAFETY_STOCK.")
    about: Evidence = Field(description="Whose it is, and what it would have been.")
    text: str = Field(description="The same in words: what if ...")


class FlipOf(Told):
    """A decision that would have gone another way."""

    position: int = Field(description="Log position of the event that recorded it.")
    occurred_at: datetime
    recorded_at: datetime
    decision: str = Field(
        description="CHECK, RELEASE, REJECTION or SHIPMENT of an order; SIGHTING; SOURCING;"
        " TRANSFER."
    )
    direction: str = Field(
        description="STRICTER (stopped, refused or accused, or on more grounds), LOOSER (the"
        " contrary) or OTHERWISE (done in another way)."
    )
    document: str = Field(description="Order, transfer or case; else what was seen.")
    dealer: str = Field(description="Empty where none is concerned.")
    amount: int = Field(
        description="Minor units: an order gross, a device at its passport's net price, goods of a"
        " lot at the list price, a transfer at standard cost."
    )
    then: str = Field(description="What was decided.")
    now: str = Field(description="What would have been decided.")
    evidence_then: Evidence
    evidence_now: Evidence


class TotalOf(Told):
    """Decisions that would have gone one way."""

    direction: str
    decisions: int
    documents: int
    amount: int = Field(description="Minor units; each document once, at its largest amount.")


class UnexplainedOf(Told):
    """A decision whose repetition under the unchanged policy does not give what was recorded."""

    position: int
    occurred_at: datetime
    recorded_at: datetime
    decision: str
    document: str
    dealer: str
    recorded: str
    repeated: str
    evidence_recorded: Evidence
    evidence_repeated: Evidence


class WhatIf(Told):
    """Decisions of the first order: nothing that would have followed from them is played on."""

    supposed: SupposedPolicy
    position: int = Field(description="Log position up to which decisions were looked at.")
    since: date | None
    until: date | None
    retaken: int = Field(description="Decisions that were taken again.")
    flips: list[FlipOf]
    totals: list[TotalOf]
    unexplained: list[UnexplainedOf] = Field(description="Not compared.")
    assumptions: list[str] = Field(description="What the answer rests on.")


def inquiry(
    engine: EngineOf,
    _: Reader,
    since: Annotated[
        date | None, Query(description="First business date of the decisions; all if none.")
    ] = None,
    until: Annotated[date | None, Query(description="Last business date; all if none.")] = None,
) -> Inquiry:
    """Return the history that is asked, for whoever may see everything."""
    return Inquiry(
        reader=engine.reader,
        codec=engine.codec,
        zone=engine.zone,
        currency=engine.settings.currency,
        since=since,
        until=until,
    )


Asked = Annotated[Inquiry, Depends(inquiry)]


@router.get("/credit-limit", response_model=WhatIf)
def other_credit_limit(
    asked: Asked,
    dealer: str,
    amount: Annotated[int, Query(description="The limit it would have had, minor units.")],
    currency: Annotated[str | None, Query(description="ISO 4217; the company's if none.")] = None,
) -> Report:
    """What if a dealer's credit limit had been another: checks, releases and shipments (K11)."""
    return credit_limit(asked, dealer, currency or asked.currency, amount)


@router.get("/price-floor", response_model=WhatIf)
def other_price_floor(
    asked: Asked,
    percent: Annotated[
        Decimal, Query(description=f"Added to the floors: per cent, from {LOWEST} to {HIGHEST}.")
    ],
    sku: Annotated[str | None, Query(description="Only this product's.")] = None,
    price_list: Annotated[str | None, Query(description="Only this price list's.")] = None,
) -> Report:
    """What if price floors had been higher or lower: checks and releases (K10)."""
    return price_floor(asked, percent, sku, price_list)


@router.get("/territory", response_model=WhatIf)
def other_territory(
    asked: Asked,
    dealer: str,
    product_line: str,
    region_code: Annotated[
        list[str] | None,
        Query(description="GB/T 2260, repeated; without any, no right to the line at all."),
    ] = None,
) -> Report:
    """What if a dealer's territory had been another: checks (K06, K07), releases, sightings."""
    return territory(asked, dealer, product_line, region_code or ())


@router.get("/safety-stock", response_model=WhatIf)
def other_safety_stock(
    asked: Asked,
    wh: str,
    sku: str,
    qty: Annotated[int, Query(description="The safety stock it would have had, base units.")],
) -> Report:
    """What if a safety stock had been another: the sourcing of orders, and transfers."""
    return safety_stock(asked, wh, sku, qty)
