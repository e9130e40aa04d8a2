"""Expiring: claims that nobody decided in time, and money that was agreed to and never taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.flows.books.dating import posting_day
from domain.flows.company.acting import SCHEDULER, only
from domain.incentives.claim import SUBMITTED, UNDER_REVIEW, Claim
from domain.incentives.incentive_book import IncentiveBook
from domain.incentives.promotion import Promotion
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import FutureDated
from domain.kernel.stamp import Stamp

UNDECIDED_DAYS = 60
UNTAKEN_DAYS = 365
"""What was agreed to is owed: it lapses much later than what nobody has looked at."""


@dataclass(frozen=True, kw_only=True)
class ExpireClaims:
    """Let claims end by a day: the named ones that were due by then. For the scheduler.

    A claim ends sixty days after it arose undecided; one that was agreed to, a year after that.
    """

    claims: list[str]
    as_of: date


def expire_claims(log: Log, stamp: Stamp, command: ExpireClaims) -> dict[str, Any]:
    """Expire claims, and give back what they took of their promotions' budgets.

    Those that were decided, paid or expired meanwhile are left as they are.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, FUTURE_DATED.
    """
    only(SCHEDULER, stamp)
    if command.as_of > stamp.entered:
        raise FutureDated(field="as_of", day=command.as_of)
    due = [
        claim
        for name in dict.fromkeys(command.claims)
        if _is_due(claim := existing(log, Claim, name), command.as_of)
    ]
    return {"expired": [claim.key for claim in due if _expire(log, claim, stamp)]}


def _is_due(claim: Claim, day: date) -> bool:
    undecided = claim.state in (SUBMITTED, UNDER_REVIEW)
    since = claim.day if undecided else claim.decided_on
    allowed = UNDECIDED_DAYS if undecided else UNTAKEN_DAYS
    return since is not None and (day - since).days > allowed


def _expire(log: Log, claim: Claim, stamp: Stamp) -> int:
    back = claim.expire(posting_day(log, stamp.today, claim.dealer, stamp), stamp)
    book = log.get(IncentiveBook, claim.dealer)
    book.await_claim(claim.key, 0, stamp.automatic("claims"))
    if claim.promotion:
        promotion = existing(log, Promotion, claim.promotion)
        promotion.give_back(claim.dealer, claim.key, back, stamp.automatic("promotion"))
    return back
