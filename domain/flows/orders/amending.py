"""Amending: changing an order, as far as it has got, and checking it again.

Once goods have left, the address and the price of their line are fixed; a quantity never falls
below what has left. What an amendment takes away gives its goods, credit and contract back at
once; what it adds is checked and supplied like a new order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import msgspec

from domain.flows.orders.confirming import check_and_confirm, standing
from domain.flows.orders.quoting import OrderedLine, asked_again, line_check, line_terms, resized
from domain.flows.orders.supplying import free
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import InvalidState, ValidationFailed
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.order import Order
from domain.orders.order_line import Line, LineTerms
from domain.orders.order_terms import Change, OrderTerms, ShipTo
from domain.orders.refusals import AddressLocked, AmendBelowShipped, PriceLocked
from domain.parties.address import Address
from domain.parties.customer import Customer
from domain.parties.dealer import Dealer


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """Set a field of a line, or of the order where no line is named; add or remove a line.

    A line has ``unit_price`` and ``qty``; the order ``requested_date``, ``min_shelf_days``,
    ``ship_to`` and ``end_customer_id``. ``line`` is the line to add.
    """

    op: Literal["set", "add_line", "remove_line"] = "set"
    field: (
        Literal[
            "unit_price", "qty", "requested_date", "min_shelf_days", "ship_to", "end_customer_id"
        ]
        | None
    ) = None
    value: str = ""
    line_no: int | None = None
    line: OrderedLine | None = None


@dataclass(frozen=True, kw_only=True)
class AmendOrder:
    """Change an order. All checks run again, and what changed is supplied again."""

    so_id: str
    changes: list[FieldChange]
    reason: str


_LINE_FIELDS: dict[str, type] = {"unit_price": Decimal, "qty": int}
_ORDER_FIELDS: dict[str, type] = {
    "requested_date": date,
    "min_shelf_days": int,
    "ship_to": str,
    "end_customer_id": str,
}


class _Wish(msgspec.Struct):
    """What is to be changed: fields of the order, cells of lines, lines to add and to remove."""

    head: dict[str, Any] = {}
    cells: dict[int, dict[str, Any]] = {}
    added: list[OrderedLine] = []
    removed: set[int] = set()


def amend_order(log: Log, stamp: Stamp, command: AmendOrder) -> dict[str, Any]:
    """Amend an order.

    Refuses NOT_FOUND, INVALID_STATE, VALIDATION_FAILED, UNKNOWN_SKU, PACK_MULTIPLE, BELOW_MOQ,
    AMEND_BELOW_SHIPPED, PRICE_LOCKED, ADDRESS_LOCKED, MASTER_DATA_MISSING.
    """
    order, findings = existing(log, Order, command.so_id), Findings()
    findings.field(command.changes, "changes", "at least one change")
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    wish = _read(order, command, findings)
    findings.refuse()
    _check_values(log, order, wish, stamp, findings)
    _check_state(order, wish, findings)
    findings.refuse()
    terms = _new_terms(log, order.known, wish)
    lines = _new_lines(log, order, wish, terms)
    changes = _changes(order, terms, lines)
    if changes:
        _release_supplies(log, order, terms, lines, stamp)
        favourable = all(_favours_us(one) for one in changes)
        order.amend(terms, lines, changes, command.reason, stamp, favourable=favourable)
        if order.placed:
            check_and_confirm(log, order, "amend", stamp)
    return standing(order)


def _read(order: Order, command: AmendOrder, findings: Findings) -> _Wish:
    wish = _Wish()
    for place, change in enumerate(command.changes):
        field, line_no = f"changes[{place}]", change.line_no
        findings.field(line_no is None or line_no in order.lines, field, "no such line")
        if change.op == "add_line":
            findings.field(change.line is not None, f"{field}.line", "the line to add")
            wish.added += [change.line] if change.line else []
        elif change.op == "remove_line":
            findings.field(line_no is not None, f"{field}.line_no", "the line to remove")
            wish.removed |= {line_no} if line_no is not None else set()
        else:
            kinds = _ORDER_FIELDS if line_no is None else _LINE_FIELDS
            findings.field(change.field in kinds, field, f"one of {', '.join(kinds)}")
            target = wish.head if line_no is None else wish.cells.setdefault(line_no, {})
            name = change.field or ""
            try:
                kind = kinds.get(name, str)
                target[name] = msgspec.convert(change.value, kind, strict=False)
            except msgspec.ValidationError as error:
                findings.add(ValidationFailed(field=f"{field}.value", reason=str(error)))
    kept = set(order.lines) - wish.removed
    findings.field(kept or wish.added, "changes", "an order keeps at least one line")
    return wish


def _check_values(log: Log, order: Order, wish: _Wish, stamp: Stamp, findings: Findings) -> None:
    head = wish.head
    if "requested_date" in head:
        findings.field(head["requested_date"] >= stamp.today, "requested_date", "not past")
    findings.field(head.get("min_shelf_days", 0) >= 0, "min_shelf_days", "at least 0")
    if "ship_to" in head:
        findings.known(log, Address, head["ship_to"], "ship_to")
    if "end_customer_id" in head:
        findings.known(log, Customer, head["end_customer_id"], "end_customer_id")
    for line_no, line in order.lines.items():
        cell = wish.cells.get(line_no, {})
        if cell and line_no not in wish.removed:
            findings.add(*line_check(log, asked_again(line.terms, **cell), f"line {line_no}").found)
    for place, asked in enumerate(wish.added):
        findings.add(*line_check(log, asked, f"added[{place}]").found)


def _check_state(order: Order, wish: _Wish, findings: Findings) -> None:
    """The amendment matrix: what may still be changed, given what has left."""
    left = order.confirmed and not any(line.open for line in order.lines.values())
    findings.require(not (order.ended or left), InvalidState(so=order.so, state=order.state))
    moved = wish.head.get("ship_to", order.known.ship_to.address_id)
    stays = moved == order.known.ship_to.address_id or not order.shipped
    findings.require(stays, AddressLocked(so=order.so))
    installed = any(line.installed for line in order.lines.values())
    if "end_customer_id" in wish.head:
        fine = not installed
        findings.require(fine, InvalidState(so=order.so, reason="a device has been installed"))
    for line_no, line in order.lines.items():
        cell = wish.cells.get(line_no, {})
        price = cell.get("unit_price", line.terms.unit_price)
        fixed = line.left and price != line.terms.unit_price
        findings.require(not fixed, PriceLocked(so=order.so, line_no=line_no))
        qty = 0 if line_no in wish.removed else cell.get("qty", line.terms.qty)
        least = line.shipped + (line.cancelled if line_no not in wish.removed else 0)
        findings.require(
            qty >= least,
            AmendBelowShipped(so=order.so, line_no=line_no, qty=qty, shipped=line.shipped),
        )


def _new_terms(log: Log, terms: OrderTerms, wish: _Wish) -> OrderTerms:
    head = dict(wish.head)
    if "ship_to" in head:
        address = existing(log, Address, head["ship_to"])
        head["ship_to"] = ShipTo(address.key, address.region_code, address.receiving_entity)
    if "end_customer_id" in head:
        head["end_customer"] = head.pop("end_customer_id")
    return msgspec.structs.replace(terms, **head)


def _new_lines(log: Log, order: Order, wish: _Wish, terms: OrderTerms) -> tuple[LineTerms, ...]:
    """Lines as they will be. A line of which goods have left keeps its price and corridor."""
    dealer = existing(log, Dealer, order.known.dealer)
    lines = []
    for line_no, line in order.lines.items():
        if line_no in wish.removed:
            continue
        cell = wish.cells.get(line_no, {})
        if line.left:
            lines.append(resized(line.terms, cell.get("qty", line.terms.qty)))
        elif cell or terms.ship_to != order.known.ship_to:
            lines.append(line_terms(log, line_no, asked_again(line.terms, **cell), terms, dealer))
        else:
            lines.append(line.terms)
    for place, asked in enumerate(wish.added, 1):
        lines.append(line_terms(log, order.last_line_no + place, asked, terms, dealer))
    return tuple(lines)


def _release_supplies(
    log: Log,
    order: Order,
    terms: OrderTerms,
    lines: tuple[LineTerms, ...],
    stamp: Stamp,
) -> None:
    """Give up supplies that the order will not need, or not from there."""
    wanted = {one.line_no: one.qty for one in lines}
    moved = terms.ship_to != order.known.ship_to
    for line_no, line in order.lines.items():
        supplied = line.open - line.unsourced
        needed = 0 if moved else max(0, _still_open(line, wanted.get(line_no, 0)))
        if supplied > needed:
            free(log, order, line_no, supplied - needed, "AMENDED", stamp.automatic("sourcing"))


def _still_open(line: Line, qty: int) -> int:
    return qty - line.cancelled - line.shipped


def _changes(order: Order, terms: OrderTerms, lines: tuple[LineTerms, ...]) -> tuple[Change, ...]:
    found = _changed("", order.known, terms, OrderTerms.__struct_fields__)
    after = {one.line_no: one for one in lines}
    for line_no, line in order.lines.items():
        path = f"lines.{line_no}"
        if line_no in after:
            fields = ("unit_price", "qty", "price_basis")
            found += _changed(f"{path}.", line.terms, after.pop(line_no), fields)
        else:
            found.append(Change(path, f"{line.terms.qty} {line.terms.sku}", ""))
    found += [Change(f"lines.{no}", "", f"{one.qty} {one.sku}") for no, one in after.items()]
    return tuple(found)


def _changed(path: str, old: Any, new: Any, fields: tuple[str, ...]) -> list[Change]:
    pairs = [(field, getattr(old, field), getattr(new, field)) for field in fields]
    return [Change(path + name, _text(one), _text(two)) for name, one, two in pairs if one != two]


def _text(value: Any) -> str:
    return value.address_id if isinstance(value, ShipTo) else str(value)


def _favours_us(change: Change) -> bool:
    """Whether a change asks less of whoever released a hold: a higher price, fewer, later."""
    field = change.path.rpartition(".")[2]
    if field == "unit_price":
        return Decimal(change.after) >= Decimal(change.before)
    if field == "qty":
        return int(change.after) <= int(change.before)
    return field == "requested_date" and change.after >= change.before
