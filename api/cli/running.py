"""Commands that keep Baton running: serve, project, migrate, issue-key."""

from __future__ import annotations

import logging
import secrets
import signal
from typing import Annotated, Any

import structlog
import typer
import uvicorn

from api.app import create_app
from api.engine import Engine
from api.settings import Settings
from domain.kernel.refusal import Refusal
from domain.parties.api_key import KEY_ROLES


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
) -> None:
    """Serve commands and queries over HTTP, on the database of BATON_DATABASE_URL."""
    settings = _started()
    with Engine(settings) as engine:
        typer.echo(f"Baton serves http://{host}:{port} on {engine.database.url!r}")
        config = uvicorn.Config(
            create_app(engine), host=host, port=port, access_log=False, log_config=None
        )
        server = uvicorn.Server(config)
        # uvicorn raises a signal again when it has served its last request; the engine still
        # has to write what is queued.
        signal.signal(signal.SIGTERM, _leave)
        server.run()
    if not server.started:
        raise typer.Exit(1)


def _leave(*_: Any) -> None:
    raise SystemExit(0)


def project() -> None:
    """Follow the log and keep the read models up to date, until interrupted."""
    settings = _started().model_copy(update={"follow": False})
    with Engine(settings) as engine:

        def stop(*_: Any) -> None:
            engine.runner.stop_following()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        typer.echo(f"following {engine.database.url!r}; Ctrl-C ends it")
        engine.runner.follow()


def migrate() -> None:
    """Bring the database to the current shape, and the read models with it."""
    with Engine(_started().model_copy(update={"follow": False})) as engine:
        typer.echo(f"{engine.database.url!r} is up to date")


def issue_key(
    name: Annotated[str, typer.Argument(help="Who will use the key.")],
    role: Annotated[str, typer.Option(help="SERVICE or AUDITOR.")] = "SERVICE",
) -> None:
    """Issue an API key and print its secret, once. Only its digest is kept."""
    if role not in KEY_ROLES:
        raise typer.BadParameter(f"one of {', '.join(KEY_ROLES)}", param_hint="--role")
    secret = secrets.token_urlsafe(32)
    with Engine(_started().model_copy(update={"follow": False})) as engine:
        try:
            engine.issue_key(name, role, secret)
        except Refusal as refusal:
            typer.echo(str(refusal), err=True)
            raise typer.Exit(1) from None
    typer.echo(secret)


def _started() -> Settings:
    """Read the settings, and write logs as JSON lines to standard error."""
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    return Settings()
