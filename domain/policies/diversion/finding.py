"""What a rule answers: a finding, an explanation that silences one, or a use of an exception."""

from __future__ import annotations

from typing import Any

import msgspec

from domain.cases.alert import ScorePart
from domain.channel.dealer_stock import DealerStock
from domain.goods.serial_number import SerialNumber
from domain.policies.diversion import FAMILY, scoring


class Subject(msgspec.Struct, frozen=True):
    """What alerts are about, so that those about the same thing become one case.

    A device, a lot at a dealer (``stock`` and ``key`` = product/lot), or whatever ``key`` names.
    """

    unit: SerialNumber | None = None
    stock: DealerStock | None = None
    key: str = ""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A rule fired: about what, how grave (``parts``, at most ``most`` points), on which facts."""

    rule: str
    subject: Subject
    parts: tuple[ScorePart, ...]
    facts: dict[str, Any]
    most: int = 100

    @property
    def family(self) -> str:
        """Family of rules whose alerts about one thing are one case."""
        return FAMILY[self.rule]

    @property
    def score(self) -> int:
        """Points, 0 to 100."""
        return min(scoring.score(self.parts), self.most)


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """A rule would have fired, but there is a legitimate explanation: its code, in words."""

    finding: Finding
    code: str
    detail: str

    @property
    def rule(self) -> str:
        """Rule that would have fired."""
        return self.finding.rule


class ExceptionUsed(msgspec.Struct, frozen=True, kw_only=True):
    """A leave to sell elsewhere covers it, and is used for it."""

    rule: str
    dealer: str
    exception: str
    ref: str
    qty: int


Verdict = Finding | Explained | ExceptionUsed
