"""Placing: an order is refused for what is wrong with it, held for what a person must decide."""

import pytest

from domain.company_policy import CompanyPolicy
from domain.credit_line import CreditLine
from domain.dealer import Dealer
from domain.flows.ordering import place_order
from domain.kernel.refusal import MasterDataMissing, ValidationFailed
from domain.number_series import NumberSeries
from domain.order import Order
from domain.order_book import OrderBook
from domain.order_events import Checked, Confirmed, Held, LineReserved, Placed
from domain.refusals import BelowMoq, DealerTerminated, DuplicateOrder, PackMultiple, UnknownSku
from domain.serial_number import SerialNumber
from domain.stock_item import StockItem
from tests.domain.company import company, limit, open_invoice
from tests.domain.story import of, order
from tests.domain.support import day, fact, given, like
from tests.domain.world import BY, DEALER_5, address

WISH = order("D05", of("US80", 2, "266000"), of("INJ", 60, "1260"), external_ref="PO-D05-0001")


def test_an_order_without_a_reason_to_hold_is_confirmed_and_reserved_in_the_same_append():
    (
        given(company())
        .when(place_order, WISH, by=DEALER_5)
        .then(
            like(NumberSeries.NumberTaken, number=1),
            like(Placed, net=607_600_00, vat=78_988_00, gross=686_588_00, state="PLACED"),
            like(OrderBook.Entered, so="SO-0001", external_ref="PO-D05-0001"),
            like(Checked, cause="place", state="PLACED", holds=()),
            like(Confirmed, promise_date=day("2026-03-03"), state="CONFIRMED"),
            like(OrderBook.Left, so="SO-0001"),
            like(CreditLine.Moved, source="", target="ORDERED", amount=686_588_00),
            like(StockItem.Reserved, ref="SO-0001", line=1),
            like(SerialNumber.Reserved, so="SO-0001", warehouse="WH-SH"),
            like(SerialNumber.Reserved, so="SO-0001", warehouse="WH-SH"),
            like(LineReserved, line_no=1, qty=2, serials=("US80-26-0001", "US80-26-0002")),
            like(StockItem.Reserved, ref="SO-0001", line=2),
            like(LineReserved, line_no=2, qty=60, lot="INJ2512A"),
        )
    )


def test_the_person_places_and_automation_does_the_rest():
    done = given(company()).when(place_order, WISH, by=DEALER_5)

    actors = {type(event).__name__: event.by.user for event in done.events}
    assert actors["Placed"] == actors["Entered"] == "dlr-d05"
    assert actors["Checked"] == "system:checks"
    assert actors["Confirmed"] == actors["LineReserved"] == "system:sourcing"


def test_an_order_keeps_the_terms_of_the_day():
    past = given(company()).when(place_order, WISH).accepted()

    terms, line = past.get(Order, "SO-0001").known, past.get(Order, "SO-0001").lines[1].terms
    assert (terms.sales_region, terms.currency, terms.order_date) == (
        "EAST",
        "CNY",
        day("2026-03-02"),
    )
    assert [(str(one.pct), one.milestone, one.due_days) for one in terms.billing_plan] == [
        ("100", "POD", 30)
    ]
    assert (line.net, line.vat, line.gross) == (532_000_00, 69_160_00, 601_160_00)
    assert (str(line.floor), str(line.ceiling), line.price_list, line.price_edition) == (
        "258000",
        "380000",
        "PL-2026-1",
        1,
    )


def test_everything_that_is_wrong_is_said_at_once():
    nonsense = order(
        "D99",
        of("US81", 0),
        of("GEL", 7, "-1"),
        of("CT64", 1),
        ship_to="ADR/1",
        requested_date=day("2026-03-01"),
        end_customer_id=None,
        min_shelf_days=-1,
    )

    done = given(company()).when(place_order, nonsense)

    done.refuses(
        *[ValidationFailed] * 5,
        UnknownSku,
        ValidationFailed,
        PackMultiple,
        BelowMoq,
        ValidationFailed,
    )
    assert [one.facts["field"] for one in done.refusal.violations] == [
        "dealer_id",
        "ship_to",
        "requested_date",
        "min_shelf_days",
        "lines[0].qty",
        "lines[0].sku",
        "lines[1].unit_price",
        "lines[1].qty",
        "lines[1].qty",
        "end_customer_id",
    ]


@pytest.mark.parametrize("qty", [0, -3])
def test_a_quantity_below_one_is_refused_as_such_and_as_below_the_minimum(qty):
    given(company()).when(place_order, order("D05", of("INJ", qty, "1260"))).refuses(
        ValidationFailed, BelowMoq, field="lines[0].qty"
    )


