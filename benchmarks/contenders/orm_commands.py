"""The seven steps as commands on a session of the ORM; rows are changed after the last query.

Everyone locks rows in one order: the order, its dealer, stock cells by product, units, a counter.
Units need no order among themselves: free ones are taken under the lock of their cell, and all
others belong to a locked order. SQLite ignores the locks: it has one writer at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from benchmarks.contenders import orm_models as db
from benchmarks.scenario import vat_of

PRICE_LIST = "STANDARD"
SELLER, PLANNER, SHIPPER, CARRIER = "seller", "planner", "shipper", "carrier"
LOCK = {"key_share": True}  # new rows may refer to a locked one

Wanted = list[tuple[str, int]]
"""Products and their quantities."""


class RefusedError(Exception):
    """The rules do not allow a command."""


def refuse_unless(allowed: object, reason: str) -> None:
    """Refuse a command for a reason."""
    if not allowed:
        raise RefusedError(reason)


def place(
    session: Session, key: str, code: str, address: str, warehouse: str, wanted: Wanted
) -> Any:
    """Confirm an order and reserve its units."""
    lines = offered(session, code, address, wanted)
    net, vat = sum(line.net for line in lines), sum(line.vat for line in lines)
    gross = net + vat
    dealer = session.get_one(db.Dealer, code, with_for_update=LOCK)
    refuse_unless(dealer.active, "the dealer is not active")
    used = dealer.ordered + dealer.shipped_uninvoiced + dealer.receivable
    refuse_unless(used + gross <= dealer.credit_limit, "the credit limit is exceeded")
    cells = locked_cells(session, warehouse, lines)
    units = [(line, unit) for line in lines for unit in oldest(session, warehouse, line)]
    tell_units(session, [unit.id for _, unit in units], SELLER, "RESERVED", key)
    for line, cell in zip(lines, cells, strict=True):
        refuse_unless(cell.on_hand - cell.reserved >= line.qty, "goods are missing")
        cell.reserved += line.qty
    dealer.ordered += gross
    number = next_number(session, "order")
    for line, unit in units:
        unit.state, unit.order_number, unit.line = "RESERVED", number, line.line
    order = db.Order(number=number, dealer=code, address=address, warehouse=warehouse)
    order.net, order.vat, order.gross, order.lines = net, vat, gross, lines
    session.add(order)
    tell_order(session, number, SELLER, "CONFIRMED", key)
    return {"order": number, "gross": gross, "units": [[u.sku, u.serial] for _, u in units]}


def offered(session: Session, dealer: str, address: str, wanted: Wanted) -> list[db.OrderLine]:
    """Lines of an order for what the dealer may buy today, at today's prices."""
    today = datetime.now(UTC).date()
    skus = [sku for sku, _ in wanted]
    refuse_unless(len(set(skus)) == len(skus), "a product is wanted twice")
    prices = (db.Price.sku == db.Product.sku) & (db.Price.list == PRICE_LIST)
    offers = session.execute(
        sa.select(db.Product, db.Price.net)
        .join(db.Price, prices & db.Price.valid_on(today))
        .where(db.Product.sku.in_(skus))
    )
    known = {product.sku: (product, net) for product, net in offers}
    licensed = session.scalars(
        sa.select(db.Licence.category)
        .where(db.Licence.dealer == dealer)
        .where(db.Licence.valid_on(today))
    ).all()
    same = (db.Address.dealer == db.Territory.dealer) & (db.Address.region == db.Territory.region)
    covered = session.scalars(
        sa.select(db.Territory.line)
        .join(db.Address, same)
        .where(db.Address.code == address, db.Address.dealer == dealer)
        .where(db.Territory.valid_on(today))
    ).all()
    lines = []
    for number, (sku, qty) in enumerate(wanted, 1):
        refuse_unless(sku in known, "a product is unknown or has no price")
        product, price = known[sku]
        refuse_unless(product.valid_on(today), "a registration is not valid")
        refuse_unless(product.category in licensed, "the licence does not cover the goods")
        refuse_unless(product.line in covered, "the territory does not cover the address")
        net, vat = price * qty, vat_of(price * qty)
        line = db.OrderLine(line=number, sku=sku, qty=qty, price=price)
        line.net, line.vat, line.gross = net, vat, net + vat
        lines.append(line)
    return lines


