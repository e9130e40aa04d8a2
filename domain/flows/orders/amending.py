"""Amending: changing an order before it is confirmed, and checking it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import msgspec

from domain.flows.orders.confirming import check_and_confirm, standing
from domain.flows.orders.quoting import OrderedLine, line_check, line_terms
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import ValidationFailed
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.order import Order
from domain.orders.order_terms import Change
from domain.parties.dealer import Dealer


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """Set a field of a line, or of the order where no line is named.

    A line has ``unit_price`` and ``qty``, the order ``requested_date`` and ``min_shelf_days``.
    """

    field: Literal["unit_price", "qty", "requested_date", "min_shelf_days"]
    value: str
    op: Literal["set"] = "set"
    line_no: int | None = None


@dataclass(frozen=True, kw_only=True)
class AmendOrder:
    """Change an order that is placed or on hold. All checks run again."""

    so_id: str
    changes: list[FieldChange]
    reason: str


_LINE_FIELDS: dict[str, type] = {"unit_price": Decimal, "qty": int}
_ORDER_FIELDS: dict[str, type] = {"requested_date": date, "min_shelf_days": int}


def amend_order(log: Log, stamp: Stamp, command: AmendOrder) -> dict[str, Any]:
    """Amend an order.

    Refuses NOT_FOUND, INVALID_STATE, VALIDATION_FAILED, PACK_MULTIPLE, BELOW_MOQ.
    """
    order, findings = existing(log, Order, command.so_id), Findings()
    findings.field(command.changes, "changes", "at least one change")
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    head: dict[str, Any] = {}
    cells: dict[int, dict[str, Any]] = {}
    for place, change in enumerate(command.changes):
        field, line_no = f"changes[{place}]", change.line_no
        kinds = _ORDER_FIELDS if line_no is None else _LINE_FIELDS
        findings.field(line_no is None or line_no in order.lines, field, "no such line")
        findings.field(change.field in kinds, field, f"one of {', '.join(kinds)}")
        target = head if line_no is None else cells.setdefault(line_no, {})
        try:
            target[change.field] = msgspec.convert(
                change.value, kinds.get(change.field, str), strict=False
            )
        except msgspec.ValidationError as error:
            findings.add(ValidationFailed(field=f"{field}.value", reason=str(error)))
    early = "requested_date" in head and head["requested_date"] < stamp.today
    findings.field(not early, f"changes[{_place(command, 'requested_date')}].value", "not past")
    negative = head.get("min_shelf_days", 0) < 0
    where = f"changes[{_place(command, 'min_shelf_days')}].value"
    findings.field(not negative, where, "at least 0")
    findings.refuse()
    if _amend(log, order, head, cells, command.reason, stamp):
        check_and_confirm(log, order, "amend", stamp)
    return standing(order)


def _place(command: AmendOrder, field: str) -> int:
    return next((n for n, change in enumerate(command.changes) if change.field == field), 0)


def _amend(
    log: Log,
    order: Order,
    head: dict[str, Any],
    cells: dict[int, dict[str, Any]],
    reason: str,
    stamp: Stamp,
) -> bool:
    """Record the changes; False where nothing changes."""
    dealer = existing(log, Dealer, order.known.dealer)
    terms = msgspec.structs.replace(order.known, **head)
    before = tuple(line.terms for line in order.lines.values())
    after = []
    findings = Findings()
    for line in before:
        cell = cells.get(line.line_no, {})
        asked = OrderedLine(
            sku=line.sku,
            qty=cell.get("qty", line.qty),
            unit_price=cell.get("unit_price", line.unit_price),
            price_basis=line.price_basis,  # type: ignore[arg-type] # it came from that choice
        )
        findings.add(*line_check(log, asked, f"line {line.line_no}").found)
        after.append(asked)
    findings.refuse()
    lines = tuple(
        line_terms(log, line.line_no, asked, terms, dealer)
        for line, asked in zip(before, after, strict=True)
    )
    changes = [
        *_changed("", order.known, terms, head),
        *(
            change
            for old, new in zip(before, lines, strict=True)
            for change in _changed(f"lines.{old.line_no}.", old, new, cells.get(old.line_no, {}))
        ),
    ]
    order.amend(terms, lines, tuple(changes), reason, stamp)
    return bool(changes)


def _changed(path: str, old: Any, new: Any, fields: dict[str, Any]) -> list[Change]:
    pairs = [(field, getattr(old, field), getattr(new, field)) for field in fields]
    return [Change(path + name, str(one), str(two)) for name, one, two in pairs if one != two]
