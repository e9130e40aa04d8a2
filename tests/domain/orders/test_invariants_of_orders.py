"""What never breaks of an order, each told by one short story."""

from decimal import Decimal

import msgspec
import pytest

from domain.accounts import account_events
from domain.accounts.refusals import NotBillable
from domain.flows.accounts.invoicing import PostInvoice, post_invoice
from domain.flows.goods.planning import plan_shipment
from domain.flows.goods.returning import request_return
from domain.flows.goods.shipping import ship
from domain.flows.orders.amending import AmendOrder, FieldChange, amend_order
from domain.flows.orders.ending import CancelOrder, ShortCloseLine, cancel_order, short_close_line
from domain.flows.orders.holding import ReleaseHold, release_hold
from domain.flows.orders.ordering import place_order
from domain.goods.refusals import NotReserved, SerialDuplicate
from domain.goods.stock_item import StockItem
from domain.kernel.refusal import ValidationFailed
from domain.orders.order import Order
from domain.orders.order_events import Confirmed
from domain.orders.order_terms import Milestone
from domain.orders.refusals import CreditLimit
from domain.supply.backorders import BackorderQueue
from tests.domain.company import company, limit, open_invoice
from tests.domain.laws import events_of
from tests.domain.story import (
    US80_1,
    US80_2,
    US80_3,
    at_dealer,
    goods,
    of,
    order,
    placed,
    plan,
    reviewed,
    sending,
    sent,
    signed,
)  # fmt: skip
from tests.domain.supply.steps import came_back, item, wish_back
from tests.domain.support import given
from tests.domain.world import FINANCE, MGR_EAST, REP_EAST

PLACES = ("WH-SH", "WH-WH", "WH-BJ", "WH-CD", "WH-GZ")


def line_of(past, line=1, so="SO-0001"):
    return past.get(Order, so).lines[line]


def amended(past, field, value, line=1, on="2026-03-02"):
    change = FieldChange(field=field, value=value, line_no=line)
    command = AmendOrder(so_id="SO-0001", changes=[change], reason="asked for")
    return past.when(amend_order, command, by=REP_EAST, on=on)


def closed(past, qty, reason="DEALER_REQUEST", line=1):
    command = ShortCloseLine(so_id="SO-0001", line_no=line, qty=qty, reason=reason)
    return past.when(short_close_line, command).accepted()


def cancelled(past, so="SO-0001"):
    return past.when(cancel_order, CancelOrder(so_id=so, reason="lost")).accepted()


def releasing(past, code, by, so="SO-0001"):
    return past.when(release_hold, ReleaseHold(so_id=so, code=code, reason="agreed"), by=by)


def balances(past, sku, so="SO-0001"):
    """INV-SO-1 and INV-SO-11: every quantity is in one bucket, and what is behind it is there."""
    lines = [one for one in past.get(Order, so).lines.values() if one.terms.sku == sku]
    for one in lines:
        parts = (one.reserved, one.in_supply, one.backordered, one.shipped, one.cancelled)
        assert min(parts) >= 0
        assert sum(parts) == one.terms.qty
    shelves = [past.get(StockItem, place, sku).shelf for place in PLACES]
    claimed = sum(one.qty for shelf in shelves for one in shelf.reservations.get(so, ()))
    queued = sum(one.qty for one in past.get(BackorderQueue, sku).ranked() if one.so == so)
    assert claimed == sum(one.reserved for one in lines)
    assert queued == sum(one.backordered for one in lines)


# Quantities.


def test_inv_so_1_a_quantity_is_in_one_bucket_whatever_happens_to_it():
    past = placed(of("US80", 12), of("US80", 2))
    balances(past, "US80")
    assert (line_of(past).reserved > 0, line_of(past).backordered > 0) == (True, True)
    for step in (
        lambda: amended(past, "qty", "14").accepted(),
        lambda: amended(past, "qty", "5").accepted(),
        lambda: closed(past, 1),
        lambda: sent(past, "SHP-0001", goods("SO-0001", 1, "US80", US80_1)),
        lambda: amended(past, "qty", "4", on="2026-03-04").accepted(),
        lambda: closed(past, 1, line=2),
    ):
        step()
        balances(past, "US80")
    assert (line_of(past).cancelled, line_of(past).shipped) == (1, 1)


