"""Planning: deciding what leaves a warehouse together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.flows.goods.opening import form_violations
from domain.goods.package import Consignee, Package
from domain.goods.product import Product
from domain.goods.refusals import NotReserved, SerialDuplicate, ShipExceedsReserved, UnknownSku
from domain.goods.shelf import Goods
from domain.goods.shipment import Shipment
from domain.goods.stock_item import StockItem
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import NotFound, Refusal
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.order import Order
from domain.orders.refusals import PartialNotAllowed
from domain.parties.address import Address
from domain.parties.customer import Customer
from domain.parties.dealer import Dealer


@dataclass(frozen=True, kw_only=True)
class ShipmentLine:
    """Goods of an order line: a lot, or serials, that are reserved for the order."""

    so: str
    line: int
    sku: str
    qty: int
    lot: str | None = None
    serials: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PlanShipment:
    """Decide what leaves a warehouse together, for one dealer and one address."""

    shp_id: str
    wh: str
    lines: list[ShipmentLine]


def plan_shipment(log: Log, stamp: Stamp, command: PlanShipment) -> dict[str, Any]:
    """Plan a shipment.

    Refuses VALIDATION_FAILED, NOT_FOUND, NOT_RESERVED, SHIP_EXCEEDS_RESERVED, UNKNOWN_SKU,
    SERIAL_REQUIRED, SERIAL_DUPLICATE, LOT_REQUIRED, QTY_SERIAL_MISMATCH, ALREADY_EXISTS,
    PARTIAL_NOT_ALLOWED.
    """
    findings = Findings()
    findings.identifier(command.shp_id, "shp_id")
    findings.field(command.lines, "lines", "at least one line")
    for place, line in enumerate(command.lines):
        findings.field(line.qty >= 1, f"lines[{place}].qty", "at least 1")
    findings.refuse()
    unknown = [line for line in command.lines if _is_unknown(log, line)]
    known = [line for line in command.lines if line not in unknown]
    findings.add(*(_unknown(log, line) for line in unknown))
    for line in known:
        product = existing(log, Product, line.sku)
        findings.add(*form_violations(product, line.qty, line.lot, line.serials))
    findings.add(*_claim_violations(log, command.wh, known))
    findings.refuse()
    orders = [existing(log, Order, line.so).known for line in command.lines]
    together = len({(one.dealer, one.ship_to) for one in orders}) == 1
    findings.field(together, "lines", "orders of one dealer to one address")
    findings.refuse()
    packages = tuple(
        Package(line.so, line.line, line.sku, Goods(line.qty, line.lot, line.serials))
        for line in command.lines
    )
    shipment = log.get(Shipment, command.shp_id)
    shipment.plan(command.wh, packages, _consignee(log, command.lines[0].so), stamp)
    return {"shp": shipment.shp, "state": shipment.state}


def _is_unknown(log: Log, line: ShipmentLine) -> bool:
    order = log.get(Order, line.so)
    return line.line not in order.lines or order.lines[line.line].terms.sku != line.sku


def _unknown(log: Log, line: ShipmentLine) -> Refusal:
    if line.line not in log.get(Order, line.so).lines:
        return NotFound(kind="Order line", id=f"{line.so}/{line.line}")
    return UnknownSku(so=line.so, line=line.line, sku=line.sku)


def _claim_violations(log: Log, warehouse: str, lines: list[ShipmentLine]) -> list[Refusal]:
    """What the lines together ask for beyond what is reserved."""
    found: list[Refusal] = []
    asked: dict[tuple[str, int], int] = {}
    claims: dict[tuple[str, str, str | None], Goods] = {}
    for line in lines:
        asked[line.so, line.line] = asked.get((line.so, line.line), 0) + line.qty
        key = (line.so, line.sku, line.lot)
        so_far = claims.get(key, Goods(0, line.lot))
        both = set(so_far.serials) & set(line.serials)
        found += [SerialDuplicate(serial=serial) for serial in sorted(both)]
        claims[key] = Goods(so_far.qty + line.qty, line.lot, so_far.serials + line.serials)
    absent = set()
    for (so, sku, lot), goods in claims.items():
        if not log.get(StockItem, warehouse, sku).shelf.holds(so, goods):
            found.append(NotReserved(so=so, sku=sku, lot=lot, serials=goods.serials))
            absent.add((so, sku))
    found += _torn_apart(log, asked)
    for (so, line_no), qty in asked.items():
        claimed = existing(log, Order, so).lines[line_no]
        here = (so, claimed.terms.sku) not in absent
        reserved = claimed.reserved_in(warehouse) if here else claimed.reserved
        if qty > reserved:
            found.append(ShipExceedsReserved(so=so, line=line_no, qty=qty, reserved=reserved))
    return found


def _torn_apart(log: Log, asked: dict[tuple[str, int], int]) -> list[Refusal]:
    """Orders or lines that the customer wants together, and of which only a part would leave."""
    found: list[Refusal] = []
    for so in dict.fromkeys(so for so, _ in asked):
        order = existing(log, Order, so)
        policy = order.known.delivery_policy
        for line_no, line in order.lines.items():
            concerned = policy == "SHIP_COMPLETE" or (
                policy == "LINE_COMPLETE" and (so, line_no) in asked
            )
            if concerned and asked.get((so, line_no), 0) < line.open:
                found.append(
                    PartialNotAllowed(so=so, line_no=line_no, open=line.open, policy=policy)
                )
    return found


def _consignee(log: Log, so: str) -> Consignee:
    terms = existing(log, Order, so).known
    address = existing(log, Address, terms.ship_to.address_id)
    return Consignee(
        dealer=terms.dealer,
        dealer_name=existing(log, Dealer, terms.dealer).known.legal_name,
        receiver=address.receiving_entity,
        address_id=address.key,
        region_code=address.region_code,
        at_hospital=log.get(Customer, address.receiving_entity).exists,
    )
