"""How an order goes on: commands in a few words, and whole steps of the way to an invoice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from domain.flows.accounts.settling import RecordPayment, RemittanceLine
from domain.flows.cases.observing import ObserveScan, RecordInstallation
from domain.flows.goods.delivering import ConfirmDelivery, confirm_delivery
from domain.flows.goods.picking import ConfirmPick, ReviewOutbound, confirm_pick, review_outbound
from domain.flows.goods.planning import PlanShipment, ShipmentLine, plan_shipment
from domain.flows.goods.shipping import Ship, ship
from domain.flows.orders.ordering import PlaceOrder, place_order
from domain.flows.orders.quoting import OrderedLine
from domain.goods.udi import Scan
from tests.domain.company import company
from tests.domain.support import TODAY, Given, day, given
from tests.domain.world import CHANNEL, DI

US80_1, US80_2, US80_3 = "US80-26-0001", "US80-26-0002", "US80-26-0003"


def of(sku: str, qty: int, price: str | None = None, basis: Any = None) -> OrderedLine:
    agreed = None if price is None else Decimal(price)
    return OrderedLine(sku=sku, qty=qty, unit_price=agreed, price_basis=basis)


def order(dealer: str, *lines: OrderedLine, **more: Any) -> PlaceOrder:
    terms = {"ship_to": f"ADR-{dealer}", "requested_date": day("2026-03-20")} | more
    return PlaceOrder(dealer_id=dealer, lines=list(lines), **terms)


def placed(*lines: OrderedLine, dealer: str = "D05", on: str = TODAY, past: Any = None) -> Given:
    """An order of the company's world was placed."""
    past = past or given(company())
    return past.when(place_order, order(dealer, *lines), on=on).accepted()


def goods(so: str, line: int, sku: str, *named: str, qty: int | None = None) -> ShipmentLine:
    """Serials of a line, or with a quantity so much of a lot."""
    if qty is None:
        return ShipmentLine(so=so, line=line, sku=sku, qty=len(named), serials=named)
    return ShipmentLine(so=so, line=line, sku=sku, qty=qty, lot=named[0])


def plan(shp: str, *lines: ShipmentLine, wh: str = "WH-SH") -> PlanShipment:
    return PlanShipment(shp_id=shp, wh=wh, lines=list(lines))


def scan(sku: str, serial: str | None = None, lot: str | None = None) -> Scan:
    return Scan(di=DI[sku], serial=serial, lot=lot)


def pick(shp: str, *scans: Scan, picker: str = "wh-sh-1") -> ConfirmPick:
    return ConfirmPick(shp_id=shp, picker=picker, scans=list(scans))


def review(shp: str, reviewer: str = "wh-sh-2") -> ReviewOutbound:
    return ReviewOutbound(shp_id=shp, reviewer=reviewer, result="OK")


def sending(shp: str) -> Ship:
    return Ship(shp_id=shp, carrier="CARRIER-1", waybill=f"WB-{shp}")


def reviewed(past: Given, shp: str, *lines: ShipmentLine, wh: str = "WH-SH") -> Given:
    """A shipment was planned, picked and reviewed."""
    scans = [scan(one.sku, serial, one.lot) for one in lines for serial in (one.serials or (None,))]
    past.when(plan_shipment, plan(shp, *lines, wh=wh)).accepted()
    past.when(confirm_pick, pick(shp, *scans)).accepted()
    return past.when(review_outbound, review(shp)).accepted()


def sent(
    past: Given, shp: str, *lines: ShipmentLine, on: str = "2026-03-03", wh: str = "WH-SH"
) -> Given:
    """A shipment left."""
    return reviewed(past, shp, *lines, wh=wh).when(ship, sending(shp), on=on).accepted()


def signing(shp: str, on: str = "2026-03-05", **more: Any) -> ConfirmDelivery:
    proof = {"signatory": "receiver", "region_code": "320100", "document_hash": "sha256:1"} | more
    return ConfirmDelivery(shp_id=shp, signed_at=day(on), **proof)


def signed(past: Given, shp: str, on: str = "2026-03-05") -> Given:
    """A shipment was signed for, and invoiced."""
    return past.when(confirm_delivery, signing(shp, on), on=on).accepted()


def paying(dealer: str, amount: int, *remittance: tuple[str, int], **more: Any) -> RecordPayment:
    particulars = {
        "bank_ref": f"BK-{amount}",
        "value_date": day("2026-03-09"),
        "currency": "CNY",
        "payer_name": CHANNEL[dealer][0],
    } | more
    told = [RemittanceLine(doc_no=doc, amount=part) for doc, part in remittance]
    return RecordPayment(dealer_id=dealer, amount=amount, remittance=told, **particulars)


def installing(serial: str, hospital: str, region: str, **more: Any) -> RecordInstallation:
    seen = {"source": "SERVICE_ENGINEER_SCAN", "installed_at": day("2026-03-21")} | more
    where = {"hospital_id": hospital, "region_code": region}
    return RecordInstallation(scan=scan(serial.partition("-")[0], serial), **where, **seen)


def seeing(serial: str, region: str, source: str, **more: Any) -> ObserveScan:
    label = scan(serial.partition("-")[0], serial)
    return ObserveScan(scan=label, region_code=region, source=source, observer="se-1", **more)


def at_dealer(*serials: str) -> Given:
    """D05 bought devices for 266,000.00 each, and signed for them on 5 March."""
    past = placed(of("US80", len(serials), "266000"))
    sent(past, "SHP-0001", goods("SO-0001", 1, "US80", *serials))
    return signed(past, "SHP-0001")
