"""Dealers' reports as files: sales, returns and counts, row by row, tried out or entered."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import re
import uuid
from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Header, Query, Request, Response

from api.commands import Envelope, respond, to_request
from api.decoding import Misfit
from api.keys import EngineOf, Service
from api.tabular import Row, read_table
from domain.kernel.refusal import ValidationFailed

router = APIRouter(tags=["dealer-reports"])

Kind = Literal["sales", "returns", "count"]

GOODS = {
    "sku": ("产品", "产品编码", "product"),
    "lot": ("批号", "batch"),
    "qty": ("数量", "quantity"),
}
DATED = GOODS | {"day": ("日期", "date"), "serial": ("序列号", "serial_no")}
BUYERS = {
    "hospital": ("医院", "to_hospital"),
    "dealer": ("经销商", "to_dealer"),
    "name": ("客户", "customer"),
    "region_code": ("地区", "region"),
}
COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    "sales": DATED | BUYERS,
    "returns": DATED,
    "count": GOODS | {"serials": ("序列号", "serial")},
}
"""Columns of a report, with other names that a header may have for them."""

NEEDED = {"sales": {"day", "sku"}, "returns": {"day", "sku"}, "count": {"sku", "qty"}}
COMMANDS = {
    "sales": "report-dealer-sales",
    "returns": "report-dealer-returns",
    "count": "report-dealer-count",
}
_PLACE = re.compile(r"lines\[(\d+)\](?:\.(?:buyer\.)?(\w+))?(?:\[\d+\])?")
_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")


@router.post("/v1/dealer-reports/{dealer_id}/{kind}", response_class=Response)
async def report(  # noqa: PLR0913 - each parameter is a header or a part of the URL
    request: Request,
    engine: EngineOf,
    actor: Service,
    dealer_id: str,
    kind: Kind,
    *,
    source: Annotated[str, Query(description="Weighs reported sales.")] = "DEALER_PORTAL",
    as_of: Annotated[date | None, Query(description="Day of a count; needed for one.")] = None,
    dry_run: Annotated[bool, Query(description="Try it out: enter nothing.")] = False,
    on_behalf_of: Annotated[str | None, Header()] = None,
    idempotency_key: Annotated[str | None, Header()] = None,
) -> Response:
    """Enter a dealer's report from a file, CSV or XLSX: all of its rows or none.

    What is wrong is named by row and column, all at once. Sales and returns of a file that was
    entered before are refused as DUPLICATE_LINE, whatever the key.
    """
    raw = await request.body()
    # Elsewhere than on the loop that serves all others: a file may have tens of thousands of rows.
    rows = await asyncio.to_thread(read_table, raw, COLUMNS[kind], NEEDED[kind])
    digest = hashlib.sha256(raw).hexdigest()
    body: dict[str, Any] = {"dealer_id": dealer_id, "lines": [_LINE[kind](row) for row in rows]}
    if kind == "count":
        body |= {"as_of": as_of.isoformat()} if as_of else {}
    else:
        body |= {"file_hash": digest}
    if kind == "sales":
        body |= {"source": source}
    key = idempotency_key or f"file-{uuid.uuid4()}"
    envelope = Envelope(COMMANDS[kind], key, body, on_behalf_of)
    numbers = [number for number, _ in rows]
    try:
        wish = await asyncio.to_thread(to_request, engine, actor, envelope, dry_run=dry_run)
    except Misfit as misfit:
        raise Misfit([_located(one, numbers) for one in misfit.violations]) from misfit
    outcome = await asyncio.wrap_future(engine.submit(wish))
    told = outcome.receipt
    if told.status != "accepted":
        refused = msgspec.json.decode(told.body)
        for one in refused["violations"]:
            one["facts"] = _facts(one["facts"], numbers)
        told_body = msgspec.json.encode(refused).decode()
        outcome = dataclasses.replace(outcome, receipt=told._replace(body=told_body))
    return respond(outcome)


def _sale(row: Row) -> dict[str, Any]:
    line = _goods(row)
    buyer = {name: line.pop(name) for name in BUYERS if name in line}
    return line | {"buyer": buyer}


def _goods(row: Row) -> dict[str, Any]:
    number, told = row
    return {name: _value(name, cell) for name, cell in told.items()} | {"line_no": number}


def _counted(row: Row) -> dict[str, Any]:
    line = _goods(row)
    del line["line_no"]
    serials = re.split(r"[\s,;\uff0c\uff1b]+", line.pop("serials", ""))
    return line | {"serials": [one for one in serials if one]}


_LINE = {"sales": _sale, "returns": _goods, "count": _counted}


def _value(name: str, cell: str) -> Any:
    """A whole number as such; whatever else stands there is named as what does not fit."""
    if name == "qty" and re.fullmatch(r"-?\d{1,15}", cell):
        return int(cell)
    found = _DAY.fullmatch(cell) if name == "day" else None
    return f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}" if found else cell


def _located(one: Any, numbers: list[int]) -> Any:
    return type(one)(**_facts(one.facts, numbers)) if isinstance(one, ValidationFailed) else one


def _facts(facts: dict[str, Any], numbers: list[int]) -> dict[str, Any]:
    """Say where in the file something is, instead of where in the command."""
    found = _PLACE.fullmatch(str(facts.get("field", "")))
    if found is None:
        return facts
    row, column = numbers[int(found[1])], found[2]
    return facts | {"field": f"row {row}" + (f", column {column}" if column else "")}
