"""Supplying: giving a line its goods, or what will bring them; and taking them away again.

Every document that is made for a line is pegged both ways: the line's supply names it, and it
names the line. A change in either is told to the other.
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.company.unique_key import UniqueKey
from domain.flows.company.numbering import next_number
from domain.flows.goods.devices import devices
from domain.goods.product import Product
from domain.goods.shelf import Goods
from domain.goods.stock_item import StockItem
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.orders.line_events import LineBackordered, LineFreed, LineInSupply, LineReserved
from domain.orders.order import Order
from domain.orders.order_line import BACKORDER, BUY, MAKE, SHIP, STOCK, TRANSFER, Link, Supply
from domain.policies.choosing import Pick
from domain.policies.sourcing import Plan
from domain.supply.backorders import BackorderQueue, Waiting
from domain.supply.requisition import Requisition, RequisitionTerms
from domain.supply.transfer import RESERVED, Transfer, TransferTerms
from domain.supply.work_order import WorkOrder
from domain.supply.work_order_terms import WorkOrderTerms

DEMAND = "demand"
"""Kind of key under which the requisition for a demand is found."""

SERIES = {TRANSFER: "TO", MAKE: "WO", BUY: "PR"}


def numbered(log: Log, plan: Plan, stamp: Stamp) -> None:
    """Give the documents of a plan their numbers, so that the decision can name them."""
    plan.supplies = [
        one
        if one.kind == SHIP
        else msgspec.structs.replace(one, ref=next_number(log, SERIES[one.kind], stamp))
        for one in plan.supplies
    ]


def supply(log: Log, order: Order, plan: Plan, stamp: Stamp) -> None:
    """Carry a plan out, line by line."""
    for one in plan.supplies:
        if one.kind == SHIP:
            promise = stamp.today + timedelta(days=one.lead_days)
            pick = plan.picks[one.line_no, one.warehouse]
            reserve(log, order, one.line_no, one.warehouse, pick, promise, stamp)
        elif one.kind == TRANSFER:
            _transfer(log, order, one, plan.picks[one.line_no, one.donor], stamp)
        else:
            _replenish(log, order, one, stamp)


def reserve(  # noqa: PLR0913 - whose, where, what, until when and why
    log: Log,
    order: Order,
    line_no: int,
    warehouse: str,
    pick: Pick,
    promise: date | None,
    stamp: Stamp,
    reason: str = "",
) -> None:
    """Set goods aside for a line; raises what the stock item refuses."""
    sku = order.lines[line_no].terms.sku
    for goods in pick.goods:
        claim(log, warehouse, sku, order.so, line_no, goods, pick.considered, stamp, reason)
        order.record(
            LineReserved(
                stamp.by,
                stamp.at,
                line_no=line_no,
                warehouse=warehouse,
                qty=goods.qty,
                lot=goods.lot,
                serials=goods.serials,
                promise_date=promise,
            )
        )


def claim(  # noqa: PLR0913 - whose, where, what and why
    log: Log,
    warehouse: str,
    sku: str,
    ref: str,
    line_no: int,
    goods: Goods,
    considered: tuple[str, ...],
    stamp: Stamp,
    reason: str = "",
) -> None:
    """Claim goods in a warehouse for an order or a transfer, their units with them."""
    log.get(StockItem, warehouse, sku).reserve(ref, line_no, goods, considered, stamp, reason)
    for unit in devices(log, sku, goods.serials) if goods.serials else ():
        unit.reserve(ref, stamp)


def unclaim(  # noqa: PLR0913 - whose, where, what and why
    log: Log, warehouse: str, sku: str, ref: str, goods: list[Goods], reason: str, stamp: Stamp
) -> None:
    """Give claims on goods up, their units with them."""
    item = log.get(StockItem, warehouse, sku)
    for one in goods:
        item.free(ref, one, reason, stamp)
        for unit in devices(log, sku, one.serials) if one.serials else ():
            unit.release(ref, reason, stamp)


def backorder(log: Log, order: Order, line_no: int, link: Link, reason: str, stamp: Stamp) -> None:
    """Let a quantity of a line wait in the queue."""
    order.record(
        LineBackordered(
            stamp.by,
            stamp.at,
            line_no=line_no,
            warehouse=link.warehouse,
            qty=link.qty,
            ref=link.ref,
            promise_date=link.promise_date,
            reason=reason,
            sku=order.lines[line_no].terms.sku,
        )
    )
    queue(log, order, line_no, stamp)


def free(log: Log, order: Order, line_no: int, qty: int, reason: str, stamp: Stamp) -> None:
    """Take the supply of a quantity of a line away: what waits first, what lies here last."""
    line = order.lines[line_no]
    for kind in (BACKORDER, TRANSFER, STOCK):
        for link in [one for one in line.supplies if one.kind == kind]:
            used = min(qty, link.qty)
            if used:
                unlink(log, order, line_no, msgspec.structs.replace(link, qty=used), reason, stamp)
                qty -= used


def unlink(log: Log, order: Order, line_no: int, link: Link, reason: str, stamp: Stamp) -> None:
    """Take one supply of a line away, and tell whoever worked for it."""
    sku = order.lines[line_no].terms.sku
    drop(order, line_no, link, reason, stamp)
    if link.kind == STOCK:
        claims = log.get(StockItem, link.warehouse, sku).shelf.last_claimed(order.so, link.qty)
        unclaim(log, link.warehouse, sku, order.so, claims, reason, stamp)
    elif link.kind == TRANSFER:
        _forget_transfer(log, order, link, reason, stamp)
    else:
        _tell_supply(log, link, reason, stamp)
        queue(log, order, line_no, stamp)


def drop(order: Order, line_no: int, link: Link, reason: str, stamp: Stamp) -> None:
    """Take one supply off a line, where its other end is known to be over."""
    order.record(
        LineFreed(
            stamp.by,
            stamp.at,
            line_no=line_no,
            kind=link.kind,
            warehouse=link.warehouse,
            qty=link.qty,
            reason=reason,
            ref=link.ref,
            sku=order.lines[line_no].terms.sku,
            promise_date=link.promise_date,
        )
    )


def queue(log: Log, order: Order, line_no: int, stamp: Stamp) -> None:
    """Let the queue know how much of a line waits, and since when."""
    line = order.lines[line_no]
    promises = [one.promise_date for one in line.supplies if one.kind == BACKORDER]
    waiting = Waiting(
        order.so,
        line_no,
        line.backordered,
        order.known.order_date,
        max((one for one in promises if one), default=None),
    )
    log.get(BackorderQueue, line.terms.sku).set(waiting, stamp)


def _transfer(log: Log, order: Order, supply: Supply, pick: Pick, stamp: Stamp) -> None:
    sku = order.lines[supply.line_no].terms.sku
    policy = log.get(CompanyPolicy, COMPANY)
    days = policy.transfer_days(supply.donor, supply.warehouse) or 0
    transfer = log.get(Transfer, supply.ref)
    terms = TransferTerms(
        supply.donor,
        supply.warehouse,
        sku,
        supply.qty,
        "ORDER",
        order.so,
        supply.line_no,
        stamp.today + timedelta(days=days),
    )
    transfer.request(terms, pick.goods, stamp)
    transfer.approve(pick.goods, stamp)
    for goods in pick.goods:
        claim(log, supply.donor, sku, supply.ref, supply.line_no, goods, pick.considered, stamp)
    order.record(
        LineInSupply(
            stamp.by,
            stamp.at,
            line_no=supply.line_no,
            warehouse=supply.warehouse,
            qty=supply.qty,
            ref=supply.ref,
            promise_date=stamp.today + timedelta(days=supply.lead_days),
            sku=sku,
        )
    )


def _replenish(log: Log, order: Order, supply: Supply, stamp: Stamp) -> None:
    """Make or buy for a line. It waits in the queue like everybody else."""
    sku = order.lines[supply.line_no].terms.sku
    product = existing(log, Product, sku)
    due = stamp.today + timedelta(days=product.known.supply_lead_days)
    if supply.kind == MAKE:
        terms = WorkOrderTerms(
            sku, supply.warehouse, supply.made_qty, due, order.so, supply.line_no
        )
        create_work_order(log, supply.ref, terms, stamp)
    else:
        wanted = RequisitionTerms(
            sku, supply.warehouse, supply.made_qty, due, "ORDER", order.so, supply.line_no
        )
        ask_for(log, supply.ref, wanted, stamp)
    promise = stamp.today + timedelta(days=supply.lead_days)
    link = Link(BACKORDER, supply.warehouse, supply.qty, supply.ref, promise)
    backorder(log, order, supply.line_no, link, supply.kind, stamp)


def create_work_order(log: Log, wo: str, terms: WorkOrderTerms, stamp: Stamp) -> None:
    """Plan production, and ask for the components that are bought for it."""
    log.get(WorkOrder, wo).create(terms, stamp)
    for part in existing(log, Product, terms.sku).known.components:
        need = max(stamp.today, terms.due - timedelta(days=part.need_offset_days))
        qty = part.qty_per * terms.qty
        wanted = RequisitionTerms(part.item, terms.warehouse, qty, need, "WO_COMPONENT", wo)
        automatic = stamp.automatic("sourcing")
        ask_for(log, next_number(log, "PR", stamp), wanted, automatic)


def ask_for(log: Log, pr: str, wanted: RequisitionTerms, stamp: Stamp) -> None:
    """Ask for something to be bought, and let its demand be known under the requisition."""
    log.get(Requisition, pr).create(wanted, stamp)
    if wanted.ref:
        log.get(UniqueKey, DEMAND, f"{wanted.ref}/{wanted.item}").pass_on(pr, stamp)


def call_off(log: Log, transfer: Transfer, reason: str, stamp: Stamp) -> None:
    """Cancel a transfer of which nothing has left; its goods are free again."""
    terms, reserved = transfer.known, transfer.state == RESERVED
    transfer.cancel(reason, stamp)
    if reserved:
        goods = list(transfer.goods)
        unclaim(log, terms.source, terms.sku, transfer.key, goods, reason, stamp)


def _forget_transfer(log: Log, order: Order, link: Link, reason: str, stamp: Stamp) -> None:
    """Cancel a transfer that has not left and is not needed at all; else let it come for stock."""
    transfer = existing(log, Transfer, link.ref)
    terms = transfer.known
    if transfer.state == RESERVED and link.qty == terms.qty:
        call_off(log, transfer, reason, stamp)
    else:
        transfer.record(
            Transfer.Repurposed(stamp.by, stamp.at, so=order.so, qty=link.qty, reason=reason)
        )


def _tell_supply(log: Log, link: Link, reason: str, stamp: Stamp) -> None:
    """Tell a work order or requisition that its order needs less: a planner has to decide."""
    qty = link.qty
    work = log.get(WorkOrder, link.ref)
    if work.exists and work.expected:
        work.record(WorkOrder.Repurposed(stamp.by, stamp.at, qty=qty, reason=reason))
    bought = log.get(Requisition, link.ref)
    if bought.exists and bought.expected:
        bought.record(Requisition.Repurposed(stamp.by, stamp.at, qty=qty, reason=reason))
