"""Lists that show what is out of order: late entries, changed master data, attempts, samples."""

from __future__ import annotations

import pytest

from tests.api.auditing.conftest import Auditor

OPENED = 430
"""Position after which the month begins; before it, the world was set up."""


def test_what_was_recorded_days_after_it_happened_is_listed_with_its_reason(month: Auditor):
    found = month.ask("/v1/late-entries", days=2, after=OPENED, limit=500)["items"]

    late = [one for one in found if one["days_late"] >= 2]
    told = {(one["topic"], one["concerns"], one["days_late"]) for one in late}
    assert {
        ("account.payment_received", "2026-03-31", 2),
        ("return.requested", "2026-03-30", 7),
        ("account.credit_note_posted", "2026-03-30", 7),
    } <= told
    assert all(one["prior_period"] for one in late)
    assert {one["days_late"] for one in late} == {2, 7}
    (asked,) = [one for one in late if one["topic"] == "return.requested"]
    assert (asked["reason"], asked["actor"]) == ("COMMERCIAL", "dlr-d11")


def test_corrections_are_listed_whenever_they_came(month: Auditor):
    found = month.ask("/v1/late-entries", days=400, after=OPENED, limit=500)["items"]

    assert [one["topic"] for one in found] == ["account.credit_note_posted"] * 4
    assert all(one["correction"] for one in found)


def test_late_entries_of_another_record_time_are_those_that_were_known(month: Auditor):
    known = {"known_at": "2026-04-01T23:59:59+08:00"}

    found = month.ask("/v1/late-entries", days=2, after=OPENED, **known)["items"]
    assert [one["topic"] for one in found if one["days_late"] >= 2] == []


def test_lists_are_read_page_by_page(month: Auditor):
    for path in ("/v1/late-entries", "/v1/master-data-changes"):
        whole = [one["position"] for one in month.ask(path, limit=500)["items"]]
        read, after = [], 0
        while after is not None:
            page = month.ask(path, limit=37, after=after)
            read += [one["position"] for one in page["items"]]
            after = page["next"]
        assert read == whole[: len(read)]
        assert len(read) >= len(whole)


def test_a_change_of_master_data_tells_what_was_what_is_and_what_followed(month: Auditor):
    (renewed,) = month.ask("/v1/master-data-changes", kind="Dealer", key="D08", after=OPENED)[
        "items"
    ]

    assert (renewed["topic"], renewed["actor"], renewed["role"]) == (
        "dealer.licence_renewed",
        "qa-1",
        "QA",
    )
    (change,) = renewed["changes"]
    assert (change["before"], change["after"]["no"]) == (None, "L3-D08-2")
    followed = {(one["stream"], one["topic"]) for one in renewed["followed"]}
    assert {
        ("Order/SO-0008", "order.hold_cleared"),
        ("Order/SO-0008", "order.confirmed"),
    } <= followed


def test_a_limit_is_told_with_its_value_before_and_after(month: Auditor):
    found = month.ask("/v1/master-data-changes", kind="Credit", key="D06/CNY")["items"]

    (first,) = [one for one in found if one["topic"] == "credit.limit_set"]
    amounts = [one for one in first["changes"] if one["path"].endswith("amount")]
    whole = [one["after"] for one in first["changes"]]
    assert amounts or 400_000_000 in [one.get("amount") for one in whole if isinstance(one, dict)]


def test_business_as_usual_is_no_change_of_master_data(month: Auditor):
    topics = {
        one["topic"]
        for one in month.ask("/v1/master-data-changes", kind="Credit", limit=500)["items"]
    }

    assert topics == {"credit.limit_set"}


