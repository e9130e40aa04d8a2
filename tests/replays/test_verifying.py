"""Whoever changes the log behind its guards is found out, at the first position that is spoilt."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from api.cli import app
from api.engine import Engine
from replays.verifying import verify
from tests.replays.tampering import Tamperer, tampering

AT = 64
RECORDED, A_SECOND_LATER, TWO_DAYS_BEFORE = (
    f"2026-03-{moment}.000000Z" for moment in ("03T01:00:05", "03T01:00:06", "01T01:00:05")
)


def flip_a_byte(log: Tamperer) -> None:
    data = log.row(AT).data
    at = data.index("wh-sh-1")
    log.change(AT, data=data[:at] + "x" + data[at + 1 :])


def remove_a_row(log: Tamperer) -> None:
    log.remove(AT)


def remove_the_first_row(log: Tamperer) -> None:
    log.remove(1)


def swap_a_pair(log: Tamperer) -> None:
    log.change(AT, position=0)
    log.change(AT + 1, position=AT)
    log.change(0, position=AT + 1)


def cut_the_tail(log: Tamperer) -> None:
    log.run("DELETE FROM events WHERE position > ?", AT)


def change_a_record_time(log: Tamperer) -> None:
    assert log.row(AT).recorded_at == RECORDED
    log.change(AT, recorded_at=A_SECOND_LATER)


def change_who_commanded(log: Tamperer) -> None:
    log.change(AT, command_id="somebody-else")


def change_a_topic(log: Tamperer) -> None:
    log.change(AT, topic="shipment.billed")


def move_a_row_to_another_stream(log: Tamperer) -> None:
    log.change(AT, stream="Shipment/SHP-9", version=1)


def give_a_wrong_version(log: Tamperer) -> None:
    log.change(AT, version=99)
    log.forge()


def turn_record_time_back(log: Tamperer) -> None:
    log.change(AT, recorded_at=TWO_DAYS_BEFORE)
    log.forge()


def remove_a_row_and_chain_anew(log: Tamperer) -> None:
    log.remove(AT)
    log.forge()


def change_the_last_digest(log: Tamperer) -> None:
    last = log.rows()[-1]
    log.change(last.position, digest="f" * 64)


def add_a_row_past_the_head(log: Tamperer) -> None:
    last = log.rows()[-1]
    forged = last._replace(position=last.position + 1, version=last.version + 1)
    log.add(forged)


END = 0
"""Stands for the end of the story, counted from there."""
TAMPERED = [
    (flip_a_byte, "CHAIN", AT),
    (remove_a_row, "DENSITY", AT + 1),
    (remove_the_first_row, "DENSITY", 2),
    (swap_a_pair, "CHAIN", AT),
    (cut_the_tail, "HEAD", END),
    (change_a_record_time, "CHAIN", AT),
    (change_who_commanded, "CHAIN", AT),
    (change_a_topic, "CHAIN", AT),
    (move_a_row_to_another_stream, "CHAIN", AT),
    (give_a_wrong_version, "VERSION", AT),
    (turn_record_time_back, "TIME", AT),
    (remove_a_row_and_chain_anew, "DENSITY", AT + 1),
    (change_the_last_digest, "CHAIN", END),
    (add_a_row_past_the_head, "CHAIN", END + 1),
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
    position: int,
):
    position += told.reader.head().position if position in (END, END + 1) else 0
    with tampering(database_url) as log:
        tamper(log)

    found = verify(told.reader)

    assert not found.intact
    first = min(found.faults, key=lambda fault: fault.position)
    assert (first.kind, first.position) == (kind, position)
    answer = _baton_verify(database_url)
    assert answer.exit_code == 1
    assert f"{kind} at position {position}:" in answer.stdout


def test_a_forged_fault_spoils_nothing_else(told: Engine, database_url: str):
    with tampering(database_url) as log:
        give_a_wrong_version(log)

    kinds = [(fault.kind, fault.position) for fault in verify(told.reader).faults]

    assert kinds == [("VERSION", AT), ("VERSION", AT + 1)]


def test_a_verdict_can_be_read_by_a_machine(told: Engine, database_url: str):
    with tampering(database_url) as log:
        flip_a_byte(log)

    answer = _baton_verify(database_url, "--json")

    assert answer.exit_code == 1
    verdict = json.loads(answer.stdout)
    assert verdict["events"] == told.reader.head().position
    assert [(one["kind"], one["position"]) for one in verdict["faults"]] == [("CHAIN", AT)]


def test_the_guards_refuse_what_was_done_behind_them(told: Engine):
    for statement in (
        f"UPDATE events SET data = '{{}}' WHERE position = {AT}",
        f"DELETE FROM events WHERE position = {AT}",
        "DELETE FROM receipts",
    ):
        with pytest.raises(DBAPIError), told.database.writing() as connection:
            connection.exec_driver_sql(statement)
    assert verify(told.reader).intact


def _baton_verify(url: str, *words: str):
    return CliRunner().invoke(app, ["verify", *words], env={"BATON_DATABASE_URL": url})
