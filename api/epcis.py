"""EPCIS at the door: histories as documents, and partners' documents captured (EPCIS 2.0)."""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Header, Query, Request, Response

from api.decoding import Misfit, to_json
from api.engine import Engine
from api.instants import checked_if_given
from api.keys import EngineOf, Reader, Service
from api.problems import Problem
from domain.flows.cases.capturing import CaptureDocument, Goods, Told, capture_document
from domain.kernel.refusal import NotFound, ValidationFailed
from domain.kernel.stamp import Actor
from eventlog import jobs
from replays.epcis.exporting import Source, device_events, document, goods_events, lot_events
from replays.epcis.hashing import event_hash, namespaces_of
from replays.epcis.identifiers import named, ours_of
from replays.epcis.model import document_faults

router = APIRouter(tags=["epcis"])

MEDIA_TYPE = "application/ld+json"
MOST_EVENTS = 2_000
_NAMESPACE = uuid.UUID("0c6d3a43-6d2c-5f11-9b4e-6f2f5f0a4a52")
_EPCS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
_QUANTITIES = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")


@router.get("/v1/epcis/devices/{di}/{serial}/events", response_class=Response)
def of_device(
    engine: EngineOf,
    _: Reader,
    di: str,
    serial: str,
    known_at: Annotated[datetime | None, Query(description="Record time; now if none.")] = None,
) -> Response:
    """History of a device as an EPCIS document; each event has its hash as its id."""
    source = Source(engine.reader, engine.codec, checked_if_given(known_at))
    events = device_events(source, di, serial)
    if not events:
        raise NotFound(kind="SerialNumber", id=f"{di}/{serial}")
    return _document(engine, events)


@router.get("/v1/epcis/lots/{sku}/{lot}/events", response_class=Response)
def of_lot(
    engine: EngineOf,
    _: Reader,
    sku: str,
    lot: str,
    known_at: Annotated[datetime | None, Query(description="Record time; now if none.")] = None,
) -> Response:
    """History of a lot as an EPCIS document, at every warehouse and dealer that ever had it."""
    events = lot_events(Source(engine.reader, engine.codec, checked_if_given(known_at)), sku, lot)
    if not events:
        raise NotFound(kind="Lot", id=f"{sku}/{lot}")
    return _document(engine, events)


@router.post("/v1/epcis/capture", status_code=202, response_class=Response)
async def capture(
    request: Request,
    engine: EngineOf,
    actor: Service,
    source: Annotated[str, Query(description="Source of observations that weighs them.")],
    gs1_capture_error_behaviour: Annotated[
        Literal["rollback", "proceed"], Header(description="Keep all or nothing, or what is good.")
    ] = "rollback",
) -> Response:
    """Capture a partner's EPCIS document: its events become sightings, each once, for ever.

    What does not fit the standard is refused before anything is kept, with all faults. An event
    that came before, or that is our own, is known and leaves nothing new. The answer names the job.
    """
    raw = await request.body()
    found = to_json(raw)
    faults = document_faults(found)
    if faults:
        raise Misfit([ValidationFailed(field=one.path, reason=one.reason) for one in faults])
    events = found["epcisBody"]["eventList"]
    if len(events) > MOST_EVENTS:
        raise Problem(413, "BATCH_TOO_LARGE", f"At most {MOST_EVENTS} events fit into a document.")
    new = [one for one in _understood(found) if not _ours(engine, one)]
    command = CaptureDocument(
        events=tuple(new), source=source, behaviour=gs1_capture_error_behaviour
    )
    digest = hashlib.sha256(msgspec.json.encode((found, source, gs1_capture_error_behaviour)))
    wish = _request(engine, actor, command, digest.hexdigest())
    outcome = await asyncio.wrap_future(engine.submit(wish))
    job = outcome.receipt.command_id
    headers = {"Location": f"/v1/epcis/capture/{job}", "GS1-EPCIS-Version": "2.0"}
    return Response(status_code=202, headers=headers)


