"""API keys: who stands behind a request. Every request but health and metrics needs one."""

from __future__ import annotations

import asyncio
import time
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.engine import Engine, digest_of
from api.problems import Problem
from domain.kernel.stamp import Actor
from domain.parties.api_key import AUDITOR, SERVICE, ApiKey

REMEMBER_SECONDS = 2.0
"""How long a key is remembered: a revocation takes effect within this time."""

_bearer = HTTPBearer(auto_error=False, description="An API key, as a bearer token (RFC 6750).")


class KeyRing:
    """Looks keys up in the log, and remembers them for a moment."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._remembered: dict[str, tuple[float, Actor | None]] = {}

    async def actor(self, secret: str) -> Actor | None:
        """Return the actor behind a secret, or None for one that opens nothing."""
        digest = digest_of(secret)
        until, actor = self._remembered.get(digest, (0.0, None))
        if time.monotonic() > until:
            actor = await asyncio.to_thread(self._look_up, digest)
            self._remembered[digest] = (time.monotonic() + REMEMBER_SECONDS, actor)
            if len(self._remembered) > 10_000:  # noqa: PLR2004 - guesses must not fill the memory
                self._remembered.clear()
        return actor

    def _look_up(self, digest: str) -> Actor | None:
        key = ApiKey.of(digest)
        for row in self._engine.reader.stream(key.stream):
            key.fold(self._engine.codec.decode(row.topic, row.data))
        return Actor(key.name, key.role) if key.exists and not key.revoked else None


async def engine_of(request: Request) -> Engine:
    """Return the engine behind the app."""
    engine: Engine = request.app.state.engine
    return engine


async def caller(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Actor:
    """Return the actor behind a request; raises a 401 problem, or 400 for a NUL in its URL."""
    said = [*request.path_params.values(), *request.query_params.values()]
    if any("\x00" in str(one) for one in said):
        raise Problem(400, "VALIDATION_FAILED", "A text holds no NUL.")
    ring: KeyRing = request.app.state.keys
    actor = await ring.actor(credentials.credentials) if credentials else None
    if actor is None:
        raise Problem(
            401,
            "KEY_REQUIRED",
            "A valid API key is needed.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return actor


async def service(actor: Annotated[Actor, Depends(caller)]) -> Actor:
    """Let only services issue commands; raises a 403 problem."""
    if actor.role != SERVICE:
        raise Problem(403, "FORBIDDEN_ROLE", "This key may not issue commands.")
    return actor


async def reader(actor: Annotated[Actor, Depends(caller)]) -> Actor:
    """Let services and auditors read."""
    if actor.role not in (SERVICE, AUDITOR):
        raise Problem(403, "FORBIDDEN_ROLE", "This key may not read.")
    return actor


Service = Annotated[Actor, Depends(service)]
Reader = Annotated[Actor, Depends(reader)]
EngineOf = Annotated[Engine, Depends(engine_of)]
