"""Databases that begin as a copy of one that was built once: a world is set up once, not per test.

What is built on SQLite serves all processes of a run: the first one that needs it builds it, the
others wait. On PostgreSQL each process has a server of its own, and builds for itself.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from api.engine import Engine
from eventlog.database import Database
from eventlog.migrating import migrate
from tests.support.world import MovableClock, opened

Make = Callable[[Engine, MovableClock], None]
Build = Callable[[str], str]
"""Builds in the empty database of a URL; what is to be remembered of it."""


def folder_of_run(base: Path) -> Path:
    """Folder that all processes of a run share, of the base folder that pytest gave to this one."""
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


class Templates:
    """What was built in this run, by backend and by what built it."""

    def __init__(self, base: Path, postgres: Callable[[], Any]) -> None:
        self._folder = folder_of_run(base)
        self._postgres = postgres
        self._built: dict[str, tuple[str, str]] = {}

    def fill(self, url: str, make: Make, clock: MovableClock) -> None:
        """Let an empty database hold what ``make`` builds from the time that the clock shows.

        The clock then shows what it came to.
        """
        now = self._copy(url, *_building(make, clock))
        clock.now = datetime.fromisoformat(now)

    def begin(self, url: str) -> None:
        """Let an empty database have the tables of a log in which nothing happened."""
        self._copy(url, "log", _migrated)

    def _copy(self, url: str, name: str, build: Build) -> str:
        target = make_url(url)
        if target.get_backend_name() == "sqlite":
            return _copied_file(self._folder, name, build, Path(str(target.database)))
        if name not in self._built:
            template = self._postgres().new_database()
            self._built[name] = template, build(template)
        template, word = self._built[name]
        self._postgres().refill(target.database, make_url(template).database)
        return word


def copied(folder: Path, make: Make, clock: MovableClock) -> str:
    """URL of a SQLite database with what ``make`` builds, in a folder that pytest gave a test."""
    file = folder / "baton.db"
    now = _copied_file(folder_of_run(folder.parent), *_building(make, clock), file)
    clock.now = datetime.fromisoformat(now)
    return f"sqlite:///{file}"


def followed(engine: Engine) -> None:
    """Let the read models take in the whole log."""
    while engine.runner.catch_up():
        pass


def _building(make: Make, clock: MovableClock) -> tuple[str, Build]:
    """Name of what is built, and how."""
    assert "<" not in make.__qualname__, "a template is known by the name of a function of a module"

    def build(url: str) -> str:
        moving = MovableClock(clock.now)
        with opened(url, moving, follow=False) as engine:
            make(engine, moving)
        return moving.now.isoformat()

    return f"{make.__module__}.{make.__qualname__}.{clock.now:%Y%m%dT%H%M%S}", build


def _migrated(url: str) -> str:
    database = Database(url)
    migrate(database)
    database.close()
    return ""


def _copied_file(run: Path, name: str, build: Build, file: Path) -> str:
    """Copy a file that is built once in a run, in a folder that is there only when it is whole."""
    shelf = run / "templates"
    shelf.mkdir(exist_ok=True)
    built = shelf / name
    with _locked(shelf / f"{name}.lock"):
        if not built.exists():
            draft = Path(tempfile.mkdtemp(dir=shelf))
            (draft / "word").write_text(build(f"sqlite:///{draft / 'database'}"))
            draft.rename(built)
    shutil.copyfile(built / "database", file)
    return (built / "word").read_text()


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Hold a lock that a process gives back however it ends."""
    with file.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
