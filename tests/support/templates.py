"""Databases that begin as a copy of one that was built once: a world is set up once, not per test."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from api.engine import Engine
from tests.support.world import MovableClock, opened

Make = Callable[[Engine, MovableClock], None]


class Templates:
    """What was built in this run, by backend and by what built it."""

    def __init__(self, folder: Path, postgres: Callable[[], Any]) -> None:
        self._folder = folder
        self._postgres = postgres
        self._built: dict[tuple[str, Make], tuple[str, datetime]] = {}

    def fill(self, url: str, make: Make, clock: MovableClock) -> None:
        """Let an empty database hold what ``make`` builds, and the clock show what it came to."""
        key = (make_url(url).get_backend_name(), make)
        if key not in self._built:
            self._built[key] = self._build(key[0], make)
        template, clock.now = self._built[key]
        target, source = (str(make_url(one).database) for one in (url, template))
        if key[0] == "sqlite":
            shutil.copyfile(source, target)
        else:
            self._postgres().refill(target, source)

    def _build(self, backend: str, make: Make) -> tuple[str, datetime]:
        url = f"sqlite:///{self._folder / uuid.uuid4().hex}.db"
        if backend != "sqlite":
            url = self._postgres().new_database()
        clock = MovableClock()
        with opened(url, clock, follow=False) as engine:
            make(engine, clock)
        return url, clock.now
