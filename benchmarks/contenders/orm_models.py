"""The models of the SQLAlchemy ORM."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, relationship

WHOLE, TIME = sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.DateTime(timezone=True)
Sku = Annotated[str, mapped_column(sa.ForeignKey("product.sku"))]
DealerCode = Annotated[str, mapped_column(sa.ForeignKey("dealer.code"))]
HouseCode = Annotated[str, mapped_column(sa.ForeignKey("warehouse.code"))]
OrderNumber = Annotated[int, mapped_column(sa.ForeignKey("order.number"))]
Bucket = Annotated[int, mapped_column(default=0)]
Moment = Annotated[datetime, mapped_column(TIME, default=lambda: datetime.now(UTC))]
InvoiceNumber = Annotated[int, mapped_column(sa.ForeignKey("invoice.number"))]


def partial_index(name: str, *columns: str, where: str) -> sa.Index:
    """An index of the rows that meet a condition."""
    condition = sa.text(where)
    return sa.Index(name, *columns, postgresql_where=condition, sqlite_where=condition)


class Base(DeclarativeBase):
    """What all models share; a table has the name of its class."""

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805 - SQLAlchemy gives the class
        return cls.__name__.lower()

    type_annotation_map = {int: WHOLE}  # noqa: RUF012 - SQLAlchemy reads it from the class


class Dated:
    """What holds from one day to another."""

    valid_from: Mapped[date]
    valid_to: Mapped[date]

    @hybrid_method
    def valid_on(self, day: date) -> Any:
        """Whether it holds on a day."""
        return (self.valid_from <= day) & (self.valid_to >= day)


class Amounts:
    """What something costs, in minor units."""

    net: Mapped[int]
    vat: Mapped[int]
    gross: Mapped[int]


class Counter(Base):
    """The last number given, without gaps."""

    name: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class Product(Dated, Base):
    """A product, sold while its registration is valid."""

    sku: Mapped[str] = mapped_column(primary_key=True)
    category: Mapped[str]
    line: Mapped[str]
    cost: Mapped[int]


class Price(Dated, Base):
    """Price of a product in a price list, without VAT."""

    list: Mapped[str] = mapped_column(primary_key=True)
    sku: Mapped[Sku] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    net: Mapped[int]


class Warehouse(Base):
    """A place that keeps stock."""

    code: Mapped[str] = mapped_column(primary_key=True)


class Dealer(Base):
    """A dealer, and its credit in use by buckets."""

    code: Mapped[str] = mapped_column(primary_key=True)
    active: Mapped[bool] = mapped_column(default=True)
    credit_limit: Mapped[int]
    ordered: Mapped[Bucket]
    shipped_uninvoiced: Mapped[Bucket]
    receivable: Mapped[Bucket]
    __table_args__ = (
        sa.CheckConstraint("ordered >= 0 AND shipped_uninvoiced >= 0 AND receivable >= 0"),
    )


class Licence(Dated, Base):
    """A dealer's right to sell a category."""

    dealer: Mapped[DealerCode] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(primary_key=True)


class Territory(Dated, Base):
    """A region in which a dealer may sell a line."""

    dealer: Mapped[DealerCode] = mapped_column(primary_key=True)
    line: Mapped[str] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)


class Address(Base):
    """Where a dealer takes delivery."""

    code: Mapped[str] = mapped_column(primary_key=True)
    dealer: Mapped[DealerCode]
    region: Mapped[str]


class StockCell(Base):
    """Units of a product in a warehouse."""

    warehouse: Mapped[HouseCode] = mapped_column(primary_key=True)
    sku: Mapped[Sku] = mapped_column(primary_key=True)
    on_hand: Mapped[int] = mapped_column(sa.CheckConstraint("on_hand >= reserved"))
    reserved: Mapped[int] = mapped_column(sa.CheckConstraint("reserved >= 0"), default=0)


class Serial(Base):
    """A unit; the oldest have the lowest ids."""

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[Sku]
    serial: Mapped[str]
    state: Mapped[str]
    warehouse: Mapped[HouseCode]
    holder: Mapped[str | None]
    order_number: Mapped[int | None]
    line: Mapped[int | None]
    shipment: Mapped[int | None]
    __table_args__ = (
        sa.UniqueConstraint("sku", "serial"),
        partial_index("serials_free", "warehouse", "sku", "id", where="order_number IS NULL"),
        sa.Index("serials_of_order", "order_number"),
    )


