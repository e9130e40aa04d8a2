"""Figures: what was measured, beside what it should be."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from statistics import median
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table


class Figure(NamedTuple):
    """One row: a value, its ratio to what it is compared with, and the target of either.

    ``target`` is for the ratio where there is one, else for the value. ``lower`` says that less is
    better. ``spread`` is the least and the most of the rounds whose median the figure is.
    """

    name: str
    backend: str
    value: float
    unit: str
    ratio: float | None = None
    target: float | None = None
    lower: bool = False
    spread: tuple[float, float] | None = None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.target is None:
            return None
        measured = self.value if self.ratio is None else self.ratio
        return measured <= self.target if self.lower else measured >= self.target

    def told(self) -> dict[str, Any]:
        """The row that is printed."""
        row = {"name": self.name, "backend": self.backend, "value": _rounded(self.value)}
        row |= {"ratio": _rounded(self.ratio), "target": self.target, "met": self.met}
        row |= {"unit": self.unit, "lower": self.lower}
        return row | ({"spread": [_rounded(one) for one in self.spread]} if self.spread else {})


class Report:
    """Prints every figure as it comes, as a JSON line; and all as a table in the end."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []

    def add(self, *figures: Figure) -> None:
        for one in figures:
            self.figures.append(one)
            sys.stdout.write(json.dumps(one.told(), ensure_ascii=False) + "\n")
            sys.stdout.flush()

    def show(self) -> None:
        """Print all as a table."""
        table = Table("figure", "on")
        for heading in ("value", "unit", "ratio", "target", "met"):
            table.add_column(heading, justify="right")
        for one in self.figures:
            sign = "" if one.target is None else ("≤ " if one.lower else "≥ ")
            table.add_row(
                one.name,
                one.backend,
                _text(one.value),
                one.unit,
                _text(one.ratio),
                f"{sign}{_text(one.target)}",
                {True: "yes", False: "[red]no", None: ""}[one.met],
            )
        Console(width=130).print(table)


def middle(values: Sequence[float]) -> tuple[float, tuple[float, float]]:
    """Median of rounds, with their least and most."""
    return median(values), (min(values), max(values))


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def number(value: float) -> str:
    """Write a number as the tables show it."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _text(value: float | None) -> str:
    return "" if value is None else number(value)
