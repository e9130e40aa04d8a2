"""Numbering: giving documents their numbers, and declaring numbers void."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.company.number_series import NumberSeries
from domain.kernel.aggregate import Log
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings

_DIGITS = re.compile(r"[0-9]{3,9}")


@dataclass(frozen=True, kw_only=True)
class VoidNumber:
    """Declare that a document number will never be used, so that the series has no silent hole.

    ``series`` is the prefix, such as ``SO`` or ``INV-2603``.
    """

    series: str
    number: int
    reason: str


def void_number(log: Log, stamp: Stamp, command: VoidNumber) -> dict[str, Any]:
    """Void a number.

    Refuses NUMBER_TAKEN, VALIDATION_FAILED.
    """
    findings = Findings()
    findings.identifier(command.series, "series")
    findings.field(command.number >= 1, "number", "at least 1")
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    findings.refuse()
    series = log.get(NumberSeries, command.series)
    return {"number": series.void(command.number, command.reason, stamp)}


def next_number(log: Log, series: str, stamp: Stamp) -> str:
    """Take the lowest free number of a series."""
    return log.get(NumberSeries, series).take(stamp.automatic("numbering"))


def document_number(log: Log, series: str, wanted: str | None, stamp: Stamp) -> str:
    """Return the number of a document: the client's own, or the lowest free one of the series.

    A client's number of the series' own form is taken out of it; refuses NUMBER_TAKEN.
    """
    if wanted is None:
        return next_number(log, series, stamp)
    prefix, _, digits = wanted.rpartition("-")
    own = int(digits) if prefix == series and _DIGITS.fullmatch(digits) else 0
    if own and log.get(NumberSeries, series).name(own) == wanted:
        log.get(NumberSeries, series).claim(own, stamp.automatic("numbering"))
    return wanted


def monthly(prefix: str, day: date) -> str:
    """Series of a document type for the month of posting: ``INV-2603``."""
    return f"{prefix}-{day:%y%m}"
