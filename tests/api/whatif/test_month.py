"""What if, asked of the demo's month: figures that demo/march_2026.json gives by hand."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from demo.playing import load
from tests.api.door import problem
from tests.api.scope.asking import user_of


def ask(month: TestClient, policy: str, **params: Any) -> Any:
    answer = month.get(f"/v1/what-if/{policy}", params=params)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["unexplained"] == []
    return told


def gone(told: Any) -> list[tuple[str, str, str, str]]:
    """Decision, document, how it went and how it would have gone."""
    return [(one["decision"], one["document"], one["then"], one["now"]) for one in told["flips"]]


def totals(told: Any) -> list[tuple[str, int, int, int]]:
    return [tuple(one.values()) for one in told["totals"]]


def test_had_the_limit_of_d06_been_half_a_million_its_two_orders_would_have_stopped(
    month: TestClient,
):
    """It owed 226,000.00 when it ordered for 288,150.00, then 296,060.00, then 44,544.60."""
    told = ask(month, "credit-limit", dealer="D06", amount=500_000_00)

    held, stopped = "HOLD CREDIT_LIMIT", "STOPPED CREDIT_LIMIT"
    assert gone(told) == [
        ("CHECK", "SO-0002", "PASS", held),
        ("CHECK", "SO-0002", "PASS", held),
        ("CHECK", "SO-0002", "PASS", held),
        ("SHIPMENT", "SO-0002", "SHIPPED", stopped),
        ("CHECK", "SO-0013", "PASS", held),
        ("SHIPMENT", "SO-0013", "SHIPPED", stopped),
    ]
    assert [one["evidence_now"]["exposure"] for one in told["flips"]] == [
        514_150_00,
        522_060_00,
        522_060_00,
        522_060_00,
        566_604_60,
        566_604_60,
    ]
    assert [one["evidence_now"]["deviation"] for one in told["flips"]][::4] == [
        14_150_00,
        66_604_60,
    ]
    assert totals(told) == [("STRICTER", 6, 2, 340_604_60)]
    assert told["supposed"]["text"] == "the credit limit of D06 had been 500,000.00 CNY"
    assert told["flips"][0]["occurred_at"] == "2026-03-04T08:10:00+08:00"
    assert told["flips"][0]["recorded_at"] == "2026-03-04T00:10:05Z"


def test_had_floors_of_one_product_been_5_per_cent_higher_its_order_would_have_waited(
    month: TestClient,
):
    """Two P5 at 84,000.00 net, whose floor was 81,480.00 and would have been 85,554.00."""
    told = ask(month, "price-floor", percent="5", sku="P5")

    assert gone(told) == [("CHECK", "SO-0009", "PASS", "HOLD PRICE_BELOW_FLOOR")]
    found = told["flips"][0]["evidence_now"]
    assert (found["floor"], found["deviation"]) == ("85554.00", "1.82")
    assert totals(told) == [("STRICTER", 1, 1, 189_840_00)]


def test_had_floors_been_5_per_cent_lower_one_price_would_not_have_needed_anybody(
    month: TestClient,
):
    """Its floor was 269,000.00: 255,000.00 was too far below, and 262,000.00 was let pass."""
    told = ask(month, "price-floor", percent="-5")

    assert gone(told) == [
        ("RELEASE", "SO-0002", "RELEASE_REFUSED", "RELEASED"),
        ("CHECK", "SO-0002", "HOLD PRICE_BELOW_FLOOR", "PASS"),
        ("RELEASE", "SO-0002", "RELEASED", "NOT_NEEDED"),
    ]
    assert told["flips"][0]["evidence_then"] == {"limit": "3.00", "deviation": "5.20"}
    assert told["flips"][0]["evidence_now"] == {"limit": "3.00", "deviation": "0.22"}
    assert totals(told) == [("LOOSER", 3, 1, 296_060_00)]


def test_had_d10_sold_in_sichuan_too_its_order_would_not_have_been_rejected(month: TestClient):
    told = ask(
        month,
        "territory",
        dealer="D10",
        product_line="CONSUMABLES",
        region_code=["500000", "510000"],
    )

    assert gone(told) == [
        ("CHECK", "SO-0012", "HOLD ADDRESS_OUT_OF_TERRITORY", "PASS"),
        ("REJECTION", "SO-0012", "REJECTED", "NOT_NEEDED"),
    ]
    assert totals(told) == [("LOOSER", 2, 1, 15_458_40)]


def test_had_d05_sold_in_zhejiang_too_its_device_would_have_raised_no_alarm(month: TestClient):
    told = ask(
        month,
        "territory",
        dealer="D05",
        product_line="ULTRASOUND",
        region_code=["320000", "330000"],
    )

    assert gone(told) == [("SIGHTING", "DIV-0001", "ALERT CRITICAL", "NO_ALERT")]
    assert totals(told) == [("LOOSER", 1, 1, 266_000_00)]


def test_had_d06_had_no_right_there_its_order_would_have_stopped_and_it_were_no_victim(
    month: TestClient,
):
    told = ask(month, "territory", dealer="D06", product_line="ULTRASOUND")

    assert [one[:2] for one in gone(told)] == [
        ("CHECK", "SO-0002"),
        ("CHECK", "SO-0002"),
        ("CHECK", "SO-0002"),
        ("SHIPMENT", "SO-0002"),
        ("SIGHTING", "DIV-0001"),
    ]
    assert gone(told)[-1][2:] == ("ALERT CRITICAL", "ALERT MEDIUM")
    scores = [told["flips"][-1][one]["score"] for one in ("evidence_then", "evidence_now")]
    assert scores == [99, 99 - 20 - 10]  # nobody's rights, and no price to compare with
    assert totals(told) == [("STRICTER", 4, 1, 296_060_00), ("LOOSER", 1, 1, 266_000_00)]


def test_had_wuhan_kept_250_kits_shanghai_would_have_given_them(month: TestClient):
    """Of 300 it could spare 50, and 70 were missing; Shanghai could spare 80, a day later."""
    told = ask(month, "safety-stock", wh="WH-WH", sku="INJ", qty=250)

    refused = "REFUSED DONOR_BELOW_SAFETY"
    assert gone(told) == [
        (
            "SOURCING",
            "SO-0004",
            "SHIP 80 WH-GZ, TRANSFER 70 WH-WH > WH-GZ",
            "SHIP 80 WH-GZ, TRANSFER 70 WH-SH > WH-GZ",
        ),
        ("TRANSFER", "TO-0002", "REQUESTED", refused),
        ("TRANSFER", "TO-0002", "APPROVED", refused),
    ]
    assert told["flips"][0]["evidence_now"]["line 1 WH-WH"] == "surplus 50"
    assert totals(told) == [("STRICTER", 2, 1, 28_000_00), ("OTHERWISE", 1, 1, 206_790_00)]


def test_under_the_policies_that_there_were_all_of_the_month_is_decided_as_it_was(
    month: TestClient,
):
    """Every decision of each policy is repeated: the proof that the method looks at the past."""
    setup = load("march_2026.json")["setup"]
    bodies = {
        name: [one["body"] for one in setup if one["name"] == name]
        for name in ("set-credit-limit", "grant-territory", "set-stock-parameters")
    }
    asked = [
        ("credit-limit", {"dealer": one["dealer_id"], "amount": one["limit"]})
        for one in bodies["set-credit-limit"]
    ]
    asked += [
        ("territory", {"dealer": one["dealer_id"]} | one["authorisation"])
        for one in bodies["grant-territory"]
    ]
    asked += [
        ("safety-stock", {"wh": one["wh"], "sku": one["sku"], "qty": one["safety_stock"]})
        for one in bodies["set-stock-parameters"]
    ]
    asked.append(("price-floor", {"percent": "0"}))

    retaken = {}
    for policy, body in asked:
        names = ("dealer", "amount", "product_line", "wh", "sku", "qty", "percent")
        params = {name: body[name] for name in names if name in body}
        told = ask(month, policy, **params, region_code=body.get("region_codes", []))
        assert told["flips"] == [], params
        retaken[policy] = retaken.get(policy, 0) + told["retaken"]

    assert retaken["price-floor"] == 20 + 2  # every check, and both attempts at a release
    assert min(retaken.values()) > 20


@pytest.mark.parametrize(
    ("since", "until", "positions"),
    [("2026-03-05", "2026-03-06", 3), ("2026-03-07", None, 2), (None, "2026-03-03", 0)],
)
def test_decisions_can_be_bounded_by_their_days(
    month: TestClient, since: str | None, until: str | None, positions: int
):
    days = {name: day for name, day in (("since", since), ("until", until)) if day}
    told = ask(month, "credit-limit", dealer="D06", amount=0, **days)

    assert len(told["flips"]) == told["retaken"] == positions
    assert (told["since"], told["until"]) == (since, until)


@pytest.mark.parametrize(
    ("policy", "params", "expected"),
    [
        ("credit-limit", {"dealer": "D99", "amount": 1}, (404, "NOT_FOUND")),
        ("credit-limit", {"dealer": "D06", "amount": -1}, (422, "VALIDATION_FAILED")),
        ("credit-limit", {"dealer": "D06", "amount": "5.5"}, (400, "VALIDATION_FAILED")),
        ("credit-limit", {"dealer": "D06"}, (400, "VALIDATION_FAILED")),
        ("credit-limit", {"dealer": "D06", "amount": 1, "currency": "EUR"}, (404, "NOT_FOUND")),
        ("price-floor", {"percent": "-101"}, (422, "VALIDATION_FAILED")),
        ("price-floor", {"percent": "NaN"}, (400, "VALIDATION_FAILED")),
        ("price-floor", {"percent": "5", "sku": "US99"}, (404, "NOT_FOUND")),
        ("territory", {"dealer": "D05", "product_line": "NONE"}, (404, "NOT_FOUND")),
        (
            "territory",
            {"dealer": "D05", "product_line": "IMAGING", "region_code": "East"},
            (422, "VALIDATION_FAILED"),
        ),
        ("safety-stock", {"wh": "WH-99", "sku": "INJ", "qty": 1}, (404, "NOT_FOUND")),
        ("safety-stock", {"wh": "WH-WH", "sku": "US99", "qty": 1}, (404, "NOT_FOUND")),
        ("safety-stock", {"wh": "WH-WH", "sku": "INJ", "qty": -1}, (422, "VALIDATION_FAILED")),
    ],
)
def test_what_cannot_be_supposed_is_refused(
    month: TestClient, policy: str, params: dict[str, Any], expected: tuple[int, str]
):
    assert problem(month.get(f"/v1/what-if/{policy}", params=params)) == expected


def test_days_in_the_wrong_order_are_refused(month: TestClient):
    params = {"percent": "5", "since": "2026-03-02", "until": "2026-03-01"}

    assert problem(month.get("/v1/what-if/price-floor", params=params)) == (422, "DATE_RANGE")


def test_a_dealer_s_user_is_not_told(month: TestClient):
    params = {"dealer": "D05", "amount": 0}
    answer = month.get("/v1/what-if/credit-limit", params=params, headers=user_of("D05"))

    assert problem(answer) == (403, "FORBIDDEN_ROLE")
