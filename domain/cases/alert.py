"""An alert: what a rule found, scored, with everything that a reader needs to judge it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import msgspec


class ScorePart(msgspec.Struct, frozen=True):
    """One summand of a score, and why."""

    reason: str
    points: int


class Alert(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything a reader of an alert needs, as of the day it was raised.

    ``p_source`` is what the source dealer paid per unit net, ``p_local`` the tier price of the
    place; ``gap_pct = (p_local - p_source) / p_local``. ``serial`` is empty for an alert that is
    not about a device, ``di`` for one that is not about a product either.
    """

    rule: str
    sku: str
    di: str
    serial: str
    severity: str
    score: int
    parts: tuple[ScorePart, ...]
    observed_region: str
    observed_on: date
    source: str
    weight: Decimal
    due_at: datetime
    observed_hospital: str | None = None
    register_state: str | None = None
    register_warehouse: str | None = None
    source_dealer: str | None = None
    suspect_dealer: str | None = None
    responsible_dealer: str | None = None
    authorised_regions: tuple[str, ...] = ()
    territory_version: int | None = None
    victim_dealer: str | None = None
    shp: str | None = None
    so: str | None = None
    invoice: str | None = None
    p_source: Decimal | None = None
    p_local: Decimal | None = None
    gap_pct: Decimal | None = None
    exception_id: str | None = None
    exception_state: str | None = None
    """EXHAUSTED or EXPIRED, where an exception for the place exists."""
    lot: str | None = None
    received: int | None = None
    """What came to the dealer of the lot, base units; ``sold`` what left it."""
    sold: int | None = None
    excess: int | None = None
    family_gap: int | None = None
    """What counts of the dealer's family miss of the lot."""
    code: str | None = None
    """What the rule adds: INTRA_FAMILY, SUBDEALER_OUT_OF_AREA, CHANNEL_SHORT or PROBABLE_TYPO."""
    note: str | None = None
    """The particulars that only this rule has, in words: distances, counts, a listing's address."""
    suspects: tuple[str, ...] = ()
    """Dealers among which blame is shared, where no single one can be named."""
    rules_version: int = 0
    """Version of the detection policy that judged it."""
    retro: bool = False
    """Whether it was found in past facts by a rule that was changed since."""

    @property
    def about(self) -> tuple[str, str, str]:
        """What it is about: product, serial number and lot, empty where it names none."""
        return self.sku, self.serial, self.lot or ""
