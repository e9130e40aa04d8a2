"""Noting every reading: who asked for what, for whom, and whether it was answered.

A reading is noted when its answer begins. The note is written within a moment, together with
others; that of an export, a history or a proof is on the disk before the first byte leaves.
"""

from __future__ import annotations

import asyncio
import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.accesses import Accesses
from api.problems import Problem
from domain.kernel.stamp import Actor
from eventlog.access import Access

DURABLE = re.compile(
    r"/v1/(exports|history|dossiers|states|samples|bundle|proofs|epcis|journal-export)\b"
    r"|/(extract|document|completeness|diversion-bound)$"
)
"""What is taken away rather than looked at: its note comes first."""


class AccessNotes:
    """Notes every answered question of a known caller."""

    def __init__(self, app: ASGIApp, accesses: Accesses) -> None:
        self._app, self._accesses = app, accesses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and note it when its answer begins."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        withheld = False

        async def noting(message: Message) -> None:
            nonlocal withheld
            if message["type"] == "http.response.start":
                withheld = not await self._noted(scope, message["status"])
                if withheld:
                    title = "The access log could not be written; nothing was handed out."
                    problem = Problem(503, "LOG_UNAVAILABLE", title)
                    await problem.response()(scope, receive, send)
            if not withheld:
                await send(message)

        await self._app(scope, receive, noting)

    async def _noted(self, scope: Scope, status: int) -> bool:
        """Note a reading; False where that was necessary and could not be done."""
        state = scope.get("state", {})
        principal: Actor | None = state.get("principal")
        if principal is None:
            return True  # nobody was let in
        reader: Actor = state.get("reader", principal)
        query = scope["query_string"].decode("latin-1")
        who = (principal.user, principal.role, reader.user, reader.dealer)
        access = Access(*who, scope["path"], query, status)
        if not DURABLE.search(scope["path"]):
            self._accesses.note(access)
            return True
        try:
            await asyncio.shield(asyncio.wrap_future(self._accesses.noted(access)))
        except Exception:  # noqa: BLE001 - it is in the logs; the caller gets nothing
            return False
        return True
