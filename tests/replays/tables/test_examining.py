"""A read model that somebody rewrote, and a statement that is not what was issued, are named."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app
from api.engine import Engine
from projections.catalogue import PROJECTIONS
from replays.examining import examine
from replays.verifying import verify
from tests.replays.tampering import tampering
from tests.support.world import RICH, done

REWRITTEN = {
    "a changed figure": (
        "UPDATE open_items SET gross = gross - 100 WHERE doc = 'INV-2603-001'",
        "open_items doc=INV-2603-001: gross is 115160, the log gives 115260",
    ),
    "a removed row": (
        "DELETE FROM inventory_serials WHERE serial = 'US80-26-0002'",
        "inventory_serials di=06970012340033, serial=US80-26-0002: the row is missing",
    ),
    "a row of nobody": (
        "INSERT INTO customers (customer, position, updated_at) VALUES ('H-X', 1, '2026-03-01')",
        "customers customer=H-X: no event gives this row",
    ),
    "another owner": (
        "UPDATE order_tracking SET dealer = 'D02' WHERE so = 'SO-0001'",
        "order_tracking so=SO-0001: dealer is D02, the log gives D01",
    ),
    "a movement": (
        "UPDATE stock_movements SET actor = 'somebody' WHERE kind = 'SHIPMENT' AND sku = 'US80'",
        "actor is somebody, the log gives wh-sh-1",
    ),
}


@pytest.fixture
def followed(told: Engine) -> Engine:
    """The story, with read models that have heard all of it."""
    while told.runner.catch_up():
        pass
    return told


def faults(engine: Engine) -> list[tuple[str, int, str]]:
    found = examine(engine.reader, engine.codec, engine.database.snapshot, PROJECTIONS, engine.zone)
    return [(one.kind, one.position, one.text) for one in found.faults]


def rewrite(engine: Engine, statement: str) -> None:
    with engine.database.writing() as connection:
        assert connection.execute(text(statement)).rowcount == 1


def baton_verify(engine: Engine, *words: str):
    url = engine.database.url.render_as_string(hide_password=False)
    return CliRunner().invoke(app, ["verify", *words], env={"BATON_DATABASE_URL": url})


def test_read_models_that_were_left_alone_are_what_the_log_gives(followed: Engine):
    assert faults(followed) == []
    answer = baton_verify(followed)
    assert answer.exit_code == 0
    assert "equal: " in answer.stdout
    assert "12 laws hold" in answer.stdout


@pytest.mark.parametrize("what", REWRITTEN)
def test_a_rewritten_row_is_named_with_what_the_log_gives(followed: Engine, what: str):
    statement, said = REWRITTEN[what]
    rewrite(followed, statement)

    ((kind, position, told),) = faults(followed)

    assert kind == "READ_MODEL"
    assert said in told
    assert 1 <= position <= followed.reader.head().position
    answer = baton_verify(followed)
    assert answer.exit_code == 1
    assert f"READ_MODEL at position {position}:" in answer.stdout


def test_the_log_alone_is_verified_without_the_read_models(followed: Engine):
    rewrite(followed, REWRITTEN["a changed figure"][0])

    assert baton_verify(followed, "--log-only").exit_code == 0


def test_a_statement_that_is_not_what_was_issued_is_named(followed: Engine, database_url: str):
    """Somebody changes an entry and chains the whole log anew: the statement's digest tells."""
    terms = {"dealer_id": RICH, "period": "2026-03", "version": 1, "known_at": "2026-04-02"}
    done(followed, "issue-statement", "statement", terms, on_behalf_of="fin-1")
    while followed.runner.catch_up():
        pass
    assert faults(followed) == []
    with tampering(database_url) as log:
        posted = next(row for row in log.rows() if row.topic == "account.invoice_posted")
        issued = next(row for row in log.rows() if row.topic == "statement.issued")
        data = json.loads(posted.data)
        data["gross"] += 1
        log.change(posted.position, data=json.dumps(data, separators=(",", ":")))
        log.forge()

    assert verify(followed.reader).intact
    found = [one for one in faults(followed) if one[0] == "STATEMENT"]
    assert [(position, said[:12]) for _, position, said in found] == [
        (issued.position, "D01, 2026-03")
    ]


def test_a_walk_goes_on_where_it_stopped(followed: Engine, tmp_path):
    file = tmp_path / "verified.json"
    assert baton_verify(followed, "--log-only", "--resume", str(file)).exit_code == 0
    reached = json.loads(file.read_text())

    again = json.loads(baton_verify(followed, "--log-only", "--json", "--resume", str(file)).stdout)

    assert reached["position"] == followed.reader.head().position
    assert (again["events"], again["faults"]) == (reached["position"], [])


def test_a_walk_that_stood_on_a_row_that_was_changed_begins_anew(
    followed: Engine, database_url: str, tmp_path
):
    file = tmp_path / "verified.json"
    baton_verify(followed, "--log-only", "--resume", str(file))
    with tampering(database_url) as log:
        log.change(log.at, command_id="somebody-else")
        log.forge()

    answer = baton_verify(followed, "--log-only", "--resume", str(file))

    assert answer.exit_code == 1
    assert "RESUMED at position" in answer.stdout