def test_inv_so_1_all_of_a_cancelled_order_is_cancelled():
    past = cancelled(placed(of("US80", 12)))

    balances(past, "US80")
    assert line_of(past).cancelled == 12


def test_inv_so_2_no_more_comes_back_than_was_delivered_and_no_more_leaves_than_was_ordered():
    past = sent(placed(of("US80", 2)), "SHP-0001", goods("SO-0001", 1, "US80", US80_1))
    more = plan("SHP-0002", goods("SO-0001", 1, "US80", US80_2, US80_3))
    assert past.when(plan_shipment, more).refusal is not None
    signed(past, "SHP-0001")

    came_back(past, item("US80", serial=US80_1), on="2026-03-10")
    for serial in (US80_1, US80_2):
        again = wish_back(item("US80", serial=serial))
        assert past.when(request_return, again, on="2026-03-11").refusal is not None

    line = line_of(past)
    assert (line.returned, line.delivered, line.shipped, line.terms.qty) == (1, 1, 1, 2)


# Header state and holds.


def test_inv_so_3_no_event_sets_the_state_it_follows_from_the_others():
    past = at_dealer(US80_1, US80_2)
    events = [event for name, _, event in past.log.journal if name == "Order/SO-0001"]
    refolded = Order(stream="Order/SO-0001")
    states = []

    for event in events:
        refolded.fold(msgspec.structs.replace(event, state="CLOSED", holds=("LIE",)))
        assert (refolded.state, refolded.holds) == (event.state, event.holds)
        states.append(event.state)

    assert list(dict.fromkeys(states)) == ["PLACED", "CONFIRMED", "SHIPPED", "DELIVERED"]


def test_inv_so_4_an_order_is_confirmed_when_its_last_hold_has_gone():
    owing = open_invoice("D06", "INV-1", 226_000_00, "2026-02-01")
    past = given(company(), owing)
    past.when(place_order, order("D06", of("US80", 1, "262000")), by=REP_EAST).accepted()

    for code, by, confirmed in (("CREDIT_OVERDUE", FINANCE, 0), ("PRICE_BELOW_FLOOR", MGR_EAST, 1)):
        assert line_of(past).supplies == []
        done = releasing(past, code, by)
        assert len(done.recorded(Confirmed)) == confirmed


def test_inv_so_4_nothing_leaves_while_a_check_fails_on_that_day():
    past = reviewed(placed(of("US80", 1)), "SHP-0001", goods("SO-0001", 1, "US80", US80_1))
    for one in (limit("D05", 1_00),):
        past.get(one.aggregate, *one.key).record(one.event)

    past.when(ship, sending("SHP-0001")).refuses(CreditLimit)

    assert line_of(past).shipped == 0


# Prices and invoices.


def test_inv_so_5_a_line_of_which_goods_have_left_keeps_its_price_and_its_corridor():
    boxes = goods("SO-0001", 1, "INJ", "INJ2512A", qty=10)
    past = sent(placed(of("INJ", 100)), "SHP-0001", boxes)
    before = line_of(past).terms

    amended(past, "qty", "50", on="2026-03-04").accepted()
    after = line_of(past).terms

    assert (before.unit_price, after.qty, after.net) == (Decimal(1220), 50, 61_000_00)
    kept = ("unit_price", "floor", "ceiling", "price_list", "price_edition")
    assert [getattr(after, one) for one in kept] == [getattr(before, one) for one in kept]


