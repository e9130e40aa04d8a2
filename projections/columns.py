"""Columns of read models: the types that both databases share, and what every row carries."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Integer, MetaData, Numeric, Table, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

metadata = MetaData()


class Instant(TypeDecorator[datetime]):
    """An instant: ``timestamptz`` on PostgreSQL, UTC text in ISO 8601 on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True
    python_type = datetime

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the stored type."""
        kind: TypeEngine[Any] = Text() if dialect.name == "sqlite" else DateTime(timezone=True)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Write it."""
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Read it."""
        return datetime.fromisoformat(value) if isinstance(value, str) else value


class Price(TypeDecorator[Decimal]):
    """A unit price: ``numeric(18, 6)`` on PostgreSQL, decimal text on SQLite."""

    impl = Numeric(18, 6)
    cache_ok = True
    python_type = Decimal

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the stored type."""
        kind: TypeEngine[Any] = Text() if dialect.name == "sqlite" else Numeric(18, 6)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Write it."""
        return str(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Read it, without trailing zeros."""
        if value is None:
            return None
        number = Decimal(value).normalize()
        return number.quantize(Decimal(1)) if number == number.to_integral() else number


def key(name: str, comment: str) -> Column[str]:
    """Return a column that names the row."""
    return Column(name, Text, primary_key=True, comment=comment)


def text(name: str, comment: str) -> Column[Any]:
    """Return a text column."""
    return Column(name, Text, comment=comment)


def count(name: str, comment: str) -> Column[int]:
    """Return a quantity or an amount in minor units, beginning at zero."""
    return Column(name, BigInteger, nullable=False, server_default="0", comment=comment)


def state_table(name: str, comment: str, *columns: Any) -> Table:
    """Build a table of rows that are kept up to date, each with its last position."""
    return Table(
        name,
        metadata,
        *columns,
        Column("position", BigInteger, nullable=False, comment="Log position of the last change."),
        Column("updated_at", Instant, nullable=False, comment="Record time of the last change."),
        comment=comment,
    )


def movement_table(name: str, comment: str, *columns: Any) -> Table:
    """Build a table of rows that are only added, each with both times."""
    return Table(
        name,
        metadata,
        Column(
            "position",
            BigInteger,
            primary_key=True,
            autoincrement=False,
            comment="Log position of the event.",
        ),
        Column(
            "seq",
            Integer,
            primary_key=True,
            autoincrement=False,
            comment="Number of the row within the event.",
        ),
        Column("occurred_at", Instant, nullable=False, comment="Business time."),
        Column("recorded_at", Instant, nullable=False, comment="Record time."),
        *columns,
        comment=comment,
    )
