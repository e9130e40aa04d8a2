"""What a law is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from sqlalchemy import Select


class Law(msgspec.Struct, frozen=True):
    """A law: its name, what it says, and the query that gives the rows that break it."""

    name: str
    text: str
    broken: Callable[[], Select[Any]]
