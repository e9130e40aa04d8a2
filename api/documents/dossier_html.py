"""A dossier as one HTML file: for the screen, to be printed on A4, and to be filed.

As a statement's page, it loads nothing and runs nothing, and all texts in it are escaped.
"""

from __future__ import annotations

from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from replays.histories.dossier import Dossier
from replays.histories.subjects import Line

_HERE = Path(__file__)
_STYLE = "".join(
    _HERE.with_name(name).read_text(encoding="utf-8") for name in ("statement.css", "dossier.css")
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"

TITLES = {
    "serials": "Device history",
    "lots": "Lot history",
    "orders": "Order history",
    "dealers": "Dealer history",
    "contracts": "Contract history",
    "documents": "Document history",
}


def as_html(dossier: Dossier, known_at: datetime | None, zone: ZoneInfo) -> bytes:
    """Write a dossier as a page that needs nothing but itself; times are of the given zone."""
    title = f"{TITLES[dossier.subject.kind]} {dossier.subject.id}"
    approvals = [line for line in dossier.lines if line.seen is not None]
    parts = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        f"<title>{escape(title)}</title>",
        f"<style>\n{_STYLE}</style>",
        "</head>",
        '<body><main class="sheet dossier">',
        '<header class="masthead">',
        f"<h1><b>{escape(dossier.subject.id)}</b> {TITLES[dossier.subject.kind]}</h1>",
        f'<p class="closing"><strong>{len(dossier.lines):,}</strong> events</p>',
        "</header>",
        _facts(dossier, known_at, zone),
        _part("A", "What happened", _lines(dossier.lines, zone)),
        _part("B", "Approvals, and what was seen", _approvals(approvals)) if approvals else "",
        _part("C", "Where it stands", _state(dossier.state.state)) if dossier.state else "",
        _foot(dossier),
        "</main></body>",
        "</html>",
    ]
    return ("\n".join(one for one in parts if one) + "\n").encode()


def _facts(dossier: Dossier, known_at: datetime | None, zone: ZoneInfo) -> str:
    told = {
        "Known at": _time(known_at, zone) if known_at else "now",
        "Log position": f"{dossier.position:,}",
        "Streams": f"{len({line.stream for line in dossier.lines}):,}",
        "People and services": f"{len({line.actor for line in dossier.lines}):,}",
    }
    rows = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"
        for name, value in told.items()
    )
    return f'<dl class="facts">{rows}</dl>'


def _part(letter: str, title: str, content: str) -> str:
    heading = f'<h2><b class="letter">{letter}</b> {escape(title)}</h2>'
    return f'<section class="part part-{letter.lower()}">{heading}\n{content}\n</section>'


def _lines(lines: tuple[Line, ...], zone: ZoneInfo) -> str:
    names = ("#", "Happened", "Recorded", "What", "Where, document", "Who")
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    body = "\n".join(_line(line, zone) for line in lines)
    return (
        f'<div class="wide"><table class="story"><thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def _line(line: Line, zone: ZoneInfo) -> str:
    late = (line.recorded_at - line.occurred_at).days >= 1
    recorded = _time(line.recorded_at, zone)
    where = [line.place, line.document]
    via = f"<small>through {escape(line.via)}</small>" if line.via else ""
    told = f"<small><code>{escape(line.stream)}</code> {escape(line.topic)}</small>"
    does = f"<small>{escape(line.role)}, {escape(line.command)}</small>"
    cells = [
        f'<td class="num">{line.position:,}</td>',
        f'<td class="day">{_time(line.occurred_at, zone)}</td>',
        f'<td class="day">{recorded}{"<small>late</small>" if late else ""}</td>',
        f"<td>{escape(line.text)}{told}</td>",
        f"<td>{' '.join(f'<code>{escape(one)}</code>' for one in where if one)}</td>",
        f"<td>{escape(line.actor)}{does}{via}</td>",
    ]
    return f'<tr class="{"own" if line.own else "other"}">{"".join(cells)}</tr>'


def _approvals(lines: list[Line]) -> str:
    return "\n".join(
        f'<h3 class="titled">{line.position:,} {escape(line.text)}'
        f"<small>{escape(line.actor)}, {escape(line.role)}</small></h3>"
        f'<div class="pair"><div><small>decided</small>{_state(line.facts)}</div>'
        f"<div><small>had before them</small>{_state(line.seen or {})}</div></div>"
        for line in lines
    )


def _state(state: dict[str, Any]) -> str:
    """Show what a state has, level by level, and nothing that is empty."""
    rows = "".join(
        f"<div><dt>{escape(str(name))}</dt><dd>{_value(value)}</dd></div>"
        for name, value in state.items()
        if value not in (None, "", [], (), {}, 0)
    )
    return f'<dl class="state">{rows}</dl>'


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return _state(value)
    if isinstance(value, list | tuple):
        return "".join(f'<div class="one">{_value(one)}</div>' for one in value)
    return f"<code>{escape(str(value))}</code>"


def _foot(dossier: Dossier) -> str:
    return (
        '<footer class="proof"><h2>Digest of the log</h2>'
        f"<code>{escape(dossier.digest)}</code>"
        f"<p>SHA-256 over everything up to position {dossier.position:,}. "
        "Who has a checkpoint of this or a later position can prove that nothing above was "
        "altered, and nothing before it left out.</p></footer>"
    )


def _time(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
