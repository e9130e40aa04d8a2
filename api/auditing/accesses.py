"""The access log: who read or exported what, and when."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from api.decoding import LARGEST
from api.instants import checked_if_given
from api.keys import EngineOf, Reader
from api.reading import PAGE_LIMIT
from eventlog.access import Asked, kept

router = APIRouter(tags=["accesses"])


class AccessTold(BaseModel):
    """A reading, or several that were alike within a moment."""

    id: int
    at: datetime
    principal: str = Field(description="Holder of the key.")
    role: str
    reader: str = Field(description="Who read: the holder, or the user that it read for.")
    dealer: str | None = Field(description="Dealer that the reader is bound to.")
    path: str
    query: str
    status: int = Field(description="Status of the answer.")
    times: int


class AccessPage(BaseModel):
    """Readings in the order in which they were noted; ``next`` is where to go on."""

    items: list[AccessTold]
    next: int | None


class Sought:
    """Which readings are asked for."""

    def __init__(
        self,
        reader: Annotated[str | None, Query(description="User, or holder of a key.")] = None,
        about: Annotated[
            str | None, Query(description="Text in the path: price_rows, D06.")
        ] = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> None:
        begin, end = checked_if_given(since, "since"), checked_if_given(until, "until")
        self.asked = Asked(reader, about, begin, end)


@router.get("/v1/accesses", response_model=AccessPage)
def accesses(
    engine: EngineOf,
    _: Reader,
    sought: Annotated[Sought, Depends()],
    after: Annotated[int, Query(ge=0, le=LARGEST)] = 0,
    limit: Annotated[int, Query(ge=1, le=PAGE_LIMIT)] = 100,
) -> Any:
    """Who read or exported what, and when: this reading will be among them, too."""
    rows = kept(engine.database, sought.asked, after, limit)
    following = rows[-1].id if len(rows) == limit else None
    return {"items": [row._asdict() for row in rows], "next": following}
