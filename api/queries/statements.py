"""Statements (对账单): what was issued, as it was, and how dealers' lines compare."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field, create_model
from sqlalchemy import select

from api.documents import FORMATS, inline
from api.reading import Answer, Page, Reads, model_of, row_model
from domain.accounts.statement_terms import Figures
from domain.kernel.refusal import NotFound
from projections.money.dealer_statements import (
    dealer_lines,
    dealer_statements,
    statement_differences,
    statement_disputes,
    statement_matches,
)
from replays import statements
from replays.statements.values import Document

router = APIRouter(tags=["statements"])

Period = Annotated[
    str, Path(pattern="^[12][0-9]{3}-(0[1-9]|1[0-2])$", description="YYYY-MM, from the year 1000.")
]
"""A month that has one before it and one after it, as a statement needs them."""
KnownAt = Annotated[datetime | None, Query(description="Record time; now if none.")]
Version = Annotated[int | None, Query(ge=1, description="Issued version; none for what is known.")]

IssuedRow: Any = row_model(dealer_statements)
DisputeRow: Any = row_model(statement_disputes)
LineRow: Any = row_model(dealer_lines)
MatchRow: Any = row_model(statement_matches)
DifferenceRow: Any = row_model(statement_differences)

DrawnUp: Any = create_model(
    "DrawnUp",
    __base__=(model_of(Document), model_of(Figures), Answer),
    __doc__="A statement; ``opening`` and all movements come to ``closing``, the open items.",
    dealer=(str, ...),
    period=(str, ...),
    currency=(str, ...),
    known_at=(datetime | None, Field(description="Only what was recorded by then is in it.")),
    state=(str | None, Field(description="Of the issued version: ISSUED, CONFIRMED and so on.")),
)
Compared: Any = create_model(
    "Compared",
    __base__=Answer,
    __doc__="A dealer's own lines of a month beside ours.",
    lines=(list[LineRow], ...),
    matches=(list[MatchRow], ...),
    differences=(list[DifferenceRow], ...),
    disputes=(list[DisputeRow], ...),
)


@router.get("/v1/statements", response_model=Page[IssuedRow])
def issued(
    reads: Reads, dealer: str | None = None, period: str | None = None, state: str | None = None
) -> Any:
    """Every version of every statement that was issued, with its figures."""
    return reads.page(dealer_statements, {"dealer": dealer, "period": period, "state": state})


@router.get("/v1/dealers/{dealer}/statements/{period}", response_model=DrawnUp)
def dealer_statement(
    reads: Reads,
    dealer: str,
    period: Period,
    known_at: KnownAt = None,
    version: Version = None,
) -> Any:
    """A dealer's statement of a month: an issued version, or as it was known at a record time."""
    document = _document(reads, dealer, period, known_at, version)
    told = {name: getattr(document, name) for name in document.__struct_fields__}
    figures = {name: getattr(document.figures, name) for name in Figures.__struct_fields__}
    about = {"dealer": dealer, "period": period, "currency": document.head.currency}
    state = _state(reads, dealer, period, version)
    return reads.state() | told | figures | about | {"known_at": known_at, "state": state}


@router.get("/v1/dealers/{dealer}/statements/{period}/comparison", response_model=Compared)
def comparison(reads: Reads, dealer: str, period: Period) -> Any:
    """How a dealer's own lines of a month were matched with ours, and what is different."""
    reads.of_dealer(dealer)
    found = {
        "lines": dealer_lines,
        "matches": statement_matches,
        "differences": statement_differences,
        "disputes": statement_disputes,
    }
    rows = {}
    for name, table in found.items():
        query = select(table).where(table.c.dealer == dealer, table.c.period == period)
        rows[name] = reads.rows(query.order_by(*table.primary_key))
    return reads.state() | rows


@router.get(
    "/v1/dealers/{dealer}/statements/{period}/document",
    response_class=Response,
    responses={200: {"content": {"text/html": {}, "application/pdf": {}}}},
)
def printed(
    reads: Reads,
    dealer: str,
    period: Period,
    form: Annotated[str, Query(alias="format", pattern="^(html|xlsx|json|pdf)$")] = "html",
    version: Version = None,
    known_at: KnownAt = None,
) -> Response:
    """The same as a document to print or to send: an issued version has the same bytes for ever."""
    document = _document(reads, dealer, period, known_at, version)
    render, media_type, extension = FORMATS[form]
    name = f"statement-{dealer}-{period}" + (f"-v{version}" if version else "")
    headers = {"Content-Disposition": inline(f"{name}.{extension}")}
    return Response(render(document), media_type=media_type, headers=headers)


def _document(
    reads: Reads, dealer: str, period: str, known_at: datetime | None, version: int | None
) -> Document:
    reads.of_dealer(dealer)
    engine = reads.engine
    if version is not None:
        return statements.issued_document(engine.reader, engine.codec, dealer, period, version)
    moment = reads.moment(known_at)
    head = engine.reader.head().position
    position = engine.reader.position_at(moment) if moment else head
    known = moment.astimezone(engine.zone).date() if moment else reads.today
    return statements.draw_up(
        engine.reader,
        engine.codec,
        dealer,
        period,
        engine.settings.currency,
        position,
        today=known,
    )


def _state(reads: Reads, dealer: str, period: str, version: int | None) -> str | None:
    if version is None:
        return None
    try:
        key = {"dealer": dealer, "period": period, "version": version}
        found: str = reads.one(dealer_statements, key)["item"]["state"]
    except NotFound:  # issued a moment ago, and not in the read model yet
        return None
    return found
