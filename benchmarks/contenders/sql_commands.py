"""The seven steps as ordinary statements, each step in a transaction of its caller.

Everyone locks rows in one order: the order, its dealer, stock cells by product, units, a counter.
Units need no order among themselves: free ones are taken under the lock of their cell, and all
others belong to a locked order.
"""

from __future__ import annotations

from typing import Any

from psycopg2.extras import execute_values

from benchmarks.contenders.sql_parts import (
    find,
    find_one,
    lock_cells,
    lock_shipment,
    move_stock,
    move_units,
    next_number,
    offer,
    oldest_units,
    post,
    refuse_unless,
    tell_order,
    tell_units,
)

SELLER, PLANNER, SHIPPER, CARRIER = "seller", "planner", "shipper", "carrier"


def place(
    cursor: Any, key: str, dealer: str, address: str, warehouse: str, wanted: list[tuple[str, int]]
) -> Any:
    """Confirm an order and reserve its units."""
    lines = offer(cursor, dealer, address, wanted)
    net, vat = sum(line.net for line in lines), sum(line.vat for line in lines)
    gross = net + vat
    active, credit = find_one(
        cursor,
        """SELECT active, credit_limit - ordered - shipped_uninvoiced - receivable
        FROM dealers WHERE code = %s FOR UPDATE""",
        dealer,
    )
    refuse_unless(active, "the dealer is not active")
    refuse_unless(gross <= credit, "the credit limit is exceeded")
    free = lock_cells(cursor, warehouse, [line.sku for line in lines])
    for line in lines:
        refuse_unless(line.sku in free, "the warehouse does not keep a product")
        refuse_unless(line.qty <= free[line.sku], "goods are missing")
    units = [(line, *unit) for line in lines for unit in oldest_units(cursor, warehouse, line)]

    move_stock(cursor, warehouse, [(line.sku, 0, line.qty) for line in lines])
    cursor.execute("UPDATE dealers SET ordered = ordered + %s WHERE code = %s", (gross, dealer))
    tell_units(cursor, [unit for _, unit, _ in units], SELLER, "RESERVED", key)
    number = next_number(cursor, "order")
    cursor.execute(
        """INSERT INTO orders (number, dealer, address, warehouse, state, net, vat, gross)
        VALUES (%s, %s, %s, %s, 'CONFIRMED', %s, %s, %s)""",
        (number, dealer, address, warehouse, net, vat, gross),
    )
    execute_values(
        cursor,
        "INSERT INTO order_lines (order_number, line, sku, qty, price, net, vat) VALUES %s",
        [(number, *line) for line in lines],
    )
    execute_values(
        cursor,
        """UPDATE serials s SET state = 'RESERVED', order_number = u.order_number, line = u.line
        FROM (VALUES %s) AS u (id, order_number, line) WHERE s.id = u.id""",
        [(unit, number, line.number) for line, unit, _ in units],
    )
    tell_order(cursor, number, SELLER, "CONFIRMED", key)
    scans = [[line.sku, serial] for line, _, serial in units]
    return {"order": number, "gross": gross, "units": scans}


def plan(cursor: Any, key: str, order: int) -> Any:
    """Make a shipment of all reserved units."""
    [state] = find_one(cursor, "SELECT state FROM orders WHERE number = %s FOR UPDATE", order)
    planned = find(cursor, "SELECT 1 FROM shipments WHERE order_number = %s", order)
    refuse_unless(state == "CONFIRMED" and not planned, "it is planned already")
    cursor.execute(
        "INSERT INTO shipments (order_number, state) VALUES (%s, 'PLANNED')",
        (order,),
    )
    cursor.execute("UPDATE serials SET shipment = %s WHERE order_number = %s", (order, order))
    cursor.execute(
        """INSERT INTO shipment_lines (shipment, serial_id, line)
        SELECT shipment, id, line FROM serials WHERE order_number = %s""",
        (order,),
    )
    tell_order(cursor, order, PLANNER, "PLANNED", key)
    return {"order": order}


def pick(cursor: Any, key: str, order: int, picker: str, scans: list[tuple[str, str]]) -> Any:
    """Take the scanned units, which must be those of the order."""
    shipment = lock_shipment(cursor, order)
    refuse_unless(shipment.state == "PLANNED", "it is not to be picked")
    reserved = find(
        cursor,
        "SELECT sku, serial FROM serials WHERE order_number = %s AND state = 'RESERVED' FOR UPDATE",
        order,
    )
    same = sorted(map(tuple, scans)) == sorted(reserved)
    refuse_unless(same, "the units are not the order's")
    cursor.execute(
        "UPDATE shipments SET state = 'PICKED', picker = %s WHERE order_number = %s",
        (picker, order),
    )
    move_units(cursor, order, picker, "PICKED", key)
    tell_order(cursor, order, picker, "PICKED", key)
    return {"order": order}


def review(cursor: Any, key: str, order: int, reviewer: str) -> Any:
    """Confirm what another person has picked."""
    shipment = lock_shipment(cursor, order)
    refuse_unless(shipment.state == "PICKED", "it is not to be reviewed")
    refuse_unless(reviewer != shipment.picker, "who picks does not review")
    cursor.execute(
        "UPDATE shipments SET state = 'REVIEWED', reviewer = %s WHERE order_number = %s",
        (reviewer, order),
    )
    tell_order(cursor, order, reviewer, "REVIEWED", key)
    return {"order": order}


