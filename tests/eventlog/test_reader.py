"""Reading the log by position, by stream, by command and up to an instant."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from eventlog import reader
from eventlog.rows import instant_of, instant_text
from tests.eventlog.bins import NOON, Bin, pick, reject, stock
from tests.eventlog.support import Desk


@pytest.fixture
def written(desk):
    """Six events, one a second, on two bins."""
    for number, name in enumerate("ABAABB", 1):
        desk.do(stock(name, number), command_id=f"c-{number}")
    return desk


def positions(rows):
    return [row.position for row in rows]


def at(position):
    return NOON + timedelta(seconds=position)


def test_all_events_are_read_in_order_whatever_the_page(written, monkeypatch):
    for page in (1, 2, 3, 6, 7):
        monkeypatch.setattr(reader, "PAGE", page)

        assert positions(written.reader.after()) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({"position": 2}, [3, 4, 5, 6]),
        ({"position": 6}, []),
        ({"position": 99}, []),
        ({"upto": 4}, [1, 2, 3, 4]),
        ({"position": 1, "upto": 4}, [2, 3, 4]),
        ({"limit": 2}, [1, 2]),
        ({"limit": 0}, []),
        ({"position": 3, "limit": 99}, [4, 5, 6]),
        ({"position": 1, "upto": 5, "limit": 3}, [2, 3, 4]),
        ({"topics": ["bin.picked"]}, []),
        ({"topics": ["bin.picked", "bin.stocked"], "limit": 5}, [1, 2, 3, 4, 5]),
    ],
)
def test_a_part_of_the_log_is_read_by_its_bounds(written, monkeypatch, bounds, expected):
    monkeypatch.setattr(reader, "PAGE", 2)

    assert positions(written.reader.after(**bounds)) == expected


def test_topics_are_found_over_many_pages(desk, monkeypatch):
    monkeypatch.setattr(reader, "PAGE", 2)
    for _ in range(4):
        desk.do(stock("A", 2))
        desk.do(pick("A", 1))
        desk.do(stock("A", 2))

    assert positions(desk.reader.after(topics=["bin.picked"])) == [2, 5, 8, 11]
    assert positions(desk.reader.after(3, topics=["bin.picked"], limit=2)) == [5, 8]


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({}, [1, 3, 4]),
        ({"after_version": 1}, [3, 4]),
        ({"upto_version": 2}, [1, 3]),
        ({"after_version": 1, "upto_version": 2}, [3]),
        ({"upto_position": 3}, [1, 3]),
        ({"upto_position": 2}, [1]),
        ({"known_at": at(3)}, [1, 3]),
        ({"known_at": at(3) - timedelta(microseconds=1)}, [1]),
        ({"known_at": NOON}, []),
    ],
)
def test_a_stream_is_read_in_order_of_version_by_its_bounds(written, bounds, expected):
    assert positions(written.reader.stream("Bin/A", **bounds)) == expected


def test_a_stream_that_nobody_wrote_is_empty(written):
    assert written.reader.stream("Bin/Z") == []
    assert written.reader.stream("Bin") == []


def test_an_instant_finds_the_last_position_recorded_by_then(written):
    found = [
        written.reader.position_at(instant)
        for instant in (NOON, at(1), at(3) + timedelta(microseconds=1), at(99))
    ]

    assert found == [0, 1, 3, 6]


def test_an_instant_in_another_zone_is_the_same_instant(written):
    shanghai = at(3).astimezone(ZoneInfo("Asia/Shanghai"))

    assert written.reader.position_at(shanghai) == 3
    assert instant_text(shanghai) == instant_text(at(3)) == "2026-03-02T12:00:03.000000Z"
    assert instant_of(instant_text(shanghai)) == at(3)


def test_the_text_of_instants_sorts_as_they_do():
    instants = [at(0), at(0) + timedelta(microseconds=1), at(1), at(10), at(100_000)]

    assert sorted(instant_text(one) for one in instants) == [instant_text(one) for one in instants]


def test_the_head_is_the_last_row(written):
    last = written.rows()[-1]

    assert written.reader.head() == (last.position, last.digest, last.recorded_at)


def test_a_command_leads_to_its_events_and_its_receipt(written):
    assert positions(written.reader.command("c-3")) == [3]
    assert written.reader.receipt("c-3").first_position == 3
    assert written.reader.command("c-9") == []
    assert written.reader.receipt("c-9") is None


def test_refusals_are_listed_newest_first(desk):
    desk.do(pick("A"), command_id="first")
    desk.do(stock("A"))
    desk.do(reject("A"), command_id="second")
    desk.do(pick("A", 9), command_id="third")

    refused = [receipt.command_id for receipt in desk.reader.refusals()]

    assert refused == ["third", "second", "first"]
    assert [one.command_id for one in desk.reader.refusals(limit=1)] == ["third"]


def test_a_person_with_a_sql_prompt_reads_plain_json(written):
    if written.database.dialect.name == "sqlite":
        query = "SELECT json_extract(data, '$.quantity') FROM event_log ORDER BY position"
    else:
        query = "SELECT (data->>'quantity')::int FROM event_log ORDER BY position"

    with written.database.reading() as connection:
        found = connection.scalars(text(query)).all()

    assert found == [1, 2, 3, 4, 5, 6]


def test_a_reader_sees_what_is_committed_while_a_batch_is_open(database_url):
    with Desk(database_url) as desk:
        desk.do(stock("A"))
        seen = []

        def look(log):
            log.get(Bin, "A").stock(1)
            seen.append(positions(desk.reader.after()))

        desk.do(look)

        assert seen == [[1]]
        assert positions(desk.reader.after()) == [1, 2]
