"""Confirming: checking an order, and committing to it in the same append when nothing stops it.

These steps follow from other commands: placing, amending, releasing, paying, changing a limit.
"""

from __future__ import annotations

from typing import Any

from domain.accounts.credit_line import ORDERED, OUTSIDE, CreditLine
from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.goods.product import Product
from domain.goods.serial_number import SerialNumber
from domain.goods.stock_item import StockItem
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import MasterDataMissing
from domain.kernel.stamp import Stamp
from domain.orders.order import Order
from domain.orders.order_book import OrderBook
from domain.orders.order_events import LineReserved
from domain.policies import checks, sourcing

CREDIT_HOLDS = {"CREDIT_LIMIT", "CREDIT_OVERDUE"}


def check_and_confirm(log: Log, order: Order, cause: str, stamp: Stamp) -> None:
    """Run all checks; confirm and reserve if no hold is left.

    Refuses MASTER_DATA_MISSING.
    """
    now = _situation(log, order, stamp)
    results = checks.run(checks.AT_PLACEMENT, now)
    order.judge(results, cause, stamp.automatic("checks"))
    if not order.holds:
        _confirm(log, order, now.plan, stamp.automatic("sourcing"))


def recheck(log: Log, order: Order, cause: str, stamp: Stamp) -> None:
    """Look again at an order that waits; where nothing has changed, nothing is recorded."""
    results = checks.run(checks.AT_PLACEMENT, _situation(log, order, stamp))
    if order.cleared_by(results) or order.raised_by(results) or not order.holds:
        check_and_confirm(log, order, cause, stamp)


def recheck_waiting(log: Log, dealer: str, stamp: Stamp) -> list[dict[str, Any]]:
    """Look again at a dealer's orders that wait for credit, oldest first: how they stand."""
    waiting = [existing(log, Order, so) for so in log.get(OrderBook, dealer).waiting]
    concerned = [order for order in waiting if CREDIT_HOLDS.intersection(order.holds)]
    for order in concerned:
        recheck(log, order, "credit-recheck", stamp)
    return [standing(order) for order in concerned]


def standing(order: Order) -> dict[str, Any]:
    """Where an order stands, for the answer."""
    return {"so": order.so, "state": order.state, "holds": list(order.holds)}


def _situation(log: Log, order: Order, stamp: Stamp) -> checks.Situation:
    region = order.known.ship_to.region_code
    service = log.get(CompanyPolicy, COMPANY).service(region)
    if service is None:
        raise MasterDataMissing(key=f"service ranking of region {region}")
    plan = sourcing.plan(log, order, service, stamp.today)
    return checks.Situation(log, order, plan, stamp)


def _confirm(log: Log, order: Order, plan: sourcing.Plan, stamp: Stamp) -> None:
    terms = order.known
    promise = sourcing.promise_date(plan, stamp.today)
    version = log.get(CompanyPolicy, COMPANY).version
    order.confirm(tuple(plan.supplies), promise, version, stamp)
    log.get(OrderBook, terms.dealer).leave(order.so, stamp)
    credit = log.get(CreditLine, terms.dealer, terms.currency)
    credit.move(order.so, OUTSIDE, ORDERED, order.gross, stamp)
    for supply in plan.supplies:
        _reserve(log, order, supply.line_no, supply.warehouse, plan, stamp)


def _reserve(
    log: Log, order: Order, line_no: int, warehouse: str, plan: sourcing.Plan, stamp: Stamp
) -> None:
    sku = order.lines[line_no].terms.sku
    pick = plan.picks[line_no]
    item = log.get(StockItem, warehouse, sku)
    for goods in pick.goods:
        item.reserve(order.so, line_no, goods, pick.considered, stamp)
        for serial in goods.serials:
            unit = log.get(SerialNumber, log.get(Product, sku).base_di, serial)
            unit.reserve(order.so, stamp)
        order.record(
            LineReserved(
                stamp.by,
                stamp.at,
                line_no=line_no,
                warehouse=warehouse,
                qty=goods.qty,
                lot=goods.lot,
                serials=goods.serials,
            )
        )
