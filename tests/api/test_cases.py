"""A case of diversion over HTTP, from the alert to the account, and what each party reads of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.scene import Scene
from tests.conftest import BACKENDS
from tests.support.backends import note_backend, shared_url
from tests.support.case_told import Told
from tests.support.diversion import CASE, MARGIN, NET
from tests.support.world import AWAY, DEVICE, POOR, RICH, MovableClock, build, opened, serial

GROSS, PEN = 107_350, "PEN-2603-001"
"""Gross amount of one device, and the document of the penalty."""


@pytest.fixture(scope="module", params=BACKENDS)
def whole(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Told]:
    """The whole story, told once for the tests of this module, which only read."""
    clock = MovableClock()
    with opened(shared_url(request, tmp_path_factory), clock) as engine:
        build(engine)
        scene = Scene(engine)
        scene.people()
        told = Told(engine, clock, scene, scene.client)
        told.tell()
        yield told


@pytest.fixture
def told(request: pytest.FixtureRequest, whole: Told) -> Told:
    """The story, counted among the tests of its database."""
    note_backend(request, whole.engine.database.url.render_as_string())
    return whole


def values(row: dict[str, Any], names: str) -> tuple[Any, ...]:
    """Some columns of a row."""
    return tuple(row[name] for name in names.split())


def corridor(told: Told, moment: str) -> tuple[Any, ...]:
    """What was counted from D01 to Zhejiang: alerts, confirmed cases, units, their net amount."""
    [row] = told.then("corridors", moment)
    assert values(row, "source_dealer province") == (RICH, "330000")
    return values(row, "alerts confirmed units net")


def balance(told: Told, moment: str, dealer: str) -> tuple[Any, ...]:
    """What a dealer owes, what money of it is not applied, and its exposure."""
    [row] = [one for one in told.then("balances", moment) if one["dealer"] == dealer]
    return values(row, "open unapplied exposure")


def test_an_alert_is_there_as_soon_as_the_device_is_seen(told: Told):
    found = told.then("case", "seen")["item"]

    assert values(found, "rule rule_name status serial") == (
        "R01", "OUT_OF_TERRITORY", "ALERTED", serial(1),
    )  # fmt: skip
    assert values(found, "score severity evidence weight") == (86, "HIGH", 1, "0.8")
    parties = "source_dealer suspect_dealer responsible_dealer victim_dealer"
    assert values(found, parties) == (RICH, RICH, RICH, AWAY)
    assert values(found, "p_source p_local gap_pct") == ("950", "1000", "5.00")
    assert values(found, "so shipment invoice") == ("SO-0001", "SHP-1", "INV-2603-001")
    assert [one["points"] for one in json.loads(found["score_parts"])] == [60, 20, 10, -4]


def test_every_judgement_of_an_alert_is_kept(told: Told):
    found = told.then("case", "asked")

    judged = [values(one, "score severity cause") for one in found["scores"]]
    assert judged == [(86, "HIGH", None), (89, "HIGH", "R01 in 330100")]
    assert found["item"]["score"] == 89


def test_all_evidence_is_listed_with_its_weight_and_its_observer(told: Told):
    found = told.then("case", "closed")

    assert [values(one, "source weight observer withdrawn") for one in found["evidence"]] == [
        ("FIELD_AUDIT", "0.8", "se-1", None),
        ("SERVICE_ENGINEER_SCAN", "0.95", "se-1", None),
        ("PHOTO", "0.8", "se-2", None),
    ]
    assert (found["evidence"][2]["raw"], found["item"]["evidence"]) == ("sha256:photo", 3)


def test_evidence_that_was_an_error_stays_listed_and_a_row_says_so(told: Told):
    found = told.read("/v1/diversion-alerts/DIV-0002")

    assert [one["withdrawn"] for one in found["evidence"]] == [None, True]
    assert found["item"]["evidence"] == 0


def test_every_step_is_listed_with_who_took_it(told: Told):
    steps = told.then("case", "closed")["steps"]

    assert [values(one, "step actor text") for one in steps] == [
        ("TRIAGED", "mgr-national", "not explained"),
        ("ASSIGNED", "mgr-national", "rep-east"),
        ("RESPONSE_REQUESTED", "mgr-national", ""),
        ("RESPONDED", "dlr-d01", "it was lent"),
        ("SUPPORTED", "qa-1", "CONFIRMED"),
        ("CONFIRMED", "mgr-national", "what was found"),
        ("SANCTIONED", "mgr-national", "WARNING, PENALTY, COMPENSATION"),
        ("APPEALED", "dlr-d01", "it was lent"),
        ("OVERTURNED", "mgr-other", "the letter"),
        ("CLOSED", "mgr-national", "done"),
    ]
    sanctioned = steps[6]
    documents = [one.get("document") for one in json.loads(sanctioned["sanctions"])]
    assert values(sanctioned, "amount dealer") == (2 * MARGIN, RICH)
    assert documents == [None, PEN, "ADJ-2603-001"]


@pytest.mark.parametrize(
    ("moment", "status", "outcome", "appeal"),
    [
        ("seen", "ALERTED", None, None),
        ("not asked", "INVESTIGATING", None, None),
        ("asked", "AWAITING_DEALER_RESPONSE", None, None),
        ("confirmed", "DECIDED", "CONFIRMED", None),
        ("sanctioned", "SANCTIONED", "CONFIRMED", None),
        ("appealed", "APPEALED", "CONFIRMED", None),
        ("overturned", "SANCTIONED", "CONFIRMED", "OVERTURNED"),
        ("closed", "CLOSED", "CONFIRMED", "OVERTURNED"),
    ],
)
def test_an_alert_says_how_far_its_case_is(
    told: Told, moment: str, status: str, outcome: str | None, appeal: str | None
):
    found = told.then("case", moment)["item"]

    assert values(found, "status outcome appeal") == (status, outcome, appeal)


def test_a_decision_says_of_how_much(told: Told):
    found = told.then("case", "confirmed")["item"]

    assert values(found, "diverted_units diverted_net investigator") == (1, NET, "rep-east")


@pytest.mark.parametrize(
    ("moment", "late"),
    [
        ("seen", False),
        ("unseen for too long", True),
        ("not asked", False),
        ("asked", False),
        ("unanswered for too long", True),
        ("confirmed", False),
        ("sanctioned", False),
        ("appealed", False),
        ("closed", False),
    ],
)
def test_a_case_that_waits_for_too_long_is_among_the_deadlines(told: Told, moment: str, late: bool):
    found = [one["alert_id"] for one in told.then("late", moment)]

    assert (CASE in found) is late


@pytest.mark.parametrize("late", ["seen", "asked", "sanctioned"])
@pytest.mark.parametrize("in_time", ["not asked", "confirmed", "appealed"])
def test_deadlines_are_told_for_a_day_to_come(told: Told, late: str, in_time: str):
    assert CASE in [one["alert_id"] for one in told.then("late in april", late)]
    assert CASE not in [one["alert_id"] for one in told.then("late in april", in_time)]


def test_a_corridor_counts_what_was_confirmed_and_back_when_it_is_overturned(told: Told):
    counted = [corridor(told, one) for one in ("seen", "asked", "confirmed", "appealed", "closed")]

    one, two = (1, 0, 0, 0), (2, 0, 0, 0)
    assert counted == [one, two, (2, 1, 1, NET), (2, 1, 1, NET), two]


def test_a_penalty_is_an_open_item(told: Told):
    before, after = (told.then("items", one) for one in ("confirmed", "sanctioned"))

    assert [one["doc"] for one in before] == ["INV-2603-001"]
    [penalty] = [one for one in after if one["doc"] == PEN]
    assert values(penalty, "gross open due accounting_date") == (
        MARGIN, MARGIN, "2026-04-15", "2026-03-16",
    )  # fmt: skip


def test_a_penalty_is_in_the_statement_of_its_month(told: Told):
    before, after = (told.then("statement", one) for one in ("confirmed", "sanctioned"))

    assert values(before, "invoices penalties closing") == (2 * GROSS, 0, 2 * GROSS)
    assert values(after, "penalties closing") == (MARGIN, 2 * GROSS + MARGIN)
    names = "doc type text gross balance"
    assert values(after["lines"][-1], names) == (
        PEN, "PENALTY", f"penalty, {CASE}", MARGIN, 2 * GROSS + MARGIN,
    )  # fmt: skip


def test_a_penalty_is_an_entry_of_the_ledger(told: Told):
    last = told.then("entries", "sanctioned")[-1]

    assert values(last, "doc type item debit credit period actor") == (
        PEN, "PENALTY", PEN, MARGIN, 0, "2026-03", "mgr-national",
    )  # fmt: skip


def test_a_penalty_takes_up_credit_until_it_is_overturned(told: Told):
    found = [balance(told, one, RICH) for one in ("confirmed", "sanctioned", "overturned")]

    without, more = 2 * GROSS, 2 * GROSS + MARGIN
    assert found == [(without, 0, without), (more, 0, more), (without, 0, without)]


def test_a_penalty_that_is_overturned_is_settled_by_an_entry_of_the_ledger(told: Told):
    entries, items = (told.then(one, "overturned") for one in ("entries", "items"))

    settled = ("ADJ-2603-002", "ADJUSTMENT", PEN, 0, MARGIN)
    assert values(entries[-1], "doc type item debit credit") == settled
    assert [values(one, "doc open") for one in items] == [("INV-2603-001", 2 * GROSS), (PEN, 0)]


def test_the_victim_is_credited_and_keeps_it(told: Told):
    found = [balance(told, one, AWAY) for one in ("confirmed", "sanctioned", "overturned")]

    assert found == [(0, 0, 0), (0, MARGIN, -MARGIN), (0, MARGIN, -MARGIN)]


def test_the_victim_reads_that_a_unit_is_in_its_area_and_nothing_else(told: Told):
    [first, *_] = told.then("victim", "sanctioned")

    assert first == {
        "case": CASE,
        "status": "SANCTIONED",
        "sku": DEVICE,
        "serial": serial(1),
        "lot": None,
        "region": "330100",
        "hospital": "H-HZ-03",
        "observed_on": "2026-03-01",
    }


def test_the_accused_reads_of_its_case_neither_who_suffers_nor_who_saw_it(told: Told):
    assert told.then("accused", "not asked") == []
    assert told.read("/v1/diversion-alerts/DIV-0002")["item"]["outcome"] == "DISMISSED"
    [found] = told.then("accused", "sanctioned")

    assert found == {
        "case": CASE,
        "rule": "R01",
        "status": "SANCTIONED",
        "sku": DEVICE,
        "serial": serial(1),
        "lot": None,
        "region": "330100",
        "authorised_regions": "310000",
        "so": "SO-0001",
        "shipment": "SHP-1",
        "response_due": "2026-03-15",
        "outcome": "CONFIRMED",
        "appeal_until": "2026-03-31",
    }


@pytest.mark.parametrize("dealer", [RICH, POOR])
def test_nobody_but_the_victim_has_notices(told: Told, dealer: str):
    assert told.read(f"/v1/dealers/{dealer}/diversion-notices")["items"] == []


@pytest.mark.parametrize("dealer", [AWAY, POOR])
def test_nobody_but_the_accused_has_cases(told: Told, dealer: str):
    assert told.read(f"/v1/dealers/{dealer}/diversion-cases")["items"] == []


def test_what_the_market_says_is_listed_by_product_kind_and_region(told: Told):
    path, names = "/v1/market-sightings", "kind region price address document observer seen_on"
    quoted = ("PRICE", "330100", "940", None, "sha256:quote", "se-1", "2026-03-01")
    offer = "shop.example/1"
    offered = ("LISTING", "440100", "930", offer, offer, "a shop", "2026-03-01")

    for filters, expected in (
        ({"sku": DEVICE}, [quoted, offered]),
        ({"kind": "PRICE"}, [quoted]),
        ({"region": "440100"}, [offered]),
        ({"sku": "INJ"}, []),
    ):
        found = told.read(path, **filters)["items"]
        assert [values(one, names) for one in found] == expected
