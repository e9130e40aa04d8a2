"""A sighting: where a device was seen, by whom, and how far that is to be believed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec


class Sighting(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a device was seen, by whom and how far that is to be believed (0 to 1).

    ``gps`` is "latitude,longitude" in degrees; ``at`` is empty where only the day is known.
    """

    raw: str
    region_code: str
    source: str
    weight: Decimal
    hospital: str | None = None
    observer: str | None = None
    gps: str | None = None
    photos: tuple[str, ...] = ()
    at: datetime | None = None
    document: str | None = None
    """The report or message that tells of it, and the line, where there is one."""
