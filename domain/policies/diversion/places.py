"""Places: how far two sightings are apart. Positions are (latitude, longitude) in degrees."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from domain.policies.territory import PROVINCE

EARTH_KM = 6371
CAPITALS: dict[str, tuple[float, float]] = {
    "11": (39.90, 116.41),
    "12": (39.13, 117.20),
    "13": (38.04, 114.51),
    "14": (37.87, 112.55),
    "15": (40.84, 111.75),
    "21": (41.81, 123.43),
    "22": (43.82, 125.32),
    "23": (45.80, 126.53),
    "31": (31.23, 121.47),
    "32": (32.06, 118.80),
    "33": (30.27, 120.16),
    "34": (31.82, 117.23),
    "35": (26.07, 119.30),
    "36": (28.68, 115.86),
    "37": (36.65, 117.12),
    "41": (34.75, 113.63),
    "42": (30.59, 114.31),
    "43": (28.23, 112.94),
    "44": (23.13, 113.26),
    "45": (22.82, 108.37),
    "46": (20.04, 110.20),
    "50": (29.56, 106.55),
    "51": (30.57, 104.07),
    "52": (26.65, 106.63),
    "53": (25.04, 102.72),
    "54": (29.65, 91.14),
    "61": (34.34, 108.94),
    "62": (36.06, 103.83),
    "63": (36.62, 101.78),
    "64": (38.49, 106.23),
    "65": (43.83, 87.62),
    "71": (25.03, 121.57),
    "81": (22.32, 114.17),
    "82": (22.20, 113.55),
}
"""Seats of the provincial governments, by the first two digits of their region codes."""


def position(region_code: str, gps: str | None) -> tuple[float, float] | None:
    """Where something was: by its GPS text "latitude,longitude", else by its province's seat."""
    return parsed(gps) or CAPITALS.get(region_code[:PROVINCE])


def parsed(gps: str | None) -> tuple[float, float] | None:
    """Read "latitude,longitude"; None for what is none."""
    parts = (gps or "").split(",")
    try:
        latitude, longitude = (float(part) for part in parts)
    except ValueError:
        return None
    inside = -90 <= latitude <= 90 and -180 <= longitude <= 180  # noqa: PLR2004 - degrees
    return (latitude, longitude) if inside else None


def distance_km(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Great-circle distance by the haversine formula, in kilometres."""
    (lat1, lon1), (lat2, lon2) = ((radians(a), radians(b)) for a, b in (here, there))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))
