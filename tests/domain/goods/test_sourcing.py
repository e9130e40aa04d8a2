"""Sourcing: which warehouse ships a line, which ones were passed over, and what is promised."""

import pytest

from domain.company.company_policy import CompanyPolicy, Service
from domain.flows.orders.ordering import place_order
from domain.orders.order_events import Confirmed, Held
from domain.orders.order_line import Supply
from domain.policies.sourcing import ranked
from tests.domain.company import company, discontinued, master_data, policy
from tests.domain.story import of, order
from tests.domain.support import day, given
from tests.domain.world import BY, EAST, units


def sourced(*lines, past=None, dealer="D05", **more):
    done = (past or given(company())).when(place_order, order(dealer, *lines, **more))
    (confirmed,) = done.recorded(Confirmed)
    return confirmed


def test_the_primary_warehouse_ships_what_it_has():
    confirmed = sourced(of("US80", 4))

    assert confirmed.sourcing == (Supply(1, "SHIP", "WH-SH", 4, 1),)
    assert confirmed.promise_date == day("2026-03-03")


def test_the_next_warehouse_by_lead_time_that_has_the_whole_line_ships_it():
    confirmed = sourced(of("INJ", 250), delivery_policy="LINE_COMPLETE")

    assert confirmed.sourcing == (Supply(1, "SHIP", "WH-WH", 250, 2, {"WH-SH": "sellable 200"}),)
    assert confirmed.promise_date == day("2026-03-04")


def test_warehouses_that_have_less_are_passed_over_with_what_they_have():
    fifth = units("WH-BJ", "US80", "2026-01-09", *(f"US80-26-01{one}" for one in range(10, 14)))

    past = given(company(), fifth)
    confirmed = sourced(of("US80", 5), past=past, delivery_policy="LINE_COMPLETE")

    assert confirmed.sourcing == (
        Supply(1, "SHIP", "WH-BJ", 5, 3, {"WH-SH": "sellable 4", "WH-WH": "sellable 0"}),
    )


def test_of_two_warehouses_with_the_same_lead_time_the_lower_id_is_asked_first():
    # CD and GZ are both four days away; the ranking names GZ first, the id decides for CD.
    ranking = ("WH-SH", "WH-GZ", "WH-CD", "WH-BJ", "WH-WH")

    assert ranked(Service("320000", ranking, EAST.lead_days)) == [
        "WH-SH",
        "WH-WH",
        "WH-BJ",
        "WH-CD",
        "WH-GZ",
    ]


def test_the_primary_warehouse_is_asked_first_however_far_it_is():
    lead_days = {"WH-GZ": 9, "WH-SH": 1}

    assert ranked(Service("320000", ("WH-GZ", "WH-SH"), lead_days)) == ["WH-GZ", "WH-SH"]


def test_each_line_is_sourced_by_itself_and_the_last_to_arrive_is_promised():
    wish = (of("US80", 1), of("P5", 3, "84000"))
    confirmed = sourced(*wish, delivery_policy="LINE_COMPLETE")

    assert [(one.line_no, one.warehouse, one.lead_days) for one in confirmed.sourcing] == [
        (1, "WH-SH", 1),
        (2, "WH-WH", 2),
    ]
    assert confirmed.promise_date == day("2026-03-04")


def test_a_line_that_nobody_can_ship_whole_holds_with_what_everybody_has():
    past = given(company(), discontinued("US80"))
    wish = order("D05", of("US80", 5), of("P5", 1), delivery_policy="LINE_COMPLETE")
    done = past.when(place_order, wish)

    (held,) = done.recorded(Held)
    assert (held.code, held.evidence) == (
        "NO_SUPPLY",
        {
            "line_no": 1,
            "sku": "US80",
            "wanted": 5,
            "sellable": "WH-SH 4, WH-WH 0, WH-BJ 2, WH-CD 1, WH-GZ 2",
            "lines_short": 1,
        },
    )
    assert done.answer["state"] == "ON_HOLD"


def test_every_short_line_is_counted():
    past = given(master_data(), discontinued("US80", "P5"))
    done = past.when(place_order, order("D05", of("US80", 1), of("P5", 1)))

    assert done.recorded(Held)[0].evidence["lines_short"] == 2


@pytest.mark.parametrize(
    ("region", "service"),
    [("320501", "320500"), ("320600", "320000"), ("320000", "320000"), ("440100", None)],
)
def test_the_smallest_region_that_contains_a_place_says_who_serves_it(region, service):
    rank = CompanyPolicy.ServiceRanked(*BY, service=Service("320500", ("WH-GZ",), {"WH-GZ": 1}))

    found = given(company(), policy(rank)).get(CompanyPolicy, "company").service(region)

    assert (found.region_code if found else None) == service


def test_an_order_that_holds_claims_no_stock_from_others():
    past = given(company())
    past.when(place_order, order("D05", of("US80", 4, "200000"))).accepted()

    assert sourced(of("US80", 4), past=past).sourcing[0].warehouse == "WH-SH"
