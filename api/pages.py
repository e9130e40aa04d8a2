"""Pages for people: what is served here, and what each problem code means."""

from __future__ import annotations

import html
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from api.keys import EngineOf
from api.problems import DOOR_CODES
from api.reading import projection_state
from domain.accounts import refusals as of_accounts
from domain.books import refusals as of_books
from domain.cases import refusals as of_cases
from domain.channel import refusals as of_channel
from domain.company import refusals as of_company
from domain.goods import refusals as of_goods
from domain.incentives import refusals as of_incentives
from domain.kernel import refusal
from domain.kernel.refusal import NotFound, Refusal
from domain.orders import refusals as of_orders
from domain.parties import refusals as of_parties
from domain.supply import refusals as of_supply

router = APIRouter(tags=["pages"])


class Reason(BaseModel):
    """What a problem code means."""

    code: str
    status: int
    sentence: str


ROOMS = (
    refusal,
    of_parties,
    of_orders,
    of_goods,
    of_supply,
    of_accounts,
    of_books,
    of_incentives,
    of_cases,
    of_channel,
    of_company,
)
"""Where reasons to refuse are kept: with the nouns they concern."""


def reasons() -> dict[str, type[Refusal]]:
    """Every reason to refuse, by code."""
    return {
        one.code: one
        for room in ROOMS
        for one in vars(room).values()
        if isinstance(one, type) and issubclass(one, Refusal) and one is not Refusal
    }


@router.get("/v1/problems", response_model=list[Reason])
def problem_codes() -> Any:
    """Every code that a refused command can give."""
    ours = [_reason(code, one) for code, one in reasons().items()]
    door = [_door_reason(code) for code in DOOR_CODES]
    return sorted([*ours, *door], key=lambda one: str(one["code"]))


@router.get("/v1/problems/{code}", response_model=Reason)
def problem_code(code: str) -> Any:
    """One code."""
    known = reasons()
    if code in DOOR_CODES:
        return _door_reason(code)
    if code not in known:
        raise NotFound(kind="Problem", id=code)
    return _reason(code, known[code])


@router.get("/", include_in_schema=False)
def front(request: Request, engine: EngineOf) -> HTMLResponse:
    """Say what is served here."""
    state = projection_state(engine)
    rooms: dict[str, list[str]] = {}
    for path, operations in request.app.openapi()["paths"].items():
        for verb, one in operations.items():
            said = html.escape(one.get("description") or one.get("summary") or "")
            shown = f"<code>{verb.upper()}</code></td><td><code>{html.escape(path)}</code>"
            row = f"<tr><td>{shown}</td><td>{said}</td></tr>"
            rooms.setdefault(one["tags"][0], []).append(row)
    page = _PAGE.format(
        version=html.escape(request.app.version),
        head=state["position"] + state["lag"],
        lag=state["lag"],
        contents=" ".join(f'<a href="#{room}">{room}</a>' for room in rooms),
        rooms="\n".join(_room(room, rows) for room, rows in rooms.items()),
    )
    return HTMLResponse(page)


def _room(name: str, rows: list[str]) -> str:
    table = "\n".join(rows)
    return f'<h2 id="{name}">{html.escape(name)}</h2>\n<table>\n{table}\n</table>'


def _reason(code: str, one: type[Refusal]) -> dict[str, Any]:
    return {"code": code, "status": one.status, "sentence": one().sentence}


def _door_reason(code: str) -> dict[str, Any]:
    status, sentence = DOOR_CODES[code]
    return {"code": code, "status": status, "sentence": sentence}


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Baton</title>
<style>
:root {{ color-scheme: light dark; --line: color-mix(in srgb, currentColor 15%, transparent); }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 3rem auto;
       padding: 0 1.5rem; }}
h2 {{ font-size: 1.2rem; margin: 2.2rem 0 .5rem; text-transform: capitalize; }}
nav {{ columns: 10rem; margin: 1.5rem 0; }}
nav a {{ display: block; text-transform: capitalize; }}
h1 {{ font-size: 2.4rem; letter-spacing: -.02em; margin: 0; }}
p.lead {{ font-size: 1.15rem; max-width: 46rem; }}
dl {{ display: flex; gap: 2.5rem; margin: 2rem 0; }}
dt {{ opacity: .65; font-size: .85rem; }}
dd {{ margin: 0; font-size: 1.6rem; font-variant-numeric: tabular-nums; }}
table {{ border-collapse: collapse; width: 100%; }}
td {{ border-top: 1px solid var(--line); padding: .45rem .8rem .45rem 0; vertical-align: top; }}
td:nth-child(1) {{ width: 4rem; }}
td:nth-child(2) {{ width: 34rem; }}
code {{ font-size: .92em; }}
</style>
</head>
<body>
<h1>Baton</h1>
<p class="lead">The order is the baton that drives stock, delivery, invoicing and settlement.
Everything here is built from one append-only log.</p>
<dl>
<div><dt>Events in the log</dt><dd>{head:,}</dd></div>
<div><dt>Not yet in the read models</dt><dd>{lag:,}</dd></div>
<div><dt>Version</dt><dd>{version}</dd></div>
</dl>
<p>A machine reads <a href="/openapi.json">/openapi.json</a>. Every request below but the health
checks needs an API key: <code>Authorization: Bearer ...</code></p>
<nav>{contents}</nav>
{rooms}
</body>
</html>
"""
