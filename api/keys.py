"""API keys: who stands behind a request, and for whom it reads.

Every request but health and metrics needs a key.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Annotated, Generic, TypeVar, cast

from fastapi import Depends, Header, Request
from fastapi.security import HTTPBearer

from api.engine import Engine, digest_of
from api.problems import Problem
from api.scope import bound_to, unscoped
from domain.flows.company.acting import acting
from domain.kernel.stamp import Actor
from domain.parties.api_key import AUDITOR, SERVICE, ApiKey
from replays.past import Past

REMEMBER_SECONDS = 2.0
"""How long a key or a user is remembered: a revocation takes effect within this time."""

ON_BEHALF_OF = "On-Behalf-Of"

Key = TypeVar("Key")
Found = TypeVar("Found")

_bearer = HTTPBearer(auto_error=False, description="An API key, as a bearer token (RFC 6750).")


class Memory(Generic[Key, Found]):
    """What was looked up in the log, for a moment. What the look-up raises is not remembered."""

    def __init__(self, look_up: Callable[[Key], Found]) -> None:
        self._look_up = look_up
        self._remembered: dict[Key, tuple[float, Found]] = {}

    async def of(self, key: Key) -> Found:
        """Return what belongs to a key; it may be ``REMEMBER_SECONDS`` old."""
        remembered = self._remembered.get(key)
        if remembered is not None and time.monotonic() <= remembered[0]:
            return remembered[1]
        found = await asyncio.to_thread(self._look_up, key)
        self._remembered[key] = (time.monotonic() + REMEMBER_SECONDS, found)
        if len(self._remembered) > 10_000:  # noqa: PLR2004 - guesses must not fill the memory
            self._remembered.clear()
        return found


class KeyRing:
    """Looks keys and users up in the log, and remembers them for a moment."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._keys = Memory(self._holder)
        self._users = Memory(self._user)

    async def actor(self, secret: str) -> Actor | None:
        """Return the actor behind a secret, or None for one that opens nothing."""
        return await self._keys.of(digest_of(secret))

    async def user(self, principal: Actor, name: str) -> Actor:
        """Return the registered user for whom a principal acts. Raises ForbiddenRole."""
        return await self._users.of((principal, name))

    def _holder(self, digest: str) -> Actor | None:
        key = ApiKey.of(digest)
        for row in self._engine.reader.stream(key.stream):
            key.fold(self._engine.codec.read(row))
        return Actor(key.name, key.role) if key.exists and not key.revoked else None

    def _user(self, who: tuple[Actor, str]) -> Actor:
        principal, name = who
        return acting(Past(self._engine.reader, self._engine.codec), principal, name)


async def engine_of(request: Request) -> Engine:
    """Return the engine behind the app."""
    engine: Engine = request.app.state.engine
    return engine


async def caller_of(request: Request) -> Actor:
    """Return the actor behind a request; raises a 401 problem, or 400 for a NUL in what it says."""
    said = [*request.path_params.values(), request.headers.get(ON_BEHALF_OF, "")]
    asked = request.scope["query_string"]
    if b"%00" in asked or b"\x00" in asked or any("\x00" in str(one) for one in said):
        raise Problem(400, "VALIDATION_FAILED", "A text holds no NUL.")
    ring: KeyRing = request.app.state.keys
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    bearer = scheme.lower() == "bearer" and secret
    actor = await ring.actor(secret) if bearer else None
    if actor is None:
        raise Problem(
            401,
            "KEY_REQUIRED",
            "A valid API key is needed.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    request.state.principal = actor
    return actor


async def service_of(request: Request) -> Actor:
    """Let only services issue commands; raises a 403 problem."""
    actor = await caller_of(request)
    if actor.role != SERVICE:
        raise Problem(403, "FORBIDDEN_ROLE", "This key may not issue commands.")
    return actor


async def caller(request: Request, _: Annotated[object, Depends(_bearer)]) -> Actor:
    """Return what ``caller_of`` returns; the dependency describes the key in OpenAPI."""
    return await caller_of(request)


async def service(request: Request, _: Annotated[object, Depends(_bearer)]) -> Actor:
    """Return what ``service_of`` returns."""
    return await service_of(request)


async def asker(
    request: Request,
    principal: Annotated[Actor, Depends(caller)],
    on_behalf_of: Annotated[
        str | None,
        Header(
            alias=ON_BEHALF_OF,
            description="Registered user for whom a service reads: only what this user may see.",
        ),
    ] = None,
) -> Actor:
    """Return who reads: the key's holder, or the user for whom a service does.

    Raises ForbiddenRole for a user that is not registered, and a 403 problem for a key that may
    not read, or not for somebody. A service that names nobody in the header is refused, too: a
    name that got lost on its way must not open everything.
    """
    if principal.role not in (SERVICE, AUDITOR):
        raise Problem(403, "FORBIDDEN_ROLE", "This key may not read.")
    if on_behalf_of is None or (principal.role == AUDITOR and not on_behalf_of):
        return principal
    if principal.role != SERVICE:
        raise Problem(403, "FORBIDDEN_ROLE", "This key may not read for somebody.")
    ring: KeyRing = request.app.state.keys
    request.state.reader = await ring.user(principal, on_behalf_of)
    return cast("Actor", request.state.reader)


async def reader(actor: Annotated[Actor, Depends(asker)]) -> Actor:
    """Let only those read who may see everything; raises ForbiddenRole.

    It is for what is not read row by row, so that nothing could be left out for a bound reader.
    """
    if bound_to(actor) is not None:
        raise unscoped(actor)
    return actor


Service = Annotated[Actor, Depends(service)]
Asker = Annotated[Actor, Depends(asker)]
Reader = Annotated[Actor, Depends(reader)]
EngineOf = Annotated[Engine, Depends(engine_of)]
