"""Promises: available to promise by day, so that an earlier promise never eats a later one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any


def timeline(
    sellable: int, dated: Iterable[Mapping[str, Any]], today: date
) -> list[dict[str, Any]]:
    """Available to promise on each day with receipts or demand, today first.

    ``ATP(t) = min over t' >= t of sellable + receipts(due <= t') - demand(due <= t')``: looking
    back from the horizon. What was due before today counts today.
    """
    by_day: dict[date, list[int]] = {today: [0, 0]}
    for row in dated:
        sums = by_day.setdefault(max(row["day"], today), [0, 0])
        sums[0] += row["receipts"]
        sums[1] += row["demand"]
    left, balance = [], sellable
    for day in sorted(by_day):
        balance += by_day[day][0] - by_day[day][1]
        left.append((day, balance))
    found: list[dict[str, Any]] = []
    least: int | None = None
    for day, balance in reversed(left):
        least = balance if least is None else min(least, balance)
        receipts, demand = by_day[day]
        figures = {"receipts": receipts, "demand": demand, "cumulative_atp": least}
        found.append({"day": day, **figures})
    return found[::-1]
