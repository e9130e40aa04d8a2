"""Prices: what a device was sold for and why, and which differences of prices tempt people."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from api.reading import Answer, Reads, Told
from domain.cases.diversion_case import DiversionCase
from domain.goods.serial_number import SerialNumber
from domain.kernel.aggregate import existing
from domain.kernel.refusal import NotFound
from replays.net_net import net_net
from replays.past import Past
from replays.price_leak import price_corridors, price_leak

router = APIRouter(tags=["prices"])


class PassportOf(Told):
    """What was promised when a device was shipped. Prices are net per unit."""

    dealer: str
    so: str
    so_line: int
    shp: str
    channel: str
    contract: str | None
    authorised_regions: list[str] = Field(description="GB/T 2260 codes, of that day.")
    territory_version: int
    list_price: Decimal | None = Field(description="Of the product.")
    price_list: str | None
    price_edition: int
    tier: str | None = Field(description="The dealer's, that day.")
    tier_price: Decimal | None = Field(description="Of the list's row for the tier and region.")
    floor: Decimal | None
    ceiling: Decimal | None
    unit_price: Decimal = Field(description="What was agreed, after contract and promotion.")
    loan_until: date | None


class EarnedOf(Told):
    """What a device earned its dealer under a policy, at the margin of the whole base."""

    policy: str
    net: Decimal
    withheld: bool = Field(description="Whether an open case withholds something of it.")


class NetNetOf(Told):
    """The net price less the rebates that the device has earned."""

    unit_price: Decimal
    rebates: list[EarnedOf]
    net_net: Decimal


class SerialPassport(Answer):
    """A device's price passport: none where it was never shipped."""

    di: str
    serial: str
    sku: str
    passport: PassportOf
    net_net: NetNetOf


class LeakStep(Told):
    """One difference on the way from the local price to what was paid."""

    cause: str = Field(description="REGION, TIER, QUANTITY or AGREED.")
    difference: Decimal
    text: str


class PriceLeak(Answer):
    """Which difference of prices financed a diversion. The steps add up to the gap."""

    case: str
    p_source: Decimal
    p_local: Decimal
    gap: Decimal
    gap_pct: Decimal
    steps: list[LeakStep]


class CorridorOf(Told):
    """A product that is cheaper for one dealer than for another elsewhere."""

    sku: str
    source_dealer: str
    source: str = Field(description="Region (GB/T 2260).")
    p_source: Decimal
    destination_dealer: str
    destination: str = Field(description="Region (GB/T 2260).")
    p_destination: Decimal
    gap: Decimal
    gap_pct: Decimal = Field(description="Of the dearer price.")


class Corridors(Answer):
    """Pairs of regions between which goods are tempted to move, the widest gap first."""

    items: list[CorridorOf]


@router.get("/v1/serials/{di}/{serial}/passport", response_model=SerialPassport)
def passport(reads: Reads, di: str, serial: str) -> Any:
    """To whom a device was shipped last, where it may be sold, and at what price."""
    past = _now(reads)
    unit = existing(past, SerialNumber, di, serial)
    if unit.passport is None:
        raise NotFound(kind="Passport", id=unit.key)
    told = {"di": di, "serial": serial, "sku": unit.sku, "passport": unit.passport}
    return {**reads.state(), **told, "net_net": net_net(past, unit.passport, unit.sku)}


@router.get("/v1/diversion-alerts/{alert_id}/price-leak", response_model=PriceLeak)
def leak(reads: Reads, alert_id: str) -> Any:
    """Which difference of prices financed it: region, tier, quantity, or what was agreed."""
    past = _now(reads)
    existing(past, DiversionCase, alert_id)
    found = price_leak(past, alert_id, reads.engine.settings.currency)
    if found is None:
        raise NotFound(kind="PriceLeak", id=alert_id)
    names = ("case", "p_source", "p_local", "gap", "gap_pct", "steps")
    return {**reads.state(), **{name: getattr(found, name) for name in names}}


@router.get("/v1/price-corridors", response_model=Corridors)
def corridors(
    reads: Reads,
    on: Annotated[date | None, Query(description="Day of the prices; today if none.")] = None,
    freight: Annotated[
        Decimal, Query(ge=0, description="Cost of moving one base unit, in the currency.")
    ] = Decimal(0),
) -> Any:
    """Where prices differ by more than freight and three per cent: where to tune them."""
    currency = reads.engine.settings.currency
    items = price_corridors(_now(reads), on or reads.today, currency, freight)
    return {**reads.state(), "items": items}


def _now(reads: Reads) -> Past:
    return Past(reads.engine.reader, reads.engine.codec)
