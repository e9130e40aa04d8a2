"""Tables, indexes and world of the hand-written and the hand-tuned SQL."""

from __future__ import annotations

from typing import Any

from psycopg2.extras import execute_values

from benchmarks import scenario

PRICE_LIST, PRODUCT_LINE = "STANDARD", "GENERAL"

# Rows that change often keep free room in their page, so that a change touches no index. Rows that
# are only added, by the command that finds or makes what they refer to, need no foreign key.
TABLES = """
CREATE TABLE counters (name text PRIMARY KEY, last bigint NOT NULL) WITH (fillfactor = 10);
CREATE TABLE products (
    sku text PRIMARY KEY, category text NOT NULL, line text NOT NULL, cost bigint NOT NULL,
    valid_from date NOT NULL, valid_to date NOT NULL);
CREATE TABLE prices (
    list text, sku text REFERENCES products, valid_from date, valid_to date NOT NULL,
    net bigint NOT NULL, PRIMARY KEY (list, sku, valid_from));
CREATE TABLE warehouses (code text PRIMARY KEY);
CREATE TABLE dealers (
    code text PRIMARY KEY, active boolean NOT NULL, credit_limit bigint NOT NULL,
    ordered bigint NOT NULL DEFAULT 0 CHECK (ordered >= 0),
    shipped_uninvoiced bigint NOT NULL DEFAULT 0 CHECK (shipped_uninvoiced >= 0),
    receivable bigint NOT NULL DEFAULT 0 CHECK (receivable >= 0)) WITH (fillfactor = 20);
CREATE TABLE licences (
    dealer text REFERENCES dealers, number text, category text,
    valid_from date NOT NULL, valid_to date NOT NULL, PRIMARY KEY (dealer, number, category));
CREATE TABLE territories (
    dealer text REFERENCES dealers, line text, region text, valid_from date,
    valid_to date NOT NULL, PRIMARY KEY (dealer, line, region, valid_from));
CREATE TABLE addresses (
    code text PRIMARY KEY, dealer text NOT NULL REFERENCES dealers, region text NOT NULL);
CREATE TABLE stock (
    warehouse text REFERENCES warehouses, sku text REFERENCES products,
    on_hand bigint NOT NULL CHECK (on_hand >= reserved),
    reserved bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    PRIMARY KEY (warehouse, sku)) WITH (fillfactor = 20);
CREATE TABLE orders (
    number bigint PRIMARY KEY, dealer text NOT NULL REFERENCES dealers,
    address text NOT NULL REFERENCES addresses, warehouse text NOT NULL REFERENCES warehouses,
    state text NOT NULL, net bigint NOT NULL, vat bigint NOT NULL, gross bigint NOT NULL,
    placed_at timestamptz NOT NULL DEFAULT now()) WITH (fillfactor = 50);
CREATE TABLE order_lines (
    order_number bigint REFERENCES orders, line int, sku text NOT NULL REFERENCES products,
    qty bigint NOT NULL CHECK (qty > 0), price bigint NOT NULL, net bigint NOT NULL,
    vat bigint NOT NULL, PRIMARY KEY (order_number, line));
CREATE TABLE shipments (
    order_number bigint PRIMARY KEY REFERENCES orders, state text NOT NULL, picker text,
    reviewer text, carrier text, waybill text, cost bigint) WITH (fillfactor = 50);
CREATE TABLE serials (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, sku text NOT NULL REFERENCES products,
    serial text NOT NULL, state text NOT NULL, warehouse text NOT NULL REFERENCES warehouses,
    holder text, order_number bigint, line int, shipment bigint,
    UNIQUE (sku, serial)) WITH (fillfactor = 40);
CREATE INDEX serials_free ON serials (warehouse, sku, id) WHERE order_number IS NULL;
CREATE INDEX serials_of_order ON serials (order_number) WHERE order_number IS NOT NULL;
CREATE TABLE shipment_lines (
    shipment bigint, serial_id bigint, line int NOT NULL, PRIMARY KEY (shipment, serial_id));
CREATE TABLE invoices (
    number bigint PRIMARY KEY, order_number bigint NOT NULL UNIQUE REFERENCES orders,
    dealer text NOT NULL REFERENCES dealers, net bigint NOT NULL, vat bigint NOT NULL,
    gross bigint NOT NULL, issued_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE invoice_lines (
    invoice bigint REFERENCES invoices, line int, sku text NOT NULL, qty bigint NOT NULL,
    net bigint NOT NULL, vat bigint NOT NULL, gross bigint NOT NULL, PRIMARY KEY (invoice, line));
CREATE TABLE receivables (
    invoice bigint PRIMARY KEY REFERENCES invoices, dealer text NOT NULL REFERENCES dealers,
    open bigint NOT NULL CHECK (open >= 0));
CREATE INDEX receivables_open ON receivables (dealer, invoice) WHERE open > 0;
CREATE TABLE payments (
    bank_ref text PRIMARY KEY, dealer text NOT NULL REFERENCES dealers,
    amount bigint NOT NULL CHECK (amount > 0), received_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE settlements (
    bank_ref text REFERENCES payments, invoice bigint REFERENCES invoices,
    amount bigint NOT NULL CHECK (amount > 0), PRIMARY KEY (bank_ref, invoice));
CREATE TABLE journal_entries (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, command text NOT NULL,
    posted_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE journal_lines (
    entry bigint, line int, account text NOT NULL,
    debit bigint NOT NULL, credit bigint NOT NULL, PRIMARY KEY (entry, line));
CREATE TABLE stock_movements (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, warehouse text NOT NULL,
    sku text NOT NULL, qty bigint NOT NULL, command text NOT NULL,
    moved_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE serial_history (
    serial_id bigint, id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL DEFAULT now(), actor text NOT NULL, what text NOT NULL,
    command text NOT NULL, PRIMARY KEY (serial_id, id));
CREATE TABLE order_history (
    order_number bigint, id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL DEFAULT now(), actor text NOT NULL, what text NOT NULL,
    command text NOT NULL, PRIMARY KEY (order_number, id));
CREATE TABLE receipts (
    key text PRIMARY KEY, digest bytea NOT NULL, answer text NOT NULL,
    at timestamptz NOT NULL DEFAULT now());
"""

