"""Proofs: what the log proves of goods, with everything that the proof rests on."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from api.reading import Answer, Reads, Told
from domain.goods.serial_number import SerialNumber
from replays.completeness import completeness
from replays.lot_bound import lot_bound
from replays.past import Past

router = APIRouter(tags=["proofs"])

KnownAt = Annotated[datetime | None, Query(description="Record time; now if none.")]


class Supply(Told):
    """What a dealer can have sold of a lot, base units."""

    dealer: str
    received: int
    returned: int
    adjusted: int
    counted: int | None = Field(description="Its last count.")
    supply: int = Field(description="What it can have sold.")


class Evidence(Told):
    """What was seen at a place, base units."""

    place: str
    region_code: str = Field(description="GB/T 2260.")
    hospital: str | None
    scanned: int
    reported: int = Field(description="Sold there, as dealers report.")
    units: int = Field(description="Surely distinct units.")


class RightToSell(Told):
    """Where a dealer may have sold, and how many under a leave."""

    dealer: str
    places: list[str]
    most: int | None
    leave: str


class LotBound(Answer):
    """The fewest units of a lot that were diverted, whatever way they took."""

    sku: str
    lot: str
    seen: int
    explained: int = Field(description="Units that may all have been sold lawfully.")
    diverted: int = Field(description="seen - explained: at least so many were not.")
    places: list[str] = Field(description="Where more was seen than can have been lawful.")
    exhausted: list[str] = Field(
        description="Dealers with rights there, whose supply is used up by what is explained."
    )
    candidates: list[str] = Field(
        description="Dealers whose supply no lawful sale is known to have used. None is accused."
    )
    supplies: list[Supply]
    evidence: list[Evidence]
    rights: list[RightToSell]
    assumptions: list[str] = Field(description="What must be true for the bound to hold.")


class CustodySpan(Told):
    """Who had a device from an instant on, and whose it was."""

    since: datetime = Field(description="Business time.")
    version: int = Field(description="Version of the event that began it.")
    state: str
    custodian: str = Field(description="Warehouse, dealer, hospital, CARRIER, MAKER or NOBODY.")
    owner: str = Field(description="Whose it is: MAKER for us, else a dealer or hospital.")


class SerialCompleteness(Answer):
    """Whether a device's history is whole, and what shows it."""

    di: str
    serial: str
    sku: str
    complete: bool
    gaps: list[str] = Field(description="What is missing or does not follow; empty if complete.")
    versions: int = Field(description="Events of the device, numbered from 1 without a gap.")
    spans: list[CustodySpan]
    open_ended: bool = Field(description="Whether the other half of a hand-over is awaited.")
    registered: int = Field(description="Devices of the product that were ever registered.")
    by_state: dict[str, int] = Field(description="The same devices by state; the sum is the same.")


@router.get("/v1/serials/{di}/{serial}/completeness", response_model=SerialCompleteness)
def serial_completeness(reads: Reads, di: str, serial: str, *, known_at: KnownAt = None) -> Any:
    """Prove that nothing is missing from a device's history.

    Versions without a gap, custody without a gap, and as many devices of its product by their
    state as were ever registered.
    """
    engine, at = reads.engine, reads.moment(known_at)
    stream = SerialNumber.of(di, serial).stream
    versions = [row.version for row in engine.reader.stream(stream, known_at=at)]
    found = completeness(Past(engine.reader, engine.codec, at), di, serial, versions)
    same = ("di", "serial", "sku", "complete", "gaps", "versions", "spans", "open_ended")
    counted = ("registered", "by_state")
    return {**reads.state(), **{name: getattr(found, name) for name in (*same, *counted)}}


@router.get("/v1/lots/{sku}/{lot}/diversion-bound", response_model=LotBound)
def diversion_bound(
    reads: Reads,
    sku: str,
    lot: str,
    *,
    known_at: KnownAt = None,
    trust_counts: Annotated[
        bool, Query(description="Believe dealers' last counts: a stronger bound, if they are true.")
    ] = False,
) -> Any:
    """Prove how many units of a lot must have left their territory, at least.

    By maximum flow from dealers' supplies along their rights to the places where goods were seen.
    """
    engine, at = reads.engine, reads.moment(known_at)
    day = at.astimezone(engine.zone).date() if at else reads.today
    past = Past(engine.reader, engine.codec, at)
    found = lot_bound(past, sku, lot, day, trust_counts=trust_counts)
    proof = found.proof
    names = ("seen", "explained", "diverted", "places", "exhausted", "candidates")
    return {
        **reads.state(),
        "sku": sku,
        "lot": lot,
        **{name: getattr(proof, name) for name in names},
        "supplies": found.supplies,
        "evidence": found.seen,
        "rights": found.rights,
        "assumptions": found.assumptions,
    }
