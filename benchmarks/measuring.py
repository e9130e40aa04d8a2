"""Measuring: time on the wall, and processor time of this process and of the database's."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil

from tests.support.postgres import EmbeddedPostgres


class Cost(NamedTuple):
    """Seconds: on the wall, of our processes, of the database's processes."""

    wall: float
    client: float
    server: float

    @property
    def cpu(self) -> float:
        """Processor time of everything that took part."""
        return self.client + self.server


class Place:
    """Where databases come from: files in a folder, or one durable PostgreSQL."""

    def __init__(self, folder: Path, server: EmbeddedPostgres) -> None:
        self._folder, self._server = folder, server
        self._number = 0

    @property
    def postgresql_version(self) -> str:
        """Version of the server."""
        return self._server.version

    def database(self, backend: str) -> str:
        """URL of an empty database."""
        self._number += 1
        if backend == "sqlite":
            return f"sqlite:///{self._folder / f'{self._number}.db'}"
        return self._server.create_database(f"bench_{self._number}")

    def cost_of(self, work: Callable[[], object], helpers: Sequence[int] = ()) -> Cost:
        """Do some work, and tell what it took; ``helpers`` are processes that do it for us."""
        before = self._server_cpu(), _client_cpu(helpers)
        begun = time.perf_counter()
        work()
        passed = time.perf_counter() - begun
        after = self._server_cpu(), _client_cpu(helpers)
        return Cost(passed, after[1] - before[1], after[0] - before[0])

    def _server_cpu(self) -> float:
        """Of the processes that live, and of those that have ended, which their parent counts."""
        total = 0.0
        supervisor = psutil.Process(self._server.supervisor_pid)
        for process in supervisor.children(recursive=True):
            try:
                spent = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += spent.user + spent.system + spent.children_user + spent.children_system
        return total


@contextmanager
def place() -> Iterator[Place]:
    """Open a place for databases, and remove it with all that is in it."""
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(durable=True) as server:
        yield Place(Path(folder), server)


def _client_cpu(helpers: Sequence[int]) -> float:
    times = [psutil.Process(pid).cpu_times() for pid in (helpers or [os.getpid()])]
    return sum(spent.user + spent.system for spent in times)
