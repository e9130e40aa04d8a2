"""Databases that several tests of a module share, on each backend in turn."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from tests.conftest import RAN_ON


def shared_url(request: pytest.FixtureRequest, factory: pytest.TempPathFactory) -> str:
    """URL of an empty database on the backend that a fixture's parameter names."""
    if request.param == "sqlite":
        return f"sqlite:///{factory.mktemp('shared') / 'baton.db'}"
    url: str = request.getfixturevalue("postgres").new_database()
    return url


def note_backend(request: pytest.FixtureRequest, url: str) -> None:
    """Count a test among those of its backend, as ``database_url`` does."""
    label: Any = f"SQLite {sqlite3.sqlite_version}"
    if not url.startswith("sqlite"):
        label = request.getfixturevalue("postgres").label
    request.node.user_properties.append((RAN_ON, label))