@router.get("/v1/epcis/capture/{job}")
def capture_job(engine: EngineOf, _: Reader, job: str) -> dict[str, Any]:
    """What became of a captured document."""
    receipt = engine.reader.receipt(job)
    if receipt is None or receipt.command != "capture-document":
        raise NotFound(kind="CaptureJob", id=job)
    body = msgspec.json.decode(receipt.body)
    told = {
        "captureID": job,
        "createdAt": receipt.recorded_at,
        "finishedAt": receipt.recorded_at,
        "running": False,
    }
    if receipt.status != "accepted":
        errors = [_problem(one["code"], one["detail"]) for one in body["violations"]]
        return told | {"success": False, "captureErrorBehaviour": "rollback", "errors": errors}
    result = body["result"]
    events = result["events"]
    refused = [one for one in events if one["outcome"] == "refused"]
    errors = [_problem(one["code"], one["detail"]) for one in refused]
    behaviour = {"captureErrorBehaviour": result["behaviour"]}
    return told | behaviour | {"success": not refused, "errors": errors, "events": events}


def _understood(found: dict[str, Any]) -> list[Told]:
    """Events of a document as the domain takes them, each with its hash."""
    inherited = found["@context"]
    told = []
    for event in found["epcisBody"]["eventList"]:
        context = event.get("@context", inherited)
        hash_ = event_hash(event, namespaces_of(context))
        place = {**event.get("bizLocation", {}), **event.get("readPoint", {})}
        error = event.get("errorDeclaration")
        kept = {name: value for name, value in event.items() if name != "recordTime"}
        kept["@context"] = context  # its prefixes are part of what was said
        told.append(
            Told(
                hash=hash_.partition(";")[2].partition("?")[0],
                event_id=event.get("eventID", hash_),
                body=msgspec.json.encode(kept).decode(),
                happened_at=datetime.fromisoformat(event["eventTime"]),
                step=event.get("bizStep", ""),
                goods=tuple(_goods(event)),
                region_code=str(place.get("baton:regionCode") or _region(place)),
                hospital=ours_of(place.get("id", ""), "hospital"),
                error=None if error is None else str(error.get("reason", "incorrect_data")).upper(),
            )
        )
    return told


def _goods(event: dict[str, Any]) -> list[Goods]:
    found = []
    for uri in (one for name in _EPCS for one in event.get(name, [])):
        name = named(uri)
        if name is not None:
            found.append(Goods(name.di, name.serial, name.lot))
    for one in (element for field in _QUANTITIES for element in event.get(field, [])):
        name = named(one["epcClass"])
        if name is not None and name.lot is not None:
            found.append(Goods(name.di, None, name.lot, int(one.get("quantity", 1))))
    return found


def _region(place: dict[str, Any]) -> str:
    return ours_of(place.get("id", ""), "region") or ""


def _ours(engine: Engine, told: Told) -> bool:
    """Whether an event is one that we told others: its hash is that of a fact of ours."""
    if told.error is not None or '"baton:event"' not in told.body:
        return False
    source = Source(engine.reader, engine.codec)
    ids = (event["eventID"] for one in told.goods for event in goods_events(source, *one.name))
    return any(f";{told.hash}?" in str(one) for one in ids)


def _request(engine: Engine, actor: Actor, command: CaptureDocument, digest: str) -> jobs.Request:
    stamp = engine.stamp(actor, engine.clock())

    def decide(log: jobs.Log) -> dict[str, Any]:
        return capture_document(log, stamp, command)

    return jobs.Request(
        principal=actor.user,
        key=f"epcis-{digest}",
        digest=digest,
        command="capture-document",
        command_id=str(uuid.uuid5(_NAMESPACE, f"{actor.user}/{digest}")),
        actor=actor.user,
        decide=decide,
    )


def _document(engine: Engine, events: list[dict[str, Any]]) -> Response:
    whole = document(events, engine.clock().astimezone(UTC))
    return Response(msgspec.json.encode(whole), media_type=MEDIA_TYPE)


def _problem(code: str, detail: str) -> dict[str, str]:
    return {"type": f"/v1/problems/{code}", "title": detail}
