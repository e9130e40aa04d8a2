"""Terms of matching: which rules are tried, and how far amounts and days may be apart."""

from __future__ import annotations

from domain.company.company_policy import SmallDifference
from domain.policies.matching.codes import NAMES


class MatchTerms(SmallDifference, frozen=True, omit_defaults=True, kw_only=True):
    """How two statements are compared; what is let go of a line is a small difference.

    ``max_item``, ``pct`` and ``floor`` bound it for one line, ``per_dealer_month`` for all lines of
    a run together (minor units). ``vat_cents`` per line are rounding of VAT. ``window_days`` may
    lie between two sides' days of a payment. Sums are sought over at most ``most_lines`` lines out
    of at most ``most_candidates``. ``passes`` names the rules that are tried.
    """

    vat_cents: int = 1
    window_days: int = 3
    most_lines: int = 5
    most_candidates: int = 20
    passes: tuple[str, ...] = tuple(NAMES)
