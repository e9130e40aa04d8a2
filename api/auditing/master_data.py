"""The change log of master data."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from api.decoding import LARGEST, Misfit
from api.keys import EngineOf, Reader
from api.moments import KnownAt, position_at
from api.reading import PAGE_LIMIT, Answer, Told
from domain.kernel.refusal import ValidationFailed
from replays.master_data import KINDS, master_data_changes

router = APIRouter(tags=["auditing"])


class ChangedField(Told):
    """A field with its values before and after."""

    path: str
    before: Any
    after: Any


class Followed(Told):
    """An event that the same command brought about."""

    position: int
    stream: str
    topic: str
    text: str


class MasterDataChanged(Told):
    """One change of master data, with what followed from it in the same append."""

    position: int
    occurred_at: datetime
    recorded_at: datetime
    kind: str
    key: str
    topic: str
    text: str
    actor: str
    role: str
    via: str | None
    command_id: str
    changes: list[ChangedField]
    followed: list[Followed] = Field(description="Alerts that were judged again among them.")


class MasterDataChanges(Answer):
    """Changes in the order of record; ``next`` is the position after which to go on."""

    items: list[MasterDataChanged]
    next: int | None


@router.get("/v1/master-data-changes", response_model=MasterDataChanges)
def changes(
    engine: EngineOf,
    _: Reader,
    kind: Annotated[
        list[str] | None, Query(description=f"Only these kinds, of {', '.join(sorted(KINDS))}.")
    ] = None,
    key: Annotated[str | None, Query(description="Only the thing of this key.")] = None,
    known_at: KnownAt = None,
    after: Annotated[int, Query(ge=0, le=LARGEST)] = 0,
    limit: Annotated[int, Query(ge=1, le=PAGE_LIMIT)] = 100,
) -> Any:
    """Who changed which master data, from what to what, and what followed from it."""
    unknown = [one for one in kind or () if one not in KINDS]
    if unknown:
        reason = f"of {', '.join(sorted(KINDS))}"
        raise Misfit([ValidationFailed(field=f"kind={one}", reason=reason) for one in unknown])
    position = position_at(engine, known_at)
    found = master_data_changes(
        engine.reader,
        engine.codec,
        kinds=kind or sorted(KINDS),
        key=key,
        after=after,
        upto=position,
    )
    items = list(islice(found, limit + 1))
    following = items[limit - 1].position if len(items) > limit else None
    lag = engine.reader.head().position - position
    return {"position": position, "lag": lag, "items": items[:limit], "next": following}
