"""Databases that begin as a copy of one that was built once: a world is set up once, not per test."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from api.engine import Engine
from tests.support.world import MovableClock, opened

Make = Callable[[Engine, MovableClock], None]


class Templates:
    """What was built in this run, by backend and by what built it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._built: dict[tuple[str, Make], tuple[str, datetime]] = {}

    def fill(self, url: str, make: Make, clock: MovableClock) -> None:
        """Let an empty database hold what ``make`` builds, and the clock show what it came to."""
        key = (make_url(url).get_backend_name(), make)
        if key not in self._built:
            self._built[key] = self._build(url, make)
        template, clock.now = self._built[key]
        if key[0] == "sqlite":
            shutil.copyfile(_file(template), _file(url))
            return
        _create(url, template)

    def _build(self, url: str, make: Make) -> tuple[str, datetime]:
        name = f"template_{uuid.uuid4().hex[:16]}"
        template = f"sqlite:///{self._folder / name}.db"
        if make_url(url).get_backend_name() != "sqlite":
            template = make_url(url).set(database=name).render_as_string(hide_password=False)
            _create(template, "template1")
        clock = MovableClock()
        with opened(template, clock, follow=False) as engine:
            make(engine, clock)
        return template, clock.now


def _file(url: str) -> str:
    return str(make_url(url).database)


def _create(url: str, template: str) -> None:
    """Create a PostgreSQL database, or anew, as a copy of one to which nobody is connected."""
    parsed = make_url(url)
    source = make_url(template).database if "://" in template else template
    admin = create_engine(parsed.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{parsed.database}"'))
        connection.execute(text(f'CREATE DATABASE "{parsed.database}" TEMPLATE "{source}"'))
    admin.dispose()
