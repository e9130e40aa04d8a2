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
from sqlalchemy import create_engine, text

from tests.support.postgres import EmbeddedPostgres
from tests.support.templates import Templates

settings.register_profile(
    "baton", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("baton")

BACKENDS = ("sqlite", "postgresql")
RAN_ON = "database"


class PostgresServer:
    """A PostgreSQL that gives every test a database of its own."""

    def __init__(self, url_of: Any, create: Any, drop: Any, label: str) -> None:
        self._url_of = url_of
        self._create = create
        self._drop = drop
        self.label = label

    def new_database(self) -> str:
        """Create an empty database and return its URL."""
        name = f"t_{uuid.uuid4().hex[:16]}"
        self._create(name)
        return str(self._url_of(name))

    def refill(self, name: str, template: str) -> None:
        """Let a database be a copy of another one, to which nobody is connected."""
        self._drop(name)
        self._create(name, template)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """PostgreSQL of BATON_TEST_POSTGRES, else one that these tests start. Never a silent skip."""
    given = os.environ.get("BATON_TEST_POSTGRES")
    if given:
        yield _given_server(given)
        return
    with EmbeddedPostgres() as server:
        label = f"PostgreSQL {server.version} from a wheel, {server.user_note}"
        yield PostgresServer(server.url, server.create_database, server.drop_database, label)


def _given_server(url: str) -> PostgresServer:
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        version = connection.scalar(text("SHOW server_version"))

    def create(name: str, template: str = "template1") -> None:
        with admin.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))

    def drop(name: str) -> None:
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))

    def url_of(name: str) -> str:
        return admin.url.set(database=name).render_as_string(hide_password=False)

    return PostgresServer(url_of, create, drop, f"PostgreSQL {version} of BATON_TEST_POSTGRES")


@pytest.fixture(scope="session")
def templates(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Templates:
    """Worlds that are built once in a run, and copied."""
    folder = tmp_path_factory.mktemp("templates")
    return Templates(folder, lambda: request.getfixturevalue("postgres"))


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database; a test that asks for it runs on each backend."""
    sqlite = request.param == "sqlite"
    server = request.getfixturevalue("postgres") if not sqlite else None
    label = server.label if server else f"SQLite {sqlite3.sqlite_version}"
    request.node.user_properties.append((RAN_ON, label))
    return empty_database(request, request.param, tmp_path)


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
