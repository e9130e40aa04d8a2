"""Placing: an order is refused for what is wrong with it, held for what a person must decide."""

from domain.accounts.credit_line import CreditLine
from domain.company.number_series import NumberSeries
from domain.flows.orders.ordering import place_order
from domain.goods import serial_events, stock_events
from domain.kernel.refusal import ValidationFailed
from domain.orders.line_events import LineReserved
from domain.orders.order import Order
from domain.orders.order_book import OrderBook
from domain.orders.order_events import Checked, Confirmed, Held, Placed
from domain.orders.refusals import DealerTerminated, DuplicateOrder
from domain.parties import dealer_events
from domain.parties.dealer import Dealer
from tests.domain.company import company, discontinued, limit, open_invoice
from tests.domain.story import of, order
from tests.domain.support import day, fact, given, like
from tests.domain.world import BY, DEALER_5

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
            like(stock_events.Reserved, ref="SO-0001", line=1),
            like(serial_events.Reserved, so="SO-0001", warehouse="WH-SH"),
            like(serial_events.Reserved, so="SO-0001", warehouse="WH-SH"),
            like(LineReserved, line_no=1, qty=2, serials=("US80-26-0001", "US80-26-0002")),
            like(stock_events.Reserved, ref="SO-0001", line=2),
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


def test_the_same_reference_of_the_same_dealer_is_a_duplicate():
    past = given(company()).when(place_order, WISH).accepted()

    past.when(place_order, WISH).refuses(DuplicateOrder, so="SO-0001")
    other = order("D06", of("US80", 1), external_ref="PO-D05-0001")
    past.when(place_order, other).then(
        NumberSeries.NumberTaken, Placed, OrderBook.Entered, Checked, Confirmed, OrderBook.Left,
        CreditLine.Moved, stock_events.Reserved, serial_events.Reserved, LineReserved,
    )  # fmt: skip


def test_two_orders_without_a_reference_are_two_orders():
    past = given(company()).when(place_order, order("D05", of("US80", 1))).accepted()

    assert past.when(place_order, order("D05", of("US80", 1))).answer["so"] == "SO-0002"


def test_a_refused_order_uses_no_number():
    past = given(company()).when(place_order, order("D05")).refuses(ValidationFailed)

    assert past.when(place_order, WISH).answer["so"] == "SO-0001"


def test_a_dealer_whose_contract_has_ended_cannot_order():
    profile = given(company()).get(Dealer, "D05").known
    ended = fact(Dealer, "D05", dealer_events.Registered(*BY, profile=profile, status="TERMINATED"))

    given(company(), ended).when(place_order, WISH).refuses(DealerTerminated)


def test_all_reasons_to_hold_stand_together():
    past = given(
        company(),
        discontinued("P5"),
        limit("D06", 100_00),
        open_invoice("D06", "INV-1", 226_000_00, "2026-02-01"),
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
