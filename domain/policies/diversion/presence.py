"""Presence: seen in the market, and in our register with us, given back, or not at all."""

from __future__ import annotations

from typing import Any

from domain.goods.lot import Lot
from domain.goods.serial_events import WITH_US
from domain.kernel.aggregate import Log
from domain.policies import territory
from domain.policies.diversion import R03, R04, R15
from domain.policies.diversion.accusing import report
from domain.policies.diversion.explanations import typing_error
from domain.policies.diversion.finding import Explained, Subject, Verdict
from domain.policies.diversion.seen import Seen


def state_conflict(log: Log, seen: Seen) -> Verdict | None:
    """R03, or R15 where its return was credited: seen while our register says it is with us."""
    then, unit = seen.then, seen.unit
    if unit is None or then is None or then.state not in WITH_US:
        return None
    facts: dict[str, Any] = {"register_state": then.state, "register_warehouse": then.warehouse}
    if unit.credited_to is None:
        finding = report(log, seen, R03, Subject(unit=unit), **facts)
        meant = typing_error(log, seen)
        return Explained(finding=finding, code=meant[0], detail=meant[1]) if meant else finding
    dealer = unit.credited_to
    facts |= {"source_dealer": dealer, "suspect_dealer": dealer}
    responsible = territory.chain(log, dealer)[-1].key
    return report(log, seen, R15, Subject(unit=unit), **facts, responsible_dealer=responsible)


def unknown(log: Log, seen: Seen) -> Verdict | None:
    """R04: a serial number that is not in our register, or a lot that its product never had."""
    if seen.unit is not None:
        if seen.registered:
            return None
        finding = report(log, seen, R04, Subject(unit=seen.unit))
    else:
        if seen.lot is None or log.get(Lot, seen.sku, seen.lot).known:
            return None
        finding = report(log, seen, R04, Subject(key=seen.name), lot=seen.lot)
    meant = typing_error(log, seen)
    return Explained(finding=finding, code=meant[0], detail=meant[1]) if meant else finding
