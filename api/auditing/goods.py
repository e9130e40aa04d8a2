"""Questions about goods that were sold: where they should not be, and how long they had to live."""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field
from sqlalchemy import select

from api.decoding import LARGEST
from api.keys import Reader
from api.reading import PAGE_LIMIT, Answer, Reads, Told
from domain.policies.territory import contains
from projections.inventory import inventory_serials
from replays.past import Past
from replays.short_dated import short_dated
from replays.strays import strays

router = APIRouter(tags=["auditing"])

PROVINCE = 2
"""Digits of a region code (GB/T 2260) that name the province."""


class StrayTold(Told):
    """A device outside the territory in which it might be sold."""

    di: str
    serial: str
    sku: str
    dealer: str = Field(description="Dealer that it was shipped to.")
    shp: str
    authorised_regions: list[str] = Field(description="On the day of shipment (GB/T 2260).")
    region: str = Field(description="Where it stands.")
    hospital: str | None
    seen_on: date
    exceptions: list[str] = Field(description="Leaves to sell such goods there, used up or not.")
    case: str | None = Field(description="Case of diversion, if there is one.")


class Strays(Answer):
    """Devices in a region that came from dealers without a right there."""

    region: str
    items: list[StrayTold]


class ShortDatedTold(Told):
    """Goods of a lot that left, with the days they had left."""

    position: int
    shp: str
    so: str
    line_no: int
    dealer: str
    sku: str
    lot: str
    qty: int
    shipped_on: date
    expiry: date
    days_left: int
    days_needed: int = Field(description="Consented to, else the order's own, else the product's.")
    consented_by: str | None
    document: str | None


class ShortDatedSales(Answer):
    """Goods that left with little of their life, in the order in which they left."""

    items: list[ShortDatedTold]
    next: int | None


@router.get("/v1/strays", response_model=Strays)
def in_a_region(
    reads: Reads,
    _: Reader,
    region: Annotated[
        str, Query(pattern="^[0-9]{6}$", description="Region (GB/T 2260), with all within it.")
    ],
) -> Any:
    """Which devices in a region came from dealers that were not authorised there."""
    place = inventory_serials.c
    near = select(inventory_serials).where(place.region.startswith(region[:PROVINCE]))
    rows = reads.rows(near.where(place.dealer.is_not(None)).order_by(place.di, place.serial))
    engine = reads.engine
    standing = (
        ((row["di"], row["serial"], row["hospital"], row["region"]), row["diversion_case"])
        for row in rows
        if contains(region, row["region"])
    )
    items = list(strays(Past(engine.reader, engine.codec), standing, engine.zone))
    return reads.state() | {"region": region, "items": items}


@router.get("/v1/short-dated-sales", response_model=ShortDatedSales)
def with_little_life(
    reads: Reads,
    _: Reader,
    below: Annotated[int, Query(ge=1, le=36_500, description="Fewer days left than these.")],
    after: Annotated[int, Query(ge=0, le=LARGEST)] = 0,
    limit: Annotated[int, Query(ge=1, le=PAGE_LIMIT)] = 100,
) -> Any:
    """Which goods left with a short remaining shelf life, what was needed, and who consented."""
    engine = reads.engine
    found = short_dated(engine.reader, engine.codec, below=below, after=after)
    items = list(islice(found, limit + 1))
    following = items[limit - 1].position if len(items) > limit else None
    return reads.state() | {"items": items[:limit], "next": following}
