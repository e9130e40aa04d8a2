"""Orders: where each one stands, line by line, and every hold it met."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import Boolean, Column, Date, Index, Integer

from domain.accounts.dealer_account import DealerAccount
from domain.goods.shipment import Shipment
from domain.orders import order_events as happened
from domain.orders.order_line import LineTerms
from projections.columns import Instant, Price, count, key, movement_table, state_table, text
from projections.effects import Add, Append, Change, Fact, Projection, Put

order_tracking = state_table(
    "order_tracking",
    "Every order, with its state. Amounts in minor units.",
    key("so", "Order."),
    text("dealer", "Dealer."),
    text("sales_region", "Sales region of the dealer."),
    text("external_ref", "The dealer's own number."),
    text("end_customer", "Hospital that the goods are for."),
    text("ship_to_region", "Region that the goods go to (GB/T 2260)."),
    text("state", "State of the order."),
    text("holds", "Active holds, separated by commas."),
    Column("order_date", Date, comment="Day of the order."),
    Column("requested_date", Date, comment="Day on which the dealer wants the goods."),
    Column("promise_date", Date, comment="Day on which the last line is promised."),
    count("net", "Net amount."),
    count("vat", "VAT."),
    count("gross", "Gross amount."),
    text("currency", "Currency (ISO 4217)."),
    text("shipment", "Last shipment."),
    text("invoice", "Last invoice."),
    text("pod", "Document of the last proof of delivery."),
    text("wo_progress", "Progress of production, if goods are made for the order."),
    text("next_action", "What has to happen next."),
    text("owner", "Who placed the order."),
    Index("ix_order_tracking_dealer", "dealer", "so"),
)

order_lines = state_table(
    "order_lines",
    "Every order line, with the buckets that its quantity passes through.",
    key("so", "Order."),
    Column("line_no", Integer, primary_key=True, autoincrement=False, comment="Line."),
    text("sku", "Product."),
    count("qty_ordered", "Ordered."),
    Column("unit_price", Price, comment="Agreed price per unit."),
    Column("list_price", Price, comment="List price that answered."),
    Column("floor", Price, comment="Lowest price without release."),
    Column("ceiling", Price, comment="Highest price without release."),
    text("price_list", "Price list that answered."),
    count("net", "Net amount, minor units."),
    count("vat", "VAT, minor units."),
    count("gross", "Gross amount, minor units."),
    count("qty_reserved", "Set aside in a warehouse."),
    count("qty_shipped", "Left the warehouse."),
    count("qty_delivered", "Signed for."),
    count("qty_invoiced", "Invoiced."),
    count("qty_installed", "Found installed."),
    text("warehouse", "Warehouse that supplies the line."),
)

hold_log = state_table(
    "hold_log",
    "Every hold that an order met.",
    key("so", "Order."),
    key("code", "Hold."),
    text("evidence", "Inputs of the check, as JSON."),
    Column("raised_at", Instant, comment="Business time of the last hold for this reason."),
    Column("active", Boolean, comment="Whether it still stops the order."),
    text("released_by", "Who released it."),
    text("role", "Role of who released it."),
    text("reason", "Why it was released, or which facts cleared it."),
    Column("released_at", Instant, comment="Business time of the release."),
    count("rejected_attempts", "Attempts to release it beyond the limit."),
)

order_history = movement_table(
    "order_history",
    "Every event of an order, with the state that followed.",
    text("so", "Order."),
    text("what", "Topic of the event."),
    text("state", "State that followed."),
    text("holds", "Active holds that followed."),
    text("actor", "Who did it."),
    Index("ix_order_history_so", "so", "position"),
)

NEXT_ACTION = {
    "ON_HOLD": "release the hold or change the facts",
    "PLACED": "check the order again",
    "CONFIRMED": "plan the shipment",
    "PARTIALLY_SHIPPED": "ship the rest",
    "SHIPPED": "confirm the delivery",
    "DELIVERED": "collect the payment",
    "INSTALLED": "obtain the acceptance",
    "ACCEPTED": "collect the payment",
}


def effects(fact: Fact) -> Iterable[Change]:
    """All that this read model believes, and nothing else."""
    event = fact.event
    match event:
        case DealerAccount.InvoicePosted(so=so, doc=doc):
            yield Put(order_tracking, {"so": so}, {"invoice": doc})
        case Shipment.DeliveryConfirmed(packages=packages, document_hash=document):
            for so in dict.fromkeys(package.so for package in packages):
                yield Put(order_tracking, {"so": so}, {"pod": document})
        case _:
            so = fact.key[0]
            yield from _standing(fact, so)
            yield from _detail(fact, so)


def _standing(fact: Fact, so: str) -> Iterable[Change]:
    event = fact.event
    holds = ",".join(event.holds)
    now = {"state": event.state, "holds": holds, "next_action": NEXT_ACTION.get(event.state)}
    yield Put(order_tracking, {"so": so}, now)
    told = {"so": so, "what": event.TOPIC, "state": event.state, "holds": holds}
    yield Append(order_history, told | {"actor": event.by.user})


def _detail(fact: Fact, so: str) -> Iterable[Change]:
    event, order = fact.event, {"so": so}
    match event:
        case happened.Placed():
            yield Put(order_tracking, order, _head(event) | {"owner": event.by.user})
            yield from (_line(so, line) for line in event.lines)
        case happened.Amended():
            yield Put(order_tracking, order, _head(event))
            yield from (_line(so, line) for line in event.lines)
        case happened.LineQuoted(line=line):
            yield _line(so, line)
        case happened.Confirmed(promise_date=promise):
            yield Put(order_tracking, order, {"promise_date": promise})
        case happened.LineReserved(line_no=line_no, qty=qty, warehouse=warehouse):
            yield Put(order_lines, order | {"line_no": line_no}, {"warehouse": warehouse})
            yield _count(so, line_no, qty_reserved=qty)
        case happened.LineShipped(line_no=line_no, qty=qty, shp=shp):
            yield Put(order_tracking, order, {"shipment": shp})
            yield _count(so, line_no, qty_reserved=-qty, qty_shipped=qty)
        case happened.LineDelivered(line_no=line_no, qty=qty):
            yield _count(so, line_no, qty_delivered=qty)
        case happened.LineInvoiced(line_no=line_no, qty=qty):
            yield _count(so, line_no, qty_invoiced=qty)
        case happened.LineInstalled(line_no=line_no):
            yield _count(so, line_no, qty_installed=1)
        case _:
            yield from _hold(fact, so)


def _hold(fact: Fact, so: str) -> Iterable[Change]:
    event = fact.event
    match event:
        case happened.Held(code=code, evidence=evidence):
            raised = {
                "evidence": msgspec.json.encode(evidence).decode(),
                "raised_at": event.occurred_at,
                "active": True,
                "released_by": None,
                "role": None,
                "reason": None,
                "released_at": None,
            }
            yield Put(hold_log, {"so": so, "code": code}, raised)
        case happened.HoldReleased(code=code, role=role, reason=reason):
            yield _ended(fact, so, code, role, reason)
        case happened.HoldCleared(code=code, cause=cause):
            yield _ended(fact, so, code, None, cause)
        case happened.HoldReleaseRejected(code=code):
            yield Add(hold_log, {"so": so, "code": code}, {"rejected_attempts": 1})


def _ended(fact: Fact, so: str, code: str, role: str | None, reason: str) -> Put:
    event = fact.event
    done = {"active": False, "released_by": event.by.user, "released_at": event.occurred_at}
    return Put(hold_log, {"so": so, "code": code}, done | {"role": role, "reason": reason})


def _head(event: happened.Placed | happened.Amended) -> dict[str, Any]:
    terms = event.terms
    return {
        "dealer": terms.dealer,
        "sales_region": terms.sales_region,
        "external_ref": terms.external_ref,
        "end_customer": terms.end_customer,
        "ship_to_region": terms.ship_to.region_code,
        "order_date": terms.order_date,
        "requested_date": terms.requested_date,
        "currency": terms.currency,
        "net": event.net,
        "vat": event.vat,
        "gross": event.gross,
    }


def _line(so: str, line: LineTerms) -> Put:
    values = {
        "sku": line.sku,
        "qty_ordered": line.qty,
        "unit_price": line.unit_price,
        "list_price": line.list_price,
        "floor": line.floor,
        "ceiling": line.ceiling,
        "price_list": line.price_list,
        "net": line.net,
        "vat": line.vat,
        "gross": line.gross,
    }
    return Put(order_lines, {"so": so, "line_no": line.line_no}, values)


def _count(so: str, line_no: int, **amounts: int) -> Add:
    return Add(order_lines, {"so": so, "line_no": line_no}, amounts)


PROJECTION = Projection(
    name="orders",
    version=1,
    tables=(order_tracking, order_lines, hold_log, order_history),
    reads=frozenset(
        {
            happened.Placed,
            happened.Checked,
            happened.Held,
            happened.HoldReleased,
            happened.HoldReleaseRejected,
            happened.HoldCleared,
            happened.Amended,
            happened.Confirmed,
            happened.LineQuoted,
            happened.LineReserved,
            happened.LineShipped,
            happened.LineDelivered,
            happened.LineInvoiced,
            happened.LineInstalled,
            DealerAccount.InvoicePosted,
            Shipment.DeliveryConfirmed,
        }
    ),
    effects=effects,
)
