"""The log itself: pages of events, and a stream of them as they come."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from api.decoding import LARGEST
from api.engine import Engine
from api.keys import EngineOf, Reader
from eventlog.rows import EventRow
from eventlog.signal import POLL_SECONDS

router = APIRouter(tags=["events"])

SOURCE = "/v1/events"
PAGE = 500
HEARTBEAT_SECONDS = 15.0
GLANCE_SECONDS = 0.02
_POSITION = re.compile(r"[0-9]{1,15}")


class CloudEvent(BaseModel):
    """An event in an envelope of CloudEvents 1.0. ``id`` is its position: it never changes."""

    specversion: str = "1.0"
    id: str
    source: str
    type: str = Field(description="Topic of the event.")
    subject: str = Field(description="Stream of the event.")
    time: datetime = Field(description="Business time.")
    datacontenttype: str = "application/json"
    data: dict[str, Any]
    position: int
    version: int
    recordedat: datetime
    commandid: str
    digest: str


class EventPage(BaseModel):
    """Events after a position; ``next`` is where to go on."""

    items: list[CloudEvent]
    next: int
    head: int


@router.get("/v1/events", response_model=EventPage)
def events(
    engine: EngineOf,
    _: Reader,
    after: Annotated[
        int, Query(ge=0, le=LARGEST, description="Position after which to begin.")
    ] = 0,
    limit: Annotated[int, Query(ge=1, le=PAGE)] = 100,
    topic: Annotated[list[str] | None, Query(description="Only these topics.")] = None,
) -> Any:
    """Events in the order of the log."""
    rows = list(engine.reader.after(after, topics=tuple(topic or ()), limit=limit))
    following = rows[-1].position if rows else after
    items = [envelope(row) for row in rows]
    return {"items": items, "next": following, "head": engine.reader.head().position}


@router.get("/v1/events/stream", response_class=StreamingResponse)
async def stream(
    request: Request,
    engine: EngineOf,
    _: Reader,
    after: Annotated[
        int, Query(ge=0, le=LARGEST, description="Position after which to begin.")
    ] = 0,
) -> StreamingResponse:
    """Events as they come, as server-sent events; ``Last-Event-ID`` resumes after an id."""
    resumed = request.headers.get("last-event-id", "")
    start = int(resumed) if _POSITION.fullmatch(resumed) else after
    return StreamingResponse(_follow(request, engine, start), media_type="text/event-stream")


def envelope(row: EventRow) -> dict[str, Any]:
    """Put a row of the log into its envelope."""
    data = msgspec.json.decode(row.data)
    return {
        "specversion": "1.0",
        "id": str(row.position),
        "source": SOURCE,
        "type": row.topic,
        "subject": row.stream,
        "time": data.get("occurred_at", row.recorded_at),
        "datacontenttype": "application/json",
        "data": data,
        "position": row.position,
        "version": row.version,
        "recordedat": row.recorded_at,
        "commandid": row.command_id,
        "digest": row.digest,
    }


async def _news(engine: Engine, seen: int) -> int:
    """Sleep until the log has grown, or until it is time to look: without a thread for each."""
    for _ in range(int(POLL_SECONDS / GLANCE_SECONDS)):
        if engine.signal.count > seen:
            break
        await asyncio.sleep(GLANCE_SECONDS)
    return engine.signal.count


def _page(engine: Engine, position: int) -> list[EventRow]:
    return list(engine.reader.after(position, limit=PAGE))


async def _follow(request: Request, engine: Engine, position: int) -> AsyncIterator[str]:
    seen = 0
    quiet = 0.0
    loop = asyncio.get_running_loop()
    while not await request.is_disconnected():
        rows = await asyncio.to_thread(_page, engine, position)
        for row in rows:
            position = row.position
            text = msgspec.json.encode(envelope(row)).decode()
            yield f"id: {row.position}\nevent: {row.topic}\ndata: {text}\n\n"
        if rows:
            quiet = loop.time()
        elif loop.time() - quiet > HEARTBEAT_SECONDS:
            quiet = loop.time()
            yield ": still here\n\n"
        if len(rows) < PAGE:
            seen = await _news(engine, seen)
