"""The arrows between the rooms: who may import whom, third parties included."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("api", "benchmarks", "demo", "domain", "eventlog", "projections", "replays", "tests")

MAY_IMPORT = {
    "domain": {"msgspec"},
    "eventlog": {"alembic", "eventsourcing", "msgspec", "sqlalchemy"},
    "projections": {"domain", "sqlalchemy", "msgspec"},
    "projections/runner.py": {"domain", "eventlog", "sqlalchemy", "msgspec"},
    "replays": {
        "domain",
        "eventlog",
        "projections",
        "cryptography",
        "msgspec",
        "networkx",
        "sqlalchemy",
    },
    "api": {"domain", "eventlog", "projections", "replays"},
    "demo": {"api", "domain", "projections", "replays"},
}
"""What each room, or a single file of it, may import beside itself and the standard library."""

THIRD_PARTIES_FREE = {"api", "demo"}
"""Rooms at the edge may use what they need of third parties."""

READER_ONLY = {"eventlog.chain", "eventlog.codec", "eventlog.reader", "eventlog.rows"}
"""The past is read: replays see nothing of the log that could append."""


def files_of(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module


def strangers(room: str, path: Path) -> set[str]:
    relative = path.relative_to(ROOT).as_posix()
    allowed = MAY_IMPORT.get(relative, MAY_IMPORT[room])
    found = set()
    for module in imports_of(path):
        top = module.partition(".")[0]
        if top == room or top in sys.stdlib_module_names or top in allowed:
            continue
        if top not in ROOMS and room in THIRD_PARTIES_FREE:
            continue
        found.add(f"{relative} imports {module}")
    return found


@pytest.mark.parametrize("room", [room for room in MAY_IMPORT if "/" not in room])
def test_no_import_goes_against_the_arrows(room):
    found = [stranger for path in files_of(room) for stranger in strangers(room, path)]

    assert found == []


def test_an_import_against_the_arrows_would_be_found(tmp_path, monkeypatch):
    (tmp_path / "domain").mkdir()
    bad = tmp_path / "domain" / "order.py"
    bad.write_text("import sqlalchemy\nfrom eventlog.writer import Writer\nimport json\n")
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)

    assert strangers("domain", bad) == {
        "domain/order.py imports sqlalchemy",
        "domain/order.py imports eventlog.writer",
    }


def test_replays_only_read_the_log():
    seen = {
        module
        for path in files_of("replays")
        for module in imports_of(path)
        if module.startswith("eventlog")
    }

    assert seen <= READER_ONLY


def test_neither_clock_nor_dice_are_in_the_domain():
    impure = {
        "datetime.now(",
        "utcnow(",
        "date.today(",
        "uuid4(",
        "import random\n",
        "import time\n",
    }
    found = [
        f"{path.name}: {word}"
        for path in files_of("domain")
        for word in impure
        if word in path.read_text(encoding="utf-8")
    ]

    assert found == []
