"""Resourcing: a person decides where an open quantity of a line comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.flows.company.acting import only
from domain.flows.orders.confirming import standing
from domain.flows.orders.supplying import free, numbered, queue, supply
from domain.goods.product import Product
from domain.goods.product_terms import END
from domain.goods.refusals import InsufficientAtp
from domain.goods.stock_item import StockItem
from domain.goods.warehouse import Warehouse
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import InvalidState
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.line_events import LineResourced
from domain.orders.order import Order
from domain.orders.order_line import BUY, MAKE, TRANSFER, Line, Supply
from domain.orders.refusals import NoSupply, NothingOpen
from domain.policies import sourcing
from domain.policies.choosing import Pick, choose
from domain.supply.refusals import DonorBelowSafety, WarehouseClass


@dataclass(frozen=True, kw_only=True)
class NewSupply:
    """Where a quantity shall come from: a warehouse, a transfer from it, production or purchase."""

    kind: Literal["SHIP", "TRANSFER", "MAKE", "BUY"]
    wh: str
    donor: str | None = None


@dataclass(frozen=True, kw_only=True)
class ResourceLine:
    """Decide by hand where an open quantity of a line comes from. For sales managers."""

    so_id: str
    line_no: int
    qty: int
    new_supply: NewSupply
    reason: str


def resource_line(log: Log, stamp: Stamp, command: ResourceLine) -> dict[str, Any]:
    """Source a line again by hand.

    Refuses NOT_FOUND, VALIDATION_FAILED, FORBIDDEN_ROLE, INVALID_STATE, NOTHING_OPEN,
    INSUFFICIENT_ATP, DONOR_BELOW_SAFETY, NO_SUPPLY, WAREHOUSE_CLASS.
    """
    order, findings = existing(log, Order, command.so_id), Findings()
    findings.field(command.line_no in order.lines, "line_no", "no such line")
    findings.field(command.qty >= 1, "qty", "at least 1")
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    findings.known(log, Warehouse, command.new_supply.wh, "new_supply.wh")
    donor = command.new_supply.donor
    if command.new_supply.kind == TRANSFER:
        fine = donor is not None and donor != command.new_supply.wh
        findings.field(fine, "new_supply.donor", "another warehouse")
        if donor is not None:
            findings.known(log, Warehouse, donor, "new_supply.donor")
    findings.refuse()
    product, wh = log.get(Product, order.lines[command.line_no].terms.sku), command.new_supply.wh
    fit = sourcing.keeps(log, product, wh)
    findings.require(fit, WarehouseClass(wh=wh, sku=product.key))
    findings.refuse()
    only(("MGR",), stamp)
    if order.ended or order.holds or not order.confirmed:
        raise InvalidState(so=order.so, state=order.state, holds=order.holds)
    line = order.lines[command.line_no]
    if command.qty > line.open:
        raise NothingOpen(so=order.so, line_no=command.line_no, qty=command.qty, open=line.open)
    old = ", ".join(f"{one.kind} {one.ref or one.warehouse} {one.qty}" for one in line.supplies)
    waiting = max(0, command.qty - line.unsourced)
    free(log, order, command.line_no, waiting, command.reason, stamp)
    plan = _plan(log, order, line, command, stamp)
    numbered(log, plan, stamp)
    new = plan.supplies[0]
    order.record(
        LineResourced(
            stamp.by,
            stamp.at,
            line_no=command.line_no,
            qty=command.qty,
            old=old,
            new=f"{new.kind} {new.ref or new.warehouse} {new.qty}",
            reason=command.reason,
        )
    )
    supply(log, order, plan, stamp.automatic("sourcing"))
    queue(log, order, command.line_no, stamp.automatic("sourcing"))
    return standing(order)


def _plan(log: Log, order: Order, line: Line, command: ResourceLine, stamp: Stamp) -> sourcing.Plan:
    """Return the plan that a person wants; raises InsufficientAtp, DonorBelowSafety, NoSupply."""
    wish, product = command.new_supply, existing(log, Product, line.terms.sku)
    policy = log.get(CompanyPolicy, COMPANY)
    service = policy.service(order.known.ship_to.region_code)
    lead, made = service.lead_days.get(wish.wh, 0) if service else 0, 0
    plan = sourcing.Plan()
    if wish.kind in (MAKE, BUY):
        if product.known.life == END:
            raise NoSupply(sku=line.terms.sku, life=END)
        lead = product.known.supply_lead_days + policy.planning.handling_days
        made = sourcing.lot_sized(product, command.qty)
    else:
        place = wish.donor or "" if wish.kind == TRANSFER else wish.wh
        plan.picks[command.line_no, place] = _pick(log, order, line, place, command, stamp)
        if wish.kind == TRANSFER:
            lead += policy.transfer_days(place, wish.wh) or 0
    donor = wish.donor or "" if wish.kind == TRANSFER else ""
    plan.supplies.append(
        Supply(command.line_no, wish.kind, wish.wh, command.qty, lead, {}, donor, made_qty=made)
    )
    return plan


def _pick(
    log: Log, order: Order, line: Line, place: str, command: ResourceLine, stamp: Stamp
) -> Pick:
    """Choose goods where a person wants them from; raises InsufficientAtp or DonorBelowSafety."""
    sku = line.terms.sku
    product = existing(log, Product, sku)
    needed = sourcing.shelf_days(product, order, line)
    shelf = log.get(StockItem, place, sku).shelf
    pick = choose(shelf, product.known.tracking, command.qty, needed, stamp.today, [])
    if pick.qty < command.qty:
        raise InsufficientAtp(wh=place, wanted=command.qty, available=pick.qty)
    surplus = sourcing.surplus_of(log, place, sku, needed, stamp.today)
    if command.new_supply.kind == TRANSFER and surplus < command.qty:
        raise DonorBelowSafety(wh=place, surplus=max(0, surplus), wanted=command.qty)
    return pick
