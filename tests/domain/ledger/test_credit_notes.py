"""Credit notes for prices and short deliveries: never more than was invoiced, at its own rate."""

from decimal import Decimal

import pytest

from domain.accounts import account_events
from domain.accounts.refusals import (
    ExceedsInvoiced,
    ItemOfOtherDealer,
    RedInfoMissing,
    TaxMismatch,
)
from domain.flows.accounts.noting import NotedLine, PostCreditNote
from domain.flows.goods.crediting import CreditReturn
from domain.kernel.refusal import ForbiddenRole, FutureDated, NotFound, ValidationFailed
from domain.orders.order import Order
from tests.domain.company import limit
from tests.domain.ledger.books import credit, debit, does, ledger, opened, opening, posts
from tests.domain.story import (
    US80_1,
    US80_2,
    at_dealer,
    goods,
    of,
    order,
    paying,
    placed,
    sent,
    signed,
)
from tests.domain.supply.steps import came_back, item
from tests.domain.support import day
from tests.domain.world import FINANCE, MGR_NATIONAL

INV, ON, LOT = "INV-2603-001", "2026-03-10", "INJ2512A"


def noting(*parts, kind="PRICE", invoice=INV, **more):
    """Parts of lines: line, net, and perhaps units."""
    lines = [
        NotedLine(so_line=one[0], net=one[1], qty=one[2] if len(one) > 2 else None) for one in parts
    ]
    terms = {"dealer_id": "D05", "red_info_no": "RED-1", "lines": lines} | more
    return PostCreditNote(kind=kind, invoice=invoice, **terms)


def boxes(*quantities):
    """D05 signed for boxes at 1,260.00 each, a line for each quantity."""
    past = placed(*(of("INJ", qty) for qty in quantities))
    lines = [goods("SO-0001", n, "INJ", LOT, qty=qty) for n, qty in enumerate(quantities, 1)]
    return signed(sent(past, "SHP-0001", *lines), "SHP-0001")


@pytest.mark.parametrize("kind", ["PRICE", "SHORT_DELIVERY"])
def test_a_note_settles_its_invoice_and_takes_revenue_and_its_tax_back(kind):
    past = boxes(10, 5)

    done = does(past, noting((1, 1_260_00, 1), (2, 100_00), kind=kind), on=ON, by=FINANCE)

    posts(done, debit("6001", 1_360_00), debit("2221", 176_80), credit("1122", 1_536_80))
    (note,) = done.recorded(account_events.CreditNotePosted)
    assert (note.doc, note.kind, note.settled) == ("CN-2603-001", kind, 1_536_80)
    assert [(one.so_line, one.net, one.vat) for one in note.lines] == [
        (1, 1_260_00, 163_80),
        (2, 100_00, 13_00),
    ]


def test_a_note_settles_its_own_invoice_and_not_an_older_one():
    past = at_dealer(US80_1)
    ledger(past).items["INV-0"] = type(ledger(past).items[INV])(9_00, 9_00, day("2026-01-01"))

    does(past, noting((1, 1_000_00)), on=ON).accepted()

    assert ledger(past).items["INV-0"].open == 9_00
    assert ledger(past).items[INV].open == 300_580_00 - 1_130_00


def test_what_the_invoice_has_no_room_for_waits():
    past = at_dealer(US80_1)
    does(past, paying("D05", 300_000_00, (INV, 300_000_00)), on=ON).accepted()

    done = does(past, noting((1, 1_000_00)), on=ON)

    (note,) = done.recorded(account_events.CreditNotePosted)
    assert (note.settled, note.unapplied) == (580_00, 550_00)
    assert (ledger(past).items, ledger(past).unapplied) == ({}, {"CN-2603-001": 550_00})


def test_no_more_is_credited_than_a_line_came_to_over_several_notes():
    past = boxes(10, 5)
    for net in (6_000_00, 6_600_00):
        does(past, noting((1, net)), on=ON).accepted()

    does(past, noting((1, 1)), on=ON).refuses(ExceedsInvoiced, so_line=1)
    does(past, noting((2, 6_300_01)), on=ON).refuses(ExceedsInvoiced)
    does(past, noting((2, 6_300_00)), on=ON).accepted()


@pytest.mark.parametrize(
    ("parts", "refusals"),
    [
        ([(1, 12_600_01)], [ExceedsInvoiced]),
        ([(1, 12_600_00), (2, 6_300_01)], [ExceedsInvoiced]),
        ([(1, 1_00, 11)], [ExceedsInvoiced]),
        ([(1, 1_00, 11), (2, 1_00, 6)], [ExceedsInvoiced, ExceedsInvoiced]),
        ([(3, 1_00)], [ValidationFailed]),
        ([(1, 1_00), (1, 1_00)], [ValidationFailed]),
        ([(1, 0), (2, -1)], [ValidationFailed, ValidationFailed]),
        ([(1, 1_00, 0)], [ValidationFailed]),
        ([], [ValidationFailed]),
    ],
)
def test_no_more_is_credited_than_lines_came_to_in_one_note(parts, refusals):
    does(boxes(10, 5), noting(*parts), on=ON).refuses(*refusals)


