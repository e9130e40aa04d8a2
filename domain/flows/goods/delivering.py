"""Delivering: the receiver signs, for all of it or less; the invoice follows in the same append."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.flows.accounts.invoicing import bill, quantities
from domain.flows.cases.detecting import judge_delivery
from domain.flows.channel.keeping import keep_receipt
from domain.flows.goods.devices import devices
from domain.flows.goods.losing import take_off
from domain.flows.orders.confirming import resource
from domain.goods.package import Discrepancy, Package
from domain.goods.product import Product
from domain.goods.product_terms import SERIAL
from domain.goods.refusals import PodDocRequired, SerialRequired
from domain.goods.shelf import Goods
from domain.goods.shipment import Shipment
from domain.goods.sighting import Sighting
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import FutureDated
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.line_events import LineDelivered
from domain.orders.order import Order
from domain.orders.order_terms import AT_POD
from domain.policies.diversion.seen import Seen, seen_unit

SIGNED_POD = "SIGNED_POD"
"""Source of the sighting that a proof of delivery is."""

KINDS = ("SHORT", "DAMAGED", "WRONG", "EXCESS")


@dataclass(frozen=True, kw_only=True)
class ConfirmDelivery:
    """Enter a signed proof of delivery. ``region_code`` is where it was signed (GB/T 2260).

    What is SHORT was lost on the way; DAMAGED goods count as delivered and come back as a return.
    """

    shp_id: str
    signed_at: date
    signatory: str
    region_code: str
    document_hash: str
    gps: str | None = None
    discrepancies: tuple[Discrepancy, ...] = ()


def confirm_delivery(log: Log, stamp: Stamp, command: ConfirmDelivery) -> dict[str, Any]:
    """Confirm a delivery and invoice what was signed for; what is missing is sourced again.

    Refuses NOT_FOUND, INVALID_STATE, POD_DOC_REQUIRED, POD_BEFORE_SHIP, FUTURE_DATED,
    SERIAL_REQUIRED, VALIDATION_FAILED.
    """
    shipment, findings = existing(log, Shipment, command.shp_id), Findings()
    findings.require(command.document_hash.strip(), PodDocRequired(shp=command.shp_id))
    findings.field(command.signatory.strip(), "signatory", "somebody must have signed")
    findings.region(command.region_code, "region_code")
    ahead = command.signed_at > stamp.today
    findings.require(not ahead, FutureDated(field="signed_at", signed_at=command.signed_at))
    signed, missing = list(shipment.packages), []
    for place, one in enumerate(command.discrepancies):
        missing += _understand(log, one, f"discrepancies[{place}]", signed, findings)
    findings.refuse()
    shipment.deliver(
        command.signed_at,
        command.signatory,
        command.region_code,
        command.document_hash,
        command.gps,
        tuple(signed),
        tuple(missing),
        command.discrepancies,
        stamp,
    )
    sighting, on = _signature(log, shipment, command, stamp), command.signed_at
    seen = [one for package in signed for one in _units(log, package, sighting, on, stamp)]
    for package in signed:
        _hand_over(log, shipment, package, command, stamp)
    for package in missing:
        take_off(log, package, shipment.shp, "SHORT", stamp)
    invoices = []
    for so in shipment.orders():
        order = existing(log, Order, so)
        due = quantities(one for one in signed if one.so == so)
        invoices.append(bill(log, order, AT_POD, due, shipment, stamp))
        if any(one.so == so for one in missing):
            resource(log, order, stamp)
    return {
        "shp": shipment.shp,
        "state": shipment.state,
        "invoices": [doc for doc in invoices if doc],
        "cases": judge_delivery(log, shipment, sighting, seen, stamp),
    }


def _signature(log: Log, shipment: Shipment, command: ConfirmDelivery, stamp: Stamp) -> Sighting:
    """The signature as a sighting of the goods. One with a position is believed entirely."""
    weights = log.get(CompanyPolicy, COMPANY).weights
    return Sighting(
        raw=shipment.shp,
        region_code=command.region_code,
        source=SIGNED_POD,
        weight=weights.get(SIGNED_POD, Decimal(1)),
        observer=command.signatory,
        gps=command.gps,
        at=stamp.at if command.signed_at == stamp.today else None,
    )


def _units(log: Log, package: Package, sighting: Sighting, day: date, stamp: Stamp) -> list[Seen]:
    """The devices of a package, as they stand before they are handed over."""
    units = devices(log, package.sku, package.goods.serials)
    return [seen_unit(log, unit, package.sku, sighting, day, stamp) for unit in units]


def _understand(
    log: Log, said: Discrepancy, field: str, signed: list[Package], findings: Findings
) -> list[Package]:
    """Take what is missing out of what is signed for: the packages that are missing."""
    findings.field(said.kind in KINDS, f"{field}.kind", f"one of {', '.join(KINDS)}")
    findings.field(said.qty >= 1, f"{field}.qty", "at least 1")
    mine = [one for one in signed if (one.so, one.line_no) == (said.so, said.line)]
    findings.field(mine, f"{field}.line", "a line of the shipment")
    if said.kind != "SHORT" or findings.found or not mine:
        return []
    if log.get(Product, mine[0].sku).known.tracking == SERIAL:
        named = len(said.serials) == said.qty
        findings.require(named, SerialRequired(field=field, qty=said.qty, serials=said.serials))
        if not named:
            return []
    gone: list[Package] = []
    left = said.qty
    for place, package in enumerate(list(signed)):
        if package not in mine or said.lot not in (None, package.goods.lot):
            continue
        part, rest = _split(package.goods, left, said.serials)
        if part is not None:
            left -= part.qty
            gone.append(msgspec.structs.replace(package, goods=part))
            signed[place] = msgspec.structs.replace(package, goods=rest)
    findings.field(not left, f"{field}.qty", "no more than was sent")
    signed[:] = [one for one in signed if one.goods.qty]
    return gone


def _split(goods: Goods, qty: int, serials: tuple[str, ...]) -> tuple[Goods | None, Goods]:
    """Part of goods that is missing, and the rest."""
    if goods.serials:
        lost = tuple(one for one in goods.serials if one in serials)
        kept = tuple(one for one in goods.serials if one not in serials)
        part = msgspec.structs.replace(goods, qty=len(lost), serials=lost) if lost else None
        return part, msgspec.structs.replace(goods, qty=len(kept), serials=kept)
    used = min(qty, goods.qty)
    rest = msgspec.structs.replace(goods, qty=goods.qty - used)
    return (msgspec.structs.replace(goods, qty=used) if used else None), rest


def _hand_over(
    log: Log, shipment: Shipment, package: Package, command: ConfirmDelivery, stamp: Stamp
) -> None:
    to = shipment.known
    keep_receipt(log, shipment, package, command.signed_at, stamp)
    for unit in devices(log, package.sku, package.goods.serials):
        region = command.region_code
        unit.deliver(
            shipment.shp, to.receiver, region, command.signed_at, stamp, at_hospital=to.at_hospital
        )
    existing(log, Order, package.so).record(
        LineDelivered(
            stamp.by,
            stamp.at,
            line_no=package.line_no,
            shp=shipment.shp,
            qty=package.goods.qty,
            signed_at=command.signed_at,
        )
    )
