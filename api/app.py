"""The app: every door of Baton over one engine."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import FastAPI

from api import (
    bank_statements,
    commands,
    dealer_reports,
    dealer_statements,
    epcis,
    health,
    openapi,
    pages,
    problems,
)
from api.engine import Engine
from api.keys import KeyRing
from api.limits import BodyLimit
from api.queries import (
    accounts,
    alerts,
    books,
    channel,
    contracts,
    dealers,
    events,
    incentives,
    lots,
    orders,
    prices,
    proofs,
    returns,
    sales,
    serials,
    statements,
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
    queries = (accounts, alerts, books, channel, contracts, dealers, events, incentives, lots)
    more = (orders, prices, proofs, returns, sales, serials, statements, stock, supply, trust)
    files = (bank_statements, dealer_reports, dealer_statements, epcis)
    commands.install(app)
    rooms = (*files, health, pages, *queries, *more)
    for room in rooms:
        app.include_router(room.router)

    return app
