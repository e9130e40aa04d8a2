"""The SQLAlchemy ORM on PostgreSQL or SQLite: a session for each command."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks import scenario
from benchmarks.contenders import orm_commands as commands
from benchmarks.contenders import orm_models as db
from benchmarks.scenario import Order, Totals

PRODUCT_LINE = "GENERAL"
# Rows that change often keep free room in their page, so that a change touches no index.
ROOM = {"counter": 10, "dealer": 20, "stockcell": 20, "serial": 40, "order": 50, "shipment": 50}
# An empty table is left out: analysed while empty, it would be read from end to end.
FILLED = (db.Product, db.Price, db.Dealer, db.StockCell, db.Serial)


def run(connection: sa.Connection, key: str, step: Callable[..., Any], *request: Any) -> Any:
    """Do a command once; done before, it gives the same answer again."""
    digest = hashlib.sha256(msgspec.json.encode((step.__name__, *request))).digest()
    try:
        with Session(connection, expire_on_commit=False) as session, session.begin():
            receipt = session.get(db.Receipt, key)
            if receipt is None:
                answer = step(session, key, *request)
                session.add(db.Receipt(key=key, digest=digest, answer=answer))
                return answer
    except Exception:
        # A twin may have done it while this one waited for a lock.
        with Session(connection, expire_on_commit=False) as session, session.begin():
            receipt = session.get(db.Receipt, key)
        if receipt is None:
            raise
    commands.refuse_unless(receipt.digest == digest, "the key stands for another request")
    return receipt.answer


class Orm:
    """Orders side by side in threads, each with a connection of its own."""

    name = "SQLAlchemy ORM"

    def __init__(self, url: str, threads: int = 8) -> None:
        self._own = threading.local()
        self._connections: list[sa.Connection] = []
        self._engine = _engine(sa.make_url(url), threads)
        if self._engine.dialect.name == "sqlite":
            threads = 1
        self._threads = ThreadPoolExecutor(threads, "orm", self._open)

    def prepare(self, units: int) -> None:
        with self._engine.begin() as connection:
            db.Base.metadata.create_all(connection)
            postgresql = connection.dialect.name == "postgresql"
            if postgresql:
                for table, percent in ROOM.items():
                    connection.exec_driver_sql(
                        f'ALTER TABLE "{table}" SET (fillfactor = {percent})'
                    )
            with Session(connection) as session:
                _fill(session, units)
                session.commit()
            if postgresql:
                names = ", ".join(model.__tablename__ for model in FILLED)
                connection.exec_driver_sql(f"ANALYZE {names}")

    def play(self, orders: Sequence[Order]) -> None:
        for _ in self._threads.map(self._play, orders):
            pass

    def totals(self) -> Totals:
        delivered = sa.select(sa.func.count()).where(db.Serial.state == "DELIVERED")
        columns = (db.StockCell.on_hand, db.Invoice.gross, db.Settlement.amount)
        sums = [sa.select(sa.func.coalesce(sa.func.sum(column), 0)) for column in columns]
        [row] = self._read(sa.select(*(one.scalar_subquery() for one in (delivered, *sums))))
        return Totals(*map(int, row))

    def on_hand(self) -> list[tuple[str, str, int]]:
        """Units of every warehouse and product."""
        cell = db.StockCell
        columns = (cell.warehouse, cell.sku, cell.on_hand)
        return self._read(sa.select(*columns).order_by(cell.warehouse, cell.sku))

    def trace(self, product: int, serial: str) -> list[tuple[Any, ...]]:
        """When, by whom, what and by which command, for a unit."""
        told, unit = db.SerialHistory, db.Serial
        return self._read(
            sa.select(told.at, told.actor, told.what, told.command)
            .join(unit, unit.id == told.serial_id)
            .where(unit.sku == scenario.sku(product), unit.serial == serial)
            .order_by(told.id)
        )

    def close(self) -> None:
        self._threads.shutdown()
        for connection in self._connections:
            connection.close()
        self._engine.dispose()

    def _open(self) -> None:
        self._own.connection = self._engine.connect()
        self._connections.append(self._own.connection)

    def _read(self, query: sa.Select[Any]) -> list[Any]:
        def read() -> list[Any]:
            with Session(self._own.connection) as session:
                return [tuple(row) for row in session.execute(query)]

        return self._threads.submit(read).result()

    def _play(self, order: Order) -> None:
        number, dealer = order.number, scenario.dealer(order.dealer)
        house = scenario.warehouse(order.warehouse)
        lines = [(scenario.sku(line.product), line.qty) for line in order.lines]

        def do(step: Callable[..., Any], *request: Any) -> Any:
            return run(self._own.connection, f"{number}-{step.__name__}", step, *request)

        placed = do(commands.place, dealer, f"A-{dealer}", house, lines)
        name = placed["order"]
        do(commands.plan, name)
        do(commands.pick, name, "picker", placed["units"])
        do(commands.review, name, "reviewer")
        do(commands.ship, name, "SF", f"SF{number:010d}")
        do(commands.deliver, name)
        do(commands.pay, dealer, f"B-{number}", placed["gross"])


def _engine(url: sa.URL, threads: int) -> sa.Engine:
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, pool_size=threads + 1, executemany_mode="values_plus_batch")
    engine = sa.create_engine(url, connect_args={"timeout": 60})

    @sa.event.listens_for(engine, "connect")
    def _connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver shall not begin by itself
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    @sa.event.listens_for(engine, "begin")
    def _begun(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _fill(session: Session, units: int) -> None:
    start, end = map(date.fromisoformat, scenario.VALID)
    valid = {"valid_from": start, "valid_to": end}
    products, houses, dealers = (
        range(count) for count in (scenario.PRODUCTS, scenario.WAREHOUSES, scenario.DEALERS)
    )
    session.add_all(db.Counter(name=name) for name in ("order", "invoice"))
    for number in products:
        sku, cost = scenario.sku(number), scenario.cost_of(number)
        session.add(
            db.Product(sku=sku, category=scenario.CATEGORY, line=PRODUCT_LINE, cost=cost, **valid)
        )
    session.add_all(db.Warehouse(code=scenario.warehouse(number)) for number in houses)
    for number in dealers:
        session.add(db.Dealer(code=scenario.dealer(number), credit_limit=scenario.CREDIT_LIMIT))
    session.flush()
    for number in products:
        sku, net = scenario.sku(number), scenario.price_of(number)
        session.add(db.Price(list=commands.PRICE_LIST, sku=sku, net=net, **valid))
        session.add_all(
            db.StockCell(warehouse=scenario.warehouse(house), sku=sku, on_hand=units)
            for house in houses
        )
    for number in dealers:
        dealer, region = scenario.dealer(number), scenario.region(number)
        session.add(db.Address(code=f"A-{dealer}", dealer=dealer, region=region))
        session.add(db.Territory(dealer=dealer, line=PRODUCT_LINE, region=region, **valid))
        licence = {"number": scenario.LICENCE_NO, "category": scenario.CATEGORY}
        session.add(db.Licence(dealer=dealer, **licence, **valid))
    serials = [
        {
            "sku": scenario.sku(product),
            "serial": scenario.serial(product, house, unit),
            "state": "STOCKED",
            "warehouse": scenario.warehouse(house),
        }
        for unit in range(units)
        for house in houses
        for product in products
    ]
    session.flush()
    session.execute(sa.insert(db.Serial), serials)
    told = [sa.literal(value) for value in ("receiver", "STOCKED", "world")]
    session.execute(
        sa.insert(db.SerialHistory).from_select(
            ["serial_id", "actor", "what", "command", "at"],
            sa.select(db.Serial.id, *told, sa.func.now()).order_by(db.Serial.id),
        )
    )
