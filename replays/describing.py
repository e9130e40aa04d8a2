"""Saying in a sentence what an event means for a device, and under which document."""

from __future__ import annotations

from typing import Any

import msgspec

from domain.cases import case_events
from domain.goods import serial_events, shipment_events
from domain.orders import order_events as happened


class Saying(msgspec.Struct, frozen=True):
    """What happened, where it happened, and the document behind it."""

    text: str
    place: str = ""
    document: str = ""


def say(event: Any) -> Saying | None:
    """Tell an event of a device's life; None for what says nothing of the device."""
    return _made_and_sold(event) or _moved(event) or _documented(event)


def _made_and_sold(event: Any) -> Saying | None:
    match event:
        case serial_events.Registered(manufacture_date=made, registration_no=no):
            return Saying(f"made on {made}", document=no)
        case serial_events.Stocked(warehouse=wh, document=document):
            return Saying("put into stock", wh, document)
        case serial_events.Reserved(warehouse=wh, so=so):
            return Saying(f"reserved for {so}", wh, so)
        case serial_events.Released(warehouse=wh, so=so, reason=reason):
            return Saying(f"released from {so}: {reason}", wh, so)
        case serial_events.Shipped(warehouse=wh, passport=to):
            regions = ", ".join(to.authorised_regions) or "nowhere"
            sold = f"sold to {to.dealer} at {to.unit_price} net, to be used in {regions}"
            return Saying(f"shipped; {sold}", wh, to.shp)
        case serial_events.Delivered(receiver=receiver, region_code=region, shp=shp):
            return Saying(f"signed for by {receiver}", region, shp)
        case serial_events.Installed(hospital=hospital, installed_on=day, sighting=seen):
            said = f"installed at {hospital} on {day} ({seen.source}, weight {seen.weight})"
            return Saying(said, seen.region_code, seen.raw)
        case serial_events.Observed(sighting=seen, register_state=state):
            said = (
                f"seen at {seen.hospital or 'an unknown place'} ({seen.source}), register: {state}"
            )
            return Saying(said, seen.region_code, seen.raw)
        case serial_events.CaseLinked(case=case, family=family):
            return Saying(f"subject of a {family} case", document=case)
    return None


def _moved(event: Any) -> Saying | None:
    match event:
        case serial_events.Dispatched(warehouse=wh, to=to):
            return Saying("sent to another warehouse", wh, to)
        case serial_events.Quarantined(warehouse=wh, cause=cause, document=document):
            return Saying(f"set apart: {cause}", wh, document)
        case serial_events.Restocked(warehouse=wh, document=document, grade=grade):
            return Saying(f"may be sold again, grade {grade}", wh, document)
        case serial_events.Returned(warehouse=wh, dealer=dealer, document=document):
            return Saying(f"came back from {dealer}, into quarantine", wh, document)
        case serial_events.GivenBack(dealer=dealer, document=document):
            return Saying(f"given back to {dealer}", document=document)
        case serial_events.Lost(document=document, reason=reason):
            return Saying(f"lost: {reason}", document=document)
        case serial_events.Found(warehouse=wh, document=document):
            return Saying("found in a count", wh, document)
        case serial_events.Scrapped(document=document, reason=reason):
            return Saying(f"scrapped: {reason}", document=document)
        case serial_events.Accepted(signatory=name, accepted_at=day, warranty_to=until):
            said = f"accepted by {name} on {day}, warranty to {until}"
            return Saying(said, document=event.document)
    return None


def _documented(event: Any) -> Saying | None:
    match event:
        case shipment_events.PickConfirmed(picker=picker):
            return Saying(f"picked by {picker}")
        case shipment_events.OutboundReviewed(reviewer=reviewer, result=result):
            return Saying(f"outbound review by {reviewer}: {result}")
        case shipment_events.GoodsShipped(carrier=carrier, waybill=waybill, warehouse=wh):
            return Saying(f"handed to {carrier}", wh, waybill)
        case shipment_events.DeliveryConfirmed(
            signatory=name, region_code=region, document_hash=doc
        ):
            return Saying(f"proof of delivery signed by {name}", region, doc)
        case shipment_events.Billed(invoice=invoice):
            return Saying("invoiced", document=invoice)
        case happened.Placed(terms=terms, gross=gross):
            said = f"ordered by {terms.dealer}, {gross / 100:,.2f} gross"
            return Saying(said, terms.ship_to.region_code, terms.external_ref or "")
        case happened.HoldReleased(code=code, role=role, reason=reason):
            return Saying(f"{code} released by {role}: {reason}")
        case happened.Confirmed(promise_date=promise):
            return Saying(f"order confirmed, promised for {promise}")
        case case_events.AlertRaised(alert=alert):
            said = f"alert {alert.rule}, {alert.severity}, score {alert.score}"
            return Saying(said, alert.observed_region, alert.invoice or "")
        case case_events.EvidenceAdded(rule=rule, sighting=seen):
            return Saying(f"more evidence for {rule}", seen.region_code, seen.raw)
    return None
