"""What the steps of the hand-written SQL have in common: rows that they read, lock and write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from psycopg2.extras import execute_values

from benchmarks.contenders.sql_schema import PRICE_LIST
from benchmarks.scenario import vat_of


class RefusedError(Exception):
    """The rules do not allow a command."""


class Line(NamedTuple):
    """Line of an order."""

    number: int
    sku: str
    qty: int
    price: int
    net: int
    vat: int


class Shipment(NamedTuple):
    """Shipment with its order."""

    state: str
    picker: str | None
    cost: int | None
    order_state: str
    dealer: str
    warehouse: str
    net: int
    vat: int
    gross: int


def refuse_unless(allowed: object, reason: str) -> None:
    """Refuse a command for a reason."""
    if not allowed:
        raise RefusedError(reason)


def find(cursor: Any, query: str, *values: Any) -> list[Any]:
    """All rows of a query."""
    cursor.execute(query, values)
    rows: list[Any] = cursor.fetchall()
    return rows


def find_one(cursor: Any, query: str, *values: Any) -> Any:
    """The row of a query, which must be there."""
    cursor.execute(query, values)
    row = cursor.fetchone()
    refuse_unless(row, "there is no such thing")
    return row


def offer(cursor: Any, dealer: str, address: str, wanted: Sequence[tuple[str, int]]) -> list[Line]:
    """Lines of an order for what the dealer may buy today, at today's prices."""
    skus = [sku for sku, _ in wanted]
    refuse_unless(len(set(skus)) == len(skus), "a product is wanted twice")
    products = find(
        cursor,
        """SELECT category, line, current_date BETWEEN valid_from AND valid_to
        FROM products WHERE sku = ANY(%s)""",
        skus,
    )
    refuse_unless(len(products) == len(skus), "a product is unknown")
    refuse_unless(all(valid for *_, valid in products), "a registration is not valid")
    prices = find(
        cursor,
        """SELECT sku, net FROM prices WHERE list = %s AND sku = ANY(%s)
        AND current_date BETWEEN valid_from AND valid_to""",
        PRICE_LIST,
        skus,
    )
    net_of = dict(prices)
    refuse_unless(len(prices) == len(net_of) == len(skus), "a product does not have one price")
    licensed = find(
        cursor,
        """SELECT category FROM licences WHERE dealer = %s
        AND current_date BETWEEN valid_from AND valid_to""",
        dealer,
    )
    categories = {category for category, *_ in products}
    refuse_unless(
        categories <= {category for (category,) in licensed},
        "the licence does not cover the goods",
    )
    [region] = find_one(
        cursor, "SELECT region FROM addresses WHERE code = %s AND dealer = %s", address, dealer
    )
    covered = find(
        cursor,
        """SELECT line FROM territories WHERE dealer = %s AND region = %s
        AND current_date BETWEEN valid_from AND valid_to""",
        dealer,
        region,
    )
    refuse_unless(
        {line for _, line, _ in products} <= {line for (line,) in covered},
        "the territory does not cover the address",
    )
    return [
        Line(number, sku, qty, net_of[sku], net_of[sku] * qty, vat_of(net_of[sku] * qty))
        for number, (sku, qty) in enumerate(wanted, 1)
    ]


def lock_shipment(cursor: Any, order: int) -> Shipment:
    """Lock an order and its shipment."""
    return Shipment(
        *find_one(
            cursor,
            """SELECT s.state, s.picker, s.cost, o.state, o.dealer, o.warehouse, o.net, o.vat,
            o.gross FROM orders o JOIN shipments s ON s.order_number = o.number
            WHERE o.number = %s FOR UPDATE""",
            order,
        )
    )


def lock_cells(cursor: Any, warehouse: str, skus: list[str]) -> dict[str, int]:
    """Lock stock cells in the order of products; give what is free in each."""
    cells = find(
        cursor,
        """SELECT sku, on_hand - reserved FROM stock WHERE warehouse = %s AND sku = ANY(%s)
        ORDER BY sku FOR UPDATE""",
        warehouse,
        skus,
    )
    return dict(cells)


def oldest_units(cursor: Any, warehouse: str, line: Line) -> list[tuple[int, str]]:
    """Lock the oldest free units for a line."""
    units = find(
        cursor,
        """SELECT id, serial FROM serials WHERE warehouse = %s AND sku = %s
        AND order_number IS NULL AND state = 'STOCKED' ORDER BY id LIMIT %s FOR UPDATE""",
        warehouse,
        line.sku,
        line.qty,
    )
    refuse_unless(len(units) == line.qty, "goods are missing")
    return units


def next_number(cursor: Any, counter: str) -> int:
    """Take a number; everyone else who numbers waits until this transaction is done."""
    [number] = find_one(
        cursor, "UPDATE counters SET last = last + 1 WHERE name = %s RETURNING last", counter
    )
    return int(number)


def move_stock(cursor: Any, warehouse: str, moves: Sequence[tuple[str, int, int]]) -> None:
    """Change locked cells: by product, how much more is on hand and how much more reserved."""
    execute_values(
        cursor,
        """UPDATE stock s SET on_hand = s.on_hand + m.on_hand, reserved = s.reserved + m.reserved
        FROM (VALUES %s) AS m (warehouse, sku, on_hand, reserved)
        WHERE s.warehouse = m.warehouse AND s.sku = m.sku""",
        [(warehouse, *move) for move in moves],
    )


def move_units(
    cursor: Any, order: int, actor: str, state: str, key: str, holder: str | None = None
) -> None:
    """Change the state of all units of a locked order."""
    units = find(
        cursor,
        "UPDATE serials SET state = %s, holder = %s WHERE order_number = %s RETURNING id",
        state,
        holder,
        order,
    )
    tell_units(cursor, [unit for (unit,) in units], actor, state, key)


def tell_units(cursor: Any, units: Sequence[int], actor: str, what: str, key: str) -> None:
    """Write down what happened to units."""
    execute_values(
        cursor,
        "INSERT INTO serial_history (serial_id, actor, what, command) VALUES %s",
        [(unit, actor, what, key) for unit in units],
    )


def tell_order(cursor: Any, order: int, actor: str, what: str, key: str) -> None:
    """Write down what happened to an order."""
    cursor.execute(
        "INSERT INTO order_history (order_number, actor, what, command) VALUES (%s, %s, %s, %s)",
        (order, actor, what, key),
    )


def post(cursor: Any, key: str, *lines: tuple[str, int, int]) -> None:
    """Post a balanced entry of accounts with their debits and credits."""
    balance = sum(debit - credit for _, debit, credit in lines)
    refuse_unless(balance == 0, "the entry does not balance")
    [entry] = find_one(
        cursor, "INSERT INTO journal_entries (command) VALUES (%s) RETURNING id", key
    )
    execute_values(
        cursor,
        "INSERT INTO journal_lines (entry, line, account, debit, credit) VALUES %s",
        [(entry, number, *line) for number, line in enumerate(lines, 1)],
    )


def find_receipt(cursor: Any, key: str) -> Any:
    """What was asked with a key, as a digest, and the answer; nothing when the key is new."""
    cursor.execute("SELECT digest, answer FROM receipts WHERE key = %s", (key,))
    return cursor.fetchone()


def keep_receipt(cursor: Any, key: str, digest: bytes, answer: str) -> None:
    """Keep the answer to a command."""
    cursor.execute(
        "INSERT INTO receipts (key, digest, answer) VALUES (%s, %s, %s)", (key, digest, answer)
    )
