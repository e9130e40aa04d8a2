"""Orders: where each one stands, line by line, and every hold it met."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec

from domain.accounts import account_events
from domain.goods import shipment_events
from domain.orders import billing_events as billed
from domain.orders import line_events as moved
from domain.orders import order_events as happened
from domain.orders.check import CheckResult
from domain.orders.order_line import LineTerms, Supply
from domain.orders.order_terms import Change as Amendment
from domain.supply.work_order import WorkOrder
from projections.effects import Add, Append, Change, Fact, Projection, Put, Remove, events_in
from projections.order_tables import (
    hold_log,
    order_checks,
    order_history,
    order_lines,
    order_sourcing,
    order_tracking,
    promise_history,
)

NEXT_ACTION = {
    "DRAFT": "place the order",
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
        case account_events.InvoicePosted(so=so, doc=doc):
            yield Put(order_tracking, {"so": so}, {"invoice": doc})
        case shipment_events.DeliveryConfirmed(packages=packages, document_hash=document):
            for so in dict.fromkeys(package.so for package in packages):
                yield Put(order_tracking, {"so": so}, {"pod": document})
        case WorkOrder.Created() | WorkOrder.ProgressReported() | WorkOrder.Completed():
            if event.so:
                yield Put(order_tracking, {"so": event.so}, {"wo_progress": _progress(fact)})
        case _:
            so = fact.key[0]
            yield from _standing(fact, so)
            yield from _detail(fact, so)


def _progress(fact: Fact) -> str:
    event, wo = fact.event, fact.key[0]
    done = f" {event.step} {event.pct} %" if isinstance(event, WorkOrder.ProgressReported) else ""
    return f"{wo} {event.state}{done}, due {event.due}"


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
        case happened.Drafted() | happened.Placed():
            yield Put(order_tracking, order, _head(event) | {"owner": event.by.user})
            yield from (_line(so, line) for line in event.lines)
        case happened.Amended():
            yield Put(order_tracking, order, _head(event))
            yield from (_line(so, line) for line in event.lines)
            kept = {line.line_no for line in event.lines}
            for line_no in _named(event.changes) - kept:
                yield Remove(order_lines, {"so": so, "line_no": line_no})
        case happened.LineQuoted(line=line):
            yield _line(so, line)
        case happened.Confirmed(promise_date=promise, sourcing=sourcing):
            yield Put(order_tracking, order, {"promise_date": promise})
            yield from (_sourced(so, seq, one) for seq, one in enumerate(sourcing))
        case happened.Checked(results=results, cause=cause):
            yield _checked(so, results, cause)
        case happened.Cancelled(lines=lines):
            for line_no, qty in lines:
                yield _count(so, line_no, qty_cancelled=qty)
        case _:
            yield from _supplied(fact, so)
            yield from _fulfilled(fact, so)
            yield from _hold(fact, so)


def _checked(so: str, results: tuple[CheckResult, ...], cause: str) -> Append:
    failed = ",".join(sorted({one.hold for one in results if one.hold}))
    credit = next((one.inputs for one in results if one.check == "K11"), {})
    used = {"exposure": credit.get("exposure", 0), "credit_limit": credit.get("limit", 0)}
    return Append(order_checks, {"so": so, "cause": cause, "failed": failed} | used)


def _sourced(so: str, seq: int, supply: Supply) -> Append:
    passed = msgspec.json.encode(supply.passed_over).decode()
    row = {"so": so, "line_no": supply.line_no, "kind": supply.kind, "wh": supply.warehouse}
    row |= {"donor": supply.donor or None, "ref": supply.ref or None, "qty": supply.qty}
    return Append(order_sourcing, row | {"passed_over": passed}, seq)


def _named(changes: tuple[Amendment, ...]) -> set[int]:
    """Lines that an amendment names."""
    paths = (change.path.split(".") for change in changes)
    return {int(parts[1]) for parts in paths if parts[0] == "lines"}


def _supplied(fact: Fact, so: str) -> Iterable[Change]:
    """Buckets and promises of a line, as its supplies change."""
    event = fact.event
    match event:
        case moved.LineReserved(line_no=line_no, qty=qty, warehouse=warehouse):
            yield Put(order_lines, {"so": so, "line_no": line_no}, {"warehouse": warehouse})
            yield _count(so, line_no, qty_reserved=qty)
            yield from _promised(fact, so, "", event.promise_date, "reserved")
        case moved.LineInSupply(line_no=line_no, qty=qty, ref=ref):
            yield _count(so, line_no, qty_in_supply=qty)
            yield from _promised(fact, so, ref, event.promise_date, "transfer")
        case moved.LineBackordered(line_no=line_no, qty=qty, ref=ref):
            yield _count(so, line_no, qty_backordered=qty)
            yield from _promised(fact, so, ref, event.promise_date, event.reason)
        case moved.LinePromised(ref=ref, promise_date=promise, reason=reason):
            yield from _promised(fact, so, ref, promise, reason)
        case moved.LineFreed(line_no=line_no, kind=kind, qty=qty):
            yield _count(so, line_no, **{BUCKETS[kind]: -qty})
        case moved.LineShortClosed(line_no=line_no, qty=qty):
            yield _count(so, line_no, qty_cancelled=qty)


BUCKETS = {
    "STOCK": "qty_reserved",
    "TRANSFER": "qty_in_supply",
    "BACKORDER": "qty_backordered",
}


def _promised(fact: Fact, so: str, ref: str, promise: date | None, reason: str) -> Iterable[Change]:
    event = fact.event
    row = {"so": so, "line_no": event.line_no}
    yield Put(order_lines, row, {"promise_date": promise, "supply_ref": ref or None})
    told = {"ref": ref, "qty": event.qty, "promise_date": promise, "reason": reason}
    yield Append(promise_history, row | told | {"before": getattr(event, "before", None)})


def _fulfilled(fact: Fact, so: str) -> Iterable[Change]:
    """Quantities of a line that left, arrived, were invoiced, installed, or came back."""
    event = fact.event
    match event:
        case moved.LineShipped(line_no=line_no, qty=qty, shp=shp):
            yield Put(order_tracking, {"so": so}, {"shipment": shp})
            yield _count(so, line_no, qty_reserved=-qty, qty_shipped=qty)
        case moved.LineLost(line_no=line_no, qty=qty):
            yield _count(so, line_no, qty_shipped=-qty)
        case moved.LineDelivered(line_no=line_no, qty=qty):
            yield _count(so, line_no, qty_delivered=qty)
        case billed.LineInvoiced(line_no=line_no, qty=qty, milestone="POD" | "SHIP"):
            yield _count(so, line_no, qty_invoiced=qty)
        case moved.LineInstalled(line_no=line_no):
            yield _count(so, line_no, qty_installed=1)
        case moved.LineAccepted(line_no=line_no):
            yield _count(so, line_no, qty_accepted=1)
        case moved.LineReturned(line_no=line_no, qty=qty):
            yield _count(so, line_no, qty_returned=qty)


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
            reach = {"release_limit": event.limit, "deviation": event.deviation}
            yield Put(hold_log, {"so": so, "code": code}, reach)
        case happened.HoldConsented(code=code, role=role, reason=reason):
            agreed = {"role": role, "reason": reason, "released_by": event.by.user}
            yield Put(hold_log, {"so": so, "code": code}, agreed)
        case happened.HoldCleared(code=code, cause=cause):
            yield _ended(fact, so, code, None, cause)
        case happened.HoldReleaseRejected(code=code):
            yield Add(hold_log, {"so": so, "code": code}, {"rejected_attempts": 1})


def _ended(fact: Fact, so: str, code: str, role: str | None, reason: str) -> Put:
    event = fact.event
    done = {"active": False, "released_by": event.by.user, "released_at": event.occurred_at}
    return Put(hold_log, {"so": so, "code": code}, done | {"role": role, "reason": reason})


def _head(event: happened.Drafted | happened.Placed | happened.Amended) -> dict[str, Any]:
    terms = event.terms
    return {
        "dealer": terms.dealer,
        "sales_region": terms.sales_region,
        "external_ref": terms.external_ref,
        "end_customer": terms.end_customer,
        "channel": terms.channel,
        "contract": terms.contract,
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
    version=4,
    tables=(
        order_tracking,
        order_lines,
        hold_log,
        order_checks,
        order_sourcing,
        promise_history,
        order_history,
    ),
    reads=frozenset(
        {
            *events_in(happened),
            *events_in(moved),
            *events_in(billed),
            account_events.InvoicePosted,
            shipment_events.DeliveryConfirmed,
            WorkOrder.Created,
            WorkOrder.ProgressReported,
            WorkOrder.Completed,
        }
    ),
    effects=effects,
)
