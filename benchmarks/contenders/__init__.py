"""The contenders: the scenario as different people would write it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from benchmarks.scenario import Order, Totals


class Contender(Protocol):
    """One way to run the scenario on one database."""

    name: str

    def prepare(self, units: int) -> None:
        """Create the tables and the world on an empty database, so many units in each cell."""
        ...

    def play(self, orders: Sequence[Order]) -> None:
        """Take orders through their seven steps, several at once."""
        ...

    def totals(self) -> Totals:
        """What the books say now."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...
