"""Crediting returns of orders that are invoiced in parts: only what was billed goes back."""

from decimal import Decimal

import pytest

from domain.accounts import account_events
from domain.accounts.credit_line import SHIPPED, CreditLine
from domain.accounts.refusals import ExceedsInvoiced, NotBillable
from domain.flows.accounts.invoicing import PostInvoice, post_invoice
from domain.flows.goods.crediting import CreditReturn, credit_return
from domain.flows.goods.returning import (
    ApproveReturn,
    ReceiveReturn,
    approve_return,
    receive_return,
    request_return,
)
from domain.flows.orders.ordering import place_order
from domain.goods.refusals import QtyExceedsShipped
from domain.orders.order_terms import Milestone
from tests.domain.company import company
from tests.domain.story import goods, of, order, sent, signed
from tests.domain.supply.steps import REQUESTER, came_back, item, line, wish_back
from tests.domain.support import given
from tests.domain.world import MGR_EAST

LATER, AFTER = "2026-03-10", "2026-05-20"
LOT = "INJ2512A"
UNIT = 1_260_00
"""Net price of a box; with VAT 1,423.80."""
PLAN = (Milestone("POD", Decimal(90), 30), Milestone("RETENTION", Decimal(10), 60))


def box(qty):
    return item("INJ", qty, lot=LOT)


def boxes(qty):
    past = given(company())
    past.when(place_order, order("D05", of("INJ", qty, "1260"), billing_plan=PLAN)).accepted()
    sent(past, "SHP-0001", goods("SO-0001", 1, "INJ", LOT, qty=qty))
    return signed(past, "SHP-0001")


def credit(rma, invoice="INV-2603-001"):
    return CreditReturn(rma_id=rma, invoice=invoice, red_info_no="RED-1")


def noted(done):
    (note,) = done.recorded(account_events.CreditNotePosted)
    return note.net, note.vat, note.gross


def invoiced(done):
    (invoice,) = done.recorded(account_events.InvoicePosted)
    return invoice.lines[0].qty, invoice.net


def retention(past):
    return past.when(post_invoice, PostInvoice(so_id="SO-0001", milestone="RETENTION"), on=AFTER)


def shipped(past):
    """What has left and is still to be invoiced, of the dealer's credit."""
    return past.get(CreditLine, "D05/CNY").of_order("SO-0001", SHIPPED)


def test_what_was_billed_goes_back_and_the_rest_is_never_billed():
    past = boxes(10)
    assert shipped(past) == 1_423_80
    rma = came_back(past, box(4), on=LATER)

    note = noted(past.when(credit_return, credit(rma), on=LATER))

    assert note == (4 * UNIT * 90 // 100, 4 * 163_80 * 90 // 100, 4 * 1_423_80 * 90 // 100)
    assert shipped(past) == 1_423_80 * 6 // 10
    assert invoiced(retention(past)) == (6, 6 * UNIT * 10 // 100)
    assert (line(past).unbilled, shipped(past)) == (0, 0)
    retention(past).refuses(NotBillable)


@pytest.mark.parametrize("parts", [(7,), (3, 4), (1, 1, 5)])
def test_both_invoices_of_goods_are_credited_to_the_last_fen(parts):
    past = boxes(7)
    billed = 0
    retention(past).accepted()
    for qty in parts:
        rma = came_back(past, box(qty), on=AFTER)
        for invoice in ("INV-2603-001", "INV-2605-001"):
            billed += noted(past.when(credit_return, credit(rma, invoice), on=AFTER))[2]

    assert billed == line(past).billed == 7 * 1_423_80
    assert line(past).waived == {}


def test_an_invoice_is_credited_once_for_a_return():
    past = boxes(10)
    rma = came_back(past, box(4), on=LATER)
    past.when(credit_return, credit(rma), on=LATER).accepted()

    past.when(credit_return, credit(rma), on=LATER).refuses(ExceedsInvoiced, by="CN-2603-001")


def test_what_did_not_come_may_be_asked_for_again():
    past = boxes(10)
    asked = past.when(request_return, wish_back(box(10)), by=REQUESTER, on=LATER)
    rma = asked.answer["rma_id"]
    past.when(approve_return, ApproveReturn(rma_id=rma), by=MGR_EAST, on=LATER).accepted()
    came = ReceiveReturn(rma_id=rma, wh="WH-SH", items=(box(4),))
    past.when(receive_return, came, on=LATER).accepted()

    past.when(request_return, wish_back(box(7)), on=LATER).refuses(QtyExceedsShipped, left=6)
    past.when(request_return, wish_back(box(6)), on=LATER).accepted()
