"""Exports: any table, view or the log as a file for other programs, streamed."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse, StreamingResponse

from api.decoding import LARGEST
from api.downloads import Download
from api.exports import FORMATS
from api.exports.sources import Source, of_log, of_table
from api.filters import Where
from api.keys import EngineOf, Reader
from api.moments import When
from api.scratches import BeingFolded, come_back

router = APIRouter(tags=["exports"])

FILES = {one.media_type: {"schema": {"type": "string"}} for one in FORMATS.values()}
RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"content": FILES},
    202: {"description": "A copy of that moment is being folded; ask again."},
}


@router.get("/v1/exports/tables/{table}", response_class=StreamingResponse, responses=RESPONSES)
def of_a_table(
    engine: EngineOf,
    _: Reader,
    when: When,
    table: str,
    where: Where = [],  # noqa: B006 - FastAPI copies defaults
    form: Annotated[Literal["csv", "ndjson", "parquet", "xlsx"], Query(alias="format")] = "csv",
) -> Response:
    """All rows of a table or view: as they are, or (tables) as of a moment on both clocks.

    They are those of one log position, which the header X-Log-Position tells.
    """
    try:
        source = of_table(engine, table, where, when.moment_if_given, engine.settings.wait_seconds)
    except BeingFolded as early:
        return JSONResponse(*come_back(early))
    return _streamed(source, form)


@router.get("/v1/exports/events", response_class=StreamingResponse, responses=RESPONSES)
def of_the_log(
    engine: EngineOf,
    _: Reader,
    after: Annotated[
        int, Query(ge=0, le=LARGEST, description="Position after which to begin.")
    ] = 0,
    upto: Annotated[int | None, Query(ge=0, le=LARGEST, description="Last position.")] = None,
    topic: Annotated[list[str] | None, Query(description="Only these topics.")] = None,
    form: Annotated[Literal["csv", "ndjson", "parquet"], Query(alias="format")] = "ndjson",
) -> Response:
    """Events as they are stored, with their digests; ``data`` is the JSON text that was hashed."""
    return _streamed(of_log(engine, after, upto, tuple(topic or ())), form)


def _streamed(source: Source, form: str) -> Response:
    write, media_type, extension = FORMATS[form]
    name = f"{source.name}-{source.position}.{extension}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Log-Position": str(source.position),
    }
    return Download(write(source.name, source.columns, source.rows), media_type, headers)
