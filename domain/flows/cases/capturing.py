"""Capturing: partners' EPCIS events become sightings, judged like any other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec

from domain.cases.partner_event import PartnerEvent
from domain.channel.book import Movement
from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.company.unique_key import UniqueKey
from domain.flows.cases.detecting import ON_LOT_SCAN, ON_SCAN, ON_USE, judge
from domain.flows.cases.observing import weight_of
from domain.flows.cases.revoking import take_back
from domain.goods.lot import Lot
from domain.goods.product import Product
from domain.goods.serial_number import SerialNumber
from domain.goods.sighting import Sighting
from domain.goods.udi import DI_KIND
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import FutureDated, NotFound, Refusal
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.parties.customer import Customer
from domain.policies.diversion.seen import seen_lot, seen_unit

USES = ("installing", "retail_selling", "dispensing")
"""Steps that say that a device is used, and not only somewhere."""


class Goods(msgspec.Struct, frozen=True):
    """A device or a quantity of a lot that an event speaks of."""

    di: str
    serial: str | None = None
    lot: str | None = None
    qty: int = 1

    @property
    def name(self) -> tuple[str, str | None, str | None]:
        """Device identifier, serial number, lot."""
        return self.di, self.serial, self.lot


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """An event as the door has understood it; ``hash`` in hexadecimal digits identifies it.

    ``error`` is why the partner declares it wrong; the event itself must have come before.
    """

    hash: str
    event_id: str
    body: str
    happened_at: datetime
    step: str
    goods: tuple[Goods, ...]
    region_code: str = ""
    hospital: str | None = None
    error: str | None = None


@dataclass(frozen=True, kw_only=True)
class CaptureDocument:
    """Events of a partner's document. ``proceed`` keeps the good ones where some are refused."""

    events: tuple[Told, ...]
    source: str
    behaviour: Literal["rollback", "proceed"] = "rollback"


def capture_document(log: Log, stamp: Stamp, command: CaptureDocument) -> dict[str, Any]:
    """Capture events; one that came before is known, and nothing is recorded of it.

    Refuses VALIDATION_FAILED, FUTURE_DATED, NOT_FOUND.
    """
    findings = Findings()
    weights = log.get(CompanyPolicy, COMPANY).weights
    known = command.source in weights
    findings.field(known, "source", f"one of {', '.join(sorted(weights))}")
    findings.refuse()
    told: list[dict[str, Any]] = []
    for event in command.events:
        wrong = _wrong(log, event, stamp)
        if wrong is not None and command.behaviour == "rollback":
            raise wrong
        if wrong is not None:
            refused = {"hash": event.hash, "outcome": "refused", "code": wrong.code}
            told.append(refused | {"detail": wrong.sentence})
        else:
            told.append(_capture(log, event, command.source, stamp))
    return {"events": told, "behaviour": command.behaviour}


def _wrong(log: Log, event: Told, stamp: Stamp) -> Refusal | None:
    if event.happened_at > stamp.at:
        return FutureDated(field="eventTime", at=event.happened_at)
    if event.error is not None and not log.get(PartnerEvent, event.hash).exists:
        return NotFound(kind="PartnerEvent", id=event.event_id)
    return None


def _capture(log: Log, event: Told, source: str, stamp: Stamp) -> dict[str, Any]:
    kept = log.get(PartnerEvent, event.hash)
    if event.error is not None:
        new = not kept.wrong
        kept.declare_error(event.body, event.error, stamp)
        for one in event.goods if new else ():
            _take_back(log, one, event, stamp)
        return {"hash": event.hash, "outcome": "declared" if new else "known"}
    if kept.exists:
        return {"hash": event.hash, "outcome": "known"}
    kept.capture(event.event_id, event.body, event.happened_at, source, stamp)
    then = msgspec.structs.replace(
        stamp, at=event.happened_at, today=stamp.day_of(event.happened_at)
    )
    cases = [case for one in event.goods for case in _observe(log, one, event, source, then)]
    return {"hash": event.hash, "outcome": "captured", "cases": list(dict.fromkeys(cases))}


def _observe(log: Log, goods: Goods, event: Told, source: str, stamp: Stamp) -> list[str]:
    """See goods where the event says; those of products that are not ours are only kept."""
    key = log.get(UniqueKey, DI_KIND, goods.di)
    if not key.exists:
        return []
    hospital = event.hospital
    region = event.region_code
    if hospital is not None and not region:
        region = log.get(Customer, hospital).region_code
    sighting = Sighting(
        raw=event.hash,
        region_code=region,
        source=source,
        weight=weight_of(log, source),
        hospital=hospital,
        observer=stamp.by.user,
        at=stamp.at,
    )
    if goods.serial is None:
        moved = Movement(key.owner, goods.qty, stamp.today, goods.lot or "")
        of_lot = seen_lot(log, moved, sighting, stamp)
        log.get(Lot, key.owner, goods.lot or "").observe(sighting, goods.qty, stamp)
        return judge(log, ON_LOT_SCAN, of_lot, stamp)
    unit = log.get(SerialNumber, existing(log, Product, key.owner).base_di, goods.serial)
    seen = seen_unit(log, unit, key.owner, sighting, stamp.today, stamp)
    unit.observe(key.owner, sighting, stamp)
    return judge(log, ON_USE if event.step in USES else ON_SCAN, seen, stamp)


def _take_back(log: Log, goods: Goods, event: Told, stamp: Stamp) -> None:
    """Rely no more on a sighting that came with an event."""
    if goods.serial is None:
        return
    unit = log.get(SerialNumber, goods.di, goods.serial)
    for one in list(unit.sights):
        if one.sighting.raw == event.hash:
            take_back(log, unit, one, event.error or "", event.event_id, stamp)