def ship(cursor: Any, key: str, order: int, carrier: str, waybill: str) -> Any:
    """Let the units leave, at standard cost."""
    shipment = lock_shipment(cursor, order)
    refuse_unless(shipment.state == "REVIEWED", "it is not to be shipped")
    warehouse, gross = shipment.warehouse, shipment.gross
    lines = find(
        cursor,
        """SELECT l.sku, l.qty, p.cost FROM order_lines l JOIN products p ON p.sku = l.sku
        WHERE l.order_number = %s ORDER BY l.line""",
        order,
    )
    cost = sum(qty * standard for _, qty, standard in lines)

    cursor.execute(
        """UPDATE dealers SET ordered = ordered - %s, shipped_uninvoiced = shipped_uninvoiced + %s
        WHERE code = %s""",
        (gross, gross, shipment.dealer),
    )
    lock_cells(cursor, warehouse, [sku for sku, _, _ in lines])
    move_stock(cursor, warehouse, [(sku, -qty, -qty) for sku, qty, _ in lines])
    execute_values(
        cursor,
        "INSERT INTO stock_movements (warehouse, sku, qty, command) VALUES %s",
        [(warehouse, sku, -qty, key) for sku, qty, _ in lines],
    )
    move_units(cursor, order, SHIPPER, "SHIPPED", key)
    cursor.execute(
        """UPDATE shipments SET state = 'SHIPPED', carrier = %s, waybill = %s, cost = %s
        WHERE order_number = %s""",
        (carrier, waybill, cost, order),
    )
    cursor.execute("UPDATE orders SET state = 'SHIPPED' WHERE number = %s", (order,))
    post(cursor, key, ("1406", cost, 0), ("1405", 0, cost))
    tell_order(cursor, order, SHIPPER, "SHIPPED", key)
    return {"order": order}


def deliver(cursor: Any, key: str, order: int) -> Any:
    """Hand the units to the dealer, and invoice them."""
    shipment = lock_shipment(cursor, order)
    refuse_unless(shipment.order_state == "SHIPPED", "it is not under way")
    dealer, cost = shipment.dealer, shipment.cost or 0
    net, vat, gross = shipment.net, shipment.vat, shipment.gross

    cursor.execute(
        """UPDATE dealers SET shipped_uninvoiced = shipped_uninvoiced - %s,
        receivable = receivable + %s WHERE code = %s""",
        (gross, gross, dealer),
    )
    move_units(cursor, order, CARRIER, "DELIVERED", key, holder=dealer)
    cursor.execute("UPDATE orders SET state = 'DELIVERED' WHERE number = %s", (order,))
    post(cursor, key, ("1122", gross, 0), ("6001", 0, net), ("2221", 0, vat))
    post(cursor, key, ("6401", cost, 0), ("1406", 0, cost))
    tell_order(cursor, order, CARRIER, "DELIVERED", key)
    invoice = next_number(cursor, "invoice")
    cursor.execute(
        """INSERT INTO invoices (number, order_number, dealer, net, vat, gross)
        VALUES (%s, %s, %s, %s, %s, %s)""",
        (invoice, order, dealer, net, vat, gross),
    )
    cursor.execute(
        """INSERT INTO invoice_lines (invoice, line, sku, qty, net, vat, gross)
        SELECT %s, line, sku, qty, net, vat, net + vat FROM order_lines WHERE order_number = %s""",
        (invoice, order),
    )
    cursor.execute(
        "INSERT INTO receivables (invoice, dealer, open) VALUES (%s, %s, %s)",
        (invoice, dealer, gross),
    )
    return {"order": order, "invoice": invoice, "gross": gross}


def pay(cursor: Any, key: str, dealer: str, bank_ref: str, amount: int) -> Any:
    """Settle the dealer's oldest invoices."""
    [owed] = find_one(cursor, "SELECT receivable FROM dealers WHERE code = %s FOR UPDATE", dealer)
    refuse_unless(0 < amount <= owed, "it is more than the dealer owes")
    due = find(
        cursor,
        """SELECT invoice, open FROM receivables WHERE dealer = %s AND open > 0
        ORDER BY invoice FOR UPDATE""",
        dealer,
    )
    parts, left = [], amount
    for invoice, still_open in due:
        part = min(still_open, left)
        parts.append((invoice, part))
        left -= part
        if not left:
            break
    refuse_unless(not left, "there is no invoice for it")

    cursor.execute(
        "INSERT INTO payments (bank_ref, dealer, amount) VALUES (%s, %s, %s)",
        (bank_ref, dealer, amount),
    )
    execute_values(
        cursor,
        "INSERT INTO settlements (bank_ref, invoice, amount) VALUES %s",
        [(bank_ref, invoice, part) for invoice, part in parts],
    )
    execute_values(
        cursor,
        """UPDATE receivables r SET open = r.open - p.amount
        FROM (VALUES %s) AS p (invoice, amount) WHERE r.invoice = p.invoice""",
        parts,
    )
    cursor.execute(
        "UPDATE dealers SET receivable = receivable - %s WHERE code = %s",
        (amount, dealer),
    )
    post(cursor, key, ("1002", amount, 0), ("1122", 0, amount))
    return {"bank_ref": bank_ref}
