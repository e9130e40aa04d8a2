"""Statements: which version is meant, what is disputed of it, who signs, and what is signed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.money.test_codes_roles import OWN, refused
from tests.api.scene import Scene
from tests.support.world import POOR, RICH, MovableClock

MARCH = {"dealer_id": RICH, "period": "2026-03"}
FIRST = MARCH | {"version": 1}
LINE = FIRST | {"line_id": "INV-A", "code": "PRICE_DIFF", "evidence": "sha256:offer"}
SEALED = FIRST | {"e_seal": "seal"}
PAID = {"dealer_id": RICH, "bank_ref": "BK-1", "value_date": "2026-03-01", "amount": 500}
PAID |= {"currency": "CNY", "payer_name": f"Dealer {RICH}"}


@pytest.fixture
def owing(scene: Scene) -> Scene:
    """A dealer owes an invoice; March has begun."""
    scene.does(None, "register-user", user_id="fin-2", role="FIN", scope=None)
    scene.does(None, "register-user", user_id=OWN, role="DLR", dealer_id=RICH)
    due = {"gross": 100_000, "due": "2026-04-01"}
    scene.does("fin-1", "set-opening-item", doc="INV-A", dealer_id=RICH, **due)
    return scene


@pytest.fixture
def stated(owing: Scene, clock: MovableClock) -> Scene:
    """It got its statement of March on 3 April."""
    clock.move(days=33)
    owing.does("fin-1", "issue-statement", **MARCH)
    return owing


@pytest.fixture
def signed(stated: Scene) -> Scene:
    """It was confirmed, and signed."""
    stated.does(OWN, "confirm-statement", **SEALED)
    stated.does("fin-2", "sign-off-statement", **FIRST)
    return stated


def test_a_dealer_with_nothing_gets_no_statement(stated: Scene):
    body = {"dealer_id": POOR, "period": "2026-03"}
    told = refused(stated, "NOTHING_TO_STATE", "fin-1", "issue-statement", 409, **body)
    assert told == {"dealer": POOR, "period": "2026-03"}


@pytest.mark.parametrize(
    ("who", "name", "body"),
    [
        (OWN, "view-statement", FIRST),
        (OWN, "confirm-statement", SEALED),
        (OWN, "dispute-line", LINE | {"amount": 1}),
        ("fin-2", "sign-off-statement", FIRST),
    ],
)
def test_only_the_latest_version_is_dealt_with(
    stated: Scene, who: str, name: str, body: dict[str, Any]
):
    stated.does("fin-1", "record-payment", **PAID)
    assert stated.does("fin-1", "issue-statement", **MARCH)["version"] == 2
    told = refused(stated, "NOT_LATEST_VERSION", who, name, 409, **body)
    assert told == {"version": 1, "latest": 2}


def test_a_dispute_of_an_old_version_is_not_accepted(stated: Scene):
    stated.does(OWN, "dispute-line", **LINE | {"amount": 1_130})
    named = [{"doc_no": "INV-A", "amount": 500}]
    stated.does("fin-1", "record-payment", **PAID, remittance=named)
    assert stated.does("fin-1", "issue-statement", **MARCH)["version"] == 2
    body = FIRST | {"line_id": "INV-A", "red_info_no": "RED-1"}
    refused(stated, "NOT_LATEST_VERSION", "fin-1", "accept-dispute", 409, **body)


@pytest.mark.parametrize(
    ("who", "name", "body"),
    [
        (OWN, "confirm-statement", SEALED),
        (OWN, "dispute-line", LINE | {"amount": 1}),
        ("fin-2", "sign-off-statement", FIRST),
    ],
)
def test_what_is_signed_stands(signed: Scene, who: str, name: str, body: dict[str, Any]):
    told = refused(signed, "ALREADY_SIGNED", who, name, 409, **body)
    assert told == {"period": "2026-03", "version": 1}


def test_what_is_signed_is_not_superseded(signed: Scene):
    body = MARCH | {"reason": "late"}
    told = refused(signed, "ALREADY_SIGNED", "fin-1", "supersede-statement", 409, **body)
    assert told == {"period": "2026-03", "version": 1}


def test_no_more_is_disputed_than_a_line_comes_to_and_no_line_twice(stated: Scene):
    body = LINE | {"amount": 100_001}
    told = refused(stated, "AMOUNT_EXCEEDS_LINE", OWN, "dispute-line", **body)
    assert told == {"line": "INV-A", "amount": 100_001, "of": 100_000}
    stated.does(OWN, "dispute-line", **LINE | {"amount": 1})
    body = LINE | {"amount": 2}
    told = refused(stated, "ALREADY_DISPUTED", OWN, "dispute-line", 409, **body)
    assert told == {"line": "INV-A", "state": "OPEN"}


def test_no_more_is_disputed_than_is_open_of_a_document(stated: Scene):
    stated.does("fin-1", "record-payment", **PAID)
    body = {"doc_no": "INV-A", "amount": 100_000, "code": "PRICE_DIFF", "evidence": ["a mail"]}
    told = refused(stated, "AMOUNT_EXCEEDS_OPEN", OWN, "raise-dispute", dealer_id="D01", **body)
    assert told == {"doc": "INV-A", "amount": 100_000, "open": 99_500}


def test_nobody_signs_over_an_open_dispute(stated: Scene):
    stated.does(OWN, "dispute-line", **LINE | {"amount": 1})
    stated.does(OWN, "confirm-statement", **SEALED)
    told = refused(stated, "DISPUTE_OPEN", "fin-2", "sign-off-statement", 409, **FIRST)
    assert told == {"lines": ["INV-A"]}


def test_nobody_signs_what_he_prepared(stated: Scene):
    stated.does(OWN, "confirm-statement", **SEALED)
    told = refused(stated, "PREPARER_SIGNS", "fin-1", "sign-off-statement", 403, **FIRST)
    assert told == {"signer": "fin-1"}


def test_nothing_is_dated_into_a_month_that_is_signed(signed: Scene):
    told = refused(signed, "PERIOD_CLOSED", "fin-1", "record-payment", 409, **PAID)
    assert told == {"period": "2026-03", "day": "2026-03-01", "dealer": RICH}
    signed.does("fin-1", "record-payment", **PAID | {"accounting_date": "2026-04-01"})


def test_a_month_is_not_signed_before_it_is_over(owing: Scene, clock: MovableClock):
    owing.does("fin-1", "issue-statement", **MARCH)
    owing.does(OWN, "confirm-statement", **SEALED)
    clock.move(days=30)
    told = refused(owing, "PERIOD_NOT_OVER", "fin-2", "sign-off-statement", 409, **FIRST)
    assert told == {"period": "2026-03", "last_day": "2026-03-31"}
    clock.move(days=1)
    owing.does("fin-2", "sign-off-statement", **FIRST)
