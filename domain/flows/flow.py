"""What a flow is: it takes the log, a stamp and its command, and returns facts for the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Flow = Callable[..., dict[str, Any]]

Flows = dict[type[Any], Flow]
"""Flows by the class of their command."""
