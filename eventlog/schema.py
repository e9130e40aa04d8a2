"""The tables of the log. The migrations create them; this is how the code names them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

POSITION = BigInteger().with_variant(Integer, "sqlite")

events = Table(
    "events",
    metadata,
    Column("position", POSITION, primary_key=True, autoincrement=False),
    Column("stream", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("topic", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("command_id", Text, nullable=False),
    Column("digest", Text, nullable=False),
    UniqueConstraint("stream", "version"),
)

_REFUSED = text("status = 'refused'")

log_head = Table(
    "log_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("digest", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
)

receipts = Table(
    "receipts",
    metadata,
    Column("principal", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("request_digest", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("first_position", BigInteger, nullable=False),
    Column("last_position", BigInteger, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("command_id", Text, nullable=False, unique=True),
    Column("command", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Index(
        "ix_receipts_refused",
        "recorded_at",
        postgresql_where=_REFUSED,
        sqlite_where=_REFUSED,
    ),
    sqlite_with_rowid=False,
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("stream", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("state_version", Text, nullable=False),
    Column("state", Text, nullable=False),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("position", POSITION, primary_key=True, autoincrement=False),
    Column("digest", Text, nullable=False),
    Column("signed_at", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("signature", Text, nullable=False),
    Column("root", Text),
)

access_log = Table(
    "access_log",
    metadata,
    Column("id", POSITION, primary_key=True, autoincrement=True),
    Column("at", Text, nullable=False),
    Column("principal", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("reader", Text, nullable=False),
    Column("dealer", Text),
    Column("path", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("times", Integer, nullable=False),
    Index("ix_access_log_reader_at", "reader", "at"),
)

tracking = Table(
    "tracking",
    metadata,
    Column("application_name", Text, primary_key=True),
    Column("notification_id", BigInteger, nullable=False),
)

side_events = Table(
    "side_events",
    metadata,
    Column("purpose", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("topic", Text, nullable=False),
    Column("data", Text, nullable=False),
)
