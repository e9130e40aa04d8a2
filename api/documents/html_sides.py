"""Parts C, D and E of a statement in HTML: what stands beside the balance, goods, signatures."""

from __future__ import annotations

from html import escape

import msgspec

from api.documents import layout, words
from api.documents.html_parts import amount, both, table
from api.documents.layout import NONE
from api.documents.words import Word
from domain.kernel.money import text
from replays.statements.values import Document, GoodsLine, Memo, OpenDocument, RebateMemo

_BLANK_DISPUTES = 3
"""Blank lines for disputed documents; who disputes more adds a sheet."""


def memo(document: Document) -> str:
    """Write part C."""
    told = document.memo
    amounts = _amounts(told, layout.PENDING) + _amounts(told, layout.CREDIT)
    return "\n".join(
        [
            f'<div class="pair">{amounts}</div>',
            _titled(words.REBATES_TITLE, _rebates(told.rebates)),
            _titled(words.AGEING_TITLE, _ageing(told), told.ageing.on.isoformat()),
            _titled(words.OPEN_TITLE, _open(told.open_documents)),
        ]
    )


def _titled(title: Word, content: str, more: str = "") -> str:
    return f'<div class="titled"><h3>{both(title)} {more}</h3>{content}</div>'


def _amounts(told: Memo, fields: tuple[str, ...]) -> str:
    rows = "\n".join(
        f'<tr><th scope="row">{both(words.MEMO[field])}</th>{amount(getattr(told, field))}</tr>'
        for field in fields
    )
    return f'<table class="amounts"><tbody>\n{rows}\n</tbody></table>'


def _rebates(rebates: tuple[RebateMemo, ...]) -> str:
    if not rebates:
        return _nothing(words.NO_REBATES)
    heads = [("sku", words.REBATE["policy"])]
    heads += [("num", words.REBATE[field]) for field in ("accrued", "withheld")]
    rows = "\n".join(
        f"<tr><td><code>{escape(one.policy)}</code></td>{amount(one.accrued)}"
        f"{amount(one.withheld)}</tr>"
        for one in rebates
    )
    return table("small", heads, [rows])


def _ageing(told: Memo) -> str:
    heads = [("num", word) for word in (*words.AGEING.values(), words.TOTAL)]
    cells = "".join(amount(getattr(told.ageing, field)) for field in words.AGEING)
    total = amount(layout.ageing_total(told), "num total")
    return table("ageing", heads, [f"<tr>{cells}{total}</tr>"])


def _open(documents: tuple[OpenDocument, ...]) -> str:
    if not documents:
        return _nothing(words.NO_DOCUMENTS)
    kinds = {"doc": "sku", "due": "day"}
    heads = [(kinds.get(field, "num"), word) for field, word in words.OPEN.items()]
    rows = "\n".join(
        f'<tr><td><code>{escape(one.doc)}</code></td><td class="day">{one.due.isoformat()}</td>'
        f'<td class="num">{layout.count(one.days_overdue)}</td>{amount(one.open)}</tr>'
        for one in documents
    )
    return table("small", heads, [rows])


def goods(document: Document) -> str:
    """Write part D."""
    if not document.goods:
        return _nothing(words.NO_GOODS)
    heads = [("sku" if name in {"sku", "lot"} else "num", one) for name, one in words.GOODS.items()]
    return table("goods", heads, ["\n".join(_goods_line(one) for one in document.goods)])


def _goods_line(line: GoodsLine) -> str:
    said = msgspec.structs.asdict(line)
    cells = [f"<td><code>{escape(said[field])}</code></td>" for field in ("sku", "lot")]
    for field in words.GOODS:
        if field not in {"sku", "lot"}:
            value: int | None = said[field]
            kind = " wrong" if field == "difference" and value else ""
            kind += " nothing" if not value else ""
            shown = NONE if value is None else layout.count(value)
            cells.append(f'<td class="num{kind}">{shown}</td>')
    return f"<tr>{''.join(cells)}</tr>"


def signatures(document: Document) -> str:
    """Write part E: to confirm on the left, to dispute on the right."""
    head = document.head
    until = (
        f'<p class="until">{both(words.FACTS["confirm_by"])}'
        f" <b>{head.confirm_by.isoformat()}</b></p>"
        if head.confirm_by
        else ""
    )
    closing = f"{escape(head.currency)} {text(document.figures.closing)}"
    confirm = f'<p class="sum">{closing}</p>'
    heads = "".join(f'<th scope="col">{both(word)}</th>' for word in words.DISPUTED)
    blank = "<tr><td></td><td></td><td></td></tr>" * _BLANK_DISPUTES
    dispute = f'<table class="blank"><thead><tr>{heads}</tr></thead><tbody>{blank}</tbody></table>'
    return (
        f'{until}<div class="pair sign">{_signature(words.CONFIRM, confirm)}'
        f"{_signature(words.DISPUTE, dispute)}</div>"
    )


def _signature(title: Word, content: str) -> str:
    blanks = "".join(
        f'<div class="line"><span>{both(word)}</span><i></i></div>' for word in words.SIGNED
    )
    box = '<span class="box" aria-hidden="true"></span>'
    return (
        f'<div class="signature"><h3>{box}{both(title)}</h3><div class="what">{content}</div>'
        f"{blanks}</div>"
    )


def _nothing(word: Word) -> str:
    return f'<p class="none">{both(word)}</p>'
