"""Saying in a sentence what an event means for a device, and under which document."""

from __future__ import annotations

from inspect import cleandoc
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


def meaning(kind: type[Any]) -> str:
    """What an event of a kind says: the beginning of its description."""
    sentence, _, _ = cleandoc(kind.__doc__ or kind.__name__).partition("\n\n")
    said, _, _ = " ".join(sentence.split()).replace("``", "").partition(". ")
    return said.partition(";")[0].rstrip(".")


def say(event: Any) -> Saying | None:
    """Tell an event of a device's life; None for what says nothing of the device."""
    return (
        _made_and_sold(event)
        or _moved(event)
        or _in_use(event)
        or _documented(event)
        or _investigated(event)
    )


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


def _in_use(event: Any) -> Saying | None:
    match event:
        case serial_events.SoldOn(seller=seller, buyer=buyer, sold_on=day, sighting=seen):
            whom = buyer.hospital or buyer.dealer or buyer.name
            said = f"sold by {seller} to {whom} on {day}, as {seller} reports"
            return Saying(said, seen.region_code, seen.document or "")
        case serial_events.Relocated(source=source, target=target, moved_on=day):
            said = f"moved by its owner from {source or 'elsewhere'} to {target} on {day}"
            return Saying(said, event.region_code, event.document_hash)
        case serial_events.ServiceAsked(kind=kind, sighting=seen, under_warranty=covered):
            pays = "under warranty" if covered else "warranty does not pay"
            said = f"{kind.lower()} asked for at {seen.hospital}, {pays}"
            return Saying(said, seen.region_code, event.request)
        case serial_events.WarrantyExpired(warranty_to=day):
            return Saying(f"warranty ended on {day}")
        case serial_events.ReturnCredited(dealer=dealer, credit_note=note):
            return Saying(f"its price was credited to {dealer}", document=note)
        case serial_events.Refurbished(document=document):
            return Saying("refurbished", document=document)
        case serial_events.RecallFlagged(recall=recall):
            return Saying("covered by a recall", document=recall)
        case serial_events.RecallActionDone(recall=recall, action=action):
            return Saying(f"recall: {action.lower().replace('_', ' ')}", document=recall)
        case serial_events.ErrorDeclared(corrects=version, reason=reason):
            said = f"event {version} of the device was declared wrong: {reason}"
            return Saying(said, document=event.document_hash)
    return None


def _investigated(event: Any) -> Saying | None:
    match event:
        case case_events.AlertRaised(alert=alert):
            said = f"alert {alert.rule}, {alert.severity}, score {alert.score}"
            return Saying(said, alert.observed_region, alert.invoice or "")
        case case_events.AlertSuppressed(alert=alert, explanation=code, detail=detail):
            said = f"{alert.rule} explained by {code}: {detail}"
            return Saying(said, alert.observed_region)
        case case_events.AlertRescored(alert=alert, cause=cause):
            said = f"judged again, {alert.severity}, score {alert.score}: {cause}"
            return Saying(said, alert.observed_region)
        case case_events.EvidenceAdded(rule=rule, sighting=seen):
            return Saying(f"more evidence for {rule}", seen.region_code, seen.raw)
        case case_events.EvidenceWithdrawn(sighting=seen, reason=reason):
            return Saying(f"evidence withdrawn: {reason}", seen.region_code, seen.raw)
        case case_events.CaseDecided(decision=made):
            deciders = " and ".join(made.deciders)
            return Saying(f"case decided {made.outcome} by {deciders}: {made.reason}")
        case case_events.SanctionsApplied(dealer=dealer, sanctions=all_):
            return Saying(f"{dealer} sanctioned: {', '.join(one.kind for one in all_)}")
        case case_events.AppealDecided(outcome=outcome, reason=reason):
            return Saying(f"appeal {outcome}: {reason}")
        case case_events.CaseClosed(reason=reason):
            return Saying(f"case closed: {reason}")
        case case_events.CaseReopened(reason=reason):
            return Saying(f"case reopened: {reason}")
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
    return None