def test_refusals_are_found_by_code_by_person_and_by_time(month: Auditor):
    by_person = month.ask("/v1/refusals", actor="mgr-east")
    (limit,) = month.ask("/v1/refusals", code="OVERRIDE_LIMIT_EXCEEDED")

    assert {one["answer"]["code"] for one in by_person} == {
        "OVERRIDE_LIMIT_EXCEEDED",
        "ALREADY_SHIPPED",
    }
    assert limit in by_person
    assert limit not in month.ask("/v1/refusals", before=limit["recorded_at"])
    inner = month.ask("/v1/refusals", code="RESERVE_EXCEEDS_OPEN")
    assert {one["answer"]["code"] for one in inner} >= {"INSUFFICIENT_ATP", "SHELF_LIFE_SHORT"}


def test_a_sample_is_the_same_whenever_it_is_drawn_and_says_how(month: Auditor):
    asked = {"seed": "2026-Q1", "size": 3, "where": "dealer:D06"}
    once, again = (month.ask("/v1/samples/open_items", **asked) for _ in range(2))

    assert once == again
    assert (once["method"], once["population"], len(once["items"])) == ("random", 3, 3)
    assert {one["dealer"] for one in once["items"]} == {"D06"}


def test_a_sample_by_monetary_units_takes_large_items_surely(month: Auditor):
    drawn = month.ask("/v1/samples/open_items", seed="7", size=5, method="monetary", amount="gross")

    rows = month.rows("open_items")
    assert drawn["total"] == sum(one["gross"] for one in rows)
    large = {one["doc"] for one in rows if one["gross"] * 5 >= drawn["total"]}
    assert large
    assert large <= {one["doc"] for one in drawn["items"]}
    assert sum(drawn["hits"]) == 5


def test_a_stratified_sample_has_an_item_of_each_stratum(month: Auditor):
    drawn = month.ask("/v1/samples/open_items", seed="7", size=9, method="stratified", by="dealer")

    assert {one["dealer"] for one in drawn["items"]} == set(drawn["strata"])


def test_a_sample_of_another_time_is_drawn_from_what_was_known(month: Auditor):
    known = {"known_at": "2026-03-10T00:00:00+08:00"}
    drawn = month.ask("/v1/samples/open_items", seed="7", size=50, **known)

    assert drawn["population"] == len(month.rows("open_items", **known))


@pytest.mark.parametrize(
    ("path", "params", "refused"),
    [
        ("/v1/late-entries", {"days": 0}, (400, "VALIDATION_FAILED", ["query.days"])),
        (
            "/v1/master-data-changes",
            {"kind": ["Dealer", "Nothing", "Order"]},
            (400, "VALIDATION_FAILED", ["kind=Nothing", "kind=Order"]),
        ),
        ("/v1/refusals", {"before": "2026-01-01T00:00:00"}, (400, "VALIDATION_FAILED", ["before"])),
        ("/v1/samples/open_items", {}, (400, "VALIDATION_FAILED", ["query.seed"])),
        ("/v1/samples/nothing", {"seed": "1"}, (404, "NOT_FOUND", [None])),
        (
            "/v1/samples/open_items",
            {"seed": "1", "method": "monetary", "amount": "doc", "by": "dealer"},
            (400, "VALIDATION_FAILED", ["by", "amount"]),
        ),
        ("/v1/shipments/SHP-9999/standing", {}, (404, "NOT_FOUND", [None])),
        ("/v1/strays", {"region": "33"}, (400, "VALIDATION_FAILED", ["query.region"])),
        ("/v1/short-dated-sales", {}, (400, "VALIDATION_FAILED", ["query.below"])),
        (
            "/v1/dealers/D06/statements/2026-03/restated",
            {"version": 9},
            (404, "NOT_FOUND", [None]),
        ),
        ("/v1/history/nothing/1", {}, (400, "VALIDATION_FAILED", ["path.kind"])),
        ("/v1/history/serials/US80-26-0001", {}, (404, "NOT_FOUND", [None])),
        ("/v1/history/orders/SO-9999", {}, (404, "NOT_FOUND", [None])),
        ("/v1/dossiers/orders/SO-9999", {}, (404, "NOT_FOUND", [None])),
    ],
)
def test_what_is_asked_wrongly_is_refused(month: Auditor, path: str, params: dict, refused: tuple):
    assert month.refused(path, **params) == refused
