"""Pricing: which row answers for a line, and how far a price lies outside of its corridor."""

from decimal import Decimal

import pytest

from domain.company.number_series import NumberSeries
from domain.flows.orders.ordering import place_order
from domain.orders.order import Order
from domain.orders.order_book import OrderBook
from domain.orders.order_events import Checked, Held, Placed
from domain.orders.price_list import PriceBook, PriceList
from domain.orders.refusals import PriceAmbiguous
from domain.policies.pricing import Question, ambiguous, below_floor_pct, quote
from tests.domain.company import company, discontinued, master_data
from tests.domain.story import of, order
from tests.domain.support import day, given, like
from tests.domain.world import price_list, row

MARCH = day("2026-03-02")
TAKEN = (NumberSeries.NumberTaken, Placed, OrderBook.Entered, Checked)

SEVEN = (
    row("GEL", "ALL", "260", "200", "300"),
    row("GEL", "B", "250", "200", "300"),
    row("GEL", "B", "182", "176", "260", min_qty=100),
    row("GEL", "B", "240", "200", "300", region="320000"),
    row("GEL", "B", "230", "200", "300", region="320500"),
    row("GEL", "B", "120", "100", "300", region="320500", min_qty=1000),
    row("GEL", "ALL", "1", "1", "300", region="320500"),
)


def asked(region, tier, qty, *, on=MARCH, currency="CNY", rows=SEVEN):
    log = given(price_list("PL", rows)).log
    found = quote(log, Question("GEL", region, tier, qty, on, currency))
    return None if found is None else str(found.row.price)


@pytest.mark.parametrize(
    ("region", "tier", "qty", "price"),
    [
        ("320501", "B", 1, "230"),  # the longest region prefix
        ("320100", "B", 1, "240"),
        ("440100", "B", 1, "250"),  # ALL with the tier
        ("440100", "B", 99, "250"),
        ("440100", "B", 100, "182"),  # the break, for the whole line
        ("440100", "B", 5000, "182"),
        ("320500", "B", 999, "230"),  # the region is asked before the break
        ("320500", "B", 1000, "120"),
        ("320500", "A", 1, "260"),  # ALL with ALL, not a region without a tier
        ("440100", "C", 100, "260"),
    ],
)
def test_the_longest_region_then_the_tier_then_everyone_and_in_it_the_largest_break(
    region, tier, qty, price
):
    assert asked(region, tier, qty) == price


def test_a_row_from_a_larger_quantity_on_does_not_answer_for_less():
    assert asked("440100", "B", 99, rows=SEVEN[2:3]) is None


@pytest.mark.parametrize(
    ("on", "price"),
    [("2025-12-31", None), ("2026-01-01", "250"), ("2026-12-31", "250"), ("2027-01-01", None)],
)
def test_a_list_answers_on_its_first_and_on_its_last_day(on, price):
    assert asked("440100", "B", 1, on=day(on)) == price


def test_a_list_in_one_currency_does_not_answer_in_another():
    assert asked("440100", "B", 1, currency="EUR") is None


def test_the_answer_names_the_list_and_its_edition():
    log = given(price_list("PL-7", SEVEN)).log

    found = quote(log, Question("GEL", "440100", "B", 1, MARCH, "CNY"))

    assert (found.price_list, found.edition, found.basis) == ("PL-7", 1, "TAX_EXCLUSIVE")


def test_two_lists_with_the_same_answer_are_ambiguous():
    log = given(price_list("PL-1", SEVEN[1:2]), price_list("PL-2", SEVEN[1:2])).log

    with pytest.raises(PriceAmbiguous) as refused:
        quote(log, Question("GEL", "440100", "B", 1, MARCH, "CNY"))

    assert refused.value.facts["lists"] == ["PL-1", "PL-2"]


