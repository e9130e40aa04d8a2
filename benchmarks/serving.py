"""A server for the benchmarks: Baton's app, and an empty typed POST beside it.

``python -m benchmarks.serving URL`` listens on a free port of loopback, prints it and ends when its
standard input does.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

import uvicorn
from pydantic import BaseModel

from api.app import create_app
from api.engine import Engine
from api.settings import Settings
from benchmarks.contenders.baton import scenario_clock

SECRET = "benchmarks-on-loopback"


class Line(BaseModel):
    """A line of the empty POST."""

    sku: str
    qty: int


class Empty(BaseModel):
    """A body like that of an order."""

    dealer_id: str
    ship_to: str
    requested_date: date
    lines: list[Line]


class Served(NamedTuple):
    """A server that runs."""

    port: int
    pid: int


def main(url: str) -> None:
    settings = Settings(database_url=url, follow=False, zone="UTC")
    with Engine(settings, scenario_clock) as engine:
        engine.issue_key("bench", "SERVICE", SECRET)
        app = create_app(engine)

        @app.post("/empty", include_in_schema=False)
        async def empty(body: Empty) -> dict[str, bool]:
            return {"ok": body.dealer_id != ""}

        listener = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, access_log=False, log_config=None))
        threading.Thread(target=_end_with_input, args=(server,), daemon=True).start()
        print(listener.getsockname()[1], flush=True)
        server.run(sockets=[listener])


def _end_with_input(server: uvicorn.Server) -> None:
    sys.stdin.read()
    server.should_exit = True


@contextmanager
def served(url: str) -> Iterator[Served]:
    """Start a server on a database that has its world, and end it."""
    command = [sys.executable, "-m", "benchmarks.serving", url]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            yield Served(int(process.stdout.readline()), process.pid)
        finally:
            process.stdin.close()


if __name__ == "__main__":
    main(sys.argv[1])
