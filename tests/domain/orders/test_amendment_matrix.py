"""The amendment matrix: what of an order may still be changed, by how far it has got."""

from decimal import Decimal

import pytest

from domain.flows.goods.losing import RecordLoss, record_loss
from domain.flows.orders.amending import AmendOrder, FieldChange, amend_order
from domain.flows.orders.ending import (
    CancelOrder,
    RejectOrder,
    ShortCloseLine,
    cancel_order,
    reject_order,
    short_close_line,
)
from domain.flows.orders.ordering import CreateDraft, create_draft
from domain.kernel.refusal import InvalidState
from domain.orders.order import Order
from domain.orders.order_events import Amended, Checked
from domain.orders.refusals import AddressLocked, AmendBelowShipped, PriceLocked
from tests.domain.company import company, open_invoice
from tests.domain.story import US80_1, US80_2, US80_3, goods, of, placed, sent, signed
from tests.domain.support import day, given, like

TWO_LINES = (of("US80", 3, "266000"), of("INJ", 20, "1260"))
SHIPPED = goods("SO-0001", 1, "US80", US80_1, US80_2)
REST = goods("SO-0001", 1, "US80", US80_3)
BOXES = goods("SO-0001", 2, "INJ", "INJ2512A", qty=20)


def setting(field, value, line=None):
    return FieldChange(field=field, value=value, line_no=line)


QTY_UP, QTY_DOWN = setting("qty", "4", 1), setting("qty", "2", 1)
PRICE, OTHER_PRICE = setting("unit_price", "270000", 1), setting("unit_price", "1300", 2)
DATE = setting("requested_date", "2026-04-10")
ADDRESS = setting("ship_to", "ADR-H-NJ-02")
CUSTOMER = setting("end_customer_id", "H-NJ-02")
ADD = FieldChange(op="add_line", line=of("P5", 1, "84000"))
REMOVE, REMOVE_OTHER = (FieldChange(op="remove_line", line_no=line) for line in (1, 2))


def drafted():
    terms = {"ship_to": "ADR-D05", "requested_date": day("2026-03-20")}
    draft = CreateDraft(dealer_id="D05", lines=list(TWO_LINES), **terms)
    return given(company()).when(create_draft, draft).accepted()


def held():
    owing = open_invoice("D05", "INV-1", 226_000_00, "2026-02-01")
    return placed(*TWO_LINES, past=given(company(), owing))


def confirmed():
    return placed(*TWO_LINES)


def partly():
    return sent(confirmed(), "SHP-0001", SHIPPED)


def shipped():
    return sent(partly(), "SHP-0002", REST, BOXES)


STATES = {"DRAFT": drafted, "ON_HOLD": held, "CONFIRMED": confirmed, "PARTIALLY_SHIPPED": partly}


def amending(past, *changes):
    command = AmendOrder(so_id="SO-0001", changes=list(changes), reason="asked for")
    return past.when(amend_order, command, on="2026-03-04")


def agreed(past):
    """Of each line the product, the quantity and the price; the day and the address."""
    it = past.get(Order, "SO-0001")
    lines = {no: (one.terms.sku, one.terms.qty, one.terms.unit_price) for no, one in it.lines.items()}  # fmt: skip
    return lines, it.known.requested_date, it.known.ship_to.address_id


DEVICE, BOX = ("US80", 3, Decimal(266000)), ("INJ", 20, Decimal(1260))
EARLY = ("DRAFT", "ON_HOLD", "CONFIRMED")
ALWAYS = (*EARLY, "PARTIALLY_SHIPPED")
MATRIX = [
    (EARLY, (QTY_UP,), {1: ("US80", 4, DEVICE[2]), 2: BOX}, None),
    (("PARTIALLY_SHIPPED",), (QTY_UP,), {1: ("US80", 4, DEVICE[2]), 2: BOX}, None),
    (ALWAYS, (QTY_DOWN,), {1: ("US80", 2, DEVICE[2]), 2: BOX}, None),
    (EARLY, (setting("qty", "1", 1),), {1: ("US80", 1, DEVICE[2]), 2: BOX}, None),
    (("PARTIALLY_SHIPPED",), (setting("qty", "1", 1),), None, AmendBelowShipped),
    (EARLY, (PRICE,), {1: ("US80", 3, Decimal(270000)), 2: BOX}, None),
    (("PARTIALLY_SHIPPED",), (PRICE,), None, PriceLocked),
    (("PARTIALLY_SHIPPED",), (setting("unit_price", "266000", 1),), {1: DEVICE, 2: BOX}, None),
    (ALWAYS, (OTHER_PRICE,), {1: DEVICE, 2: ("INJ", 20, Decimal(1300))}, None),
    (ALWAYS, (DATE,), {1: DEVICE, 2: BOX}, None),
    (EARLY, (ADDRESS, CUSTOMER), {1: DEVICE, 2: BOX}, None),
    (("PARTIALLY_SHIPPED",), (ADDRESS, CUSTOMER), None, AddressLocked),
    (("PARTIALLY_SHIPPED",), (setting("ship_to", "ADR-D05"),), {1: DEVICE, 2: BOX}, None),
    (ALWAYS, (ADD,), {1: DEVICE, 2: BOX, 3: ("P5", 1, Decimal(84000))}, None),
    (EARLY, (REMOVE,), {2: BOX}, None),
    (ALWAYS, (REMOVE_OTHER,), {1: DEVICE}, None),
    (("PARTIALLY_SHIPPED",), (REMOVE,), None, AmendBelowShipped),
]
CASES = [(state, *rest) for states, *rest in MATRIX for state in states]


