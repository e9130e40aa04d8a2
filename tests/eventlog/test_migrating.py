"""A database comes to the shape of the log once, however many try, and however often."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from eventlog.chain import GENESIS
from eventlog.database import Database, UnsupportedDatabaseError
from eventlog.migrating import migrate
from eventlog.reader import Reader
from eventlog.rows import Head
from eventlog.schema import metadata
from tests.eventlog.bins import stock
from tests.eventlog.support import Desk

SCRIPT = """
import sys
from eventlog.database import Database
from eventlog.migrating import migrate
sys.stdin.readline()
database = Database(sys.argv[1])
migrate(database)
database.close()
"""
ROOT = Path(__file__).parents[2]


def shape(url):
    """Tables and the revision; a second row of either would be a second schema."""
    database = Database(url)
    with database.reading() as connection:
        tables = sorted(inspect(connection).get_table_names())
        revisions = connection.execute(text("SELECT version_num FROM alembic_version")).all()
        heads = connection.execute(text("SELECT position FROM log_head")).all()
    database.close()
    return tables, len(revisions), heads


EXPECTED = (sorted([*metadata.tables, "alembic_version"]), 1, [(0,)])


def test_six_threads_migrate_one_empty_database(database_url):
    def run(_number):
        database = Database(database_url)
        migrate(database)
        database.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(run, range(6)))

    assert shape(database_url) == EXPECTED


def test_four_processes_migrate_one_empty_database(database_url):
    command = [sys.executable, "-c", SCRIPT, database_url]
    processes = [
        subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    complaints = [process.communicate()[1] for process in processes]

    assert complaints == [""] * len(processes)
    assert [process.returncode for process in processes] == [0] * len(processes)
    assert shape(database_url) == EXPECTED


def test_migrating_twice_does_nothing(database_url):
    with Desk(database_url) as desk:
        desk.do(stock("A"))
        before = desk.rows()

        migrate(desk.database)

        assert desk.rows() == before
        assert desk.reader.head().position == 1


def test_a_new_log_begins_at_nothing(database_url):
    database = Database(database_url)
    migrate(database)

    assert Reader(database).head() == Head(0, GENESIS, "")
    database.close()


def test_the_migrations_make_what_the_code_names(database_url):
    database = Database(database_url)
    migrate(database)

    with database.reading() as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)
    database.close()

    assert found == []


@pytest.mark.parametrize("url", ["mysql://host/db", "postgresql://host/db", "oracle://host"])
def test_another_database_or_driver_is_refused_by_name(url):
    with pytest.raises(UnsupportedDatabaseError, match="not supported"):
        Database(url)
