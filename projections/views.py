"""Views for analysts: facts with their dimensions joined, so that nobody has to know how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Dialect,
    MetaData,
    Select,
    Table,
    Text,
    and_,
    case,
    func,
    inspect,
    literal,
    select,
)

from projections import grants
from projections.dealers import dealers
from projections.master import customers, products
from projections.money.reconciliation import open_items
from projections.money.sales import RECOGNISED, sales_facts
from projections.order_tables import order_lines, order_tracking


@dataclass(frozen=True)
class View:
    """A named query over tables, with what each of its columns means.

    Where the query changes, bump the version of a projection under it: then it is made anew.
    """

    name: str
    comment: str
    key: tuple[str, ...]
    over: tuple[Table, ...]
    query: Select[Any]
    meanings: Mapping[str, str]

    @property
    def table(self) -> Table:
        """The view, as the code reads it: its columns with their types and meanings."""
        columns = [
            Column(
                one.name,
                one.type,
                primary_key=one.name in self.key,
                comment=self.meanings.get(one.name) or _COLUMNS[one.name],
            )
            for one in self.query.selected_columns
        ]
        return Table(self.name, MetaData(), *columns, comment=self.comment)

    def created(self, dialect: Dialect) -> str:
        """Write the statement that creates it."""
        compiled = self.query.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
        return f'CREATE VIEW "{self.name}" AS {compiled}'


def _province(region: ColumnElement[Any]) -> ColumnElement[Any]:
    """GB/T 2260: the first two digits name the province."""
    return func.substr(region, 1, 2, type_=Text) + literal("0000")


def _sales() -> Select[Any]:
    fact, order, line = sales_facts.c, order_tracking.c, order_lines.c
    so = func.coalesce(fact.so, open_items.c.so)
    joined = (
        sales_facts.outerjoin(open_items, open_items.c.doc == fact.invoice)
        .outerjoin(order_tracking, order.so == so)
        .outerjoin(order_lines, and_(line.so == so, line.line_no == fact.so_line))
        .outerjoin(dealers, dealers.c.dealer == fact.dealer)
        .outerjoin(customers, customers.c.customer == order.end_customer)
        .outerjoin(products, products.c.sku == fact.sku)
    )
    when = (fact.accounting_date, fact.period, fact.occurred_at, fact.recorded_at)
    document = (so.label("so"), fact.so_line, fact.doc, fact.invoice, order.contract)
    region = func.coalesce(order.sales_region, dealers.c.sales_region).label("sales_region")
    where = (
        region,
        order.ship_to_region,
        _province(order.ship_to_region).label("ship_to_province"),
        customers.c.region_code.label("end_use_region"),
        _province(customers.c.region_code).label("end_use_province"),
    )
    who = (fact.dealer, dealers.c.tier, dealers.c.level, order.end_customer)
    buyer = (customers.c.type.label("customer_type"), order.owner, order.channel)
    what = (fact.sku, products.c.product_line, products.c.device_class)
    price = (line.unit_price, line.list_price, line.price_list, fact.currency)
    margin = case((fact.basis == RECOGNISED, fact.net - fact.cost)).label("margin")
    figures = (fact.qty, fact.net, fact.cost, margin)
    head = (fact.position, fact.seq, fact.basis, fact.kind)
    dated = (*when, order.order_date)
    columns = (*head, *dated, *document, *where, *who, *buyer, *what, *price, *figures)
    return select(*columns).select_from(joined)


SALES = View(
    "sales",
    "Sales line by line with their dimensions, once for each basis: sum one basis at a time.",
    ("position", "seq"),
    (sales_facts, open_items, order_tracking, order_lines, dealers, customers, products),
    _sales(),
    {
        "so": "Order; for credit notes that of the invoice.",
        "sales_region": "Sales region of the dealer, as it was when the order was placed.",
        "ship_to_region": "Region that the goods went to (GB/T 2260).",
        "ship_to_province": "Its province.",
        "end_use_region": "Region of the hospital that the order was for (GB/T 2260).",
        "end_use_province": "Its province.",
        "tier": "Price tier of the dealer, now.",
        "level": "Level of the dealer in the channel, now.",
        "customer_type": "Kind of hospital.",
        "margin": "net - cost; empty for INVOICED, where costs of what is no revenue yet are not.",
    },
)

VIEWS: Sequence[View] = (SALES,)
"""Every view, in an order in which they can be created."""

_COLUMNS = {
    column.name: str(column.comment)
    for table in (customers, products, dealers, order_lines, order_tracking, sales_facts)
    for column in table.columns
}


def present(connection: Connection) -> bool:
    """Whether the views are there; while read models are brought up to date they are not."""
    return {view.name for view in VIEWS} <= {*inspect(connection).get_view_names()}


def over(tables: Iterable[Table]) -> list[View]:
    """Views that stand on any of some tables."""
    known = set(tables)
    return [view for view in VIEWS if known.intersection(view.over)]


def drop(connection: Connection, some: Sequence[View] = VIEWS) -> None:
    """Drop views, for tables under them are about to change."""
    for view in reversed(some):
        connection.exec_driver_sql(f'DROP VIEW IF EXISTS "{view.name}"')


def create(connection: Connection, some: Sequence[View] = VIEWS) -> None:
    """Create views, with comments where the database keeps them; readers of the log may read."""
    for view in some:
        connection.exec_driver_sql(view.created(connection.dialect).replace("%", "%%"))
        if connection.dialect.supports_comments:
            _comment(connection, f'VIEW "{view.name}"', view.comment)
            for column in view.table.columns:
                named = f'COLUMN "{view.name}"."{column.name}"'
                _comment(connection, named, str(column.comment))
    grants.open_to_readers(connection, [view.name for view in some])


def _comment(connection: Connection, what: str, text: str) -> None:
    quoted = text.replace("'", "''").replace("%", "%%")
    connection.exec_driver_sql(f"COMMENT ON {what} IS '{quoted}'")
