"""Sourcing: where a line's goods come from, automatically and always the same way.

1 A product made to order is made. 2 and 3 The region's primary warehouse ships what it can.
4 If it has nothing, another warehouse that covers the whole line ships it. 5 If it has a part, one
donor transfers the rest, above its own safety stock and in time. 6 Goods that must not be split
come from one warehouse, or are brought together. 7 What is still open is made or bought. Orders
may use safety stock, for that is its purpose; transfers may not.
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from domain.company.company_policy import CompanyPolicy, Service
from domain.goods.product import Product
from domain.goods.product_terms import END, SERIAL
from domain.goods.shelf import Goods
from domain.goods.stock_item import StockItem
from domain.goods.warehouse import Warehouse
from domain.kernel.aggregate import Log
from domain.orders.order import Order
from domain.orders.order_line import BUY, MAKE, SHIP, TRANSFER, Line, Supply
from domain.policies.choosing import Pick, choose

PARTIAL = "ALLOW_PARTIAL"
EVER = 10**9


class ShortDated(msgspec.Struct, frozen=True):
    """Days of life that the goods at hand have left, and those that are usual."""

    left: int
    usual: int


class Plan(msgspec.Struct):
    """Supplies and picks by line, and the lines that nothing can supply."""

    supplies: list[Supply] = []
    picks: dict[tuple[int, str], Pick] = {}
    """Goods by line and warehouse; those of a transfer lie in the donor's."""
    short: dict[int, dict[str, int]] = {}
    """Sellable quantity by warehouse, for each line that cannot be supplied."""
    short_dated: dict[int, ShortDated] = {}
    """Lines that only goods with fewer days of life than usual can cover."""

    @property
    def lead_days(self) -> int:
        """Days until the last line arrives."""
        return max((one.lead_days for one in self.supplies), default=0)

    def picks_of(self, line_no: int) -> list[Pick]:
        """Everything chosen for a line."""
        return [pick for (line, _), pick in self.picks.items() if line == line_no]


class _Search(msgspec.Struct):
    """What one search for goods knows: the log, the order, the policy, the day, what is taken."""

    log: Log
    order: Order
    policy: CompanyPolicy
    service: Service
    day: date
    plan: Plan
    taken: dict[str, list[Goods]] = {}

    def pick(self, warehouse: str, line: Line, qty: int, needed: int) -> Pick:
        """Choose goods of a warehouse, leaving out what earlier lines of the order took."""
        item = self.log.get(StockItem, warehouse, line.terms.sku)
        gone = self.taken.setdefault(item.stream, [])
        return choose(item.shelf, line.terms.tracking, qty, needed, self.day, gone)

    def take(self, warehouse: str, line: Line, pick: Pick, supply: Supply) -> None:
        """Keep a choice."""
        item = self.log.get(StockItem, warehouse, line.terms.sku)
        self.taken.setdefault(item.stream, []).extend(pick.goods)
        self.plan.picks[line.terms.line_no, warehouse] = pick
        self.plan.supplies.append(supply)


def plan(log: Log, order: Order, policy: CompanyPolicy, service: Service, day: date) -> Plan:
    """Source what has no supply yet of every line, on a day."""
    search = _Search(log, order, policy, service, day, Plan())
    for line in order.lines.values():
        if line.unsourced > 0:
            _source(search, line, log.get(Product, line.terms.sku))
    return search.plan


def _source(search: _Search, line: Line, product: Product) -> None:
    passed: dict[str, str] = {}
    if product.known.supply_mode == "MAKE_ORDER":
        _replenish(search, line, product, line.unsourced, passed)
        return
    needed = shelf_days(product, search.order, line)
    left = _from_stock(search, line, line.unsourced, needed, passed)
    if not left:
        return
    if _only_short_dated(search, line, product, left, needed):
        return
    _replenish(search, line, product, left, passed)


def _from_stock(search: _Search, line: Line, qty: int, needed: int, passed: dict[str, str]) -> int:
    """Rules 2 to 6: ship, ship directly, or transfer; what is left open."""
    primary, *others = ranked(search.service)
    mine = search.pick(primary, line, qty, needed)
    if mine.qty < qty:
        passed[primary] = f"sellable {mine.qty}"
    splits = search.order.known.delivery_policy == PARTIAL
    if mine.qty < qty and (not mine.qty or not splits):
        for warehouse in others:
            direct = search.pick(warehouse, line, qty, needed)
            if direct.qty == qty:
                _ship(search, line, warehouse, direct, passed)
                return 0
            passed[warehouse] = f"sellable {direct.qty}"
    if not mine.qty:
        return qty
    _ship(search, line, primary, mine, dict(passed))
    left = qty - mine.qty
    return _transfer(search, line, primary, left, needed, passed) if left else 0