def plan(session: Session, key: str, number: int) -> Any:
    """Make a shipment of all reserved units."""
    order = session.get_one(db.Order, number, with_for_update=LOCK)
    planned = session.get(db.Shipment, number)
    refuse_unless(order.state == "CONFIRMED" and not planned, "it is planned already")
    units = session.execute(
        sa.update(db.Serial)
        .where(db.Serial.order_number == number)
        .values(shipment=number)
        .returning(db.Serial.id, db.Serial.line)
        .execution_options(synchronize_session=False)
    )
    lines = [db.ShipmentLine(serial_id=unit, line=line) for unit, line in units]
    session.add(db.Shipment(order_number=number, lines=lines))
    tell_order(session, number, PLANNER, "PLANNED", key)
    return {"order": number}


def pick(session: Session, key: str, number: int, picker: str, scans: list[tuple[str, str]]) -> Any:
    """Take the scanned units, which must be those of the order."""
    shipment = locked_shipment(session, number, "PLANNED")
    reserved = session.execute(
        sa.select(db.Serial.sku, db.Serial.serial)
        .where(db.Serial.order_number == number)
        .where(db.Serial.state == "RESERVED")
    )
    same = sorted(map(tuple, scans)) == sorted(map(tuple, reserved))
    refuse_unless(same, "the units are not the order's")
    move_units(session, number, picker, "PICKED", key)
    shipment.state, shipment.picker = "PICKED", picker
    tell_order(session, number, picker, "PICKED", key)
    return {"order": number}


def review(session: Session, key: str, number: int, reviewer: str) -> Any:
    """Confirm what another person has picked."""
    shipment = locked_shipment(session, number, "PICKED")
    refuse_unless(reviewer != shipment.picker, "who picks does not review")
    shipment.state, shipment.reviewer = "REVIEWED", reviewer
    tell_order(session, number, reviewer, "REVIEWED", key)
    return {"order": number}


def ship(session: Session, key: str, number: int, carrier: str, waybill: str) -> Any:
    """Let the units leave, at standard cost."""
    goods = selectinload(db.Order.lines).joinedload(db.OrderLine.product)
    shipment = locked_shipment(session, number, "REVIEWED", goods)
    order = shipment.order
    dealer = session.get_one(db.Dealer, order.dealer, with_for_update=LOCK)
    cells = locked_cells(session, order.warehouse, order.lines)
    move_units(session, number, SHIPPER, "SHIPPED", key)
    moved = {"warehouse": order.warehouse, "actor": SHIPPER, "what": "SHIPPED", "command": key}
    movements = [{"sku": line.sku, "qty": -line.qty, **moved} for line in order.lines]
    session.execute(sa.insert(db.StockMovement), movements)
    for line, cell in zip(order.lines, cells, strict=True):
        cell.on_hand -= line.qty
        cell.reserved -= line.qty
    dealer.ordered -= order.gross
    dealer.shipped_uninvoiced += order.gross
    order.state = shipment.state = "SHIPPED"
    shipment.carrier, shipment.waybill = carrier, waybill
    shipment.cost = cost = sum(line.qty * line.product.cost for line in order.lines)
    post(session, SHIPPER, "SHIPPED", key, ("1406", cost, 0), ("1405", 0, cost))
    tell_order(session, number, SHIPPER, "SHIPPED", key)
    return {"order": number}


def deliver(session: Session, key: str, number: int) -> Any:
    """Hand the units to the dealer, and invoice them."""
    shipment = locked_shipment(session, number, "SHIPPED", selectinload(db.Order.lines))
    order = shipment.order
    refuse_unless(order.state == "SHIPPED", "it is not under way")
    net, vat, gross, cost = order.net, order.vat, order.gross, shipment.cost or 0
    dealer = session.get_one(db.Dealer, order.dealer, with_for_update=LOCK)
    move_units(session, number, CARRIER, "DELIVERED", key, holder=dealer.code)
    dealer.shipped_uninvoiced -= gross
    dealer.receivable += gross
    order.state = "DELIVERED"
    what = (CARRIER, "DELIVERED", key)
    post(session, *what, ("1122", gross, 0), ("6001", 0, net), ("2221", 0, vat))
    post(session, *what, ("6401", cost, 0), ("1406", 0, cost))
    tell_order(session, number, *what)
    invoice = db.Invoice(order_number=number, dealer=dealer.code, net=net, vat=vat, gross=gross)
    names = ("line", "sku", "qty", "net", "vat", "gross")
    for line in order.lines:
        invoice.lines.append(db.InvoiceLine(**{name: getattr(line, name) for name in names}))
    invoice.open_item = db.Receivable(dealer=dealer.code, open=gross)
    invoice.number = next_number(session, "invoice")
    session.add(invoice)
    return {"order": number, "invoice": invoice.number, "gross": gross}