def test_an_order_without_lines_is_refused():
    given(company()).when(place_order, order("D05")).refuses(ValidationFailed, field="lines")


@pytest.mark.parametrize(
    ("qty", "reasons"),
    [(50, []), (45, [PackMultiple, BelowMoq]), (55, [PackMultiple]), (40, [BelowMoq])],
)
def test_a_product_is_sold_in_packs_and_from_a_minimum_on(qty, reasons):
    done = given(company()).when(place_order, order("D05", of("GEL", qty, "182")))

    if reasons:
        done.refuses(*reasons)
    else:
        done.accepted()


def test_an_order_for_today_is_not_late():
    given(company()).when(
        place_order, order("D05", of("US80", 1), requested_date=day("2026-03-02"))
    ).accepted()


def test_a_device_that_is_installed_needs_the_name_of_its_hospital():
    bare = order("D04", of("CT64", 1, "2240000"))
    named = order("D04", of("CT64", 1, "2240000"), end_customer_id="H-SH-01")
    strange = order("D04", of("CT64", 1, "2240000"), end_customer_id="H-XX-01")

    given(company()).when(place_order, bare).refuses(ValidationFailed, field="end_customer_id")
    given(company()).when(place_order, strange).refuses(ValidationFailed, field="end_customer_id")
    given(company()).when(place_order, named).accepted()


def test_a_product_without_any_price_cannot_be_ordered_without_one():
    given(company()).when(place_order, order("D06", of("P5", 1))).refuses(
        ValidationFailed, field="lines[0].unit_price"
    )


def test_the_same_reference_of_the_same_dealer_is_a_duplicate():
    past = given(company()).when(place_order, WISH).accepted()

    past.when(place_order, WISH).refuses(DuplicateOrder, so="SO-0001")
    other = order("D06", of("US80", 1), external_ref="PO-D05-0001")
    past.when(place_order, other).then(
        NumberSeries.NumberTaken, Placed, OrderBook.Entered, Checked, Confirmed, OrderBook.Left,
        CreditLine.Moved, StockItem.Reserved, SerialNumber.Reserved, LineReserved,
    )  # fmt: skip


def test_two_orders_without_a_reference_are_two_orders():
    past = given(company()).when(place_order, order("D05", of("US80", 1))).accepted()

    assert past.when(place_order, order("D05", of("US80", 1))).answer["so"] == "SO-0002"


def test_a_refused_order_uses_no_number():
    past = given(company()).when(place_order, order("D05")).refuses(ValidationFailed)

    assert past.when(place_order, WISH).answer["so"] == "SO-0001"


def test_a_dealer_whose_contract_has_ended_cannot_order():
    profile = given(company()).get(Dealer, "D05").known
    ended = fact(Dealer, "D05", Dealer.Registered(*BY, profile=profile, status="TERMINATED"))

    given(company(), ended).when(place_order, WISH).refuses(DealerTerminated)


def test_nothing_is_ordered_to_a_place_that_nobody_serves():
    far = address("ADR-FAR", "650100", "D05")

    given(company(), far).when(place_order, order("D05", of("US80", 1), ship_to="ADR-FAR")).refuses(
        MasterDataMissing, key="service ranking of region 650100"
    )


def test_nothing_is_ordered_without_a_rate_of_tax():
    taxless = [one for one in company() if not isinstance(one.event, CompanyPolicy.TaxRateSet)]

    given(taxless).when(place_order, WISH).refuses(MasterDataMissing, key="tax rate VAT13")


def test_all_reasons_to_hold_stand_together():
    past = given(
        company(), limit("D06", 100_00), open_invoice("D06", "INV-1", 226_000_00, "2026-02-01")
    )

    done = past.when(place_order, order("D06", of("US80", 3, "255000"), of("P5", 9, "84000")))

    assert done.answer["holds"] == [
        "CREDIT_LIMIT",
        "CREDIT_OVERDUE",
        "NO_SUPPLY",
        "PRICE_BELOW_FLOOR",
        "PRICE_MISSING",
    ]
    assert done.answer["state"] == "ON_HOLD"
    assert {one.code for one in done.recorded(Held)} == set(done.answer["holds"])
    assert done.recorded(Confirmed) == []


@pytest.mark.parametrize("price", ["NaN", "Infinity", "1e30"])
def test_a_price_that_is_no_amount_is_refused(price):
    given(company()).when(place_order, order("D05", of("US80", 1, price))).refuses(
        ValidationFailed, field="lines[0].unit_price"
    )
