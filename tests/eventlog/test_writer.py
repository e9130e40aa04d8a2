"""What the writer writes: positions, versions, chain, times and receipts."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import func, select

from eventlog import writer
from eventlog.chain import GENESIS, digest_of
from eventlog.jobs import LogBusyError
from eventlog.schema import receipts
from tests.eventlog.bins import NOON, Bin, stock
from tests.eventlog.support import PATIENCE, Desk, body_of, request, statuses


def test_positions_are_dense_from_one_in_the_order_of_recording(desk):
    def back_and_forth(log):
        for name in ("A", "B", "A", "C", "B", "A"):
            log.get(Bin, name).stock(1)

    desk.do(back_and_forth)
    desk.together(stock("C"), stock("A"))

    assert [(row.position, row.stream, row.version) for row in desk.rows()] == [
        (1, "Bin/A", 1),
        (2, "Bin/B", 1),
        (3, "Bin/A", 2),
        (4, "Bin/C", 1),
        (5, "Bin/B", 2),
        (6, "Bin/A", 3),
        (7, "Bin/C", 2),
        (8, "Bin/A", 4),
    ]


def test_each_row_is_chained_to_the_one_before_across_batches(desk):
    desk.do(stock("A"))
    desk.together(stock("A"), stock("B"))

    digest = GENESIS
    for row in desk.rows():
        digest = digest_of(digest, row)
        assert row.digest == digest
    assert desk.reader.head().digest == digest
    assert desk.reader.head().position == 3


def test_a_batch_is_recorded_at_one_instant_and_the_next_at_a_later_one(desk):
    desk.together(stock("A"), stock("B"), stock("C"))
    desk.do(stock("A"))

    instants = [row.recorded_at for row in desk.rows()]

    assert instants[0] == instants[1] == instants[2] < instants[3]


def test_recorded_at_never_runs_backwards_although_the_clock_does(desk):
    desk.do(stock("A"))
    before = desk.reader.head().recorded_at
    desk.clock.now = NOON - timedelta(days=1)
    later = desk.do(stock("A"))

    assert [row.recorded_at for row in desk.rows()] == [before, before]
    assert later.receipt.recorded_at == before
    desk.clock.now = NOON + timedelta(days=1)
    desk.do(stock("A"))
    assert desk.reader.head().recorded_at > before


def test_a_later_command_of_the_batch_sees_what_an_earlier_one_did(desk):
    answers = desk.together(stock("A", 5), stock("A", 2), lambda log: log.get(Bin, "A").count)

    assert body_of(answers[2])["result"] == 7


def test_a_receipt_says_what_became_of_the_command(desk):
    desk.do(stock("A"))

    def both(log):
        log.get(Bin, "A").stock(1)
        log.get(Bin, "B").stock(2)
        return {"bins": 2}

    outcome = desk.do(both, key="k", digest="d", command_id="c-1")

    stored = desk.reader.receipt("c-1")
    assert stored == outcome.receipt
    assert stored.principal == "shop"
    assert stored.key == "k"
    assert stored.request_digest == "d"
    assert stored.command == "toy"
    assert stored.actor == "wh-1"
    assert (stored.first_position, stored.last_position) == (2, 3)
    assert stored.recorded_at == desk.rows()[-1].recorded_at
    assert msgspec.json.decode(stored.body) == {
        "outcome": "accepted",
        "result": {"bins": 2},
        "streams": {"Bin/A": 2, "Bin/B": 1},
        "position": 3,
    }
    assert [row.position for row in desk.reader.command("c-1")] == [2, 3]


def test_a_command_that_records_nothing_is_accepted_with_a_receipt_without_positions(desk):
    outcome = desk.do(lambda log: None, command_id="c-1")

    assert outcome.receipt.status == "accepted"
    assert (outcome.receipt.first_position, outcome.receipt.last_position) == (0, 0)
    assert desk.reader.receipt("c-1") == outcome.receipt
    assert desk.rows() == []


def test_an_event_whose_receipt_cannot_be_stored_is_not_stored_either(desk):
    desk.do(stock("A"), command_id="taken")

    answers = desk.together(stock("B"), request(stock("A"), command_id="taken"))

    assert statuses(answers) == ["LogUnavailableError", "LogUnavailableError"]
    assert desk.told() == [("Bin/A", 1, "bin.stocked", 1)]
    assert desk.receipts() == 1
    assert desk.counted("A") == 1


def test_more_commands_than_a_batch_holds_are_all_written_in_order(desk, monkeypatch):
    monkeypatch.setattr(writer, "BATCH_LIMIT", 4)

    desk.together(*(stock("A", quantity) for quantity in range(1, 11)))

    assert [quantity for *_, quantity in desk.told()] == list(range(1, 11))
    assert len({row.recorded_at for row in desk.rows()}) == 3


def test_aggregates_that_leave_the_shelf_come_back_as_they_were(database_url, monkeypatch):
    monkeypatch.setattr(writer, "SHELF_CAPACITY", 2)
    with Desk(database_url) as desk:
        for turn in (1, 10, 100):
            for name in ("A", "B", "C", "D"):
                desk.do(stock(name, turn))

        assert [desk.counted(name) for name in ("A", "B", "C", "D")] == [111] * 4
        assert desk.reader.stream("Bin/A")[-1].version == 3
        desk.writer.stop()
        assert [name for name in "ABCD" if desk.writer._shelf.kept(f"Bin/{name}")] == ["C", "D"]


def test_past_its_bound_the_queue_refuses_and_keeps_what_it_has(database_url, monkeypatch):
    monkeypatch.setattr(writer, "QUEUE_LIMIT", 3)
    desk = Desk(database_url)
    promises = [desk.writer.submit(request(stock("A"))) for _ in range(3)]
    assert desk.writer.waiting == 3

    with pytest.raises(LogBusyError) as refused:
        desk.writer.submit(request(stock("A")))

    assert refused.value.retry_after > 0
    with desk:
        assert statuses([promise.result(PATIENCE) for promise in promises]) == ["accepted"] * 3
        assert desk.do(stock("A")).receipt.last_position == 4


def test_what_is_queued_when_the_writer_stops_is_written(database_url):
    desk = Desk(database_url)
    promises = [desk.writer.submit(request(stock("A"))) for _ in range(20)]
    desk.writer.start()

    desk.writer.stop()

    assert all(promise.done() for promise in promises)
    with desk.database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(receipts)) == 20
    assert desk.reader.head().position == 20
    desk.database.close()


def test_the_names_and_texts_of_the_trade_are_stored_to_the_letter(desk):
    note = 'tab\t newline\n return\r \\N \\. "quoted" 华影 \U0001f4e6 {"a": 1} %s :name'

    desk.do(stock("华影 \\ a%b:c", note=note))

    (row,) = desk.rows()
    assert row.stream == "Bin/华影 \\ a%b:c"
    assert desk.codec.read(row).note == note
    assert digest_of(GENESIS, row) == row.digest
