"""Histories: everything that the log says of one thing, and its state at any time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from api.documents.dossier_html import as_html
from api.keys import EngineOf, Reader
from api.moments import KnownAt, When, position_at
from api.problems import DOOR_CODES, Problem
from api.queries.serials import HistoryEntry
from api.reading import PAGE_LIMIT, Answer
from domain.catalogue import CATEGORIES
from domain.kernel.refusal import NotFound
from replays.histories.dossier import dossier
from replays.histories.states import UnfoldableError, state_of
from replays.histories.subjects import PARTS, Subject, history
from replays.tables.moment import Moment

router = APIRouter(tags=["histories"])

Kind = Literal["serials", "lots", "orders", "dealers", "contracts", "documents"]


class LineTold(HistoryEntry):
    """One event of a history, with its fields."""

    command: str
    digest: str
    own: bool = Field(description="Whether it is of the thing itself, or only names it.")
    facts: dict[str, Any] = Field(description="Fields of the event.")
    seen: dict[str, Any] | None = Field(
        description="Of an approval: the state of what was decided on, just before."
    )


class HistoryTold(Answer):
    """A part of a history; ``next`` is the position after which to go on, if there is more."""

    kind: Kind
    id: str
    known_at: datetime | None
    lines: list[LineTold]
    next: int | None


class StateTold(BaseModel):
    """An aggregate as it was: folded from its events up to a moment."""

    stream: str
    version: int = Field(description="Events that it is made of.")
    position: int = Field(description="Log position of the last of them.")
    as_of: date | None
    known_at: datetime | None
    state: dict[str, Any]


@router.get("/v1/history/{kind}/{id:path}", response_model=HistoryTold)
def of_anything(
    engine: EngineOf,
    _: Reader,
    kind: Kind,
    id: str,  # noqa: A002 - it is what callers call it
    known_at: KnownAt = None,
    after: Annotated[int, Query(ge=0, description="Position after which to begin.")] = 0,
    limit: Annotated[int, Query(ge=1, le=PAGE_LIMIT)] = PAGE_LIMIT,
) -> Any:
    """Everything recorded of a thing, across all streams: both times, who, by which command.

    Identifiers: ``DI/serial``, ``sku/lot``, and numbers of orders, dealers, contracts and any
    document. Approvals show what the approver had before them.
    """
    subject, position = subject_of(kind, id), position_at(engine, known_at)
    found = history(
        engine.reader, engine.codec, subject, upto=position, after=after, limit=limit + 1
    )
    if not found and not after:
        raise NotFound(kind=kind, id=id)
    lines, more = found[:limit], len(found) > limit
    lag = engine.reader.head().position - position
    told = {"position": position, "lag": lag, "kind": kind, "id": id, "known_at": known_at}
    return told | {"lines": lines, "next": lines[-1].position if more else None}


@router.get(
    "/v1/dossiers/{kind}/{id:path}",
    response_class=Response,
    responses={200: {"content": {"text/html": {}}}},
)
def printed(
    engine: EngineOf,
    _: Reader,
    kind: Kind,
    id: str,  # noqa: A002 - it is what callers call it
    known_at: KnownAt = None,
) -> Response:
    """The same as one page to print and to file, with the digest that proves it."""
    subject, position = subject_of(kind, id), position_at(engine, known_at)
    found = dossier(engine.reader, engine.codec, subject, Moment(position), engine.zone)
    if not found.lines:
        raise NotFound(kind=kind, id=id)
    return Response(as_html(found, known_at, engine.zone), media_type="text/html; charset=utf-8")


@router.get("/v1/states/{category}/{key:path}", response_model=StateTold)
def state(
    engine: EngineOf,
    _: Reader,
    when: When,
    category: str,
    key: str,
) -> Any:
    """Any aggregate as of a business date, as known at a record time, with its whole state.

    The category and the key are those of its stream's name: ``Order/SO-0001``.
    """
    kind = CATEGORIES.get(category)
    try:
        found = kind and state_of(
            engine.reader, engine.codec, kind.of(key), when.moment, engine.zone
        )
    except UnfoldableError as error:
        title = DOOR_CODES["AS_OF_UNFOLDABLE"][1]
        raise Problem(422, "AS_OF_UNFOLDABLE", title, f"{error}: ask by known_at.") from error
    if found is None:
        raise NotFound(kind=category, id=key)
    names = ("stream", "version", "position", "state")
    told = {name: getattr(found, name) for name in names}
    return told | {"as_of": when.as_of, "known_at": when.known_at}


def subject_of(kind: str, id: str) -> Subject:  # noqa: A002 - the same
    """Return what a history is asked of; raises NotFound for an identifier of another form."""
    most = PARTS.get(kind, 1)
    parts = tuple(id.split("/", most - 1))
    if len(parts) != most or not all(parts):
        raise NotFound(kind=kind, id=id)
    return Subject(kind, parts)
