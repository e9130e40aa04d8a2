"""Bodies that do not fit are turned away with everything that is wrong with them at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from api.engine import Engine
from tests.api.door import Door, problem
from tests.support.world import BOX, DEVICE_DI, WAREHOUSE, order


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite only: the door looks at a body before any database does."""
    return f"sqlite:///{tmp_path / 'baton.db'}"


def _fields(answer: Any) -> dict[str, str]:
    return {
        one["facts"]["field"]: one["facts"]["reason"]
        for one in answer.json()["violations"]
        if one["code"] == "VALIDATION_FAILED"
    }


def test_everything_that_does_not_fit_is_named_at_once(door: Door, engine: Engine):
    line = {"sku": BOX, "qty": 1.5, "colour": "red"}
    body = {"dealer_id": 5, "requested_date": "soon", "lines": [{"qty": 1}, line], "nonsense": 1}

    answer = door.command("place-order", "one", body)

    assert problem(answer) == (400, "VALIDATION_FAILED")
    found = _fields(answer)
    assert found["ship_to"] == "is missing"
    assert found["lines[0].sku"] == "is missing"
    assert found["nonsense"] == "no such field"
    assert found["lines[1].colour"] == "no such field"
    assert "a number with a point" in found["lines[1].qty"]
    wrong = {"dealer_id", "requested_date", "ship_to", "nonsense"}
    assert found.keys() == wrong | {"lines[0].sku", "lines[1].colour", "lines[1].qty"}
    assert engine.reader.stream("Order/SO-0001") == []


def test_everything_that_the_trade_forbids_is_named_at_once(door: Door):
    body = order("D99", ship_to="ADR-D01") | {
        "requested_date": "2001-01-01",
        "lines": [{"sku": "NONE", "qty": 0}],
    }

    answer = door.command("place-order", "one", body)

    codes = [one["code"] for one in answer.json()["violations"]]
    assert problem(answer)[0] == 422
    assert sorted(codes) == ["UNKNOWN_SKU", *["VALIDATION_FAILED"] * 3]
    assert _fields(answer).keys() == {"dealer_id", "requested_date", "lines[0].qty"}


@pytest.mark.parametrize("text", ["1.0", "1e2", "1E0"])
def test_a_number_with_a_point_or_an_exponent_fits_nothing(door: Door, text: str):
    raw = json.dumps(order()).replace('"qty": 1', f'"qty": {text}')

    answer = _raw(door, raw.encode())

    assert problem(answer) == (400, "VALIDATION_FAILED")
    assert _fields(answer).keys() == {"lines[0].qty"}


def test_a_price_is_text_or_a_whole_number(door: Door):
    for key, price in (("text", "10.50"), ("whole", 11)):
        lines = [{"sku": BOX, "qty": 1, "unit_price": price}]
        assert door.accepted("place-order", key, order() | {"lines": lines})
    for number, price in enumerate((True, [], {"amount": 1}, "ten", "")):
        lines = [{"sku": BOX, "qty": 1, "unit_price": price}]
        answer = door.command("place-order", f"bad-{number}", order() | {"lines": lines})
        assert problem(answer) == (400, "VALIDATION_FAILED")


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"nonsense", b"null", b"[]", b'"text"', b"7", b'{"a": NaN}', b"{} {}"],
    ids=repr,
)
def test_what_is_no_object_is_turned_away(door: Door, raw: bytes):
    assert problem(_raw(door, raw)) == (400, "VALIDATION_FAILED")


def test_bytes_that_are_no_text_are_turned_away(door: Door):
    assert problem(_raw(door, b'{"dealer_id": "\xff\xfe"}')) == (400, "VALIDATION_FAILED")


def test_a_body_that_is_nested_without_end_is_turned_away(door: Door):
    assert problem(_raw(door, b"[" * 100_000)) == (400, "VALIDATION_FAILED")


def test_a_command_that_does_not_exist_is_not_found(door: Door):
    assert problem(door.command("make-coffee", "one", {})) == (404, "NOT_FOUND")
    assert problem(door.command("PlaceOrder", "two", order())) == (404, "NOT_FOUND")


