"""The app: every door of Baton over one engine."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import FastAPI

from api import commands, dealer_reports, epcis, health, openapi, pages, problems
from api.engine import Engine
from api.keys import KeyRing
from api.limits import BodyLimit
from api.queries import (
    accounts,
    alerts,
    channel,
    claims,
    contracts,
    dealers,
    events,
    lots,
    orders,
    prices,
    proofs,
    returns,
    serials,
    stock,
    supply,
    trust,
)


def create_app(engine: Engine) -> FastAPI:
    """Build the app over an engine that is open; whoever opened it closes it."""
    app = FastAPI(
        title="Baton",
        version=version("baton"),
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    app.state.engine = engine
    app.state.keys = KeyRing(engine)
    app.add_middleware(BodyLimit, most=engine.settings.max_body_bytes)
    problems.install(app)
    openapi.install(app)
    queries = (accounts, alerts, channel, claims, contracts, dealers, events)
    more = (lots, orders, prices, proofs, returns, serials, stock, supply, trust)
    rooms = (commands, dealer_reports, epcis, health, pages, *queries, *more)
    for room in rooms:
        app.include_router(room.router)

    return app
