"""Statement matching (对账): a dealer's own lines against ours.

``match`` is given both lists and answers with pairs that are beyond doubt, with alternatives that
a person must choose from, and with differences. Each rule is a function in a file of its subject.
"""

from __future__ import annotations

from domain.policies.matching.earlier import Earlier
from domain.policies.matching.lines import StatedLine, key_of, normalised
from domain.policies.matching.outcome import Difference, Match, Outcome
from domain.policies.matching.rules import match
from domain.policies.matching.terms import MatchTerms

__all__ = [
    "Difference",
    "Earlier",
    "Match",
    "MatchTerms",
    "Outcome",
    "StatedLine",
    "key_of",
    "match",
    "normalised",
]
