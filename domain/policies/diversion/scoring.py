"""Scoring: how grave a finding is, and by when it must be answered.

The score is ``base + additions - round(20 x (1 - weight))``, clamped to 0..100.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from domain.cases.alert import ScorePart
from domain.kernel.money import percent
from domain.policies.diversion import BASE, R08

VICTIM_POINTS = 20
GAP_POINTS, GAP_PCT = 10, Decimal("3.00")
LIST_PRICE_POINTS, LIST_PRICE = 10, Decimal(100_000)
CONFIRMED_POINTS, CONFIRMED_DAYS = 10, 180
REPEAT_POINTS, REPEAT_UNITS, REPEAT_DAYS = 10, 3, 30
EXCEPTION_POINTS, EXCEPTION_DAYS = -20, 30
EXCESS_POINTS, EXCESS_PCT = 10, 10
WEIGHT_POINTS = 20

CRITICAL, HIGH, MEDIUM, LOW = "CRITICAL", "HIGH", "MEDIUM", "LOW"
LOW_MOST = 39
"""Most points of a LOW alert."""

_SEVERITIES = ((90, CRITICAL), (70, HIGH), (LOW_MOST + 1, MEDIUM), (0, LOW))
_RESPONSE = {
    CRITICAL: timedelta(hours=24),
    HIGH: timedelta(days=3),
    MEDIUM: timedelta(days=7),
    LOW: timedelta(days=7),
}


def score_parts(  # noqa: PLR0913 - a score has this many grounds
    rule: str,
    weight: Decimal,
    list_price: Decimal,
    *,
    victim: str | None = None,
    gap_pct: Decimal | None = None,
    units_alerted: int = 0,
    confirmed: str | None = None,
    exception: str | None = None,
) -> tuple[ScorePart, ...]:
    """Summands of a score. ``units_alerted`` counts the dealer's in 30 days, this one too."""
    parts = [ScorePart(f"base of {rule}", BASE[rule])]
    if victim is not None:
        parts.append(ScorePart(f"{victim} holds exclusive rights there", VICTIM_POINTS))
    if gap_pct is not None and gap_pct >= GAP_PCT:
        parts.append(ScorePart(f"price gap {gap_pct} %", GAP_POINTS))
    if list_price >= LIST_PRICE:
        parts.append(ScorePart(f"list price {list_price:,.2f}", LIST_PRICE_POINTS))
    if confirmed is not None:
        parts.append(ScorePart(f"{confirmed} was confirmed lately", CONFIRMED_POINTS))
    if units_alerted >= REPEAT_UNITS:
        parts.append(ScorePart(f"{units_alerted} units in {REPEAT_DAYS} days", REPEAT_POINTS))
    if exception is not None:
        parts.append(ScorePart(f"exception {exception} is used up or over", EXCEPTION_POINTS))
    return (*parts, *_doubt(weight))


def lot_parts(
    weight: Decimal,
    list_price: Decimal,
    excess: int,
    came: int,
    *,
    confirmed: str | None = None,
) -> tuple[ScorePart, ...]:
    """Summands of the score of a lot of which more was sold than came, base units."""
    parts = [ScorePart(f"base of {R08}", BASE[R08])]
    if excess * 100 >= came * EXCESS_PCT:
        parts.append(ScorePart(f"{excess} beyond the {came} that came", EXCESS_POINTS))
    if list_price >= LIST_PRICE:
        parts.append(ScorePart(f"list price {list_price:,.2f}", LIST_PRICE_POINTS))
    if confirmed is not None:
        parts.append(ScorePart(f"{confirmed} was confirmed lately", CONFIRMED_POINTS))
    return (*parts, *_doubt(weight))


def _doubt(weight: Decimal) -> tuple[ScorePart, ...]:
    doubt = int((WEIGHT_POINTS * (1 - weight)).quantize(Decimal(1), ROUND_HALF_UP))
    return (ScorePart(f"weight of the observation {weight}", -doubt),) if doubt else ()


def score(parts: tuple[ScorePart, ...]) -> int:
    """Sum the parts, clamped to 0..100."""
    return min(100, max(0, sum(part.points for part in parts)))


def severity(points: int) -> str:
    """Grade a score: CRITICAL from 90, HIGH from 70, MEDIUM from 40, else LOW."""
    return next(name for least, name in _SEVERITIES if points >= least)


def due_at(grade: str, raised_at: datetime) -> datetime:
    """Say by when somebody has to respond."""
    return raised_at + _RESPONSE[grade]


def price_gap(p_source: Decimal, p_local: Decimal) -> Decimal:
    """How much cheaper the source bought: ``(p_local - p_source) / p_local`` in per cent."""
    return percent(p_local - p_source, p_local)
