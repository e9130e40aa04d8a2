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
from api.auditing import (
    accesses,
    checkpoints,
    goods,
    histories,
    late_entries,
    master_data,
    proofs,
    refusals,
    samples,
    standing,
    trust,
    whatif,
)
from api.engine import Engine
from api.keys import KeyRing
from api.limits import BodyLimit
from api.noting import AccessNotes
from api.queries import (
    accounts,
    alerts,
    books,
    channel,
    contracts,
    dealers,
    events,
    exports,
    incentives,
    lots,
    orders,
    prices,
    returns,
    sales,
    serials,
    statements,
    stock,
    supply,
    tables,
)

ROOMS = (
    bank_statements,
    dealer_reports,
    dealer_statements,
    epcis,
    orders,
    contracts,
    prices,
    stock,
    supply,
    serials,
    lots,
    returns,
    dealers,
    channel,
    alerts,
    accounts,
    statements,
    books,
    incentives,
    sales,
    events,
    tables,
    exports,
    histories,
    proofs,
    standing,
    goods,
    late_entries,
    master_data,
    refusals,
    samples,
    whatif,
    trust,
    checkpoints,
    accesses,
    pages,
    health,
)
"""Every room with questions or files, in the order in which it is described."""


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
    app.add_middleware(AccessNotes, accesses=engine.accesses)
    app.add_middleware(BodyLimit, most=engine.settings.max_body_bytes)
    problems.install(app)
    openapi.install(app)
    commands.install(app)
    for room in ROOMS:
        app.include_router(room.router)
    return app
