"""What all tests share: both databases, and the word at the end of what they ran on."""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, make_url, text

from eventlog.dialects import postgresql
from tests.support.postgres import EmbeddedPostgres
from tests.support.templates import Templates

settings.register_profile(
    "baton", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("baton")

postgresql.LISTEN_SECONDS = 0.02
"""A log on PostgreSQL is closed within this time; nearly every test closes one."""

BACKENDS = ("sqlite", "postgresql")
RAN_ON = "database"


class GivenPostgres:
    """A server that runs already, with what ``EmbeddedPostgres`` can do with databases."""

    def __init__(self, url: str) -> None:
        self._admin = create_engine(url, isolation_level="AUTOCOMMIT")
        with self._admin.connect() as connection:
            self.version = connection.scalar(text("SHOW server_version"))

    def url(self, database: str) -> str:
        return self._admin.url.set(database=database).render_as_string(hide_password=False)

    def create_database(self, name: str, template: str = "template1") -> None:
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def rename_database(self, name: str, to: str) -> None:
        self._execute(f'ALTER DATABASE "{name}" RENAME TO "{to}"')

    def drop_database(self, name: str) -> None:
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))


class PostgresServer:
    """A PostgreSQL that gives every test a database of its own."""

    def __init__(self, server: EmbeddedPostgres | GivenPostgres, label: str) -> None:
        self._server = server
        self._spare: list[str] = []
        self.label = label

    def new_database(self) -> str:
        """Create an empty database and return its URL."""
        name = f"t_{uuid.uuid4().hex[:16]}"
        if self._spare:
            self._server.rename_database(self._spare.pop(), name)
        else:
            self._server.create_database(name)
        return self._server.url(name)

    def refill(self, name: str, template: str) -> None:
        """Let an empty database be a copy of another one; nobody is connected to either.

        The empty one is kept for whoever wants the next, because a new one takes long to make.
        """
        spare = f"empty_{uuid.uuid4().hex[:16]}"
        self._server.rename_database(name, spare)
        self._spare.append(spare)
        self._server.create_database(name, template)

    def drop(self, url: str) -> None:
        """Drop a database that nobody needs any more: what is left at the end takes longer."""
        self._server.drop_database(str(make_url(url).database))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """PostgreSQL of BATON_TEST_POSTGRES, else one that these tests start. Never a silent skip."""
    given = os.environ.get("BATON_TEST_POSTGRES")
    if given:
        server = GivenPostgres(given)
        yield PostgresServer(server, f"PostgreSQL {server.version} of BATON_TEST_POSTGRES")
        return
    with EmbeddedPostgres() as server:
        label = f"PostgreSQL {server.version} from a wheel, {server.user_note}"
        yield PostgresServer(server, label)


@pytest.fixture(scope="session")
def templates(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Templates:
    """Worlds that are built once in a run, and copied."""
    base = tmp_path_factory.getbasetemp()
    return Templates(base, lambda: request.getfixturevalue("postgres"))


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of an empty database; a test that asks for it runs on each backend."""
    sqlite = request.param == "sqlite"
    server = request.getfixturevalue("postgres") if not sqlite else None
    label = server.label if server else f"SQLite {sqlite3.sqlite_version}"
    request.node.user_properties.append((RAN_ON, label))
    url = empty_database(request, request.param, tmp_path)
    yield url
    if server:
        server.drop(url)


def empty_database(request: pytest.FixtureRequest, backend: str, folder: Path) -> str:
    """Create an empty database of a backend: its URL."""
    if backend == "sqlite":
        return f"sqlite:///{folder / 'baton.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say which databases the tests ran on."""
    counts = Counter(
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name == RAN_ON
    )
    terminalreporter.section("databases")
    for label, count in sorted(counts.items()):
        terminalreporter.write_line(f"{count} tests on {label}")