@pytest.mark.parametrize(("state", "changes", "lines", "refusal"), CASES)
def test_what_may_be_amended_depends_on_how_far_the_order_has_got(state, changes, lines, refusal):
    past = STATES[state]()
    before = agreed(past)
    assert past.get(Order, "SO-0001").state == state

    done = amending(past, *changes)

    if refusal:
        done.refuses(refusal)
        assert agreed(past) == before
        return
    done.accepted()
    moved = "ADR-H-NJ-02" if ADDRESS in changes else "ADR-D05"
    asked = "2026-04-10" if DATE in changes else "2026-03-20"
    assert agreed(past) == (lines, day(asked), moved)


@pytest.mark.parametrize("state", ["ON_HOLD", "CONFIRMED", "PARTIALLY_SHIPPED"])
def test_an_amendment_is_told_with_its_reason_and_checked_again(state):
    done = amending(STATES[state](), DATE)

    (told,) = done.recorded(Amended)
    change = told.changes[0]
    assert (change.path, change.before, change.after) == (
        "requested_date", "2026-03-20", "2026-04-10",
    )  # fmt: skip
    assert told.reason == "asked for"
    assert [one.cause for one in done.recorded(Checked)] == ["amend"]


def test_an_amended_draft_is_neither_checked_nor_supplied():
    done = amending(drafted(), QTY_UP)

    done.then(like(Amended, state="DRAFT"))
    assert done.past.get(Order, "SO-0001").lines[1].supplies == []


def test_what_is_refused_for_one_change_is_refused_for_all_of_them():
    past = partly()

    amending(past, DATE, PRICE, ADDRESS).refuses(AddressLocked, PriceLocked)

    assert agreed(past) == ({1: DEVICE, 2: BOX}, day("2026-03-20"), "ADR-D05")


@pytest.mark.parametrize("change", [QTY_UP, PRICE, DATE, ADD, REMOVE_OTHER])
@pytest.mark.parametrize("way", ["shipped", "delivered", "cancelled", "rejected", "short-closed"])
def test_an_order_that_is_over_or_has_left_is_not_amended(way, change):
    ways = {
        "shipped": shipped,
        "delivered": lambda: signed(signed(shipped(), "SHP-0001"), "SHP-0002"),
        "cancelled": lambda: ended(cancel_order, CancelOrder(so_id="SO-0001", reason="x")),
        "rejected": lambda: ended(reject_order, RejectOrder(so_id="SO-0001", code="X"), held()),
        "short-closed": closed_short,
    }
    past = ways[way]()

    done = amending(past, change)

    assert done.refusal is not None
    assert done.events == []
    assert InvalidState in [type(one) for one in done.refusal.violations]


def ended(flow, command, past=None):
    return (past or confirmed()).when(flow, command).accepted()


def closed_short():
    past = confirmed()
    for line, qty in ((1, 3), (2, 20)):
        reason = "DEALER_REQUEST"
        command = ShortCloseLine(so_id="SO-0001", line_no=line, qty=qty, reason=reason)
        past.when(short_close_line, command).accepted()
    return past


def test_a_quantity_is_never_amended_below_what_was_given_up_and_what_has_left():
    past = partly()
    command = ShortCloseLine(so_id="SO-0001", line_no=1, qty=1, reason="DEALER_REQUEST")
    past.when(short_close_line, command).accepted()

    amending(past, QTY_DOWN).refuses(AmendBelowShipped)


def test_no_line_is_left_out_of_the_last_one():
    past = placed(of("US80", 3, "266000"))

    assert amending(past, REMOVE).refusal is not None
    assert past.get(Order, "SO-0001").lines[1].terms.qty == 3


def test_a_line_that_is_added_after_another_was_removed_is_supplied():
    past = confirmed()
    amending(past, REMOVE_OTHER).accepted()

    amending(past, ADD).accepted()

    lines = past.get(Order, "SO-0001").lines
    assert lines[1].terms.sku == "US80"
    assert lines[max(lines)].terms.sku == "P5"
    assert lines[max(lines)].reserved == 1


def test_a_price_stays_locked_when_the_first_shipment_was_lost():
    past = sent(placed(of("US80", 1, "266000")), "SHP-0001", goods("SO-0001", 1, "US80", US80_1))
    lost = RecordLoss(shp_id="SHP-0001", claim_no="C-1", reason="fire")
    past.when(record_loss, lost, on="2026-03-04").accepted()

    amending(past, PRICE).refuses(PriceLocked)