def test_other_methods_and_paths_are_problems_too(door: Door):
    assert problem(door.client.get("/v1/commands/place-order")) == (405, "METHOD_NOT_ALLOWED")
    assert problem(door.client.get("/v1/nowhere")) == (404, "NOT_FOUND")


def test_the_door_reads_a_label_and_no_client_can_say_how_it_reads(door: Door):
    body = {"region_code": "310000", "source": "FIELD_AUDIT", "observer": "se-1"}
    claims = {"unreadable": "UDI_CHECK_DIGIT", "contains": 1000, "readings": []}
    scan = {"raw": f"01{DEVICE_DI}21X"} | claims

    answer = door.command("observe-scan", "one", body | {"scan": scan})

    assert problem(answer) == (400, "VALIDATION_FAILED")
    assert _fields(answer) == dict.fromkeys((f"scan.{name}" for name in claims), "no such field")
    broken = {"raw": f"01{DEVICE_DI[:-1]}921X"}
    answer = door.command("observe-scan", "two", body | {"scan": broken})
    assert problem(answer)[0] == 422


@pytest.mark.parametrize("key", ["x" * 201, "a\tb"])
def test_a_key_that_cannot_be_kept_is_turned_away(door: Door, key: str):
    assert problem(door.command("place-order", key, order())) == (400, "VALIDATION_FAILED")


@pytest.mark.parametrize(
    "text",
    ["Order/SO-1", "@5", "Order/SO-1@-1", "Order/SO-1@" + "9" * 5000],
    ids=lambda one: one[:14],
)
def test_expected_versions_that_cannot_be_read_are_named(door: Door, text: str):
    answer = door.command("place-order", "one", order(), expected_versions=text)

    assert problem(answer) == (400, "VALIDATION_FAILED")
    assert answer.json()["violations"][0]["facts"]["field"] == "Expected-Versions"


ENDLESS = "9" * 400
NO_NUMBERS = ("NaN", "sNaN", "Infinity", "-Infinity", "1e400", ENDLESS)


@pytest.mark.parametrize("number", NO_NUMBERS, ids=lambda one: one[:9])
def test_a_decimal_that_is_no_amount_is_refused_wherever_it_stands(door: Door, number: str):
    lines = [{"sku": BOX, "qty": 1, "unit_price": number}]
    rate = {"tax_code": "VAT9", "rate_pct": number, "valid_from": "2026-01-01"}
    bodies = {
        "place-order": order() | {"lines": lines},
        "set-tax-rate": rate,
        "set-observation-weights": {"weights": {"FIELD_AUDIT": number}},
        "set-approval-limits": {"credit_pct": number},
    }

    answers = {name: door.command(name, name, body) for name, body in bodies.items()}

    broken = [name for name, one in answers.items() if one.status_code not in (400, 422)]
    assert broken == []


def test_days_that_no_calendar_holds_are_refused(door: Door):
    service = {"region_code": "310000", "ranking": [WAREHOUSE]}
    profile = {"legal_name": "Nine", "uscc": "U9", "tier": "A", "sales_region": "EAST"}
    bodies = {
        "rank-service": service | {"lead_days": {WAREHOUSE: 10**10}},
        "register-dealer": {"dealer_id": "D9", "profile": profile | {"payment_terms_days": 10**10}},
    }
    for name, body in bodies.items():
        status, code = problem(door.command(name, name, body))
        assert (status in (400, 422), code) == (True, "VALIDATION_FAILED"), name


def test_digits_are_ascii(door: Door):
    wide = {"region_code": "\uff13" * 6, "source": "FIELD_AUDIT", "observer": "se-1"}
    scan = {"di": DEVICE_DI, "serial": "X"}

    answer = door.command("observe-scan", "one", wide | {"scan": scan})

    assert problem(answer) == (422, "VALIDATION_FAILED")


def _raw(door: Door, raw: bytes) -> Any:
    headers = {"Idempotency-Key": "raw"}
    return door.client.post("/v1/commands/place-order", content=raw, headers=headers)
