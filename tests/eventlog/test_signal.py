"""Followers wake up: at once within the process, by notice or by looking across processes."""

from __future__ import annotations

import threading

import pytest
from eventsourcing.persistence import StoredEvent

from eventlog.database import Database
from eventlog.library import LogFactory
from eventlog.signal import Announcer, Signal
from tests.eventlog.bins import stock
from tests.eventlog.support import PATIENCE

TRIES = 300


@pytest.fixture
def announcers(database_url):
    """Two processes' worth of announcers at one database, each with its signal."""
    databases = [Database(database_url), Database(database_url)]
    pairs = [
        (Announcer(database, signal), signal)
        for database, signal in zip(databases, (Signal(), Signal()), strict=True)
    ]
    for announcer, _ in pairs:
        announcer.start()
    yield pairs
    for announcer, _ in pairs:
        announcer.stop()
    for database in databases:
        database.close()


def test_a_growth_is_told_once_and_never_missed():
    signal = Signal()
    signal.set()
    signal.set()

    seen = signal.wait(0, PATIENCE)

    assert seen == 2
    assert signal.wait(seen, 0.001) == 2
    signal.set()
    assert signal.wait(seen, PATIENCE) == 3


def test_a_follower_that_sleeps_is_woken():
    signal = Signal()
    woken = threading.Event()

    def follow():
        if signal.wait(0, PATIENCE) == 1:
            woken.set()

    thread = threading.Thread(target=follow)
    thread.start()
    signal.set()
    thread.join()

    assert woken.is_set()


def test_a_growth_wakes_the_followers_of_its_own_process_at_once(announcers):
    (announcer, signal), _ = announcers

    announcer.grown()

    assert signal.wait(0, 0) == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_growth_is_told_to_another_process(announcers):
    (announcer, _), (_, other) = announcers

    for _ in range(TRIES):  # the other may not listen yet
        announcer.grown()
        if other.wait(0, 0.1):
            break

    assert other.wait(0, 0) > 0


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_listener_that_lost_its_connection_listens_again(desk, announcers):
    (announcer, _), (_, other) = announcers
    for _ in range(TRIES):
        announcer.grown()
        if other.wait(0, 0.1):
            break
    desk.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    heard = other.wait(0, 0)

    for _ in range(TRIES):
        announcer.grown()
        if other.wait(heard, 0.1) > heard:
            break

    assert other.wait(heard, 0) > heard


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_calls_nobody(announcers):
    (announcer, _), (_, other) = announcers

    announcer.grown()
    announcer.stop()

    assert other.wait(0, 0) == 0


def test_what_a_recorder_appends_wakes_the_followers_of_its_own_process_at_once(database_url):
    factory = LogFactory({"BATON_DATABASE_URL": database_url})
    recorder = factory.application_recorder()
    recorder.insert_events([])
    assert recorder.signal.wait(0, 0) == 0

    recorder.insert_events([StoredEvent("Other/1", 1, "other.said", b"{}")])

    assert recorder.signal.wait(0, 0) == 1
    factory.close()


def test_a_follower_that_nobody_calls_looks_by_itself(desk, database_url):
    factory = LogFactory({"BATON_DATABASE_URL": database_url})
    heard = []
    with factory.application_recorder().subscribe(gt=0) as subscription:
        for number in range(1, 6):
            desk.do(stock("A", number))
            heard.append(next(subscription).id)
    factory.close()

    assert heard == [1, 2, 3, 4, 5]
