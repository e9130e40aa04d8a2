"""Instants that callers give: with their offset, and of a year that calendars can reckon with."""

from __future__ import annotations

from datetime import datetime

from api.decoding import Misfit
from domain.kernel.refusal import ValidationFailed

FIRST_YEAR, LAST_YEAR = 1900, 2999


def checked(given: datetime, field: str) -> datetime:
    """Return an instant as it was given; raises Misfit."""
    if given.tzinfo is None:
        raise Misfit([ValidationFailed(field=field, reason="an instant with its offset from UTC")])
    if not FIRST_YEAR <= given.year <= LAST_YEAR:
        reason = f"an instant of the years {FIRST_YEAR} to {LAST_YEAR}"
        raise Misfit([ValidationFailed(field=field, reason=reason)])
    return given


def checked_if_given(given: datetime | None, field: str = "known_at") -> datetime | None:
    """Return an instant of a query, if one was given; raises Misfit."""
    return None if given is None else checked(given, field)
