"""Two writers of one database, as two processes have them: each decides on what is true."""

from __future__ import annotations

from concurrent.futures import wait

import pytest

from eventlog import writer
from eventlog.chain import GENESIS, digest_of
from eventlog.jobs import KeyReusedError, VersionConflictError
from tests.eventlog.bins import pick, stock
from tests.eventlog.support import PATIENCE, Desk, request, statuses


@pytest.fixture
def other(database_url, desk):
    with Desk(database_url) as other:
        yield other


def test_each_sees_what_the_other_wrote(desk, other):
    desk.do(stock("A", 1))
    assert other.counted("A") == 1
    other.do(stock("A", 10))
    assert desk.counted("A") == 11
    desk.do(stock("A", 100))
    other.do(stock("A", 1_000))

    assert (desk.counted("A"), other.counted("A")) == (1_111, 1_111)
    assert [version for _, version, _, _ in desk.told()] == [1, 2, 3, 4]


def test_a_long_tail_of_the_other_is_taken_in_as_well(desk, other, monkeypatch):
    monkeypatch.setattr(writer, "TAIL_LIMIT", 5)
    desk.do(stock("A", 1))
    for _ in range(12):
        other.do(stock("A", 10))

    assert desk.counted("A") == 121


def test_of_two_hundred_picks_of_forty_pieces_forty_succeed(desk, other):
    desk.do(stock("A", 40))

    promises = [
        each.writer.submit(request(pick("A"))) for _ in range(100) for each in (desk, other)
    ]
    wait(promises, PATIENCE)

    words = statuses([promise.result(PATIENCE) for promise in promises])
    assert (words.count("accepted"), words.count("refused")) == (40, 160)
    assert (desk.counted("A"), other.counted("A")) == (0, 0)


def test_their_events_make_one_dense_log_and_one_chain(desk, other):
    promises = [
        each.writer.submit(request(stock(name)))
        for _ in range(30)
        for each in (desk, other)
        for name in ("A", "B")
    ]
    wait(promises, PATIENCE)

    rows = desk.rows()
    assert [row.position for row in rows] == list(range(1, 121))
    digest = GENESIS
    for row in rows:
        digest = digest_of(digest, row)
        assert row.digest == digest
    assert [row.version for row in rows if row.stream == "Bin/A"] == list(range(1, 61))


def test_recorded_at_follows_the_head_where_one_clock_is_behind(desk, other):
    desk.clock.now = desk.clock.now.replace(year=2027)
    desk.do(stock("A"))
    other.do(stock("A"))
    desk.do(stock("A"))

    instants = [row.recorded_at for row in desk.rows()]
    assert instants == sorted(instants)
    assert instants[1].startswith("2027")


def test_a_key_that_the_other_used_is_used(desk, other):
    first = desk.do(stock("A"), key="k", digest="one")

    repeated = other.do(stock("A"), key="k", digest="one")

    assert repeated.repeated
    assert repeated.receipt == first.receipt
    with pytest.raises(KeyReusedError):
        other.do(stock("A"), key="k", digest="another")


def test_one_key_sent_to_both_at_once_is_decided_once(desk, other):
    promises = [
        each.writer.submit(request(stock("A"), key=f"k-{number}"))
        for number in range(50)
        for each in (desk, other)
    ]
    outcomes = [promise.result(PATIENCE) for promise in promises]

    assert [one.receipt for one in outcomes[::2]] == [one.receipt for one in outcomes[1::2]]
    assert sorted(one.repeated for one in outcomes) == [False] * 50 + [True] * 50
    assert len(desk.rows()) == 50


def test_a_version_that_the_other_moved_on_is_a_conflict(desk, other):
    desk.do(stock("A"))
    other.do(stock("A"))

    with pytest.raises(VersionConflictError) as refused:
        desk.do(stock("A"), expected={"Bin/A": 1})

    assert refused.value.conflicts == {"Bin/A": (1, 2)}
