"""The channel: sold by somebody who never had it (R06), or to somebody who is not in it (R07)."""

from __future__ import annotations

from typing import Any

from domain.channel.dealer_stock import DealerStock
from domain.kernel.aggregate import Log
from domain.parties.dealer import Dealer
from domain.parties.dealer_events import ACTIVE
from domain.parties.dealer_terms import MAX_LEVEL
from domain.policies import territory
from domain.policies.diversion import R06, R07
from domain.policies.diversion.accusing import accuse, is_bound, report
from domain.policies.diversion.explanations import typing_error
from domain.policies.diversion.finding import Explained, Finding, Subject, Verdict
from domain.policies.diversion.seen import Seen


def chain_break(log: Log, seen: Seen) -> Verdict | None:
    """R06: a dealer reports the sale of a device that it never received."""
    if seen.reporter is None or seen.received or not is_bound(seen) or seen.then is None:
        return None
    if seen.then.dealer == seen.reporter:
        return None
    finding = accuse(log, seen, R06, seen.reporter)
    meant = typing_error(log, seen)
    return Explained(finding=finding, code=meant[0], detail=meant[1]) if meant else finding


def unregistered(log: Log, seen: Seen) -> Verdict | None:
    """R07: the buyer is no hospital of ours and no registered sub-dealer of the seller."""
    buyer, seller = seen.buyer, seen.reporter
    if buyer is None or seller is None or buyer.hospital is not None:
        return None
    if buyer.dealer is None:
        return _found(log, seen, seller, f"sold to {buyer.name}, who is not registered")
    dealer = log.get(Dealer, buyer.dealer)
    if dealer.known.parent != seller:
        return _found(log, seen, seller, f"{dealer.key} is no sub-dealer of {seller}")
    if dealer.status != ACTIVE:
        return _found(log, seen, seller, f"{dealer.key} is {dealer.status}")
    if dealer.known.level > MAX_LEVEL:
        return _found(log, seen, seller, f"{dealer.key} stands at level {dealer.known.level}")
    return None


def _found(log: Log, seen: Seen, seller: str, note: str) -> Finding:
    if is_bound(seen):
        return accuse(log, seen, R07, seller, note=note)
    responsible = [one.key for one in territory.chain(log, seller)][-1]
    facts: dict[str, Any] = {
        "source_dealer": seller,
        "suspect_dealer": seller,
        "responsible_dealer": responsible,
    }
    subject = Subject(unit=seen.unit)
    if seen.unit is None:
        subject = Subject(stock=log.get(DealerStock, seller), key=seen.name)
        facts["lot"] = seen.lot or ""
    return report(log, seen, R07, subject, note=note, **facts)
