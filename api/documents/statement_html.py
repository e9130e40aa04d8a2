"""A statement as one HTML file: for the screen, and to be printed on A4.

Nothing is loaded and nothing runs: the style is in the file, and a policy in its head forbids
everything else. Names of dealers and texts of documents are strangers' input; all are escaped.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from api.documents import layout, words
from api.documents.html_parts import account_summary, both, lines, parties, section
from api.documents.html_sides import goods, memo, signatures
from api.documents.layout import number
from domain.kernel.money import text
from replays.statements.values import Document, Head

_STYLE = Path(__file__).with_name("statement.css").read_text(encoding="utf-8")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def as_html(document: Document) -> bytes:
    """Write a statement as a page that needs nothing but itself."""
    head = document.head
    draft = head.version is None
    title = f"{words.TITLE} {head.dealer_id} {head.period}"
    parts = [
        "<!doctype html>",
        '<html lang="zh-Hans">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        f"<title>{escape(title)}</title>",
        f"<style>\n{_STYLE}{_running_foot(head)}</style>",
        "</head>",
        '<body class="draft">' if draft else "<body>",
        '<main class="sheet">',
        _draft_note() if draft else "",
        _masthead(document),
        parties(head),
        _facts(head),
        section("A", words.PART_A, account_summary(document), words.GROSS_NOTE),
        section("B", words.PART_B, lines(document)),
        section("C", words.PART_C, memo(document), words.MEMO_NOTE),
        section("D", words.PART_D, goods(document), words.GOODS_NOTE),
        section("E", words.PART_E, signatures(document)),
        _foot(head),
        "</main>",
        "</body>",
        "</html>",
    ]
    return ("\n".join(one for one in parts if one) + "\n").encode()


def _masthead(document: Document) -> str:
    closing = document.figures.closing
    owed = words.OWED[(closing > 0) - (closing < 0)]
    return (
        '<header class="masthead">'
        f'<h1><b>{words.TITLE.zh}</b> <span lang="en">{words.TITLE.en}</span></h1>'
        f'<p class="closing">{both(layout.IDENTITY[-1].word)}'
        f"<strong><small>{escape(document.head.currency)}</small> {text(closing)}</strong>"
        f'<span class="owed">{both(owed)}</span></p>'
        "</header>"
    )


def _draft_note() -> str:
    return (
        '<p class="draft-note" role="note">'
        f'<strong><span lang="en">DRAFT</span> {words.DRAFT.zh},'
        ' <span lang="en">not issued</span></strong> '
        f"{both(words.DRAFT_NOTE)}</p>"
    )


def _facts(head: Head) -> str:
    told = "".join(
        f"<div><dt>{both(word)}</dt><dd>{escape(str(value))}</dd></div>"
        for word, value in layout.facts(head)
    )
    return f'<dl class="facts">{told}</dl>'


def _foot(head: Head) -> str:
    proof = words.proof(head.log_position)
    return (
        '<footer class="proof">'
        f"<h2>{both(words.DIGEST)}</h2>"
        f"<code>{escape(head.digest)}</code>"
        f'<p>{proof.zh}</p><p lang="en">{proof.en}</p>'
        "</footer>"
    )


def _running_foot(head: Head) -> str:
    """Name the statement on every printed page, so that a loose sheet finds its way back."""
    what = number(head) if head.version is not None else f"{head.period} {words.DRAFT}"
    said = f"{words.TITLE} \N{MIDDLE DOT} {head.dealer_id} \N{MIDDLE DOT} {what}"
    return f'@page {{ @bottom-left {{ content: "{_in_css(said)}"; }} }}\n'


def _in_css(said: str) -> str:
    """Write a text inside a CSS string: all but plain letters and digits by their numbers.

    So nothing in it can end the string, the style or its element.
    """
    return "".join(one if one.isascii() and one.isalnum() else f"\\{ord(one):06x}" for one in said)
