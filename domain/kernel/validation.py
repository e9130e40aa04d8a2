"""Finding everything that is wrong with a command before it is refused."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from domain.kernel.aggregate import Aggregate, Log
from domain.kernel.refusal import DateRange, Refusal, ValidationFailed, refuse

_ID = re.compile(r"[^\s/][^/]{0,63}")
_REGION = re.compile(r"[0-9]{6}")
MOST_DAYS = 3_650
"""Bound of lead times, terms and the like."""

_LARGEST_PRICE = Decimal(10) ** 12
_PRICE_DIGITS = -6


class Findings:
    """Collects violations; ``refuse`` raises them all at once, the first one leading."""

    def __init__(self) -> None:
        self.found: list[Refusal] = []

    def add(self, *violations: Refusal) -> None:
        """Add violations."""
        self.found.extend(violations)

    def require(self, fine: object, violation: Refusal) -> None:
        """Add a violation unless something holds."""
        if not fine:
            self.found.append(violation)

    def field(self, fine: object, field: str, reason: str) -> None:
        """Add a wrong field unless something holds."""
        if not fine:
            self.found.append(ValidationFailed(field=field, reason=reason))

    def identifier(self, text: str, field: str) -> None:
        """Ids name streams: 1 to 64 characters, no slash, no control character."""
        fine = _ID.fullmatch(text) and text.isprintable()
        self.field(fine, field, "1 to 64 characters without slash or control characters")

    def known(self, log: Log, kind: type[Aggregate], key: str, field: str) -> bool:
        """Something with this id must have been set up."""
        fine = bool(_ID.fullmatch(key)) and key.isprintable() and log.get(kind, key).exists
        self.field(fine, field, f"no {kind.__name__} {key!r} is known")
        return fine

    def region(self, code: str, field: str) -> None:
        """Regions are named by GB/T 2260 codes, never by words."""
        self.field(_REGION.fullmatch(code), field, "six digits (GB/T 2260)")

    def between(self, value: Decimal, low: int, high: int, field: str) -> None:
        """A decimal must be a number within bounds."""
        fine = value.is_finite() and low <= value <= high
        self.field(fine, field, f"between {low} and {high}")

    def price(self, value: Decimal, field: str) -> None:
        """A unit price is more than 0 and fits decimal(18,6)."""
        fine = value.is_finite() and 0 < value < _LARGEST_PRICE
        fine = fine and int(value.normalize().as_tuple().exponent) >= _PRICE_DIGITS
        self.field(fine, field, "more than 0, with at most 12 digits before the point and 6 after")

    def dates(self, valid_from: date, valid_to: date | None, field: str) -> None:
        """A validity must not end before it begins."""
        fine = valid_to is None or valid_from <= valid_to
        self.require(fine, DateRange(field=field, valid_from=valid_from, valid_to=valid_to))

    def refuse(self) -> None:
        """Raise what was found."""
        refuse(self.found)
