"""Shipping: sending what was planned, picked and reviewed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.company.approval_policy import NEVER_RELEASED
from domain.flows.accounts.invoicing import bill, quantities
from domain.flows.goods.devices import devices
from domain.flows.orders.confirming import settle_credit
from domain.goods.holders import Holders
from domain.goods.package import Package, ShippedItem
from domain.goods.passport import Passport
from domain.goods.product import Product
from domain.goods.refusals import NotReserved, ShelfLifeShort, ShipExceedsReserved
from domain.goods.shipment import Shipment
from domain.goods.stock_item import StockItem
from domain.kernel.aggregate import Log, existing
from domain.kernel.money import TAX_EXCLUSIVE, in_basis
from domain.kernel.refusal import InvalidState, Refusal
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.line_events import LineShipped
from domain.orders.order import Order
from domain.orders.order_line import LineTerms
from domain.orders.order_terms import AT_SHIP
from domain.orders.refusals import HoldsActive
from domain.orders.refusing import refusal_of
from domain.parties.dealer import Dealer
from domain.policies import checks, sourcing
from domain.policies.checks.situation import Situation
from domain.policies.choosing import Pick

MILLIONTH = Decimal("0.000001")


@dataclass(frozen=True, kw_only=True)
class Ship:
    """Send a reviewed shipment."""

    shp_id: str
    carrier: str
    waybill: str
    packages: int = 1


def ship(log: Log, stamp: Stamp, command: Ship) -> dict[str, Any]:
    """Send a shipment.

    Refuses NOT_FOUND, REVIEW_MISSING, INVALID_STATE, HOLDS_ACTIVE, NOT_RESERVED,
    SHIP_EXCEEDS_RESERVED, SHELF_LIFE_SHORT, DEALER_SUSPENDED, LICENCE_MISSING, LICENCE_EXPIRED,
    LICENCE_SCOPE, REGISTRATION_MISSING, REGISTRATION_EXPIRED, QUALITY_LOCK, RECALL_BLOCK,
    ADDRESS_OUT_OF_TERRITORY, ADDRESS_UNVERIFIED, HOSPITAL_PERMIT_MISSING, CREDIT_LIMIT,
    CREDIT_OVERDUE, VALIDATION_FAILED.
    """
    shipment, findings = existing(log, Shipment, command.shp_id), Findings()
    findings.field(command.packages >= 1, "packages", "at least 1")
    findings.refuse()
    shipment.check_ready()
    for so in shipment.orders():
        findings.add(*_failing(log, shipment, existing(log, Order, so), stamp))
    findings.refuse()
    for package in shipment.packages:
        findings.add(*_gone_or_short(log, shipment.warehouse, package, stamp))
    findings.refuse()
    items = tuple(_item(log, package, shipment.warehouse) for package in shipment.packages)
    shipment.ship(items, command.carrier, command.waybill, command.packages, stamp)
    for package in shipment.packages:
        _send(log, shipment, package, stamp)
    for so in shipment.orders():
        order = existing(log, Order, so)
        settle_credit(log, order, stamp)
        bill(log, order, AT_SHIP, _shipped_now(shipment, so), shipment, stamp)
    return {"shp": shipment.shp, "state": shipment.state}


def _shipped_now(shipment: Shipment, so: str) -> dict[int, int]:
    """Quantity by line of an order in a shipment."""
    return quantities(one for one in shipment.packages if one.so == so)


def _failing(log: Log, shipment: Shipment, order: Order, stamp: Stamp) -> list[Refusal]:
    """Holds, and checks that fail on the day of shipment; what a person released stays released.

    A missing permit of the hospital may be released for the order, never for the shipment.
    """
    if order.ended or not order.confirmed:
        return [InvalidState(so=order.so, state=order.state)]
    now = Situation(log, order, loaded(log, shipment, order), stamp)
    results = checks.run(checks.AT_SHIPMENT, now)
    failing = order.raised_by(results)
    never = NEVER_SHIPPED | set(order.holds)
    failing |= {one.hold: one.inputs for one in results if one.hold in never}
    held = [HoldsActive(so=order.so, holds=order.holds)] if order.holds else []
    return held + [refusal_of(code)(so=order.so, **inputs) for code, inputs in failing.items()]


NEVER_SHIPPED = NEVER_RELEASED | {"HOSPITAL_PERMIT_MISSING"}


def loaded(log: Log, shipment: Shipment, order: Order) -> sourcing.Plan:
    """Return the goods of the shipment as the checks want to see them: when they were made."""
    plan = sourcing.Plan()
    for package in shipment.packages:
        if package.so != order.so:
            continue
        shelf = log.get(StockItem, shipment.warehouse, package.sku).shelf
        made = shelf.made_on(package.goods)
        key = (package.line_no, shipment.warehouse)
        before = plan.picks.get(key, Pick((), ()))
        goods = (*before.goods, package.goods)
        plan.picks[key] = Pick(goods, (), (*before.made, *made))
    return plan


def _gone_or_short(log: Log, warehouse: str, package: Package, stamp: Stamp) -> list[Refusal]:
    """Goods that are no longer reserved here, or whose lot has too few days left today (K15)."""
    order, goods = existing(log, Order, package.so), package.goods
    shelf = log.get(StockItem, warehouse, package.sku).shelf
    if not shelf.holds(package.so, goods):
        return [NotReserved(so=package.so, sku=package.sku, lot=goods.lot, serials=goods.serials)]
    reserved = order.lines[package.line_no].reserved_in(warehouse)
    if goods.qty > reserved:
        return [ShipExceedsReserved(so=package.so, qty=goods.qty, reserved=reserved)]
    expiry = shelf.described(goods).expiry
    line = order.lines[package.line_no]
    needed = sourcing.shelf_days(existing(log, Product, package.sku), order, line)
    if expiry is not None and (expiry - stamp.today).days < needed:
        return [ShelfLifeShort(lot=goods.lot, expiry=expiry, days_needed=needed)]
    return []


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
    holders = log.get(Holders, package.sku)
    holders.send(package.goods.lot or "", passport.dealer, stamp.automatic("channel"))
    for unit in devices(log, package.sku, package.goods.serials):
        unit.ship(passport, stamp)
    order.record(
        LineShipped(
            stamp.by,
            stamp.at,
            line_no=package.line_no,
            shp=shipment.shp,
            qty=package.goods.qty,
            warehouse=shipment.warehouse,
            cost=package.goods.qty * cost,
        )
    )


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
        list_price=product.known.list_price,
        tier=dealer.known.tier,
        tier_price=terms.list_price,
        floor=terms.floor,
        ceiling=terms.ceiling,
        contract=order.known.contract,
        channel=order.known.channel,
        loan_until=order.known.loan_until,
    )


def net_unit_price(terms: LineTerms) -> Decimal:
    """Net price per unit, whatever the basis of the agreed price."""
    net = in_basis(terms.unit_price, terms.price_basis, TAX_EXCLUSIVE, terms.tax_rate)
    return net.quantize(MILLIONTH) if net != terms.unit_price else net