def pay(session: Session, key: str, code: str, bank_ref: str, amount: int) -> Any:
    """Settle the dealer's oldest invoices."""
    dealer = session.get_one(db.Dealer, code, with_for_update=LOCK)
    refuse_unless(0 < amount <= dealer.receivable, "it is more than the dealer owes")
    payment = db.Payment(bank_ref=bank_ref, dealer=code, amount=amount)
    left = amount
    for item in session.scalars(
        sa.select(db.Receivable)
        .where(db.Receivable.dealer == code, db.Receivable.open > 0)
        .order_by(db.Receivable.invoice)
    ):
        part = min(left, item.open)
        item.open -= part
        left -= part
        payment.settlements.append(db.Settlement(invoice=item.invoice, amount=part))
        if not left:
            break
    refuse_unless(not left, "there is no invoice for it")
    dealer.receivable -= amount
    session.add(payment)
    post(session, "bank", "PAID", key, ("1002", amount, 0), ("1122", 0, amount))
    return {"bank_ref": bank_ref}


def next_number(session: Session, name: str) -> int:
    """Take a number; everyone else who numbers waits until this session is done."""
    return session.scalars(
        sa.update(db.Counter)
        .where(db.Counter.name == name)
        .values(last=db.Counter.last + 1)
        .returning(db.Counter.last)
        .execution_options(synchronize_session=False)
    ).one()


def locked_shipment(session: Session, number: int, state: str, *goods: Any) -> db.Shipment:
    """The shipment of an order, which must be in a state, and the order, both locked."""
    order = joinedload(db.Shipment.order, innerjoin=True).options(*goods)
    shipment = session.get_one(db.Shipment, number, options=[order], with_for_update=LOCK)
    refuse_unless(shipment.state == state, f"it is {shipment.state}")
    return shipment


def locked_cells(
    session: Session, warehouse: str, lines: Sequence[db.OrderLine]
) -> list[db.StockCell]:
    """The stock cell of each line, locked in the order of products."""
    cells = session.scalars(
        sa.select(db.StockCell)
        .where(db.StockCell.warehouse == warehouse)
        .where(db.StockCell.sku.in_(line.sku for line in lines))
        .order_by(db.StockCell.sku)
        .with_for_update(key_share=True)
    )
    by_sku = {cell.sku: cell for cell in cells}
    refuse_unless(len(by_sku) == len(lines), "the warehouse does not keep a product")
    return [by_sku[line.sku] for line in lines]


def oldest(session: Session, warehouse: str, line: db.OrderLine) -> Sequence[db.Serial]:
    """The oldest free units for a line, locked."""
    units = session.scalars(
        sa.select(db.Serial)
        .where(db.Serial.warehouse == warehouse, db.Serial.sku == line.sku)
        .where(db.Serial.order_number.is_(None), db.Serial.state == "STOCKED")
        .order_by(db.Serial.id)
        .limit(line.qty)
        .with_for_update(key_share=True)
    ).all()
    refuse_unless(len(units) == line.qty, "goods are missing")
    return units


def move_units(
    session: Session, number: int, actor: str, state: str, key: str, holder: str | None = None
) -> None:
    """Change the state of all units of a locked order."""
    units = session.scalars(
        sa.update(db.Serial)
        .where(db.Serial.order_number == number)
        .values(state=state, holder=holder)
        .returning(db.Serial.id)
        .execution_options(synchronize_session=False)
    ).all()
    tell_units(session, units, actor, state, key)


def tell_units(session: Session, units: Sequence[int], actor: str, what: str, key: str) -> None:
    """Write down what happened to units."""
    told = {"actor": actor, "what": what, "command": key}
    session.execute(sa.insert(db.SerialHistory), [{"serial_id": unit, **told} for unit in units])


def tell_order(session: Session, number: int, actor: str, what: str, key: str) -> None:
    """Write down what happened to an order."""
    session.add(db.OrderHistory(order_number=number, actor=actor, what=what, command=key))


def post(session: Session, actor: str, what: str, key: str, *lines: tuple[str, int, int]) -> None:
    """Post a balanced entry of accounts with their debits and credits."""
    refuse_unless(sum(debit - credit for _, debit, credit in lines) == 0, "it does not balance")
    entry = db.JournalEntry(actor=actor, what=what, command=key)
    for number, (account, debit, credit) in enumerate(lines, 1):
        entry.lines.append(db.JournalLine(line=number, account=account, debit=debit, credit=credit))
    session.add(entry)