def test_no_more_units_are_credited_than_a_line_had_over_several_notes():
    past = boxes(10)
    does(past, noting((1, 6_000_00, 6), kind="SHORT_DELIVERY"), on=ON).accepted()

    does(past, noting((1, 6_000_00, 6), kind="SHORT_DELIVERY"), on=ON).refuses(ExceedsInvoiced)


def test_a_return_brings_back_what_the_notes_before_it_left():
    past = at_dealer(US80_1, US80_2)
    does(past, noting((1, 266_000_01)), on=ON).accepted()
    rma = came_back(past, item("US80", serial=US80_1), on=ON)

    done = does(past, CreditReturn(rma_id=rma, invoice=INV, red_info_no="RED-2"), on=ON)

    (note,) = done.recorded(account_events.CreditNotePosted)
    assert note.net == 265_999_99


def test_goods_whose_price_was_lowered_can_still_be_returned():
    past = at_dealer(US80_1)
    does(past, noting((1, 1_000_00)), on=ON).accepted()
    rma = came_back(past, item("US80", serial=US80_1), on=ON)

    done = does(past, CreditReturn(rma_id=rma, invoice=INV, red_info_no="RED-2"), on=ON)

    (note,) = done.recorded(account_events.CreditNotePosted)
    assert note.net == 265_000_00


@pytest.mark.parametrize(("vat", "refusals"), [(130_00, []), (129_99, [TaxMismatch])])
def test_the_tax_that_is_named_is_that_of_the_lines(vat, refusals):
    done = does(at_dealer(US80_1), noting((1, 1_000_00), vat=vat), on=ON)

    if refusals:
        done.refuses(*refusals, vat=129_99, by_lines=130_00)
    else:
        done.accepted()


@pytest.mark.parametrize("red", ["", "  "])
def test_a_note_needs_the_tax_offices_confirmation(red):
    does(at_dealer(US80_1), noting((1, 1_00), red_info_no=red), on=ON).refuses(RedInfoMissing)


def test_a_note_is_the_dealers_own_and_finances():
    past = at_dealer(US80_1)

    does(past, noting((1, 1_00), dealer_id="D06"), on=ON).refuses(ItemOfOtherDealer, doc=INV)
    does(past, noting((1, 1_00), invoice="INV-9"), on=ON).refuses(NotFound)
    does(past, noting((1, 1_00)), on=ON, by=MGR_NATIONAL).refuses(ForbiddenRole)
    ahead = noting((1, 1_00), effective_date=day("2026-03-11"))
    does(past, ahead, on=ON).refuses(FutureDated)


def test_all_that_is_wrong_with_a_note_is_told_at_once():
    wrong = noting((1, 0), dealer_id="D06", vat=5, red_info_no="", effective_date=day("2026-03-11"))

    does(at_dealer(US80_1), wrong, on=ON).refuses(
        ItemOfOtherDealer, FutureDated, RedInfoMissing, ValidationFailed, TaxMismatch
    )


def test_a_note_of_an_invoice_from_before_the_log_names_its_net_and_its_rate():
    past = opened(113_00)
    does(past, noting(invoice="INV-1"), on=ON).refuses(ValidationFailed, ValidationFailed)

    done = does(past, noting(invoice="INV-1", net=50_00, tax_rate=Decimal(13)), on=ON)

    posts(done, debit("6001", 50_00), debit("2221", 6_50), credit("1122", 56_50))
    more = noting(invoice="INV-1", net=50_01, tax_rate=Decimal(13))
    does(past, more, on=ON).refuses(ExceedsInvoiced)


@pytest.mark.parametrize("rate", ["-5", "101"])
def test_the_rate_of_an_invoice_from_before_the_log_is_a_rate(rate):
    wish = noting(invoice="INV-1", net=50_00, tax_rate=Decimal(rate))

    does(opened(113_00), wish, on=ON).refuses(ValidationFailed, field="tax_rate")


def test_a_rate_that_is_no_number_is_refused():
    wish = noting(invoice="INV-1", net=50_00, tax_rate=Decimal("NaN"))

    does(opened(113_00), wish, on=ON).refuses(ValidationFailed, field="tax_rate")


def test_a_rate_that_is_not_the_invoices_is_refused():
    does(at_dealer(US80_1), noting((1, 1_00), tax_rate=Decimal(6)), on=ON).refuses(TaxMismatch)


def test_an_order_that_waited_for_credit_goes_on_after_a_credit_note():
    past = at_dealer(US80_1)
    decided = limit("D05", 300_580_00 + 95_000_00)
    past.log.get(decided.aggregate, *decided.key).record(decided.event)
    does(past, order("D05", of("P5", 1, "84000")), on=ON).accepted()
    does(past, order("D05", of("P5", 1, "84000")), on=ON).accepted()
    assert past.get(Order, "SO-0003").holds == ("CREDIT_LIMIT",)

    does(past, noting((1, 100_000_00)), on=ON).accepted()

    assert past.get(Order, "SO-0003").holds == ()


def test_the_return_of_a_device_is_credited_to_its_own_invoice():
    past = at_dealer(US80_1)
    does(past, opening("INV-X", 1_00, "2026-03-20", "D06"), on=ON).accepted()
    rma = came_back(past, item("US80", serial=US80_1), on=ON)

    wish = CreditReturn(rma_id=rma, invoice="INV-X", red_info_no="RED-2")
    does(past, wish, on=ON).refuses(NotFound)
