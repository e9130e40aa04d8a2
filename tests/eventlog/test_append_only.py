"""What is written cannot be changed: the databases themselves refuse it."""

from __future__ import annotations

import sqlite3
import uuid
from contextlib import suppress

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from eventlog.database import Database
from eventlog.migrating import migrate
from tests.eventlog.bins import pick, stock
from tests.eventlog.support import Desk

TABLES = ("events", "receipts", "checkpoints")
CHECKPOINT = (
    "INSERT INTO checkpoints (position, digest, signed_at, key_id, signature) "
    "VALUES (1, 'd', '2026-03-02', 'k', 's')"
)
FIRST_COLUMN = {"events": "topic", "receipts": "status", "checkpoints": "signature"}


@pytest.fixture
def written(desk):
    """A log with a row in every guarded table."""
    desk.do(stock("A", 1))
    desk.do(stock("A", 2))
    desk.do(pick("A", 9))
    desk.sql(CHECKPOINT)
    return desk


def contents(desk):
    with desk.database.reading() as connection:
        return {
            table: connection.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2")).all()
            for table in TABLES
        }


def changes(table, database):
    """Statements that change or remove rows of a table: one, all, and the whole table at once."""
    column = FIRST_COLUMN[table]
    one = f"WHERE {column} = (SELECT max({column}) FROM {table})"
    verbs = [f"UPDATE {table} SET {column} = 'forged'", f"DELETE FROM {table}"]
    if database == "postgresql":
        verbs += [f"TRUNCATE {table}", f"TRUNCATE {table} CASCADE"]
    return [*verbs, *(f"{verb} {one}" for verb in verbs[:2])]


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_changed_or_removed(written, table):
    before = contents(written)
    assert all(before.values())

    for statement in changes(table, written.database.dialect.name):
        with pytest.raises(DBAPIError, match="append-only"):
            written.sql(statement)

    assert contents(written) == before


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_replaced_by_an_insert(written, table):
    column = FIRST_COLUMN[table]
    copied = f"SELECT * FROM {table}"
    if written.database.dialect.name == "sqlite":
        statement = f"INSERT OR REPLACE INTO {table} {copied}"
    else:
        statement = (
            f"INSERT INTO {table} {copied} ON CONFLICT ON CONSTRAINT pk_{table} "
            f"DO UPDATE SET {column} = 'forged'"
        )

    with pytest.raises(DBAPIError, match="append-only"):
        written.sql(statement)


FORGED = {
    "the position": "INSERT OR REPLACE INTO events VALUES (1, 'X', 1, 't', '{}', '', '', '')",
    "the version": "INSERT OR REPLACE INTO events VALUES (3, 'Bin/A', 1, 't', '{}', '', '', '')",
    "a receipt's key": "INSERT OR REPLACE INTO receipts SELECT principal, key, 'forged', status, "
    "body, 0, 0, '', 'other', '', '' FROM receipts",
    "a receipt's command": "INSERT OR REPLACE INTO receipts SELECT 'other', key, 'forged', status, "
    "body, 0, 0, '', command_id, '', '' FROM receipts",
    "a checkpoint": "INSERT OR REPLACE INTO checkpoints VALUES (1, 'forged', '', '', '', '')",
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("what", FORGED)
def test_a_stranger_with_a_plain_connection_replaces_nothing(written, what):
    before = contents(written)
    stranger = sqlite3.connect(written.database.url.database)

    try:
        with pytest.raises(sqlite3.IntegrityError):
            stranger.execute(FORGED[what])
        stranger.commit()
    finally:
        stranger.close()

    assert contents(written) == before


BY_ANOTHER_NUMBER = {
    "events": "INSERT OR REPLACE INTO events (rowid, position, stream, version, topic, data, "
    "recorded_at, command_id, digest) VALUES (1, 3, 'X', 1, 't', '{}', '', '', '')",
    "receipts": "INSERT OR REPLACE INTO receipts (rowid, principal, key, request_digest, "
    "status, body, first_position, last_position, recorded_at, command_id, command, actor) "
    "VALUES (1, 'p', 'k', '', '', '', 0, 0, '', 'c', '', '')",
    "checkpoints": "INSERT OR REPLACE INTO checkpoints (rowid, position, digest, "
    "signed_at, key_id, signature) VALUES (1, 2, 'forged', '', '', '')",
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("table", BY_ANOTHER_NUMBER)
def test_no_row_has_another_number_by_which_it_could_be_replaced(written, table):
    before = contents(written)[table]
    stranger = sqlite3.connect(written.database.url.database)

    with suppress(sqlite3.Error):
        stranger.execute(BY_ANOTHER_NUMBER[table])
        stranger.commit()
    stranger.close()

    assert contents(written)[table][: len(before)] == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_stranger_leaves_no_hole_in_the_positions(written):
    stranger = sqlite3.connect(written.database.url.database)

    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        stranger.execute("INSERT INTO events VALUES (9, 'X', 1, 't', '{}', '', '', '')")

    stranger.close()


@pytest.fixture
def owned_url(database_url):
    """URL of the database as a role that owns it and is nothing else."""
    admin = create_engine(database_url, isolation_level="AUTOCOMMIT")
    role, url = f"owner_{uuid.uuid4().hex[:12]}", make_url(database_url)

    def run(*statements):
        with admin.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))

    run(
        f"CREATE ROLE {role} LOGIN PASSWORD 'plain' NOSUPERUSER",
        f'ALTER DATABASE "{url.database}" OWNER TO {role}',
    )
    yield url.set(username=role, password="plain").render_as_string(hide_password=False)
    run(f"REASSIGN OWNED BY {role} TO CURRENT_USER", f"DROP OWNED BY {role}", f"DROP ROLE {role}")
    admin.dispose()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_owner_of_the_database_has_no_right_to_change_the_log(owned_url):
    database = Database(owned_url)
    migrate(database)

    with database.reading() as connection:
        assert connection.scalar(text("SELECT current_setting('is_superuser')")) == "off"
        rights = {
            (table, right): connection.scalar(
                text("SELECT has_table_privilege(:table, :right)"),
                {"table": table, "right": right},
            )
            for table in TABLES
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
        }
    database.close()

    assert rights == {(table, right): right in ("SELECT", "INSERT") for table, right in rights}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_an_owner_without_those_rights_can_still_write(owned_url):
    with Desk(owned_url) as desk:
        desk.do(stock("A", 5))
        desk.do(pick("A", 9))
        desk.sql(CHECKPOINT)

        assert desk.counted("A") == 5
        for statement in changes("events", "postgresql"):
            with pytest.raises(DBAPIError, match="permission denied"):
                desk.sql(statement)
