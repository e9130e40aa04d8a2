"""A statement as a workbook, to be calculated with: numbers are numbers, dates are dates."""

from __future__ import annotations

from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import msgspec
from xlsxwriter import Workbook

from api.documents import layout, words
from api.documents.layout import number
from api.documents.sheet import Looks, Sheet, money
from api.documents.words import Word
from domain.books.period import last_day
from replays.statements.values import DetailLine, Document, Head

_OPTIONS = {
    "in_memory": True,  # also gives the files of the archive one and the same time
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_BLANK_DISPUTES = 3
_NOTE, _BLANK = 30, 24
"""Heights in points: of a sentence over two lines, and of a line to write on."""

_LINE_WIDTHS = (10, 11, 11, 20, 17, 25, 22, 11, 11, 11, 15, 18, 8, 13, 14, 13, 14, 15)
_LINE_LOOKS = dict.fromkeys(("net", "vat", "gross", "balance"), "amount") | {
    "block": "wrapped",
    "day": "day",
    "effective": "day",
    "qty": "count",
    "unit_price": "price",
}
"""Looks of the columns of part B that are not simply texts."""


def as_xlsx(document: Document) -> bytes:
    """Write a statement as a workbook of four sheets."""
    file = BytesIO()
    book = Workbook(file, _OPTIONS)
    head = document.head
    # A workbook carries the time of its making; the time of the statement keeps its bytes equal.
    made = datetime.combine(head.issued_on or last_day(head.period), time())
    book.set_properties({"title": f"{words.TITLE} {number(head)}", "created": made})
    looks = Looks(book)
    foot = f"{words.TITLE} {head.period} {_state(head)}"

    def sheet(name: Word, *widths: int) -> Sheet:
        return Sheet(book, looks, name, widths, foot)

    _statement(sheet(Word("对账单", "Statement"), 5, 4, 44, 36, 36), document)
    _lines(sheet(Word("明细", "Lines"), *_LINE_WIDTHS), document)
    _memo(sheet(Word("备注", "Memo"), 36, 20, 20, 20, 20, 20), document)
    _goods(sheet(Word("货物", "Goods"), 18, 18, *[12] * 10), document)
    book.close()
    return file.getvalue()


def _state(head: Head) -> str:
    return str(words.DRAFT) if head.version is None else f"{words.FACTS['version']} {head.version}"


def _statement(sheet: Sheet, document: Document) -> None:
    """Write the head, part A, part E and the digest."""
    head = document.head
    sheet.row((words.TITLE, "title"), height=_NOTE)
    if head.version is None:
        sheet.row((words.DRAFT, "warning"))
        sheet.note(str(words.DRAFT_NOTE), 0, 4, _NOTE)
    sheet.skip()
    _parties(sheet, head)
    sheet.skip()
    for word, said in layout.facts(head):
        sheet.row((word, "label"), (said, "day" if isinstance(said, date) else "text"), first=2)
    sheet.skip()
    sheet.row(("A", "heading"), (None, "text"), (words.PART_A, "heading"))
    for step in layout.IDENTITY:
        minor: int = getattr(document.figures, step.field)
        last = step.field == "closing"
        sheet.row(
            (step.number, "label"),
            (step.sign, "center"),
            (step.word, "strong" if last else "text"),
            (money(minor), "sum" if last else "amount"),
        )
    sheet.row((f"{words.GROSS_NOTE}, {head.currency}", "label"), first=2)
    sheet.skip()
    _signatures(sheet)
    sheet.skip()
    sheet.row((words.DIGEST, "label"), (head.digest, "mono"), first=2)
    for said in words.proof(head.log_position):
        sheet.note(said, 2, 4, _NOTE)


def _parties(sheet: Sheet, head: Head) -> None:
    sheet.head([(words.OURS, "column"), (words.DEALER, "column")], first=3)
    ours: dict[str, str] = msgspec.structs.asdict(head.ours)
    dealer: dict[str, str] = msgspec.structs.asdict(head.dealer)
    for field, word in words.PARTY.items():
        look = "strong" if field == "name" else "text"
        sheet.row((word, "label"), (ours[field], look), (dealer[field], look), first=2)
    sheet.row((words.DEALER_ID, "label"), (None, "text"), (head.dealer_id, "text"), first=2)


def _signatures(sheet: Sheet) -> None:
    sheet.row(("E", "heading"), (None, "text"), (words.PART_E, "heading"))
    sheet.row((None, "text"), (words.CONFIRM, "strong"), (words.DISPUTE, "strong"), first=2)
    asked = " / ".join(str(word) for word in words.DISPUTED)
    sheet.row((asked, "label"), (None, "text"), ("", "blank"), first=2, height=_BLANK)
    for _ in range(_BLANK_DISPUTES - 1):
        sheet.row(("", "blank"), first=4, height=_BLANK)
    for word in words.SIGNED:
        sheet.row((word, "label"), ("", "blank"), ("", "blank"), first=2, height=_BLANK)


def _lines(sheet: Sheet, document: Document) -> None:
    """Write part B, one row a line; a balance stands on the last line of its document."""
    numbers = {"qty", "unit_price", "net", "vat", "gross", "balance"}
    sheet.frozen(
        [(word, "number" if name in numbers else "column") for name, word in words.LINE.items()]
    )
    for block, lines in (("B", document.lines), (str(words.PRIOR), document.prior)):
        for told in layout.told(lines):
            said = _told(told.line) | {"block": block, "balance": money(told.balance)}
            sheet.row(*((said[name], _LINE_LOOKS.get(name, "text")) for name in words.LINE))
    sheet.filtered(len(words.LINE))


def _told(line: DetailLine) -> dict[str, Any]:
    said: dict[str, Any] = msgspec.structs.asdict(line)
    return said | {
        "type": str(layout.kind(line.type)).strip(),
        "lots": ", ".join(line.lots),
        "serials": ", ".join(line.serials),
        "net": money(line.net),
        "vat": money(line.vat),
        "gross": money(line.gross),
    }


def _memo(sheet: Sheet, document: Document) -> None:
    """Write part C."""
    memo = document.memo
    sheet.row((words.PART_C, "heading"))
    sheet.row((words.MEMO_NOTE, "label"))
    for field in (*layout.PENDING, *layout.CREDIT):
        sheet.row((words.MEMO[field], "text"), (money(getattr(memo, field)), "amount"))
    sheet.skip()
    sheet.row((words.REBATES_TITLE, "heading"))
    columns = {"policy": "column", "accrued": "number", "withheld": "number"}
    sheet.head([(words.REBATE[name], look) for name, look in columns.items()])
    for one in memo.rebates:
        sheet.row(
            (one.policy, "text"), (money(one.accrued), "amount"), (money(one.withheld), "amount")
        )
    sheet.skip()
    sheet.row((words.AGEING_TITLE, "heading"), (memo.ageing.on, "day"))
    sheet.head([(word, "number") for word in (*words.AGEING.values(), words.TOTAL)])
    buckets = [getattr(memo.ageing, field) for field in words.AGEING]
    sheet.row(*((money(one), "amount") for one in (*buckets, layout.ageing_total(memo))))
    sheet.skip()
    sheet.row((words.OPEN_TITLE, "heading"))
    columns = {"doc": "column", "due": "column", "days_overdue": "number", "open": "number"}
    sheet.head([(words.OPEN[name], look) for name, look in columns.items()])
    for left in memo.open_documents:
        sheet.row(
            (left.doc, "text"),
            (left.due, "day"),
            (left.days_overdue, "count"),
            (money(left.open), "amount"),
        )


def _goods(sheet: Sheet, document: Document) -> None:
    """Write part D."""
    texts = {"sku", "lot"}
    sheet.frozen(
        [(word, "column" if name in texts else "number") for name, word in words.GOODS.items()]
    )
    for line in document.goods:
        said: dict[str, Any] = msgspec.structs.asdict(line)
        sheet.row(*((said[name], "text" if name in texts else "count") for name in words.GOODS))
    sheet.filtered(len(words.GOODS))