class Order(Amounts, Base):
    """An order of a dealer."""

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    dealer: Mapped[DealerCode]
    address: Mapped[str] = mapped_column(sa.ForeignKey("address.code"))
    warehouse: Mapped[HouseCode]
    state: Mapped[str] = mapped_column(default="CONFIRMED")
    placed_at: Mapped[Moment]
    lines: Mapped[list[OrderLine]] = relationship(order_by="OrderLine.line")


class OrderLine(Amounts, Base):
    """Units of a product in an order."""

    order_number: Mapped[OrderNumber] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[Sku]
    qty: Mapped[int] = mapped_column(sa.CheckConstraint("qty > 0"))
    price: Mapped[int]
    product: Mapped[Product] = relationship()


class Shipment(Base):
    """What leaves the warehouse together for an order."""

    order_number: Mapped[OrderNumber] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(default="PLANNED")
    picker: Mapped[str | None]
    reviewer: Mapped[str | None]
    carrier: Mapped[str | None]
    waybill: Mapped[str | None]
    cost: Mapped[int | None]
    lines: Mapped[list[ShipmentLine]] = relationship()
    order: Mapped[Order] = relationship()


class ShipmentLine(Base):
    """A unit of a shipment."""

    shipment: Mapped[int] = mapped_column(sa.ForeignKey("shipment.order_number"), primary_key=True)
    serial_id: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[int]


class Invoice(Amounts, Base):
    """What a dealer is asked to pay for an order."""

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    order_number: Mapped[OrderNumber] = mapped_column(unique=True)
    dealer: Mapped[DealerCode]
    issued_at: Mapped[Moment]
    lines: Mapped[list[InvoiceLine]] = relationship()
    open_item: Mapped[Receivable] = relationship()


class InvoiceLine(Amounts, Base):
    """Amounts of a line of an order."""

    invoice: Mapped[InvoiceNumber] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str]
    qty: Mapped[int]


class Receivable(Base):
    """What of an invoice is still to be paid."""

    invoice: Mapped[InvoiceNumber] = mapped_column(primary_key=True)
    dealer: Mapped[DealerCode]
    open: Mapped[int] = mapped_column(sa.CheckConstraint("open >= 0"))
    __table_args__ = (partial_index("receivables_open", "dealer", "invoice", where="open > 0"),)


class Payment(Base):
    """Money received; the bank's reference is unique."""

    bank_ref: Mapped[str] = mapped_column(primary_key=True)
    dealer: Mapped[DealerCode]
    amount: Mapped[int] = mapped_column(sa.CheckConstraint("amount > 0"))
    received_at: Mapped[Moment]
    settlements: Mapped[list[Settlement]] = relationship()


class Settlement(Base):
    """What of a payment settles an invoice."""

    bank_ref: Mapped[str] = mapped_column(sa.ForeignKey("payment.bank_ref"), primary_key=True)
    invoice: Mapped[InvoiceNumber] = mapped_column(primary_key=True)
    amount: Mapped[int] = mapped_column(sa.CheckConstraint("amount > 0"))


class Told:
    """What happened, and by whom. Logs are only added to, and refer to nothing."""

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[Moment]
    actor: Mapped[str]
    what: Mapped[str]
    command: Mapped[str]


class JournalEntry(Told, Base):
    """A balanced entry of the ledger."""

    lines: Mapped[list[JournalLine]] = relationship()


class JournalLine(Base):
    """Debit or credit of an account."""

    entry: Mapped[int] = mapped_column(sa.ForeignKey("journalentry.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str]
    debit: Mapped[int]
    credit: Mapped[int]


class StockMovement(Told, Base):
    """Units that came (positive) or left."""

    warehouse: Mapped[str]
    sku: Mapped[str]
    qty: Mapped[int]


class SerialHistory(Told, Base):
    """What happened to a unit."""

    serial_id: Mapped[int] = mapped_column(index=True)


class OrderHistory(Told, Base):
    """What happened to an order."""

    order_number: Mapped[int] = mapped_column(index=True)


class Receipt(Base):
    """The answer to a command, by the key of its request."""

    key: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[bytes]
    answer: Mapped[Any] = mapped_column(sa.JSON)
    at: Mapped[Moment]
