"""VAT: rounded once a line, added up on the document, at the rate of the day and of the invoice."""

from decimal import Decimal

import pytest

from domain.accounts import account_events
from domain.accounts.ledger import CreditedLine
from domain.company.company_policy import CompanyPolicy, TaxRate
from domain.flows.accounts.noting import NotedLine, PostCreditNote
from domain.kernel.money import TAX_EXCLUSIVE, TAX_INCLUSIVE, Amounts, line_amounts
from domain.orders.order import Order
from tests.domain.company import company, policy
from tests.domain.ledger.books import does, sold_at
from tests.domain.story import US80_1, at_dealer, goods, of, placed, sent, signing
from tests.domain.support import day, given
from tests.domain.world import BY

LOT = "INJ2512A"


def rate(pct, since):
    return policy(CompanyPolicy.TaxRateSet(*BY, rate=TaxRate("VAT13", Decimal(pct), day(since))))


def invoiced(*quantities, price, basis=TAX_EXCLUSIVE):
    """Boxes at a list price, a line for each quantity, were signed for: the invoice."""
    past = given(company(), sold_at("INJ", price, basis))
    placed(*(of("INJ", qty) for qty in quantities), past=past)
    lines = [goods("SO-0001", n, "INJ", LOT, qty=qty) for n, qty in enumerate(quantities, 1)]
    sent(past, "SHP-0001", *lines)
    done = does(past, signing("SHP-0001"), on="2026-03-05")
    (invoice,) = done.recorded(account_events.InvoicePosted)
    return invoice


@pytest.mark.parametrize(
    ("qty", "price", "basis", "net", "vat"),
    [
        (1, "33.33", TAX_EXCLUSIVE, 33_33, 4_33),
        (1, "100.00", TAX_INCLUSIVE, 88_50, 11_50),
        (3, "33.333333", TAX_EXCLUSIVE, 100_00, 13_00),  # the line is rounded, never the unit
        (7, "0.005", TAX_EXCLUSIVE, 4, 1),  # 0.035 is 0.04: half up
        (3, "0.015", TAX_EXCLUSIVE, 5, 1),  # 0.045 is 0.05, where half to even says 0.04
        (1, "0.50", TAX_EXCLUSIVE, 50, 7),  # 0.065 of VAT is 0.07
    ],
)
def test_a_line_is_rounded_once_and_half_up(qty, price, basis, net, vat):
    found = line_amounts(qty, Decimal(price), basis, Decimal(13))

    assert found == Amounts(net, vat, net + vat)


def test_three_lines_of_33_33_have_12_99_of_vat_and_not_13_00():
    invoice = invoiced(1, 1, 1, price="33.33")

    assert [(one.net, one.vat) for one in invoice.lines] == [(33_33, 4_33)] * 3
    assert (invoice.net, invoice.vat, invoice.gross) == (99_99, 12_99, 112_98)


def test_100_00_with_its_tax_is_88_50_and_11_50():
    invoice = invoiced(1, price="100", basis=TAX_INCLUSIVE)

    assert (invoice.net, invoice.vat, invoice.gross) == (88_50, 11_50, 100_00)


def test_a_document_that_quotes_its_prices_with_tax_adds_up_its_lines_as_well():
    invoice = invoiced(1, 1, 1, price="100", basis=TAX_INCLUSIVE)

    # 300.00 / 1.13 would be 265.49 and 34.51.
    assert (invoice.net, invoice.vat, invoice.gross) == (265_50, 34_50, 300_00)


@pytest.mark.parametrize(("since", "vat"), [("2026-03-02", 23_940_00), ("2026-03-03", 34_580_00)])
def test_a_rate_counts_from_its_first_day_on(since, vat):
    past = given(company())
    change = rate("9", since)
    past.log.get(change.aggregate, *change.key).record(change.event)

    placed(of("US80", 1, "266000"), past=past, on="2026-03-02")

    assert past.get(Order, "SO-0001").lines[1].terms.vat == vat


@pytest.mark.parametrize("kind", ["PRICE", "SHORT_DELIVERY"])
def test_inv_ac_6_a_credit_note_has_the_rate_of_its_invoice_though_another_is_in_force(kind):
    past = at_dealer(US80_1)
    change = rate("9", "2026-03-06")
    past.log.get(change.aggregate, *change.key).record(change.event)
    part = NotedLine(so_line=1, net=1_000_00)
    wish = PostCreditNote(
        dealer_id="D05", kind=kind, invoice="INV-2603-001", red_info_no="RED-1", lines=[part]
    )

    (note,) = does(past, wish, on="2026-03-10").recorded(account_events.CreditNotePosted)

    assert note.lines == (CreditedLine("US80", 1_000_00, 130_00, Decimal(13), 1),)
    assert (note.net, note.vat, note.gross) == (1_000_00, 130_00, 1_130_00)


def test_the_vat_of_a_credit_note_is_rounded_by_line():
    past = given(company(), sold_at("INJ", "100"))
    placed(*(of("INJ", 1) for _ in range(3)), past=past)
    sent(past, "SHP-0001", *(goods("SO-0001", n, "INJ", LOT, qty=1) for n in (1, 2, 3)))
    does(past, signing("SHP-0001"), on="2026-03-05").accepted()
    parts = [NotedLine(so_line=n, net=33_33) for n in (1, 2, 3)]
    wish = PostCreditNote(
        dealer_id="D05", kind="PRICE", invoice="INV-2603-001", red_info_no="RED-1", lines=parts
    )

    done = does(past, wish, on="2026-03-10")

    assert (done.answer["net"], done.answer["vat"]) == (99_99, 12_99)
