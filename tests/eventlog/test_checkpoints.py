"""Checkpoints are kept once; what they are made of is read without the events' content."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from eventlog import migrating, reader
from eventlog.checkpoints import keep
from eventlog.database import Database
from eventlog.reader import Reader
from eventlog.rows import Checkpoint, Link
from tests.eventlog.bins import pick, stock
from tests.eventlog.support import Desk

FIRST = Checkpoint(1, "ab" * 32, "2026-03-02T12:00:00.000000Z", "key", "signature", "cd" * 32)
OLD = (
    "INSERT INTO checkpoints (position, digest, signed_at, key_id, signature) "
    "VALUES (1, 'd', '2026-03-02', 'k', 's')"
)


def test_a_checkpoint_is_kept_as_it_is(desk):
    assert keep(desk.database, FIRST) == FIRST
    assert desk.reader.checkpoints() == [FIRST]


def test_a_second_one_of_the_same_position_returns_the_first(desk):
    keep(desk.database, FIRST)

    assert keep(desk.database, FIRST._replace(root="ef" * 32)) == FIRST
    assert desk.reader.checkpoints() == [FIRST]


def test_of_many_at_once_one_is_kept_and_all_return_it(desk):
    tried = [FIRST._replace(signature=f"signature {number}") for number in range(6)]

    with ThreadPoolExecutor(6) as pool:
        found = set(pool.map(lambda one: keep(desk.database, one), tried))

    assert found == set(desk.reader.checkpoints())
    assert len(found) == 1


def test_they_are_read_in_order_of_position(desk):
    for position in (7, 3, 12):
        keep(desk.database, FIRST._replace(position=position))

    assert [one.position for one in desk.reader.checkpoints()] == [3, 7, 12]


def test_one_that_lacks_something_is_refused(desk):
    with pytest.raises(IntegrityError):
        keep(desk.database, FIRST._replace(digest=None))
    assert desk.reader.checkpoints() == []


def test_what_was_kept_before_there_were_roots_stays_and_stays_guarded(database_url):
    database = Database(database_url)
    with database.writing() as connection:
        config = migrating._config()
        config.attributes["connection"] = connection
        config.attributes["guards"] = database.dialect.guards()
        command.upgrade(config, "0002")
        connection.execute(text(OLD))

    migrating.migrate(database)

    assert Reader(database).checkpoints() == [Checkpoint(1, "d", "2026-03-02", "k", "s", None)]
    for statement in ("UPDATE checkpoints SET root = 'forged'", "DELETE FROM checkpoints"):
        with pytest.raises(DBAPIError, match="append-only"), database.writing() as connection:
            connection.execute(text(statement))
    database.close()


@pytest.fixture
def written(desk):
    """Seven events on bins whose names are alike."""
    for number, name in enumerate(("A", "AB", "A", "a", "A%", "B", "A"), 1):
        desk.do(stock(name, number))
    return desk


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ((), range(1, 8)),
        ((3,), range(4, 8)),
        ((0, 4), range(1, 5)),
        ((2, 5), range(3, 6)),
        ((9,), []),
    ],
)
def test_digests_are_read_by_position_whatever_the_page(written, monkeypatch, bounds, expected):
    rows = {row.position: Link(row.position, row.digest) for row in written.rows()}

    for page in (1, 3, 7, 8):
        monkeypatch.setattr(reader, "PAGE", page)
        assert list(written.reader.digests(*bounds)) == [rows[one] for one in expected]


@pytest.mark.parametrize(
    ("names", "upto", "expected"),
    [
        (["Bin/A"], 7, [1, 2, 3, 5, 7]),
        (["Bin/AB", "Bin/a"], 7, [2, 4]),
        (["Bin/A%"], 7, [5]),
        (["Bin/B", "Bin/A"], 6, [1, 2, 3, 5, 6]),
        (["in/A"], 7, []),
    ],
)
def test_streams_are_found_by_how_they_begin(written, monkeypatch, names, upto, expected):
    for span in (1, 2, 7, 50):
        monkeypatch.setattr(reader, "SPAN", span)
        found = written.reader.beginning(names, upto=upto)
        assert [row.position for row in found] == expected


def test_receipts_are_read_by_record_time_refused_ones_too(database_url, monkeypatch):
    with Desk(database_url) as desk:
        for number in range(5):
            desk.do(stock("A", 1), key=f"key-{number}")
        desk.do(pick("A", 99), key="refused")
        kept = sorted(desk.reader.receipts(), key=lambda one: one.recorded_at)

        assert [one.status for one in kept] == ["accepted"] * 5 + ["refused"]
        for page in (1, 2, 6):
            monkeypatch.setattr(reader, "PAGE", page)
            assert sorted(desk.reader.receipts()) == sorted(kept)
            span = desk.reader.receipts(kept[1].recorded_at, kept[3].recorded_at)
            assert [one.key for one in span] == ["key-1", "key-2", "key-3"]
            assert [one.key for one in desk.reader.receipts(kept[5].recorded_at)] == ["refused"]