UNITS = """
INSERT INTO serials (sku, serial, state, warehouse)
SELECT s.sku, s.sku || s.warehouse || to_char(unit, 'FM000000'), 'STOCKED', s.warehouse
FROM stock s, generate_series(0, %s - 1) unit ORDER BY unit, s.warehouse, s.sku;
INSERT INTO serial_history (serial_id, actor, what, command)
SELECT id, 'receiver', 'STOCKED', 'world' FROM serials ORDER BY id;
"""

# Only what is filled: a table that was analysed while empty would be read from end to end.
ANALYZE = """
ANALYZE counters, products, prices, warehouses, dealers, licences, territories, addresses,
    stock, serials, serial_history
"""

# For the hand-tuned SQL. What a command reads first says whether its key is new. A counter is taken
# by the last statement before the commit, because everyone else who numbers waits for it. Each
# statement is planned once: its best plan does not depend on its arguments.
PREPARE = """
SET plan_cache_mode = force_generic_plan;
PREPARE receipt AS SELECT digest, answer FROM receipts WHERE key = $1;
PREPARE lock_dealer AS SELECT FROM dealers WHERE code = $1 FOR NO KEY UPDATE;
PREPARE lock_order AS SELECT FROM orders WHERE number = $1 FOR NO KEY UPDATE;
PREPARE lock_cells AS SELECT FROM stock WHERE warehouse = $1 AND sku = ANY ($2)
    ORDER BY sku FOR NO KEY UPDATE;
PREPARE lock_cells_of AS SELECT FROM stock s JOIN order_lines l ON l.sku = s.sku
    WHERE s.warehouse = $1 AND l.order_number = $2 ORDER BY s.sku FOR NO KEY UPDATE OF s;

PREPARE quote AS SELECT r.key IS NULL, l.line, n.net * l.qty, n.net,
    current_date BETWEEN p.valid_from AND p.valid_to,
    EXISTS (SELECT FROM licences i WHERE i.dealer = $1 AND i.category = p.category
        AND current_date BETWEEN i.valid_from AND i.valid_to),
    EXISTS (SELECT FROM addresses a JOIN territories t USING (dealer, region)
        WHERE a.code = $2 AND a.dealer = $1 AND t.line = p.line
        AND current_date BETWEEN t.valid_from AND t.valid_to)
    FROM unnest($4::text[], $5::bigint[]) WITH ORDINALITY l (sku, qty, line)
    JOIN products p USING (sku)
    JOIN prices n ON n.list = $3 AND n.sku = p.sku
        AND current_date BETWEEN n.valid_from AND n.valid_to
    LEFT JOIN receipts r ON r.key = $6 ORDER BY l.line;
PREPARE choose AS SELECT d.active,
    d.credit_limit - d.ordered - d.shipped_uninvoiced - d.receivable,
    s.on_hand - s.reserved, u.ids, u.serials
    FROM unnest($3::text[], $4::bigint[]) WITH ORDINALITY l (sku, qty, line)
    JOIN stock s ON s.warehouse = $2 AND s.sku = l.sku
    JOIN dealers d ON d.code = $1
    CROSS JOIN LATERAL (SELECT array_agg(id) ids, array_agg(serial) serials FROM (
        SELECT id, serial FROM serials f WHERE f.warehouse = $2 AND f.sku = l.sku
        AND f.order_number IS NULL AND f.state = 'STOCKED' ORDER BY id LIMIT l.qty FOR UPDATE
    ) oldest) u ORDER BY l.line;
PREPARE reserve_cells AS UPDATE stock s SET reserved = reserved + l.qty
    FROM unnest($2::text[], $3::bigint[]) l (sku, qty) WHERE s.warehouse = $1 AND s.sku = l.sku;
PREPARE move_credit AS UPDATE dealers SET ordered = ordered + $2,
    shipped_uninvoiced = shipped_uninvoiced + $3, receivable = receivable + $4 WHERE code = $1;
PREPARE confirm AS WITH taken AS (
    UPDATE counters SET last = last + 1 WHERE name = 'order' RETURNING last AS number),
    confirmed AS (
    INSERT INTO orders (number, dealer, address, warehouse, state, net, vat, gross)
    SELECT number, $4, $5, $6, 'CONFIRMED', $7, $8, $9 FROM taken),
    lines AS (
    INSERT INTO order_lines SELECT number, l.line, l.sku, l.qty, l.price, l.net, l.vat
    FROM taken, unnest($10::text[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[])
        WITH ORDINALITY l (sku, qty, price, net, vat, line)),
    reserved AS (
    UPDATE serials s SET state = 'RESERVED', order_number = number, line = u.line
    FROM taken, unnest($15::bigint[], $16::int[]) u (id, line) WHERE s.id = u.id RETURNING s.id),
    told AS (
    INSERT INTO serial_history (serial_id, actor, what, command)
    SELECT id, $17, 'RESERVED', $1 FROM reserved),
    noted AS (
    INSERT INTO order_history (order_number, actor, what, command)
    SELECT number, $17, 'CONFIRMED', $1 FROM taken)
    INSERT INTO receipts (key, digest, answer)
    SELECT $1, $2, ($3::jsonb || jsonb_build_object('order', number))::text FROM taken;

PREPARE order_now AS SELECT r.key IS NULL, o.state, s.state, s.picker
    FROM orders o LEFT JOIN shipments s ON s.order_number = o.number
    LEFT JOIN receipts r ON r.key = $2 WHERE o.number = $1;
PREPARE order_units AS SELECT r.key IS NULL, s.state, u.sku, u.serial
    FROM shipments s JOIN serials u ON u.order_number = s.order_number AND u.state = 'RESERVED'
    LEFT JOIN receipts r ON r.key = $2 WHERE s.order_number = $1;
PREPARE order_goods AS SELECT r.key IS NULL, s.state, o.dealer, o.warehouse, o.gross,
    (SELECT sum(l.qty * p.cost)::bigint FROM order_lines l JOIN products p USING (sku)
        WHERE l.order_number = o.number)
    FROM orders o JOIN shipments s ON s.order_number = o.number
    LEFT JOIN receipts r ON r.key = $2 WHERE o.number = $1;
PREPARE order_due AS SELECT r.key IS NULL, o.state, o.dealer, o.net, o.vat, o.gross, s.cost
    FROM orders o JOIN shipments s ON s.order_number = o.number
    LEFT JOIN receipts r ON r.key = $2 WHERE o.number = $1;
PREPARE dealer_owes AS SELECT r.key IS NULL, d.receivable
    FROM dealers d LEFT JOIN receipts r ON r.key = $2 WHERE d.code = $1;
PREPARE new_shipment AS WITH shipment AS (
    INSERT INTO shipments (order_number, state) VALUES ($1, 'PLANNED')),
    assigned AS (
    UPDATE serials SET shipment = $1 WHERE order_number = $1 RETURNING id, line)
    INSERT INTO shipment_lines SELECT $1, id, line FROM assigned;
PREPARE move_units AS WITH moved AS (
    UPDATE serials SET state = $2, holder = $3 WHERE order_number = $1 RETURNING id)
    INSERT INTO serial_history (serial_id, actor, what, command)
    SELECT id, $4, $2, $5 FROM moved;
PREPARE picked AS UPDATE shipments SET state = 'PICKED', picker = $2 WHERE order_number = $1;
PREPARE reviewed AS UPDATE shipments SET state = 'REVIEWED', reviewer = $2
    WHERE order_number = $1;
PREPARE shipped AS WITH left_house AS (
    UPDATE shipments SET state = 'SHIPPED', carrier = $2, waybill = $3, cost = $4
    WHERE order_number = $1)
    UPDATE orders SET state = 'SHIPPED' WHERE number = $1;
PREPARE issue_goods AS WITH issued AS (
    UPDATE stock s SET on_hand = on_hand - l.qty, reserved = reserved - l.qty
    FROM order_lines l WHERE l.order_number = $2 AND s.warehouse = $1 AND s.sku = l.sku
    RETURNING l.sku, l.qty)
    INSERT INTO stock_movements (warehouse, sku, qty, command)
    SELECT $1, sku, -qty, $3 FROM issued;
PREPARE invoice AS WITH taken AS (
    UPDATE counters SET last = last + 1 WHERE name = 'invoice' RETURNING last AS number),
    issued AS (
    INSERT INTO invoices (number, order_number, dealer, net, vat, gross)
    SELECT t.number, o.number, o.dealer, o.net, o.vat, o.gross
    FROM taken t JOIN orders o ON o.number = $4),
    owed AS (
    INSERT INTO receivables
    SELECT t.number, o.dealer, o.gross FROM taken t JOIN orders o ON o.number = $4),
    noted AS (
    INSERT INTO order_history (order_number, actor, what, command)
    VALUES ($4, $5, 'DELIVERED', $1)),
    delivered AS (UPDATE orders SET state = 'DELIVERED' WHERE number = $4),
    lines AS (
    INSERT INTO invoice_lines SELECT t.number, l.line, l.sku, l.qty, l.net, l.vat, l.net + l.vat
    FROM taken t JOIN order_lines l ON l.order_number = $4)
    INSERT INTO receipts (key, digest, answer)
    SELECT $1, $2, ($3::jsonb || jsonb_build_object('invoice', number))::text FROM taken;
PREPARE new_payment AS INSERT INTO payments (bank_ref, dealer, amount) VALUES ($1, $2, $3);
PREPARE settle AS WITH due AS (
    SELECT invoice, open, (sum(open) OVER (ORDER BY invoice) - open)::bigint AS older
    FROM receivables WHERE dealer = $2 AND open > 0),
    settled AS (
    UPDATE receivables r SET open = r.open - least(d.open, $3 - d.older) FROM due d
    WHERE r.invoice = d.invoice AND d.older < $3
    RETURNING r.invoice, least(d.open, $3 - d.older) AS amount)
    INSERT INTO settlements SELECT $1, invoice, amount FROM settled;
PREPARE post AS WITH entry AS (
    INSERT INTO journal_entries (command) VALUES ($1) RETURNING id)
    INSERT INTO journal_lines SELECT e.id, l.line, l.account, l.debit, l.credit
    FROM entry e, unnest($2::text[], $3::bigint[], $4::bigint[]) WITH ORDINALITY
    l (account, debit, credit, line);
PREPARE keep AS INSERT INTO receipts (key, digest, answer) VALUES ($1, $2, $3);
PREPARE keep_and_note AS WITH noted AS (
    INSERT INTO order_history (order_number, actor, what, command) VALUES ($4, $5, $6, $1))
    INSERT INTO receipts (key, digest, answer) VALUES ($1, $2, $3);
"""

