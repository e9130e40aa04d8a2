"""The log: events with their head, receipts, snapshots, checkpoints, and the guards on them.

There is no way down: a log is not dropped by a migration.
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

GENESIS = "0" * 64

# On SQLite an INTEGER key is the rowid itself: no other number by which a row could be replaced.
POSITION = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the tables, the first head, and what makes history unchangeable."""
    _events_and_their_head()
    _receipts_and_checkpoints()
    _what_can_be_made_again()
    for statement in context.config.attributes["guards"]:
        op.execute(statement)


def _events_and_their_head() -> None:
    op.create_table(
        "events",
        sa.Column("position", POSITION, autoincrement=False, nullable=False),
        sa.Column("stream", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.Text, nullable=False),
        sa.Column("command_id", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_events"),
        sa.UniqueConstraint("stream", "version", name="uq_events_stream_version"),
    )
    op.create_index("ix_events_command_id", "events", ["command_id"])
    op.create_table(
        "log_head",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_log_head"),
    )
    op.execute(
        f"INSERT INTO log_head (id, position, digest, recorded_at) VALUES (1, 0, '{GENESIS}', '')"
    )


def _receipts_and_checkpoints() -> None:
    op.create_table(
        "receipts",
        sa.Column("principal", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("request_digest", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("first_position", sa.BigInteger, nullable=False),
        sa.Column("last_position", sa.BigInteger, nullable=False),
        sa.Column("recorded_at", sa.Text, nullable=False),
        sa.Column("command_id", sa.Text, nullable=False),
        sa.Column("command", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("principal", "key", name="pk_receipts"),
        sa.UniqueConstraint("command_id", name="uq_receipts_command_id"),
        sqlite_with_rowid=False,
    )
    refused = sa.text("status = 'refused'")
    op.create_index(
        "ix_receipts_refused",
        "receipts",
        ["recorded_at"],
        postgresql_where=refused,
        sqlite_where=refused,
    )
    op.create_table(
        "checkpoints",
        sa.Column("position", POSITION, autoincrement=False, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("signed_at", sa.Text, nullable=False),
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("signature", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_checkpoints"),
    )


def _what_can_be_made_again() -> None:
    op.create_table(
        "snapshots",
        sa.Column("stream", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("state_version", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("stream", name="pk_snapshots"),
    )
    op.create_table(
        "tracking",
        sa.Column("application_name", sa.Text, nullable=False),
        sa.Column("notification_id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("application_name", name="pk_tracking"),
    )
    op.create_table(
        "side_events",
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("stream", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("purpose", "stream", "version", name="pk_side_events"),
    )
