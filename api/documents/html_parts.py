"""The head and parts A and B of a statement in HTML."""

from __future__ import annotations

from html import escape

import msgspec

from api.documents import layout, words
from api.documents.words import Word
from domain.kernel.money import text
from replays.statements.values import DetailLine, Document, Head, Party

_COLUMNS = 9
"""Columns of part B."""


def both(word: Word) -> str:
    """Write a word in both languages, Chinese first."""
    return f'{escape(word.zh)} <span class="en" lang="en">{escape(word.en)}</span>'.lstrip()


def section(letter: str, title: Word, content: str, note: Word | None = None) -> str:
    """Write a part under its heading."""
    said = f'<p class="note">{both(note)}</p>' if note else ""
    heading = f'<h2><b class="letter">{letter}</b> {both(title)}</h2>'
    return f'<section class="part part-{letter.lower()}">{heading}{said}\n{content}\n</section>'


def table(name: str, heads: list[tuple[str, Word]], bodies: list[str]) -> str:
    """Write a table; its head is a row of classes and words, each body a group of rows."""
    cells = "".join(f'<th scope="col" class="{kind}">{both(word)}</th>' for kind, word in heads)
    groups = "\n".join(f"<tbody>\n{body}\n</tbody>" for body in bodies)
    return (
        f'<div class="wide"><table class="{name}">\n<thead><tr>{cells}</tr></thead>\n'
        f"{groups}\n</table></div>"
    )


def amount(minor: int | None, kind: str = "num") -> str:
    """Write a cell with an amount."""
    below = " below" if minor is not None and minor < 0 else ""
    return f'<td class="{kind}{below}">{text(minor)}</td>'


def parties(head: Head) -> str:
    """Write both sides next to each other."""
    ours = _party(words.OURS, head.ours)
    return f'<div class="parties">{ours}{_party(words.DEALER, head.dealer, head.dealer_id)}</div>'


def _party(role: Word, party: Party, known_as: str = "") -> str:
    ours = f" <code>{escape(known_as)}</code>" if known_as else ""
    name = escape(party.name) or layout.NONE
    said: dict[str, str] = msgspec.structs.asdict(party)
    rows = "".join(
        f"<div><dt>{both(word)}</dt><dd>{escape(said[field])}</dd></div>"
        for field, word in words.PARTY.items()
        if field != "name" and said[field]
    )
    return (
        f'<section class="party"><h2>{both(role)}{ours}</h2>'
        f'<p class="name"><bdi>{name}</bdi></p><dl>{rows}</dl></section>'
    )


def account_summary(document: Document) -> str:
    """Write part A: the sum, step by step."""
    rows = []
    for step in layout.IDENTITY:
        minor: int = getattr(document.figures, step.field)
        kind = "" if minor else ' class="nothing"'
        kind = ' class="ends"' if step.field in {"opening", "closing"} else kind
        rows.append(
            f'<tr{kind}><td class="step">{step.number}</td><td class="sign">{step.sign}</td>'
            f'<th scope="row">{both(step.word)}</th>{amount(minor)}</tr>'
        )
    body = "\n".join(rows)
    return f'<table class="identity"><tbody>\n{body}\n</tbody></table>'


def lines(document: Document) -> str:
    """Write part B: every line, those of prior periods in a block of their own."""
    head = [
        ("day", words.LINE["day"]),
        ("doc", words.LINE["doc"]),
        ("sku", words.LINE["sku"]),
        *(("num", words.LINE[name]) for name in ("qty", "unit_price", "net", "vat")),
        *(("num", words.LINE[name]) for name in ("gross", "balance")),
    ]
    none = f'<tr><td class="none" colspan="{_COLUMNS}">{both(words.NO_LINES)}</td></tr>'
    mine = [_edge(words.FORWARD, layout.brought_forward(document)), *_block(document.lines)]
    bodies = [
        "\n".join([*mine, none] if not document.lines and not document.prior else mine),
        _edge(layout.IDENTITY[-1].word, document.figures.closing),
    ]
    if document.prior:
        title = (
            f'<tr class="block"><th scope="rowgroup" colspan="{_COLUMNS}">{both(words.PRIOR)}'
            f'<p class="note">{both(words.PRIOR_NOTE)}</p></th></tr>'
        )
        bodies.insert(1, "\n".join([title, *_block(document.prior)]))
    return table("lines", head, bodies)


def _edge(word: Word, balance: int) -> str:
    name = f'<th scope="row" colspan="{_COLUMNS - 1}">{both(word)}</th>'
    return f'<tr class="edge">{name}{amount(balance)}</tr>'


def _block(block: tuple[DetailLine, ...]) -> list[str]:
    return [_line(one) for one in layout.told(block)]


def _line(told: layout.Told) -> str:
    line = told.line
    cells = [
        f'<td class="day">{_day(line)}</td>',
        f'<td class="doc">{_document(line, brief=told.continues)}</td>',
        f'<td class="sku">{_goods(line)}</td>',
        f'<td class="num">{layout.count(line.qty)}</td>',
        f'<td class="num">{layout.price(line.unit_price)}</td>',
        amount(line.net),
        amount(line.vat),
        amount(line.gross),
        amount(told.balance, "num balance"),
    ]
    kind = ' class="continues"' if told.continues else ""
    return f"<tr{kind}>{''.join(cells)}</tr>"


def _day(line: DetailLine) -> str:
    day = line.day.isoformat()
    if line.effective is None:
        return day
    return f"{day}<small>{both(words.LINE['effective'])} {line.effective.isoformat()}</small>"


def _document(line: DetailLine, *, brief: bool) -> str:
    """Name a document; what it says of itself stands only on the first of its lines."""
    doc = f"<code>{escape(line.doc)}</code>"
    if brief:
        return doc
    refers = [
        f"{both(words.LINE[field])} <code>{escape(value)}</code>"
        for field, value in (("fapiao", line.fapiao), ("so", line.so), ("shp", line.shp))
        if value
    ]
    said = [f"<bdi>{escape(line.text)}</bdi>" if line.text else "", *refers]
    small = "".join(f"<small>{one}</small>" for one in said if one)
    kind = f'<span class="kind">{both(layout.kind(line.type))}</span>'
    return f"{doc} {kind}{small}"


def _goods(line: DetailLine) -> str:
    sku = f"<code>{escape(line.sku)}</code>" if line.sku else ""
    small = "".join(
        f"<small>{both(words.LINE[field])} {_codes(values)}</small>"
        for field, values in (("lots", line.lots), ("serials", line.serials))
        if values
    )
    return sku + small


def _codes(values: tuple[str, ...]) -> str:
    return ", ".join(f"<code>{escape(value)}</code>" for value in values)
