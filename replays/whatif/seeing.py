"""Seeing again: what a rule was given when a device or a lot was seen, as it was known then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from domain.cases.partner_event import PartnerEvent
from domain.channel.book import Movement
from domain.channel.dealer_stock import DealerStock
from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.flows.cases.capturing import USES
from domain.flows.cases.serving import SERVICE
from domain.flows.channel.sold import sighting_of
from domain.goods.holders import Holders
from domain.goods.lot import Lot
from domain.goods.product import Product
from domain.goods.serial_events import AT_DEALER, Installed, Observed, Relocated
from domain.goods.serial_number import SerialNumber
from domain.goods.sighting import Sighting
from domain.kernel.aggregate import existing
from domain.policies.diversion import R01, R09
from domain.policies.diversion.seen import Seen, reported_by, seen_lot, seen_unit
from replays.whatif.inquiry import Fact, Inquiry
from replays.whatif.overlay import Moving

SaleReported = DealerStock.SaleReported
BOOKED = frozenset((Holders.FirstSent.TOPIC, DealerStock.TransferReceived.TOPIC))
"""What a reported sale enters in the books before it is judged."""

SEEN = frozenset(one.TOPIC for one in (Installed, Observed, Relocated, Lot.Observed, SaleReported))
OF_USE = ("record-installation", "register-warranty", "relocate-device")
"""Commands by which what is seen is in use."""

CAPTURE = "capture-document"


class Looked(NamedTuple):
    """What was seen, and the rule about territory by which that is judged."""

    rule: str
    seen: Seen


def look(
    inquiry: Inquiry, was: Moving, fact: Fact, command: Sequence[Fact], product_line: str
) -> Looked | None:
    """Return what a rule about a product line's territory was given, as an event tells it.

    None where no such rule was asked. The past is moved to where the rule looked at it.
    """
    event = fact.event
    if isinstance(event, Relocated):
        was.move(fact.position)  # the device stands there already when that is judged
        return _relocated(inquiry, was, fact, product_line)
    if isinstance(event, SaleReported) and event.moved.lot:
        was.move(_booked(fact, command))
    else:
        was.move(fact.position - 1)
    if not _is_of(was, _sku(fact), product_line):
        return None
    match event:
        case Installed(installed_on=day, sighting=sighting):
            return _used(inquiry, was, fact, event.sku, sighting, day)
        case Observed(sighting=sighting) if _of_use(inquiry, was, fact):
            return _used(inquiry, was, fact, event.sku, sighting, inquiry.day_of(event))
        case Lot.Observed(sighting=sighting, qty=qty):
            sku, _, lot = fact.key.partition("/")
            moved = Movement(sku, qty, inquiry.day_of(event), lot)
            return Looked(R09, seen_lot(was, moved, sighting, inquiry.stamp(event)))
        case SaleReported():
            return _sold(inquiry, was, fact)
    return None


def _sku(fact: Fact) -> str:
    match fact.event:
        case SaleReported(moved=moved):
            return moved.sku
        case Lot.Observed():
            return fact.key.partition("/")[0]
    sku: str = fact.event.sku
    return sku


def _is_of(was: Moving, sku: str, product_line: str) -> bool:
    return existing(was, Product, sku).known.product_line == product_line


def _of_use(inquiry: Inquiry, was: Moving, fact: Fact) -> bool:
    """Whether an observation tells of a use: that depends on who made it."""
    receipt = inquiry.reader.receipt(fact.row.command_id)
    name = receipt.command if receipt is not None else ""
    if name == CAPTURE:
        body = was.get(PartnerEvent, fact.event.sighting.raw).body
        return msgspec.json.decode(body).get("bizStep") in USES
    return name in OF_USE


def _used(
    inquiry: Inquiry, was: Moving, fact: Fact, sku: str, sighting: Sighting, day: date
) -> Looked:
    """See a device in use on a day, at the moment of the event."""
    unit = was.get(SerialNumber, *fact.key.split("/", 1))
    stamp = msgspec.structs.replace(inquiry.stamp(fact.event), today=day)
    return Looked(R01, seen_unit(was, unit, sku, sighting, day, stamp))


def _relocated(inquiry: Inquiry, was: Moving, fact: Fact, product_line: str) -> Looked | None:
    event, sku = fact.event, was.get(SerialNumber, *fact.key.split("/", 1)).sku
    if not _is_of(was, sku, product_line):
        return None
    sighting = Sighting(
        raw=event.document_hash,
        region_code=event.region_code,
        source=SERVICE,
        weight=was.get(CompanyPolicy, COMPANY).weights[SERVICE],
        hospital=event.target,
        observer=event.by.user,
    )
    return _used(inquiry, was, fact, sku, sighting, event.moved_on)


def _sold(inquiry: Inquiry, was: Moving, fact: Fact) -> Looked | None:
    """See what a dealer reports as sold: a device that was its own by then, or goods of a lot."""
    event, stamp = fact.event, inquiry.stamp(fact.event)
    sighting, moved = _told(was, event), event.moved
    if moved.lot:
        whose = {"reporter": fact.key, "buyer": event.buyer}
        return Looked(R09, seen_lot(was, moved, sighting, stamp, **whose))
    if not moved.serials:
        return None
    stock, di = was.get(DealerStock, fact.key), existing(was, Product, moved.sku).base_di
    unit = was.get(SerialNumber, di, moved.serials[0])
    whose = reported_by(stock, f"{moved.sku}/{unit.serial}") | {"buyer": event.buyer}
    seen = seen_unit(was, unit, moved.sku, sighting, moved.day, stamp, **whose)
    held = unit.state == AT_DEALER and unit.dealer == stock.key
    rightful = seen.then is not None and seen.then.dealer == stock.key
    return Looked(R01, seen) if held or rightful else None


def _told(was: Moving, event: SaleReported) -> Sighting:
    moved = event.moved
    named = moved.serials[0] if moved.serials else "" if event.inferred else moved.lot
    document = f"{event.file_hash}:{event.line_no}"
    return sighting_of(was, moved.sku, event.buyer, named, event.source, document)


def _booked(fact: Fact, command: Sequence[Fact]) -> int:
    """Position of the last of what a sale entered in the books right after itself."""
    last = fact.position
    for one in command:
        if one.position == last + 1 and one.row.topic in BOOKED:
            last = one.position
    return last
