"""Ageing: how long open items are overdue on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

BUCKETS = ((0, "not_due"), (30, "overdue_1_30"), (60, "overdue_31_60"), (90, "overdue_61_90"))
BEYOND = "overdue_over_90"


def ageing(items: Iterable[Mapping[str, Any]], on: date) -> dict[str, Any]:
    """Sum open items by the days they are overdue on a day; an item is not due on its due date."""
    sums = {"on": on, **{name: 0 for _, name in BUCKETS}, BEYOND: 0}
    for item in items:
        late = (on - item["due"]).days
        name = next((name for most, name in BUCKETS if late <= most), BEYOND)
        sums[name] += item["open"]
    return sums
