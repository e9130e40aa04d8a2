"""Dealers' own lines of a month as files: entered, and compared with our statement at once."""

from __future__ import annotations

import asyncio
import hashlib
import re
import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response

from api.bank_files.cells import amount_of, day_of, is_workbook, place_of, text_of
from api.bank_files.values import Problems
from api.commands import Envelope, respond, to_request
from api.keys import EngineOf, Service
from api.queries.statements import Period
from api.tabular import Row, read_table

router = APIRouter(tags=["statements"])

COLUMNS: dict[str, tuple[str, ...]] = {
    "doc": ("单据号", "document", "doc_no"),
    "day": ("日期", "date"),
    "amount": ("金额", "gross", "价税合计"),
    "kind": ("类型", "type"),
    "fapiao": ("发票号", "fapiao_no"),
    "so": ("订单号", "order"),
    "shp": ("发货单号", "shipment"),
    "sku": ("产品编码", "product"),
    "qty": ("数量", "quantity"),
    "text": ("摘要", "备注"),
}
"""Columns of a dealer's list, with other names that a header may have for them."""

KINDS = {"发票": "INVOICE", "付款": "PAYMENT", "红字": "CREDIT_NOTE", "退货": "CREDIT_NOTE"}
_WHOLE = re.compile(r"-?[0-9]{1,15}")


@router.post("/v1/dealers/{dealer}/statements/{period}/lines", response_class=Response)
async def submit(  # noqa: PLR0913 - each parameter is a header or a part of the URL
    request: Request,
    engine: EngineOf,
    actor: Service,
    dealer: str,
    period: Period,
    *,
    dry_run: Annotated[bool, Query(description="Try it out: enter nothing.")] = False,
    on_behalf_of: Annotated[str | None, Header()] = None,
    idempotency_key: Annotated[str | None, Header()] = None,
) -> Response:
    """Give a dealer's own list of a month, CSV or XLSX; amounts above 0 are owed to us.

    All of its rows are taken or none; what is wrong is named by row and column, all at once. The
    same file again adds nothing.
    """
    raw = await request.body()
    rows = read_table(raw, COLUMNS, {"day", "amount"})
    digest, problems = hashlib.sha256(raw).hexdigest(), Problems()
    is_double = is_workbook(raw)
    lines = [_line(digest, row, problems, is_double=is_double) for row in rows]
    problems.settle()
    body = {"dealer_id": dealer, "period": period, "file_hash": digest, "lines": lines}
    key = idempotency_key or f"file-{uuid.uuid4()}"
    envelope = Envelope("submit-dealer-lines", key, body, on_behalf_of)
    wish = to_request(engine, actor, envelope, dry_run=dry_run)
    return respond(await asyncio.wrap_future(engine.submit(wish)))


def _line(digest: str, row: Row, problems: Problems, *, is_double: bool) -> dict[str, Any]:
    """A row as a line of the command; texts that are not there are left out."""
    texts = {name: text_of(row, name, problems) for name in _TEXTS}
    line: dict[str, Any] = {name: text for name, text in texts.items() if text}
    kind = text_of(row, "kind", problems)
    line["doc"] = text_of(row, "doc", problems)
    line["kind"] = KINDS.get(kind, kind.upper())
    line["line_id"] = f"{digest[:8]}-{row[0]}"
    line["day"] = day_of(row, "day", problems).isoformat()
    line["gross"] = amount_of(row, "amount", problems, is_double=is_double)
    line["qty"] = _quantity(row, problems)
    return line


_TEXTS = ("fapiao", "so", "shp", "sku", "text")


def _quantity(row: Row, problems: Problems) -> int:
    """Whole units, 0 if no quantity is told."""
    cell = row[1].get("qty", "")
    if cell and not _WHOLE.fullmatch(cell):
        problems.add(place_of(row, "qty"), "a whole number")
        return 0
    return int(cell or 0)
