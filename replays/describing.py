"""Saying in a sentence what an event means for a device, and under which document."""

from __future__ import annotations

from typing import Any

import msgspec

from domain.cases.diversion_case import DiversionCase
from domain.goods.serial_number import SerialNumber
from domain.goods.shipment import Shipment
from domain.orders import order_events as happened


class Saying(msgspec.Struct, frozen=True):
    """What happened, where it happened, and the document behind it."""

    text: str
    place: str = ""
    document: str = ""


def say(event: Any) -> Saying | None:
    """Tell an event of a device's life; None for what says nothing of the device."""
    match event:
        case SerialNumber.Registered(manufacture_date=made, registration_no=no):
            return Saying(f"made on {made}", document=no)
        case SerialNumber.Stocked(warehouse=wh, document=document):
            return Saying("put into stock", wh, document)
        case SerialNumber.Reserved(warehouse=wh, so=so):
            return Saying(f"reserved for {so}", wh, so)
        case SerialNumber.Released(warehouse=wh, so=so, reason=reason):
            return Saying(f"released from {so}: {reason}", wh, so)
        case SerialNumber.Shipped(warehouse=wh, passport=to):
            regions = ", ".join(to.authorised_regions) or "nowhere"
            sold = f"sold to {to.dealer} at {to.unit_price} net, to be used in {regions}"
            return Saying(f"shipped; {sold}", wh, to.shp)
        case SerialNumber.Delivered(receiver=receiver, region_code=region, shp=shp):
            return Saying(f"signed for by {receiver}", region, shp)
        case SerialNumber.Installed(hospital=hospital, installed_on=day, sighting=seen):
            said = f"installed at {hospital} on {day} ({seen.source}, weight {seen.weight})"
            return Saying(said, seen.region_code, seen.raw)
        case SerialNumber.Observed(sighting=seen, register_state=state):
            said = (
                f"seen at {seen.hospital or 'an unknown place'} ({seen.source}), register: {state}"
            )
            return Saying(said, seen.region_code, seen.raw)
        case SerialNumber.CaseLinked(case=case, family=family):
            return Saying(f"subject of a {family} case", document=case)
        case Shipment.PickConfirmed(picker=picker):
            return Saying(f"picked by {picker}")
        case Shipment.OutboundReviewed(reviewer=reviewer, result=result):
            return Saying(f"outbound review by {reviewer}: {result}")
        case Shipment.GoodsShipped(carrier=carrier, waybill=waybill, warehouse=wh):
            return Saying(f"handed to {carrier}", wh, waybill)
        case Shipment.DeliveryConfirmed(signatory=name, region_code=region, document_hash=doc):
            return Saying(f"proof of delivery signed by {name}", region, doc)
        case Shipment.Billed(invoice=invoice):
            return Saying("invoiced", document=invoice)
        case happened.Placed(terms=terms, gross=gross):
            said = f"ordered by {terms.dealer}, {gross / 100:,.2f} gross"
            return Saying(said, terms.ship_to.region_code, terms.external_ref or "")
        case happened.HoldReleased(code=code, role=role, reason=reason):
            return Saying(f"{code} released by {role}: {reason}")
        case happened.Confirmed(promise_date=promise):
            return Saying(f"order confirmed, promised for {promise}")
        case DiversionCase.AlertRaised(alert=alert):
            said = f"alert {alert.rule}, {alert.severity}, score {alert.score}"
            return Saying(said, alert.observed_region, alert.invoice or "")
        case DiversionCase.EvidenceAdded(rule=rule, sighting=seen):
            return Saying(f"more evidence for {rule}", seen.region_code, seen.raw)
    return None
