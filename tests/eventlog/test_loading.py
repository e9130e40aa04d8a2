"""Aggregates are read together where it is known what will be asked for, and are the same."""

from __future__ import annotations

import pytest

from eventlog.jobs import LogUnavailableError
from tests.eventlog.bins import Bin, pick, stock
from tests.eventlog.support import Desk, request, statuses

NAMES = ["A", "B/1", "C\\d", 'D"e"', "E\tf", "仓库"]


@pytest.fixture
def looks(desk, monkeypatch):
    """Streams of every look into the log."""
    seen = []
    load = desk.database.dialect.load

    def watched(connection, shapes):
        seen.append(sorted(stream for stream, _ in shapes))
        return load(connection, shapes)

    monkeypatch.setattr(desk.database.dialect, "load", watched)
    return seen


def counts(log):
    return [log.get(Bin, name).count for name in NAMES]


def written(database_url):
    """A log with bins of every kind of name, as another process left it."""
    with Desk(database_url) as before:
        for quantity, name in enumerate(NAMES, 1):
            before.do(stock(name, quantity, note="a\\b\tc\n仓"))
            before.do(stock(name, 10))


def test_what_is_expected_is_read_by_one_look(database_url, desk, looks):
    written(database_url)

    def told(log):
        log.expect((Bin, name) for name in [*NAMES, "none"])
        return [*counts(log), log.get(Bin, "none").version]

    answer = desk.do(told)

    assert '"result":[11,12,13,14,15,16,0]' in answer.receipt.body
    assert looks == [sorted([*(f"Bin/{name}" for name in NAMES), "Bin/none"])]


def test_what_the_requests_of_a_batch_touch_is_read_by_one_look(database_url, desk, looks):
    written(database_url)

    answers = desk.together(
        *(request(stock(name), touches=[(Bin, name), (Bin, "A")]) for name in NAMES)
    )

    assert statuses(answers) == ["accepted"] * len(NAMES)
    assert looks == [sorted(f"Bin/{name}" for name in NAMES)]


def test_expecting_changes_no_answer(database_url, desk):
    written(database_url)

    alone = desk.do(counts).receipt.body
    expected = desk.do(lambda log: [log.expect((Bin, name) for name in NAMES), counts(log)][1])

    assert alone.partition(',"streams"')[0] == expected.receipt.body.partition(',"streams"')[0]


def test_what_is_expected_after_it_was_undone_has_what_came_before(desk):
    def expecting(log):
        log.expect([(Bin, "A"), (Bin, "B")])
        return [log.get(Bin, "A").count, log.get(Bin, "B").count]

    answers = desk.together(stock("A", 5), stock("B", 1), pick("A", 99), stock("A", 2), expecting)

    assert statuses(answers) == ["accepted", "accepted", "refused", "accepted", "accepted"]
    assert '"result":[7,1]' in answers[-1].receipt.body


def test_what_begins_is_not_looked_for(desk, looks):
    desk.do(lambda log: log.begin(Bin, "new").stock(3))

    assert looks == []
    assert desk.counted("new") == 3


def test_what_begins_in_memory_already_goes_on(desk):
    desk.do(stock("A", 3))

    desk.do(lambda log: log.begin(Bin, "A").stock(4))

    assert desk.counted("A") == 7


def test_a_stream_that_begins_twice_is_not_written(database_url, desk):
    written(database_url)

    with pytest.raises(LogUnavailableError):
        desk.do(lambda log: log.begin(Bin, "A").stock(1))

    assert desk.counted("A") == 11
    assert desk.do(stock("A")).receipt.status == "accepted"
