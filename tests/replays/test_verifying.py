"""Whoever changes the log behind its guards is found out, at the first position that is spoilt."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from api.cli import app
from api.engine import Engine
from eventlog.rows import EventRow
from replays.verifying import verify
from tests.replays.tampering import Tamperer, tampering

RECORDED, A_SECOND_LATER, TWO_DAYS_BEFORE = (
    f"2026-03-{moment}.000000Z" for moment in ("03T01:00:05", "03T01:00:06", "01T01:00:05")
)


def flip_a_byte(log: Tamperer) -> None:
    data = log.row(log.at).data
    at = data.index("wh-sh-1")
    log.change(log.at, data=data[:at] + "x" + data[at + 1 :])


def remove_a_row(log: Tamperer) -> None:
    log.remove(log.at)


def remove_the_first_row(log: Tamperer) -> None:
    log.remove(1)


def swap_a_pair(log: Tamperer) -> None:
    at = log.at
    log.change(at, position=0)
    log.change(at + 1, position=at)
    log.change(0, position=at + 1)


def cut_the_tail(log: Tamperer) -> None:
    log.run("DELETE FROM events WHERE position > ?", log.at)


def change_a_record_time(log: Tamperer) -> None:
    assert log.row(log.at).recorded_at == RECORDED
    log.change(log.at, recorded_at=A_SECOND_LATER)


def change_who_commanded(log: Tamperer) -> None:
    log.change(log.at, command_id="somebody-else")


def change_a_topic(log: Tamperer) -> None:
    log.change(log.at, topic="shipment.billed")


def move_a_row_to_another_stream(log: Tamperer) -> None:
    log.change(log.at, stream="Shipment/SHP-9", version=1)


def give_a_wrong_version(log: Tamperer) -> None:
    log.change(log.at, version=99)
    log.forge()


def turn_record_time_back(log: Tamperer) -> None:
    log.change(log.at, recorded_at=TWO_DAYS_BEFORE)
    log.forge()


def remove_a_row_and_chain_anew(log: Tamperer) -> None:
    log.remove(log.at)
    log.forge()


def change_the_last_digest(log: Tamperer) -> None:
    last = log.rows()[-1]
    log.change(last.position, digest="f" * 64)


def write_no_digest_at_all(log: Tamperer) -> None:
    log.change(log.at, digest="nothing that was hashed")


def add_a_row_past_the_head(log: Tamperer) -> None:
    last = log.rows()[-1]
    forged = last._replace(position=last.position + 1, version=last.version + 1)
    log.add(forged)


TAMPERED = [
    (flip_a_byte, "CHAIN", lambda at, _: at),
    (remove_a_row, "DENSITY", lambda at, _: at + 1),
    (remove_the_first_row, "DENSITY", lambda *_: 2),
    (swap_a_pair, "CHAIN", lambda at, _: at),
    (cut_the_tail, "HEAD", lambda _, end: end),
    (change_a_record_time, "CHAIN", lambda at, _: at),
    (change_who_commanded, "CHAIN", lambda at, _: at),
    (change_a_topic, "CHAIN", lambda at, _: at),
    (move_a_row_to_another_stream, "CHAIN", lambda at, _: at),
    (give_a_wrong_version, "VERSION", lambda at, _: at),
    (turn_record_time_back, "TIME", lambda at, _: at),
    (remove_a_row_and_chain_anew, "DENSITY", lambda at, _: at + 1),
    (change_the_last_digest, "CHAIN", lambda _, end: end),
    (write_no_digest_at_all, "CHAIN", lambda at, _: at),
    (add_a_row_past_the_head, "CHAIN", lambda _, end: end + 1),
]


def test_a_log_that_was_left_alone_is_intact(told: Engine, database_url: str):
    end = told.reader.head().position
    found = verify(told.reader)

    assert (found.intact, found.events, found.faults) == (True, end, ())
    assert found.digest == told.reader.head().digest
    answer = _baton_verify(database_url)
    assert answer.exit_code == 0
    assert answer.stdout.startswith(f"intact: {end} events")


@pytest.mark.parametrize(
    ("tamper", "kind", "position"), TAMPERED, ids=[one[0].__name__ for one in TAMPERED]
)
def test_tampering_is_named_with_its_kind_and_the_first_position_it_spoils(
    told: Engine,
    database_url: str,
    tamper: Callable[[Tamperer], None],
    kind: str,
    position: Callable[[int, int], int],
):
    end = told.reader.head().position
    with tampering(database_url) as log:
        expected = position(log.at, end)
        tamper(log)

    found = verify(told.reader)

    assert not found.intact
    first = min(found.faults, key=lambda fault: fault.position)
    assert (first.kind, first.position) == (kind, expected)
    answer = _baton_verify(database_url)
    assert answer.exit_code == 1
    assert f"{kind} at position {expected}:" in answer.stdout


COLUMNS = ("stream", "topic", "data", "recorded_at", "command_id", "digest")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_one_flipped_letter_anywhere_is_found_at_its_row(told: Engine, database_url: str):
    with tampering(database_url) as log:
        rows = log.rows()

    @given(
        row=st.sampled_from(rows),
        column=st.sampled_from(COLUMNS),
        place=st.integers(0, 10**6),
        letter=st.characters(codec="utf-8", exclude_characters="\x00"),
    )
    @settings(max_examples=40, deadline=None)
    def flip(row: EventRow, column: str, place: int, letter: str) -> None:
        text = getattr(row, column)
        at = place % len(text)
        assume(text[at] != letter)
        with tampering(database_url) as log:
            log.change(row.position, **{column: text[:at] + letter + text[at + 1 :]})
        try:
            faults = verify(told.reader).faults
        finally:
            with tampering(database_url) as log:
                log.change(row.position, **{column: text})
        assert min(fault.position for fault in faults) == row.position

    flip()
    assert verify(told.reader).intact


def test_a_forged_fault_spoils_nothing_else(told: Engine, database_url: str):
    with tampering(database_url) as log:
        at = log.at
        give_a_wrong_version(log)

    kinds = [(fault.kind, fault.position) for fault in verify(told.reader).faults]

    assert kinds == [("VERSION", at), ("VERSION", at + 1)]


def test_a_verdict_can_be_read_by_a_machine(told: Engine, database_url: str):
    with tampering(database_url) as log:
        at = log.at
        flip_a_byte(log)

    answer = _baton_verify(database_url, "--json")

    assert answer.exit_code == 1
    verdict = json.loads(answer.stdout)
    assert verdict["events"] == told.reader.head().position
    assert [(one["kind"], one["position"]) for one in verdict["faults"]] == [("CHAIN", at)]


def test_the_guards_refuse_what_was_done_behind_them(told: Engine):
    for statement in (
        "UPDATE events SET data = '{}' WHERE position = 64",
        "DELETE FROM events WHERE position = 64",
        "DELETE FROM receipts",
    ):
        with pytest.raises(DBAPIError), told.database.writing() as connection:
            connection.exec_driver_sql(statement)
    assert verify(told.reader).intact


def _baton_verify(url: str, *words: str):
    return CliRunner().invoke(app, ["verify", *words], env={"BATON_DATABASE_URL": url})