def test_two_lists_that_answer_differently_well_are_not_ambiguous():
    log = given(price_list("PL-1", SEVEN[1:2]), price_list("PL-2", SEVEN[3:4])).log

    assert quote(log, Question("GEL", "320100", "B", 1, MARCH, "CNY")).price_list == "PL-2"


def test_a_row_that_stands_twice_is_found():
    assert ambiguous([*SEVEN, SEVEN[2]]) == [SEVEN[2]]
    assert ambiguous(SEVEN) == []


@pytest.mark.parametrize(
    ("price", "pct"), [("255000", "5.20"), ("262000", "2.60"), ("269000", "0.00")]
)
def test_a_price_lies_below_the_floor_by_so_many_per_cent(price, pct):
    assert below_floor_pct(Decimal(price), Decimal(269000)) == Decimal(pct)


@pytest.mark.parametrize(("price", "deviation"), [("255000", "5.20"), ("262000", "2.60")])
def test_a_price_below_the_floor_holds_with_its_deviation(price, deviation):
    evidence = {
        "line_no": 1,
        "sku": "US80",
        "unit_price": price,
        "price_list": "PL-2026-1",
        "floor": "269000",
        "deviation": deviation,
    }
    (
        given(company())
        .when(place_order, order("D06", of("US80", 1, price)))
        .left(*TAKEN, like(Held, code="PRICE_BELOW_FLOOR", evidence=evidence))
    )


def test_a_price_above_the_ceiling_holds_with_its_deviation():
    done = given(company()).when(place_order, order("D06", of("US80", 1, "399000")))

    (held,) = done.recorded(Held)
    assert (held.code, held.evidence["ceiling"]) == ("PRICE_ABOVE_CEILING", "380000")
    assert held.evidence["deviation"] == "5.00"


@pytest.mark.parametrize("price", ["269000", "380000"])
def test_a_price_on_the_edge_of_the_corridor_does_not_hold(price):
    done = given(company()).when(place_order, order("D06", of("US80", 1, price)))

    assert done.answer["state"] == "CONFIRMED"


def test_a_product_that_no_row_answers_for_holds_until_there_is_one():
    done = given(company()).when(place_order, order("D06", of("P5", 1, "84000")))

    assert done.answer == {"so": "SO-0001", "state": "ON_HOLD", "holds": ["PRICE_MISSING"]}


def test_a_line_without_a_price_of_its_own_gets_the_list_price():
    past = given(company()).when(place_order, order("D05", of("INJ", 100))).accepted()

    line = past.get(Order, "SO-0001").lines[1].terms
    assert (line.unit_price, line.net, line.vat, line.gross) == (
        Decimal(1220),
        122_000_00,
        15_860_00,
        137_860_00,
    )


def test_a_list_price_that_includes_tax_is_charged_once():
    rows = (row("P5", "A", "113.00", "100.00", "120.00"),)
    activated = price_list("PL-INCL", rows, basis="TAX_INCLUSIVE")
    past = given(
        [one for one in company() if one.aggregate not in (PriceBook, PriceList)], activated
    )

    past.when(place_order, order("D05", of("P5", 1))).accepted()

    line = past.get(Order, "SO-0001").lines[1].terms
    assert (line.net, line.vat, line.gross) == (100_00, 13_00, 113_00)


def test_a_price_that_includes_tax_is_compared_with_the_corridor_without_it():
    # 288,150.00 with tax is 255,000.00 without: 5.20 % below the floor of 269,000.00.
    command = order("D06", of("US80", 1, "288150", "TAX_INCLUSIVE"))

    done = given(company()).when(place_order, command)

    assert done.answer["holds"] == ["PRICE_BELOW_FLOOR"]


def test_without_any_stock_the_price_is_still_judged():
    past = given(master_data(), discontinued("US80"))
    done = past.when(place_order, order("D06", of("US80", 1, "255000")))

    assert done.answer["holds"] == ["NO_SUPPLY", "PRICE_BELOW_FLOOR"]
