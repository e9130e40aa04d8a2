"""Inventory: what is where, what is claimed, and every movement that made it so."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import BigInteger, Column, Computed, Date, Index

from domain.goods import serial_events, stock_events
from domain.goods.serial_number import SerialNumber
from domain.goods.shelf import Goods
from domain.goods.stock_item import StockItem
from domain.supply.requisition import Requisition
from domain.supply.supply_event import SupplyEvent
from domain.supply.transfer import Transfer
from domain.supply.work_order import WorkOrder
from projections.columns import count, key, movement_table, state_table, text
from projections.effects import Add, Append, Change, Fact, Projection, Put, events_in

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
    text(
        "kind",
        "OPENING, PURCHASE, PRODUCTION, RETURN, REFUSED, RESERVATION, RELEASE, SHIPMENT, "
        "TRANSFER, TRANSIT, QUARANTINE, BLOCK, SCRAP, SUPPLIER, DEALER or COUNT.",
    ),
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
        case stock_events.OpeningSet(goods=goods, unit_cost=cost):
            yield from _move(fact, goods, "OPENING", "OPENING", cost, on_hand=1)
        case stock_events.Received(goods=goods, unit_cost=cost, source_ref=ref):
            yield from _move(fact, goods, fact.event.source, ref, cost, on_hand=1)
        case stock_events.Reserved(goods=goods, ref=ref):
            yield from _move(fact, goods, "RESERVATION", ref, ref=ref, reserved=1)
        case stock_events.ReservationReleased(goods=goods, ref=ref):
            yield from _move(fact, goods, "RELEASE", ref, ref=ref, reserved=-1)
        case stock_events.Issued(goods=goods, ref=ref, document=doc, unit_cost=cost, target=kind):
            yield from _move(fact, goods, kind, doc, cost, ref=ref, on_hand=-1, reserved=-1)
        case stock_events.ParametersSet(safety_stock=safety_stock, rop=rop):
            wh, sku = fact.key
            row = {"wh": wh, "sku": sku, "lot": ""}
            yield Put(inventory_visibility, row, {"safety_stock": safety_stock, "rop": rop})
        case _ if isinstance(fact.event, SupplyEvent):
            yield from _expected(fact.event)
        case _:
            yield from OF_CATEGORY[fact.stream.partition("/")[0]](fact)


def _set_apart(fact: Fact) -> Iterable[Change]:
    """Goods that may not be sold, that may be again, that are gone, or that were counted."""
    match fact.event:
        case stock_events.Quarantined(goods=goods, qa_ref=ref):
            yield from _move(fact, goods, "QUARANTINE", ref, quarantined=1)
        case stock_events.Unquarantined(goods=goods, qa_ref=ref):
            yield from _move(fact, goods, "QUARANTINE", ref, quarantined=-1)
        case stock_events.Blocked(goods=goods, qa_ref=ref):
            yield from _move(fact, goods, "BLOCK", ref, blocked=1)
        case stock_events.Unblocked(goods=goods, qa_ref=ref):
            yield from _move(fact, goods, "BLOCK", ref, blocked=-1)
        case stock_events.LotExpired(goods=goods):
            yield from _move(fact, goods, "BLOCK", "EXPIRED", blocked=1)
        case stock_events.Withdrawn(goods=goods, mark="BLOCKED", document=doc, unit_cost=cost):
            kind = fact.event.target
            yield from _move(fact, goods, kind, doc, cost, on_hand=-1, blocked=-1)
        case stock_events.Withdrawn(goods=goods, document=doc, unit_cost=cost, target=kind):
            yield from _move(fact, goods, kind, doc, cost, on_hand=-1, quarantined=-1)
        case stock_events.CountPosted(goods=goods, sheet=sheet, delta=delta, value=value):
            sign = 1 if delta > 0 else -1
            yield from _move(fact, goods, "COUNT", sheet, value // delta, on_hand=sign)
        case stock_events.Revalued(before=before, after=after, qty=by_lot):
            for lot, qty in by_lot.items():
                row = {"wh": fact.key[0], "sku": fact.key[1], "lot": lot}
                worth = qty * (after - before)
                yield Add(inventory_visibility, row, {"value_std": worth})


def _transit(fact: Fact) -> Iterable[Change]:
    """Goods between two warehouses are shown where they are expected."""
    match fact.event:
        case Transfer.Dispatched(goods=goods):
            yield from _moved_in(fact, goods, 1)
        case Transfer.Received(good=good, damaged=damaged):
            yield from _moved_in(fact, (*good, *damaged), -1)
        case Transfer.LossConfirmed(goods=goods):
            yield from _moved_in(fact, goods, -1)


def _moved_in(fact: Fact, goods: tuple[Goods, ...], sign: int) -> Iterable[Change]:
    event, to = fact.event, fact.key[0]
    for seq, one in enumerate(goods):
        row = {"wh": event.target, "sku": event.sku, "lot": one.lot or ""}
        amounts = {"in_transit_in": sign * one.qty}
        yield Add(inventory_visibility, row, amounts)
        told = {"kind": "TRANSIT", "document": to, "serials": ",".join(one.serials)}
        yield Append(stock_movements, {**row, **amounts, **told, "actor": event.by.user}, seq)


def _expected(event: SupplyEvent) -> Iterable[Change]:
    """Firm supply that work orders and requisitions will bring."""
    row = {"wh": event.warehouse, "sku": event.item, "lot": ""}
    if event.change:
        yield Add(inventory_visibility, row, {"on_order": event.change})
    due = event.due if event.expected else None
    yield Put(inventory_visibility, row, {"next_receipt_date": due})


def _move(
    fact: Fact,
    goods: Goods,
    kind: str,
    document: str,
    cost: int = 0,
    *,
    ref: str | None = None,
    **signs: int,
) -> Iterable[Change]:
    """Change the figures of goods: each sign says whether their quantity comes or goes."""
    wh, sku = fact.key
    row = {"wh": wh, "sku": sku, "lot": goods.lot or ""}
    amounts = {name: sign * goods.qty for name, sign in signs.items()}
    amounts["value_std"] = amounts.get("on_hand", 0) * cost
    yield Add(inventory_visibility, row, amounts)
    if goods.expiry is not None:
        yield Put(inventory_visibility, row, {"expiry": goods.expiry})
    told = {"kind": kind, "document": document, "ref": ref, "serials": ",".join(goods.serials)}
    yield Append(stock_movements, {**row, **amounts, **told, "actor": fact.event.by.user})


def _unit(fact: Fact) -> Iterable[Change]:
    di, serial = fact.key
    row = {"di": di, "serial": serial}
    match fact.event:
        case serial_events.Registered(sku=sku):
            yield Put(inventory_serials, row, {"sku": sku, "state": "MADE"})
        case serial_events.Stocked(warehouse=wh):
            yield Put(inventory_serials, row, {"state": "IN_STOCK", "wh": wh})
        case serial_events.Reserved(so=so):
            yield Put(inventory_serials, row, {"state": "RESERVED", "so": so})
        case serial_events.Released():
            yield Put(inventory_serials, row, {"state": "IN_STOCK", "so": None})
        case serial_events.Shipped(passport=passport):
            sent = {"state": "SHIPPED", "wh": None, "dealer": passport.dealer}
            yield Put(inventory_serials, row, sent | {"shipment": passport.shp})
        case serial_events.Delivered(at_hospital=True, receiver=hospital, region_code=region):
            there = {"hospital": hospital, "region": region}
            yield Put(inventory_serials, row, {"state": "AT_HOSPITAL"} | there)
        case serial_events.Delivered():
            yield Put(inventory_serials, row, {"state": "AT_DEALER"})
        case serial_events.Installed(hospital=hospital, sighting=sighting):
            there = {"hospital": hospital, "region": sighting.region_code}
            yield Put(inventory_serials, row, {"state": "INSTALLED"} | there)
        case serial_events.Observed(sku=sku, register_state="UNKNOWN"):
            yield Put(inventory_serials, row, {"sku": sku, "state": "UNKNOWN"})
        case serial_events.CaseLinked(case=case):
            yield Put(inventory_serials, row, {"diversion_case": case})
        case _:
            yield from _moved_unit(fact, row)


def _moved_unit(fact: Fact, row: dict[str, str]) -> Iterable[Change]:
    """A device between warehouses, in quarantine, back, lost or in service."""
    nowhere: dict[str, object] = {"dealer": None, "hospital": None, "region": None}
    match fact.event:
        case serial_events.Dispatched(to=to):
            yield Put(inventory_serials, row, {"state": "IN_TRANSFER", "wh": None, "so": to})
        case serial_events.Quarantined(warehouse=wh):
            yield Put(inventory_serials, row, {"state": "QUARANTINED", "wh": wh, "so": None})
        case serial_events.Restocked(warehouse=wh):
            free = {"state": "IN_STOCK", "wh": wh, "so": None, "shipment": None}
            yield Put(inventory_serials, row, free | nowhere)
        case serial_events.Returned(warehouse=wh):
            back = {"state": "QUARANTINED", "wh": wh, "so": None}
            yield Put(inventory_serials, row, back | nowhere)
        case serial_events.GivenBack(dealer=dealer):
            given = {"state": "AT_DEALER", "wh": None, "dealer": dealer}
            yield Put(inventory_serials, row, given)
        case serial_events.SoldOn(buyer=buyer) if buyer.dealer is not None:
            yield Put(inventory_serials, row, {"dealer": buyer.dealer})
        case serial_events.SoldOn(buyer=buyer, sighting=seen):
            sold = {"state": "SOLD", "hospital": buyer.hospital}
            yield Put(inventory_serials, row, sold | {"region": seen.region_code or None})
        case serial_events.Lost():
            yield Put(inventory_serials, row, {"state": "LOST", "wh": None, "so": None})
        case serial_events.Found(warehouse=wh):
            yield Put(inventory_serials, row, {"state": "IN_STOCK", "wh": wh})
        case serial_events.Scrapped():
            yield Put(inventory_serials, row, {"state": "SCRAPPED", "wh": None})
        case serial_events.Accepted(warranty_to=until):
            yield Put(inventory_serials, row, {"state": "IN_SERVICE", "warranty_to": until})
        case serial_events.Relocated(target=hospital, region_code=region):
            yield Put(inventory_serials, row, {"hospital": hospital, "region": region})
        case serial_events.RecallFlagged(recall=recall):
            yield Put(inventory_serials, row, {"recall": recall})
        case serial_events.RecallActionDone():
            yield Put(inventory_serials, row, {"recall": None})
        case serial_events.ErrorDeclared(standing=stay) if stay is not None:
            before = {"state": stay.state, "wh": stay.warehouse, "dealer": stay.dealer}
            place = {"hospital": stay.hospital, "region": stay.region, "so": stay.order}
            yield Put(inventory_serials, row, before | place)


OF_CATEGORY: dict[str, Callable[[Fact], Iterable[Change]]] = {
    StockItem.CATEGORY: _set_apart,
    Transfer.CATEGORY: _transit,
    SerialNumber.CATEGORY: _unit,
}

PROJECTION = Projection(
    name="inventory",
    version=5,
    tables=(inventory_visibility, inventory_serials, stock_movements),
    reads=frozenset(
        {
            *(frozenset(events_in(stock_events)) - {stock_events.LotExpiring}),
            *events_in(serial_events),
            *events_in(WorkOrder),
            *events_in(Requisition),
            Transfer.Dispatched,
            Transfer.Received,
            Transfer.LossConfirmed,
        }
    ),
    effects=effects,
)
