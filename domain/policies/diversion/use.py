"""Use: installed, sold to a hospital or registered for warranty where nobody had the right (R01).

A sub-dealer outside of its own territory and inside its parent's is told apart, and graded LOW.
"""

from __future__ import annotations

import msgspec

from domain.kernel.aggregate import Log
from domain.parties.dealer import Dealer
from domain.policies import territory
from domain.policies.diversion import R01
from domain.policies.diversion.accusing import accuse, bound, exception_for, is_bound
from domain.policies.diversion.explanations import explain
from domain.policies.diversion.finding import ExceptionUsed, Explained, Verdict
from domain.policies.diversion.scoring import LOW_MOST
from domain.policies.diversion.seen import Seen

SUBDEALER = "SUBDEALER_OUT_OF_AREA"


def out_of_territory(log: Log, seen: Seen) -> Verdict | None:
    """R01: use of a device where its holder, as of then, had no right to sell it."""
    if not is_bound(seen) or not seen.sighting.region_code or _stays_in_family(log, seen):
        return None
    holder = bound(seen).dealer or ""
    verdict = territory.judge(log, holder, *seen.place)
    if verdict.lawful and verdict.reason != SUBDEALER:
        return None
    if _excused(log, seen, holder):
        return None
    left = exception_for(log, seen, holder)
    if left is not None and left.left:
        return ExceptionUsed(
            rule=R01, dealer=left.dealer, exception=left.name, ref=seen.name, qty=1
        )
    finding = accuse(log, seen, R01, holder, left)
    if verdict.lawful:
        facts = finding.facts | {"code": SUBDEALER, "victim_dealer": None}
        return msgspec.structs.replace(finding, facts=facts, most=LOW_MOST)
    reason = explain(log, seen, holder)
    return Explained(finding=finding, code=reason[0], detail=reason[1]) if reason else finding


def _excused(log: Log, seen: Seen, holder: str) -> bool:
    """Whether an exception for the place was used for the device, be it over by now."""
    hospital, region = seen.sighting.hospital, seen.sighting.region_code
    return any(
        seen.name in dealer.uses.get(one.exception, ())
        and territory.leave_covers(one, hospital, region)
        for dealer in territory.chain(log, holder)
        for one in dealer.exceptions.values()
    )


def _stays_in_family(log: Log, seen: Seen) -> bool:
    """Whether it was sold to a sub-dealer of the seller, who may sell where the seller may."""
    buyer = seen.buyer.dealer if seen.buyer is not None else None
    return buyer is not None and log.get(Dealer, buyer).known.parent == seen.reporter
