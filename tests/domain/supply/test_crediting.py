"""Crediting returns: at the price and the rate of the invoice, once, and never more than it."""

from decimal import Decimal

import pytest

from domain.accounts import account_events
from domain.accounts.refusals import ExceedsInvoiced, RedInfoMissing
from domain.company.company_policy import CompanyPolicy, TaxRate
from domain.flows.accounts.settling import record_payment
from domain.flows.goods.crediting import CreditReturn, credit_return
from domain.flows.goods.returning import request_return
from domain.kernel.refusal import FutureDated, InvalidState, NotFound
from tests.domain.company import policy
from tests.domain.story import US80_1, at_dealer, goods, of, paying, placed, sent, signed
from tests.domain.supply.steps import came_back, item, line, wish_back
from tests.domain.support import day
from tests.domain.world import BY

LATER = "2026-03-10"
LOT = "INJ2512A"
INVOICE = "INV-2603-001"


def crediting(rma, invoice=INVOICE, red="RED-1", **more):
    return CreditReturn(rma_id=rma, invoice=invoice, red_info_no=red, **more)


def box(qty):
    return item("INJ", qty, lot=LOT)


def boxes(*parts, price="1260"):
    """D05 signed for the parts of one order, a shipment each."""
    past = placed(of("INJ", sum(parts), price))
    for number, qty in enumerate(parts, 1):
        sent(past, f"SHP-000{number}", goods("SO-0001", 1, "INJ", LOT, qty=qty))
        signed(past, f"SHP-000{number}")
    return past


def noted(done):
    (note,) = done.recorded(account_events.CreditNotePosted)
    return note


def test_a_device_is_credited_at_what_was_paid_for_it_and_not_at_todays_price():
    past = at_dealer(US80_1)
    rma = came_back(past, item("US80", serial=US80_1), on=LATER)

    note = noted(past.when(credit_return, crediting(rma), on=LATER))

    assert (note.net, note.vat, note.gross) == (266_000_00, 34_580_00, 300_580_00)
    assert (note.red_info_no, note.invoice, note.rma) == ("RED-1", INVOICE, rma)
    assert note.effective_date == day(LATER)


def test_a_device_is_credited_at_the_tax_rate_of_its_invoice():
    past = at_dealer(US80_1)
    rma = came_back(past, item("US80", serial=US80_1), on=LATER)
    rate = policy_rate("9", "2026-03-08")
    past.log.get(rate.aggregate, *rate.key).record(rate.event)

    note = noted(past.when(credit_return, crediting(rma), on=LATER))

    assert (note.vat, str(note.lines[0].tax_rate)) == (34_580_00, "13")


def policy_rate(pct, since):
    return policy(CompanyPolicy.TaxRateSet(*BY, rate=TaxRate("VAT13", Decimal(pct), day(since))))


def test_inv_rm_1_a_return_is_credited_once():
    past = at_dealer(US80_1)
    rma = came_back(past, item("US80", serial=US80_1), on=LATER)
    past.when(credit_return, crediting(rma), on=LATER).accepted()

    past.when(credit_return, crediting(rma), on=LATER).refuses(ExceedsInvoiced)
    assert line(past).credited == {"POD": 1}


@pytest.mark.parametrize("parts", [(1, 1, 1), (2, 1), (1, 2), (3,)])
def test_inv_rm_1_parts_are_credited_to_exactly_the_invoice(parts):
    # Three boxes at 1,222.33: a third of net and VAT is no whole fen.
    past = boxes(3, price="1222.33")
    notes = []
    for qty in parts:
        rma = came_back(past, box(qty), on=LATER)
        notes.append(noted(past.when(credit_return, crediting(rma), on=LATER)))

    assert [sum(one.net for one in notes), sum(one.vat for one in notes)] == [3_666_99, 476_71]
    assert sum(one.gross for one in notes) == line(past).billed


def test_inv_rm_1_goods_are_not_credited_to_the_invoice_of_another_shipment():
    past = boxes(90, 10)
    rma = came_back(past, box(90), on=LATER)

    past.when(credit_return, crediting(rma, "INV-2603-002"), on=LATER).refuses(ExceedsInvoiced)
    past.when(credit_return, crediting(rma, "INV-2603-001"), on=LATER).accepted()


def test_inv_rm_1_the_second_of_two_orders_in_a_shipment_is_credited_as_well():
    past = placed(of("INJ", 10, "1260"), past=placed(of("INJ", 10, "1260")))
    both = (goods(f"SO-000{n}", 1, "INJ", LOT, qty=10) for n in (1, 2))
    signed(sent(past, "SHP-0001", *both), "SHP-0001")
    first, second = (came_back(past, box(10), on=LATER) for _ in (1, 2))

    past.when(credit_return, crediting(first), on=LATER).accepted()
    past.when(credit_return, crediting(second, "INV-2603-002"), on=LATER).accepted()

    assert [line(past, f"SO-000{n}").credited for n in (1, 2)] == [{"POD": 10}, {"POD": 10}]


def test_inv_rm_2_the_credit_counts_in_the_period_of_the_credit_note():
    past = at_dealer(US80_1)
    rma = came_back(past, item("US80", serial=US80_1), on=LATER)
    told = crediting(rma, effective_date=day(LATER))

    note = noted(past.when(credit_return, told, on="2026-04-02"))

    assert (note.doc[:7], note.accounting_date, note.effective_date) == (
        "CN-2604",
        day("2026-04-02"),
        day(LATER),
    )


def test_a_credit_needs_the_red_letter_confirmation_and_a_known_invoice():
    past = at_dealer(US80_1)
    rma = came_back(past, item("US80", serial=US80_1), on=LATER)

    past.when(credit_return, crediting(rma, red=" "), on=LATER).refuses(RedInfoMissing)
    past.when(credit_return, crediting(rma, "INV-2603-009"), on=LATER).refuses(NotFound)
    ahead = crediting(rma, effective_date=day("2026-03-11"))
    past.when(credit_return, ahead, on=LATER).refuses(FutureDated)


def test_what_has_not_come_back_is_not_credited():
    past = at_dealer(US80_1)
    wish = wish_back(item("US80", serial=US80_1))
    rma = past.when(request_return, wish, on=LATER).answer["rma_id"]

    past.when(credit_return, crediting(rma), on=LATER).refuses(InvalidState)


def test_a_credit_settles_no_more_than_is_open_of_the_invoice():
    past = at_dealer(US80_1)
    rma = came_back(past, item("US80", serial=US80_1), on=LATER)
    paid = paying("D05", 300_000_00, (INVOICE, 300_000_00))
    past.when(record_payment, paid, on=LATER).accepted()

    note = noted(past.when(credit_return, crediting(rma), on=LATER))

    assert (note.gross, note.settled) == (300_580_00, 580_00)


def test_each_of_two_orders_in_a_shipment_is_credited_at_its_own_price():
    past = placed(of("INJ", 10, "1300"), past=placed(of("INJ", 10, "1260")))
    both = (goods(f"SO-000{n}", 1, "INJ", LOT, qty=10) for n in (1, 2))
    signed(sent(past, "SHP-0001", *both), "SHP-0001")
    _, second = (came_back(past, box(10), on=LATER) for _ in (1, 2))
    assert line(past, "SO-0002").returned == 10

    note = noted(past.when(credit_return, crediting(second, "INV-2603-002"), on=LATER))

    assert note.net == 13_000_00
    assert [line(past, f"SO-000{n}").credited for n in (1, 2)] == [{}, {"POD": 10}]