TOTALS = """
SELECT (SELECT count(*) FROM serials WHERE state = 'DELIVERED'),
    (SELECT sum(on_hand)::bigint FROM stock),
    (SELECT coalesce(sum(gross), 0)::bigint FROM invoices),
    (SELECT coalesce(sum(amount), 0)::bigint FROM settlements)
"""
TRACE = """
SELECT h.at, h.actor, h.what, h.command FROM serial_history h JOIN serials s ON s.id = h.serial_id
WHERE s.sku = %s AND s.serial = %s ORDER BY h.id
"""


def create(cursor: Any, units: int) -> None:
    """Create the tables, and the world with so many units in each cell."""
    cursor.execute(TABLES)
    skus = [scenario.sku(number) for number in range(scenario.PRODUCTS)]
    dealers = [scenario.dealer(number) for number in range(scenario.DEALERS)]
    regions = [scenario.region(number) for number in range(scenario.DEALERS)]
    houses = [scenario.warehouse(number) for number in range(scenario.WAREHOUSES)]
    costs = [scenario.cost_of(number) for number in range(scenario.PRODUCTS)]
    prices = [scenario.price_of(number) for number in range(scenario.PRODUCTS)]
    owned = list(zip(dealers, regions, strict=True))
    world: dict[str, list[tuple[Any, ...]]] = {
        "counters": [("invoice", 0), ("order", 0)],
        "products": [
            (sku, scenario.CATEGORY, PRODUCT_LINE, cost, *scenario.VALID)
            for sku, cost in zip(skus, costs, strict=True)
        ],
        "prices": [
            (PRICE_LIST, sku, *scenario.VALID, net) for sku, net in zip(skus, prices, strict=True)
        ],
        "warehouses": [(house,) for house in houses],
        "dealers": [(dealer, True, scenario.CREDIT_LIMIT) for dealer in dealers],
        "licences": [
            (dealer, scenario.LICENCE_NO, scenario.CATEGORY, *scenario.VALID) for dealer in dealers
        ],
        "territories": [
            (dealer, PRODUCT_LINE, region, *scenario.VALID) for dealer, region in owned
        ],
        "addresses": [(f"A-{dealer}", dealer, region) for dealer, region in owned],
        "stock": [(house, sku, units) for house in houses for sku in skus],
    }
    for table, rows in world.items():
        execute_values(cursor, f"INSERT INTO {table} VALUES %s", rows, page_size=1_000)
    cursor.execute(UNITS, (units,))
    cursor.execute(ANALYZE)
