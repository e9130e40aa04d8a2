"""Commands that were refused: attempts are part of the record."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.instants import checked_if_given
from api.keys import EngineOf, Reader
from api.reading import PAGE_LIMIT

router = APIRouter(tags=["auditing"])


class Refused(BaseModel):
    """A command that was refused, with the answer it got."""

    recorded_at: datetime
    principal: str
    actor: str
    command: str
    command_id: str
    answer: dict[str, Any]
    position: int | None = Field(
        description="Log position of the event that the attempt left, if it left one."
    )


@router.get("/v1/refusals", response_model=list[Refused])
def refusals(
    engine: EngineOf,
    _: Reader,
    code: Annotated[list[str] | None, Query(description="Only these codes.")] = None,
    actor: Annotated[str | None, Query(description="Who attempted it.")] = None,
    before: Annotated[datetime | None, Query(description="Recorded before this instant.")] = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_LIMIT)] = 100,
) -> Any:
    """Commands that were refused, latest first, by code (any of their violations) and by actor."""
    found = engine.reader.refusals(
        limit, codes=tuple(code or ()), actor=actor, before=checked_if_given(before, "before")
    )
    return [
        {
            "recorded_at": one.recorded_at,
            "principal": one.principal,
            "actor": one.actor,
            "command": one.command,
            "command_id": one.command_id,
            "answer": msgspec.json.decode(one.body),
            "position": one.last_position or None,
        }
        for one in found
    ]
