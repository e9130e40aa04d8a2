"""Inventory: what is where, what is claimed, and every movement that made it so."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import BigInteger, Column, Computed, Date, Index

from domain.goods.serial_number import SerialNumber
from domain.goods.shelf import Goods
from domain.goods.stock_item import StockItem
from projections.columns import count, key, movement_table, state_table, text
from projections.effects import Add, Append, Change, Fact, Projection, Put

inventory_visibility = state_table(
    "inventory_visibility",
    "Stock by warehouse, product and lot, in base units.",
    key("wh", "Warehouse."),
    key("sku", "Product."),
    key("lot", "Lot; empty for goods that are not tracked by lot."),
    count("on_hand", "Physically present, quarantine included."),
    count("quarantined", "Present, waiting for inspection."),
    count("blocked", "Present, may not be sold."),
    count("reserved", "Claimed by orders and transfers."),
    Column(
        "available",
        BigInteger,
        Computed("on_hand - quarantined - blocked - reserved", persisted=True),
        comment="on_hand - quarantined - blocked - reserved.",
    ),
    count("in_transit_in", "Dispatched to this warehouse by transfer, not yet received."),
    count("on_order", "Firm supply due here."),
    count("safety_stock", "Buffer; orders may use it, transfers may not."),
    Column("rop", BigInteger, comment="Reorder point; empty where none is set."),
    Column("next_receipt_date", Date, comment="Day of the next firm receipt, if any."),
    Column("expiry", Date, comment="Last usable day of the lot."),
    count("value_std", "Stock on hand at standard cost, minor units."),
)

inventory_serials = state_table(
    "inventory_serials",
    "Every device, with where it is and whose.",
    key("di", "Device identifier (GTIN-14)."),
    key("serial", "Serial number."),
    text("sku", "Product."),
    text("state", "State of the device; UNKNOWN for one that is not in the register."),
    text("wh", "Warehouse, while it is with us."),
    text("dealer", "Dealer it was shipped to."),
    text("hospital", "Hospital where it stands."),
    text("region", "Region where it stands (GB/T 2260)."),
    text("so", "Order it is reserved for or was shipped under."),
    text("shipment", "Shipment it left with."),
    Column("warranty_to", Date, comment="Last day of warranty."),
    text("recall", "Open recall, if any."),
    text("diversion_case", "Diversion case, if any."),
)

stock_movements = movement_table(
    "stock_movements",
    "Every change of a stock quantity, so that stock at any time is a sum.",
    text("wh", "Warehouse."),
    text("sku", "Product."),
    text("lot", "Lot; empty for goods that are not tracked by lot."),
    text("kind", "OPENING, RECEIPT, RESERVATION, RELEASE or SHIPMENT."),
    count("on_hand", "Change of the quantity on hand."),
    count("quarantined", "Change of the quantity in quarantine."),
    count("blocked", "Change of the blocked quantity."),
    count("reserved", "Change of the reserved quantity."),
    count("in_transit_in", "Change of the quantity on its way here."),
    count("value_std", "Change of the value at standard cost, minor units."),
    text("document", "Document behind the movement."),
    text("ref", "Order or transfer that the goods are for."),
    text("serials", "Serial numbers, separated by commas."),
    text("actor", "Who recorded it."),
    Index("ix_stock_movements_item", "sku", "wh", "lot", "position"),
)


def effects(fact: Fact) -> Iterable[Change]:
    """All that this read model believes, and nothing else."""
    match fact.event:
        case StockItem.OpeningSet(goods=goods, unit_cost=cost):
            yield from _move(fact, goods, "OPENING", "OPENING", on_hand=goods.qty, cost=cost)
        case StockItem.Received(goods=goods, unit_cost=cost, source_ref=ref):
            yield from _move(fact, goods, "RECEIPT", ref, on_hand=goods.qty, cost=cost)
        case StockItem.Reserved(goods=goods, ref=ref):
            yield from _move(fact, goods, "RESERVATION", ref, reserved=goods.qty, ref=ref)
        case StockItem.ReservationReleased(goods=goods, ref=ref):
            yield from _move(fact, goods, "RELEASE", ref, reserved=-goods.qty, ref=ref)
        case StockItem.Issued(goods=goods, ref=ref, document=document, unit_cost=cost):
            gone = -goods.qty
            yield from _move(
                fact, goods, "SHIPMENT", document, on_hand=gone, reserved=gone, cost=cost, ref=ref
            )
        case StockItem.ParametersSet(safety_stock=safety_stock):
            wh, sku = fact.key
            row = {"wh": wh, "sku": sku, "lot": ""}
            yield Put(inventory_visibility, row, {"safety_stock": safety_stock})
        case _:
            yield from _unit(fact)


def _move(  # noqa: PLR0913 - a movement says what, how many, why and for whom
    fact: Fact,
    goods: Goods,
    kind: str,
    document: str,
    *,
    on_hand: int = 0,
    reserved: int = 0,
    cost: int = 0,
    ref: str | None = None,
) -> Iterable[Change]:
    wh, sku = fact.key
    row = {"wh": wh, "sku": sku, "lot": goods.lot or ""}
    amounts = {"on_hand": on_hand, "reserved": reserved, "value_std": on_hand * cost}
    yield Add(inventory_visibility, row, amounts)
    if goods.expiry is not None:
        yield Put(inventory_visibility, row, {"expiry": goods.expiry})
    yield Append(
        stock_movements,
        {
            **row,
            **amounts,
            "kind": kind,
            "document": document,
            "ref": ref,
            "serials": ",".join(goods.serials),
            "actor": fact.event.by.user,
        },
    )


def _unit(fact: Fact) -> Iterable[Change]:
    di, serial = fact.key
    row = {"di": di, "serial": serial}
    match fact.event:
        case SerialNumber.Registered(sku=sku):
            yield Put(inventory_serials, row, {"sku": sku, "state": "MADE"})
        case SerialNumber.Stocked(warehouse=wh):
            yield Put(inventory_serials, row, {"state": "IN_STOCK", "wh": wh})
        case SerialNumber.Reserved(so=so):
            yield Put(inventory_serials, row, {"state": "RESERVED", "so": so})
        case SerialNumber.Released():
            yield Put(inventory_serials, row, {"state": "IN_STOCK", "so": None})
        case SerialNumber.Shipped(passport=passport):
            sent = {"state": "SHIPPED", "wh": None, "dealer": passport.dealer}
            yield Put(inventory_serials, row, sent | {"shipment": passport.shp})
        case SerialNumber.Delivered(at_hospital=True, receiver=hospital, region_code=region):
            there = {"hospital": hospital, "region": region}
            yield Put(inventory_serials, row, {"state": "AT_HOSPITAL"} | there)
        case SerialNumber.Delivered():
            yield Put(inventory_serials, row, {"state": "AT_DEALER"})
        case SerialNumber.Installed(hospital=hospital, sighting=sighting):
            there = {"hospital": hospital, "region": sighting.region_code}
            yield Put(inventory_serials, row, {"state": "INSTALLED"} | there)
        case SerialNumber.Observed(sku=sku, register_state=state):
            yield Put(inventory_serials, row, {"sku": sku, "state": state})
        case SerialNumber.CaseLinked(case=case):
            yield Put(inventory_serials, row, {"diversion_case": case})


PROJECTION = Projection(
    name="inventory",
    version=1,
    tables=(inventory_visibility, inventory_serials, stock_movements),
    reads=frozenset(
        {
            StockItem.OpeningSet,
            StockItem.Received,
            StockItem.Reserved,
            StockItem.ReservationReleased,
            StockItem.Issued,
            StockItem.ParametersSet,
            SerialNumber.Registered,
            SerialNumber.Stocked,
            SerialNumber.Reserved,
            SerialNumber.Released,
            SerialNumber.Shipped,
            SerialNumber.Delivered,
            SerialNumber.Installed,
            SerialNumber.Observed,
            SerialNumber.CaseLinked,
        }
    ),
    effects=effects,
)
