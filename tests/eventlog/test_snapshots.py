"""Snapshots save time and change nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from eventlog import snapshots
from eventlog.loading import load
from eventlog.schema import snapshots as table
from tests.eventlog.bins import Bin, pick, stock
from tests.eventlog.support import Desk


@pytest.fixture(autouse=True)
def short_interval(monkeypatch):
    monkeypatch.setattr(snapshots, "INTERVAL", 5)


def kept(desk):
    with desk.database.reading() as connection:
        return connection.execute(select(table).order_by(table.c.stream)).all()


def loaded(desk, stream="Bin/A"):
    with desk.database.reading() as connection:
        return load(connection, desk.database.dialect, desk.codec, [(Bin, stream)])[stream]


def folded(desk, stream="Bin/A"):
    aggregate = Bin()
    aggregate.stream = stream
    for row in desk.reader.stream(stream):
        aggregate.fold(desk.codec.read(row))
    return aggregate


def spoil(desk):
    """Make the snapshot tell something else than the events, so that its use is seen."""
    desk.sql(
        "UPDATE snapshots SET state = replace(state, :was, :now)", was='"count":', now='"count":1'
    )


@pytest.mark.parametrize("events", [4, 5, 7, 10, 23])
def test_a_stream_gets_a_snapshot_at_each_interval(desk, events):
    for _ in range(events):
        desk.do(stock("A"))
    desk.do(lambda log: None)

    versions = [row.version for row in kept(desk)]
    assert versions == [events // 5 * 5 for _ in range(events >= 5)]


def test_one_command_that_passes_the_mark_by_far_gets_one_too(desk):
    desk.do(lambda log: [log.get(Bin, "A").stock(1) for _ in range(13)] and None)
    desk.do(lambda log: None)

    assert [row.version for row in kept(desk)] == [13]


def test_a_snapshot_and_the_events_since_equal_the_fold_from_the_start(desk):
    for quantity in range(1, 13):
        desk.do(stock("A", quantity))
    desk.do(pick("A", 3))

    assert loaded(desk) == folded(desk)
    assert (loaded(desk).version, loaded(desk).count) == (13, 75)


def test_a_snapshot_is_used(desk):
    for _ in range(7):
        desk.do(stock("A"))
    assert kept(desk)[0].version == 5

    spoil(desk)

    assert loaded(desk).count == 15 + 2
    assert folded(desk).count == 7


def test_a_snapshot_of_another_state_version_is_ignored(desk, monkeypatch):
    for _ in range(7):
        desk.do(stock("A"))
    spoil(desk)

    monkeypatch.setattr(Bin, "STATE_VERSION", 2)

    assert loaded(desk) == folded(desk)
    for _ in range(3):
        desk.do(stock("A"))
    desk.do(lambda log: None)
    (snapshot,) = kept(desk)
    assert (snapshot.version, snapshot.state_version) == (10, snapshots.state_version(Bin))


def test_a_snapshot_with_other_fields_is_ignored(desk):
    for _ in range(7):
        desk.do(stock("A"))
    spoil(desk)

    desk.sql("UPDATE snapshots SET state_version = '1:stream,version,count'")

    assert loaded(desk) == folded(desk)


def test_a_snapshot_that_no_longer_fits_is_ignored(desk):
    for _ in range(7):
        desk.do(stock("A"))

    desk.sql("UPDATE snapshots SET state = :state", state='{"count":{"pieces":5}}')

    assert loaded(desk) == folded(desk)


def test_what_was_undone_is_in_no_snapshot(desk):
    for _ in range(4):
        desk.do(stock("A"))

    desk.together(stock("A"), pick("A", 99), stock("A"), pick("A", 99))
    desk.do(lambda log: None)

    assert loaded(desk) == folded(desk)
    assert loaded(desk).count == 6


def test_deleting_all_snapshots_changes_nothing(database_url):
    with Desk(database_url) as desk:
        for quantity in range(1, 13):
            desk.do(stock("A", quantity))
            desk.do(stock("B", quantity))
        before = [loaded(desk, "Bin/A"), loaded(desk, "Bin/B")]
        assert len(kept(desk)) == 2
    with Desk(database_url) as desk:
        desk.sql("DELETE FROM snapshots")

        assert [loaded(desk, "Bin/A"), loaded(desk, "Bin/B")] == before
        assert [desk.counted("A"), desk.counted("B")] == [78, 78]
        desk.do(stock("A", 1))
        assert desk.reader.stream("Bin/A")[-1].version == 13


def test_a_writer_that_starts_from_snapshots_goes_on_where_it_was(database_url):
    with Desk(database_url) as desk:
        for _ in range(12):
            desk.do(stock("A"))
    with Desk(database_url) as desk:
        desk.do(pick("A", 12))

        assert desk.counted("A") == 0
        assert desk.reader.stream("Bin/A")[-1].version == 13