def _ship(search: _Search, line: Line, warehouse: str, pick: Pick, passed: dict[str, str]) -> None:
    lead = search.service.lead_days.get(warehouse, 0)
    supply = Supply(line.terms.line_no, SHIP, warehouse, pick.qty, lead, passed)
    search.take(warehouse, line, pick, supply)


def _transfer(
    search: _Search, line: Line, target: str, qty: int, needed: int, passed: dict[str, str]
) -> int:
    """Rule 5: one donor for all of it, nearest to the target first; what is left open."""
    if not keeps(search.log, search.log.get(Product, line.terms.sku), target):
        passed[target] = "too warm"
        return qty
    days = {
        warehouse: search.policy.transfer_days(warehouse, target)
        for warehouse in search.service.ranking
        if warehouse != target
    }
    near = sorted((lead, warehouse) for warehouse, lead in days.items() if lead is not None)
    in_time = (search.order.known.requested_date - search.day).days
    for lead, donor in near:
        surplus = surplus_of(search.log, donor, line.terms.sku, needed, search.day)
        gone = search.taken.get(search.log.get(StockItem, donor, line.terms.sku).stream, [])
        surplus -= sum(one.qty for one in gone)
        if surplus < qty:
            passed[donor] = f"surplus {max(0, surplus)}"
        elif lead > in_time and not search.order.known.accept_later:
            passed[donor] = f"{lead} days, {in_time} left"
        else:
            pick = search.pick(donor, line, qty, needed)
            whole = lead + search.service.lead_days.get(target, 0)
            supply = Supply(line.terms.line_no, TRANSFER, target, qty, whole, passed, donor)
            search.take(donor, line, pick, supply)
            return 0
    return qty


def _only_short_dated(search: _Search, line: Line, product: Product, qty: int, needed: int) -> bool:
    """K15: whether goods that expire sooner than usual, and only they, would cover the rest."""
    own = search.order.known.min_shelf_days is not None or line.min_shelf_days is not None
    if own or product.known.tracking == SERIAL or not needed:
        return False
    for warehouse in ranked(search.service):
        pick = search.pick(warehouse, line, qty, 0)
        if pick.qty == qty:
            left = min((one.expiry - search.day).days for one in pick.goods if one.expiry)
            if left >= needed:
                continue
            search.plan.short_dated[line.terms.line_no] = ShortDated(left, needed)
            return True
    return False


def _replenish(
    search: _Search, line: Line, product: Product, qty: int, passed: dict[str, str]
) -> None:
    """Rules 1 and 7: make or buy, at least the minimum quantity, in whole lots."""
    terms = product.known
    if terms.life == END:
        search.plan.short[line.terms.line_no] = {
            place: int(said.split()[-1]) for place, said in passed.items() if said[-1].isdigit()
        }
        return
    lead = terms.supply_lead_days + search.policy.planning.handling_days
    bought = terms.supply_mode == "BUY"
    warehouse = search.service.ranking[0]
    if not bought:
        plants = (one for one in ranked(search.service) if search.log.get(Warehouse, one).plant)
        warehouse = next(plants, warehouse)
    search.plan.supplies.append(
        Supply(
            line.terms.line_no,
            BUY if bought else MAKE,
            warehouse,
            qty,
            lead,
            passed,
            made_qty=lot_sized(product, qty),
        )
    )


def lot_sized(product: Product, qty: int) -> int:
    """Quantity that is made or bought for a demand: at least the minimum, in whole lots."""
    made = max(qty, product.known.moq)
    return made + -made % product.known.supply_lot_size


def ranked(service: Service) -> list[str]:
    """Warehouses in the order in which they are asked: by lead time after the primary one."""
    primary, *others = service.ranking
    return [primary, *sorted(others, key=lambda one: (service.lead_days.get(one, 0), one))]


def shelf_days(product: Product, order: Order, line: Line) -> int:
    """Days of life a lot must have left: consented to, else the order's own, else the product's."""
    if line.min_shelf_days is not None:
        return line.min_shelf_days
    own = order.known.min_shelf_days
    return own if own is not None else (product.known.min_shelf_days or 0)


def keeps(log: Log, product: Product, warehouse: str) -> bool:
    """Whether a warehouse can keep a product: what must be cold needs a cold one."""
    return product.known.cold_chain is None or log.get(Warehouse, warehouse).cold


def surplus_of(log: Log, donor: str, sku: str, needed: int, day: date) -> int:
    """What a warehouse may give away: sellable goods above its safety stock."""
    item = log.get(StockItem, donor, sku)
    tracking = log.get(Product, sku).known.tracking
    return choose(item.shelf, tracking, EVER, needed, day, []).qty - item.safety_stock


def promise_date(made: Plan, day: date) -> date:
    """Day on which the last line arrives."""
    return day + timedelta(days=made.lead_days)
