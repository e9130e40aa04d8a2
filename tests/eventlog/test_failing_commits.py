"""A batch that could not be written fails all its callers, and the next one is right."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from sqlalchemy import text

from eventlog.jobs import LogUnavailableError
from tests.eventlog.bins import Bin, count, stock
from tests.eventlog.support import request, statuses


def fail_once(monkeypatch, target, name, *, after):
    """Let a method fail at its next call, before or after it has done its work."""
    method = getattr(target, name)

    def failing(*arguments):
        monkeypatch.setattr(target, name, method)
        if after:
            method(*arguments)
        raise OSError("the disk is gone")

    monkeypatch.setattr(target, name, failing)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_an_append_that_fails_fails_the_whole_batch_and_the_next_is_right(desk, monkeypatch, after):
    desk.do(stock("A", 1))

    fail_once(monkeypatch, desk.database.dialect, "append", after=after)
    with pytest.raises(LogUnavailableError) as failed:
        desk.do(stock("A", 50), key="k")

    assert isinstance(failed.value.__cause__, OSError)
    answers = desk.together(count("A"), request(stock("A", 2), "k"), count("A"))
    assert '"result":1,' in answers[0].receipt.body
    assert '"result":3,' in answers[2].receipt.body
    assert not answers[1].repeated
    assert desk.told() == [("Bin/A", 1, "bin.stocked", 1), ("Bin/A", 2, "bin.stocked", 2)]


def test_every_caller_of_the_batch_is_told(desk, monkeypatch):
    def fail_later(_log):
        fail_once(monkeypatch, desk.database.dialect, "append", after=True)

    answers = desk.together(fail_later, stock("A"), stock("B"))

    assert statuses(answers) == ["LogUnavailableError"] * 3
    assert desk.rows() == []
    assert desk.receipts() == 0
    assert statuses(desk.together(stock("A"), stock("B"))) == ["accepted"] * 2


def test_a_head_that_cannot_be_locked_fails_the_batch(desk, monkeypatch):
    desk.do(stock("A", 1))

    fail_once(monkeypatch, desk.database.dialect, "lock_head", after=False)
    with pytest.raises(LogUnavailableError):
        desk.do(stock("A", 50))

    assert desk.counted("A") == 1


def test_a_commit_whose_answer_was_lost_is_found_by_its_key(desk, monkeypatch):
    desk.do(stock("A", 1))
    writing = desk.database.writing

    @contextmanager
    def losing(held=None):
        monkeypatch.setattr(desk.database, "writing", writing)
        with writing(held) as connection:
            yield connection
        raise OSError("the line is dead")

    monkeypatch.setattr(desk.database, "writing", losing)
    with pytest.raises(LogUnavailableError):
        desk.do(stock("A", 10), key="k")

    again = desk.do(stock("A", 10), key="k")
    assert again.repeated
    assert again.receipt.last_position == 2
    assert desk.counted("A") == 11


def cut(desk, connection):
    """Break the connection of a batch: the server ends it, or the file is closed under it."""
    if desk.database.dialect.name == "sqlite":
        connection.connection.driver_connection.close()
        return
    pid = connection.scalar(text("SELECT pg_backend_pid()"))
    with desk.database.reading() as own:
        own.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})


def test_a_connection_that_breaks_in_mid_batch_is_replaced(desk):
    desk.do(stock("A", 1))

    def broken(log):
        log.get(Bin, "A").stock(50)
        cut(desk, log._connection)

    answers = desk.together(stock("A", 50), broken, stock("A", 50))

    assert statuses(answers) == ["LogUnavailableError"] * 3
    assert desk.do(stock("A", 2)).receipt.last_position == 2
    assert desk.counted("A") == 3
    assert desk.receipts() == 2


def test_a_snapshot_that_cannot_be_kept_stops_nobody(desk, monkeypatch):
    def full(_connection, _aggregates):
        tried.append(1)
        raise OSError("the disk is full")

    tried = []
    monkeypatch.setattr("eventlog.snapshots.INTERVAL", 2)
    monkeypatch.setattr("eventlog.snapshots.save", full)
    for _ in range(5):
        desk.do(stock("A"))

    assert desk.counted("A") == 5
    assert len(tried) == 2