@pytest.mark.parametrize(("qty", "price"), [(100, "1220"), (99, "1260")])
def test_inv_so_5_a_dealers_own_reduction_before_shipment_is_priced_again(qty, price):
    past = placed(of("INJ", 110))

    amended(past, "qty", str(qty)).accepted()

    assert str(line_of(past).terms.unit_price) == price


def test_inv_so_5_a_quantity_that_we_do_not_deliver_costs_the_dealer_no_break():
    past = closed(placed(of("INJ", 100)), 50, "SUPPLY_FAILURE")

    assert str(line_of(past).terms.unit_price) == "1220"


def test_inv_so_5_a_short_close_that_the_dealer_asked_for_is_priced_again():
    past = closed(placed(of("INJ", 100)), 50, "DEALER_REQUEST")

    assert str(line_of(past).terms.unit_price) == "1260"


def invoiced(past, so="SO-0001"):
    return [one for one in events_of(past.log, account_events.InvoicePosted) if one.so == so]


def test_inv_so_6_parts_of_a_line_are_invoiced_for_no_more_than_the_line():
    past = placed(of("INJ", 7, "1260.333333"))
    for number, qty in enumerate((3, 3, 1), 1):
        part = goods("SO-0001", 1, "INJ", "INJ2512A", qty=qty)
        signed(sent(past, f"SHP-000{number}", part), f"SHP-000{number}")
        net = sum(one.net for one in invoiced(past))
        assert net <= Decimal("126033.3333") * line_of(past).shipped + 1

    terms = line_of(past).terms
    assert sum(one.net for one in invoiced(past)) == terms.net == 8_822_33
    assert sum(one.gross for one in invoiced(past)) == terms.gross


def test_inv_so_6_milestones_add_up_to_the_line_and_are_billed_once():
    shares = (("SHIP", "33.33"), ("POD", "66.67"))
    wish = tuple(Milestone(name, Decimal(pct), 30) for name, pct in shares)
    past = given(company())
    past.when(place_order, order("D05", of("US80", 1), billing_plan=wish)).accepted()
    signed(sent(past, "SHP-0001", goods("SO-0001", 1, "US80", US80_1)), "SHP-0001")

    for milestone in ("SHIP", "POD"):
        command = PostInvoice(so_id="SO-0001", milestone=milestone)
        past.when(post_invoice, command, on="2026-03-06").refuses(NotBillable)

    assert [one.milestone for one in invoiced(past)] == ["SHIP", "POD"]
    assert sum(one.net for one in invoiced(past)) == line_of(past).terms.net


@pytest.mark.parametrize("pct", ["40.01", "39.99"])
def test_inv_so_6_a_billing_plan_is_a_hundred_per_cent(pct):
    wish = (Milestone("SHIP", Decimal(60), 30), Milestone("POD", Decimal(pct), 30))

    given(company()).when(place_order, order("D05", of("US80", 1), billing_plan=wish)).refuses(
        ValidationFailed, field="billing_plan"
    )


def test_inv_so_7_a_device_is_shipped_once_and_as_what_it_is():
    past = placed(of("US80", 2), of("US80", 1), of("P5", 1, "84000"))
    twice = (goods("SO-0001", 1, "US80", US80_1, US80_1), goods("SO-0001", 1, "US80", US80_1))

    refusal = past.when(plan_shipment, plan("SHP-1", twice[0])).refusal
    assert isinstance(refusal, SerialDuplicate)
    other = goods("SO-0001", 2, "US80", US80_1)
    across = past.when(plan_shipment, plan("SHP-2", twice[1], other)).refusal
    assert isinstance(across, SerialDuplicate)
    foreign = past.when(plan_shipment, plan("SHP-3", goods("SO-0001", 3, "P5", US80_1))).refusal
    assert isinstance(foreign, NotReserved)
    sent(past, "SHP-4", twice[1])
    again = past.when(plan_shipment, plan("SHP-5", other)).refusal
    assert isinstance(again, NotReserved)
