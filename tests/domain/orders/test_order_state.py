"""The state of an order: a function of its lines and holds, told with every event."""

from decimal import Decimal

import pytest

from domain.kernel.refusal import InvalidState
from domain.orders.check import CheckResult
from domain.orders.line_events import LineDelivered, LineInstalled, LineReserved, LineShipped
from domain.orders.order import Order
from domain.orders.order_events import Confirmed, Held, HoldCleared, HoldReleased, Placed
from domain.orders.order_line import LineTerms
from domain.orders.order_terms import OrderTerms, ShipTo
from domain.orders.refusals import HoldsActive
from tests.domain.support import day, fact, given, stamp
from tests.domain.world import BY

TERMS = OrderTerms(
    channel="DEALER",
    dealer="D04",
    sales_region="EAST",
    ship_to=ShipTo("ADR-D04", "310100", "D04"),
    order_date=day("2026-03-02"),
    requested_date=day("2026-03-20"),
    currency="CNY",
    delivery_policy="ALLOW_PARTIAL",
    billing_plan=(),
)


def line(number, qty, *, device=False):
    return LineTerms(
        line_no=number, sku="CT64" if device else "INJ", qty=qty, unit_price=1, price_basis="X",
        tax_rate=13, net=1, vat=0, gross=1, tracking="SERIAL" if device else "LOT",
        installation_required=device,
    )  # fmt: skip


PLACED = Placed(
    *BY, terms=TERMS, lines=(line(1, 2), line(2, 1, device=True)), net=2, vat=0, gross=2
)
ONLY_GOODS = Placed(*BY, terms=TERMS, lines=(line(1, 2),), net=1, vat=0, gross=1)
CONFIRMED = Confirmed(*BY, sourcing=(), promise_date=day("2026-03-03"), policy_version=1)
HELD = Held(*BY, code="NO_SUPPLY", evidence={})


def reserved(number, qty):
    return LineReserved(*BY, line_no=number, warehouse="WH-SH", qty=qty)


def shipped(number, qty):
    return LineShipped(*BY, line_no=number, shp="SHP-1", qty=qty)


def delivered(number, qty):
    return LineDelivered(*BY, line_no=number, shp="SHP-1", qty=qty)


INSTALLED = LineInstalled(*BY, line_no=2, serial="1", hospital="H-SH-01", region_code="310100")
RESERVED = (reserved(1, 2), reserved(2, 1))
ON_ITS_WAY = (PLACED, CONFIRMED, *RESERVED, shipped(1, 2), shipped(2, 1))


def standing(*events):
    return given([fact(Order, "SO-1", event) for event in events]).get(Order, "SO-1")


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ((PLACED,), "PLACED"),
        ((PLACED, HELD), "ON_HOLD"),
        ((PLACED, HELD, HoldCleared(*BY, code="NO_SUPPLY", cause="x")), "PLACED"),
        ((PLACED, HELD, HoldReleased(*BY, code="NO_SUPPLY", role="X", reason="x")), "PLACED"),
        ((PLACED, CONFIRMED), "CONFIRMED"),
        ((PLACED, CONFIRMED, *RESERVED), "CONFIRMED"),
        ((PLACED, CONFIRMED, *RESERVED, shipped(1, 1)), "PARTIALLY_SHIPPED"),
        ((PLACED, CONFIRMED, *RESERVED, shipped(1, 2)), "PARTIALLY_SHIPPED"),
        (ON_ITS_WAY, "SHIPPED"),
        ((*ON_ITS_WAY, delivered(1, 2)), "SHIPPED"),
        ((*ON_ITS_WAY, delivered(1, 2), delivered(2, 1)), "DELIVERED"),
        ((*ON_ITS_WAY, delivered(1, 2), delivered(2, 1), INSTALLED), "INSTALLED"),
        ((ONLY_GOODS, CONFIRMED, reserved(1, 2), shipped(1, 2), delivered(1, 2)), "DELIVERED"),
    ],
)
def test_the_least_advanced_line_decides_where_the_order_stands(events, state):
    assert standing(*events).state == state


def test_a_line_passes_through_its_buckets():
    order = standing(PLACED, CONFIRMED, reserved(1, 2), shipped(1, 1), delivered(1, 1))

    line_1 = order.lines[1]
    assert (line_1.unsourced, line_1.reserved, line_1.shipped, line_1.delivered) == (0, 1, 1, 1)
    assert order.lines[2].unsourced == 1


def test_every_event_tells_the_state_and_the_holds_that_followed():
    past = given([fact(Order, "SO-1", one) for one in (PLACED, HELD)])

    told = [(event.state, event.holds) for _, _, event in past.log.journal]

    assert told == [("PLACED", ()), ("ON_HOLD", ("NO_SUPPLY",))]


def test_an_order_is_not_confirmed_while_it_is_held_nor_twice():
    def confirm(log):
        log.get(Order, "SO-1").confirm((), day("2026-03-03"), 1, stamp())

    held = given(fact(Order, "SO-1", PLACED), fact(Order, "SO-1", HELD))
    held.when(confirm).refuses(HoldsActive, holds=("NO_SUPPLY",))
    done = given(fact(Order, "SO-1", PLACED), fact(Order, "SO-1", CONFIRMED))
    done.when(confirm).refuses(InvalidState)


def test_a_hold_on_the_same_evidence_is_raised_once():
    order = standing(PLACED, Held(*BY, code="NO_SUPPLY", evidence={"wanted": 1}))

    assert order.raised_by((CheckResult("K14", "NO_SUPPLY", {"wanted": 1}),)) == {}
    assert order.raised_by((CheckResult("K14", "NO_SUPPLY", {"wanted": 2}),)) == {
        "NO_SUPPLY": {"wanted": 2}
    }
    assert order.raised_by((CheckResult("K14"),)) == {}
    assert order.cleared_by((CheckResult("K14"),)) == ["NO_SUPPLY"]


@pytest.mark.parametrize(("deviation", "again"), [("2.60", False), ("2.59", False), ("2.61", True)])
def test_a_released_hold_is_raised_again_when_the_deviation_has_grown(deviation, again):
    released = HoldReleased(*BY, code="PRICE", role="MGR", reason="x", deviation=Decimal("2.60"))
    order = standing(PLACED, Held(*BY, code="PRICE", evidence={"deviation": "2.60"}), released)

    raised = order.raised_by((CheckResult("K10", "PRICE", {"deviation": deviation}),))

    assert bool(raised) is again
