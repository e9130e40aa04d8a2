"""Shipping: planning what leaves together, picking, the second check, and sending."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.address import Address
from domain.credit_line import ORDERED, SHIPPED, CreditLine
from domain.customer import Customer
from domain.dealer import Dealer
from domain.flows.opening import form_violations
from domain.goods import Goods
from domain.kernel.aggregate import Log, existing
from domain.kernel.money import TAX_EXCLUSIVE, Amounts, part
from domain.kernel.refusal import InvalidState, NotFound, Refusal, refuse
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.order import Order
from domain.order_events import LineShipped
from domain.order_line import Line, LineTerms
from domain.passport import Passport
from domain.policies import checks, sourcing
from domain.product import Product
from domain.refusals import CreditLimit, CreditOverdue, NotReserved, ShipExceedsReserved, UnknownSku
from domain.serial_number import SerialNumber
from domain.shipment import Consignee, Package, Shipment, ShippedItem
from domain.stock_item import StockItem
from domain.udi import Scan, violations


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
    SERIAL_REQUIRED, LOT_REQUIRED, QTY_SERIAL_MISMATCH, ALREADY_EXISTS.
    """
    findings = Findings()
    findings.identifier(command.shp_id, "shp_id")
    findings.field(command.lines, "lines", "at least one line")
    for place, line in enumerate(command.lines):
        findings.field(line.qty >= 1, f"lines[{place}].qty", "at least 1")
    findings.refuse()
    for line in command.lines:
        findings.add(*_line_violations(log, command.wh, line))
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


def _line_violations(log: Log, warehouse: str, line: ShipmentLine) -> list[Refusal]:
    order, product = log.get(Order, line.so), log.get(Product, line.sku)
    if not order.exists or line.line not in order.lines:
        return [NotFound(kind="Order line", id=f"{line.so}/{line.line}")]
    if not product.exists or order.lines[line.line].terms.sku != line.sku:
        return [UnknownSku(so=line.so, line=line.line, sku=line.sku)]
    found = form_violations(product, line.qty, line.lot, line.serials)
    goods = Goods(line.qty, line.lot, line.serials)
    if not log.get(StockItem, warehouse, line.sku).shelf.holds(line.so, goods):
        found.append(NotReserved(so=line.so, sku=line.sku, lot=line.lot, serials=line.serials))
    reserved = order.lines[line.line].reserved
    if line.qty > reserved:
        found.append(ShipExceedsReserved(so=line.so, qty=line.qty, reserved=reserved))
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


@dataclass(frozen=True, kw_only=True)
class ConfirmPick:
    """Say that the goods were taken and scanned: every serial once, every lot at least once."""

    shp_id: str
    picker: str
    scans: list[Scan]


def confirm_pick(log: Log, stamp: Stamp, command: ConfirmPick) -> dict[str, Any]:
    """Confirm a pick.

    Refuses NOT_FOUND, INVALID_STATE, SCAN_MISMATCH, VALIDATION_FAILED, UDI codes.
    """
    shipment, findings = existing(log, Shipment, command.shp_id), Findings()
    findings.identifier(command.picker, "picker")
    for place, scan in enumerate(command.scans):
        findings.add(*violations(scan, f"scans[{place}]"))
    findings.refuse()
    expected = {
        (log.get(Product, package.sku).base_di, one)
        for package in shipment.packages
        for one in (package.goods.serials or (package.goods.lot,))
    }
    scanned = [(scan.di, scan.serial or scan.lot) for scan in command.scans]
    missing = [f"{di}/{one}" for di, one in sorted(expected - set(scanned), key=str)]
    extra = [f"{di}/{one}" for di, one in scanned if (di, one) not in expected]
    raw = tuple(scan.raw or f"{scan.di}/{scan.serial or scan.lot}" for scan in command.scans)
    shipment.pick(command.picker, raw, missing, extra, stamp)
    return {"shp": shipment.shp, "state": shipment.state}


@dataclass(frozen=True, kw_only=True)
class ReviewOutbound:
    """Say that a second person has checked goods and papers."""

    shp_id: str
    reviewer: str
    result: str


def review_outbound(log: Log, stamp: Stamp, command: ReviewOutbound) -> dict[str, Any]:
    """Review a shipment.

    Refuses NOT_FOUND, INVALID_STATE, SAME_PERSON_REVIEW, VALIDATION_FAILED.
    """
    shipment, findings = existing(log, Shipment, command.shp_id), Findings()
    findings.identifier(command.reviewer, "reviewer")
    findings.field(command.result == "OK", "result", "OK; goods in doubt are not sent")
    findings.refuse()
    shipment.review(command.reviewer, command.result, stamp)
    return {"shp": shipment.shp, "state": shipment.state}


