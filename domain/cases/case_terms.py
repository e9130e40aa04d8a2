"""The values of a diversion case: its states, its evidence, its decision and its sanctions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

ALERTED, SUPPRESSED, TRIAGED, INVESTIGATING = "ALERTED", "SUPPRESSED", "TRIAGED", "INVESTIGATING"
AWAITING, RESPONDED = "AWAITING_DEALER_RESPONSE", "DEALER_RESPONDED"
DECIDED, SANCTIONED, APPEALED = "DECIDED", "SANCTIONED", "APPEALED"
CLOSED, MERGED, REOPENED = "CLOSED", "MERGED", "REOPENED"

ENDED = (CLOSED, MERGED, SUPPRESSED)
"""States in which nobody works on it."""

CONFIRMED, DISMISSED, INCONCLUSIVE = "CONFIRMED", "DISMISSED", "INCONCLUSIVE"
UPHELD, OVERTURNED = "UPHELD", "OVERTURNED"

RESPONSE_DAYS, APPEAL_DAYS = 10, 15
STRONG = Decimal("0.9")
"""Weight of a single observation that proves a case."""

WARNING, REBATE_DEDUCTION, PENALTY = "WARNING", "REBATE_DEDUCTION", "PENALTY"
COMPENSATION, TIER_DOWNGRADE = "COMPENSATION", "TIER_DOWNGRADE"
TERRITORY_REDUCTION, SUSPENSION = "TERRITORY_REDUCTION", "SUSPENSION"


class Exhibit(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a person adds: a document's hash, when and by whom it was captured, and its weight."""

    kind: str
    document_hash: str
    captured_on: date
    captured_by: str
    weight: Decimal
    note: str = ""
    gps: str | None = None


class Decision(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a case was decided: the outcome, by whom, why, and on which evidence.

    ``evidence`` names sightings and exhibits by what was scanned or hashed. ``units`` were
    diverted; ``net`` is what their dealer paid for them, in minor units.
    """

    outcome: str
    reason: str
    deciders: tuple[str, ...]
    code: str | None = None
    evidence: tuple[str, ...] = ()
    units: int = 0
    net: int = 0
    source_dealer: str | None = None
    destination: str = ""
    """Region (GB/T 2260) in which the goods were found."""


class Sanction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One consequence for the dealer.

    ``amount`` (minor units) of a PENALTY, a COMPENSATION or a REBATE_DEDUCTION; ``tier`` of a
    TIER_DOWNGRADE; ``product_line`` of a TERRITORY_REDUCTION; ``document`` that was posted for it.
    A penalty ``from_deposit`` takes from the dealer's security deposit first.
    """

    kind: str
    amount: int | None = None
    tier: str | None = None
    product_line: str | None = None
    note: str = ""
    document: str | None = None
    before: str | None = None
    """Tier before a downgrade, or status before a suspension."""
    from_deposit: bool = False