@dataclass(frozen=True, kw_only=True)
class Ship:
    """Send a reviewed shipment."""

    shp_id: str
    carrier: str
    waybill: str
    packages: int = 1


def ship(log: Log, stamp: Stamp, command: Ship) -> dict[str, Any]:
    """Send a shipment.

    Refuses NOT_FOUND, REVIEW_MISSING, INVALID_STATE, CREDIT_LIMIT, CREDIT_OVERDUE, NOT_RESERVED,
    VALIDATION_FAILED.
    """
    shipment, findings = existing(log, Shipment, command.shp_id), Findings()
    findings.field(command.packages >= 1, "packages", "at least 1")
    findings.refuse()
    for so in shipment.orders():
        refuse(_failing(log, existing(log, Order, so), stamp))
    items = tuple(_item(log, package, shipment.warehouse) for package in shipment.packages)
    shipment.ship(items, command.carrier, command.waybill, command.packages, stamp)
    for package in shipment.packages:
        _send(log, shipment, package, stamp)
    return {"shp": shipment.shp, "state": shipment.state}


CODES: dict[str, type[Refusal]] = {"CREDIT_LIMIT": CreditLimit, "CREDIT_OVERDUE": CreditOverdue}


def _failing(log: Log, order: Order, stamp: Stamp) -> list[Refusal]:
    """Checks that fail on the day of shipment; what a person released stays released."""
    if order.holds or not order.confirmed:
        return [InvalidState(so=order.so, state=order.state)]
    now = checks.Situation(log, order, sourcing.Plan(), stamp)
    results = checks.run(checks.AT_SHIPMENT, now)
    return [CODES[code](**inputs) for code, inputs in order.raised_by(results).items()]


def _item(log: Log, package: Package, warehouse: str) -> ShippedItem:
    product = existing(log, Product, package.sku).known
    line = existing(log, Order, package.so).lines[package.line_no]
    shelf = log.get(StockItem, warehouse, package.sku).shelf
    return ShippedItem(
        so=package.so,
        line_no=package.line_no,
        sku=package.sku,
        name=product.name,
        registration_no=product.registrations[-1].no if product.registrations else "",
        goods=shelf.described(package.goods),
        unit_price=line.terms.unit_price,
        unit_cost=product.std_cost,
    )


def _send(log: Log, shipment: Shipment, package: Package, stamp: Stamp) -> None:
    order = existing(log, Order, package.so)
    product = existing(log, Product, package.sku)
    line = order.lines[package.line_no]
    item = log.get(StockItem, shipment.warehouse, package.sku)
    cost = product.known.std_cost
    item.issue(order.so, shipment.shp, package.goods, cost, stamp)
    passport = _passport(log, order, line.terms, shipment, product, stamp)
    for serial in package.goods.serials:
        log.get(SerialNumber, product.base_di, serial).ship(passport, stamp)
    moved = part_of_line(line, line.shipped, line.shipped + package.goods.qty)
    order.record(
        LineShipped(
            stamp.by,
            stamp.at,
            line_no=package.line_no,
            shp=shipment.shp,
            qty=package.goods.qty,
        )
    )
    credit = log.get(CreditLine, order.known.dealer, order.known.currency)
    credit.move(order.so, ORDERED, SHIPPED, moved.gross, stamp.automatic("credit"))


def _passport(
    log: Log,
    order: Order,
    terms: LineTerms,
    shipment: Shipment,
    product: Product,
    stamp: Stamp,
) -> Passport:
    dealer = existing(log, Dealer, order.known.dealer)
    rights = dealer.authorised(product.known.product_line, stamp.today)
    regions = [code for right in rights for code in right.region_codes]
    return Passport(
        dealer=dealer.key,
        so=order.so,
        so_line=terms.line_no,
        shp=shipment.shp,
        authorised_regions=tuple(dict.fromkeys(regions)),
        territory_version=max((right.version for right in rights), default=0),
        unit_price=net_unit_price(terms),
        price_list=terms.price_list,
        price_edition=terms.price_edition,
    )


def net_unit_price(terms: LineTerms) -> Decimal:
    """Net price per unit, whatever the basis of the agreed price."""
    if terms.price_basis == TAX_EXCLUSIVE:
        return terms.unit_price
    return (Decimal(terms.net) / 100 / terms.qty).quantize(Decimal("0.000001"))


def part_of_line(line: Line, before: int, after: int) -> Amounts:
    """Amounts of some of a line's units, cut so that all parts add up to the line."""
    terms = line.terms
    return part(Amounts(terms.net, terms.vat, terms.gross), before, after, terms.qty)
