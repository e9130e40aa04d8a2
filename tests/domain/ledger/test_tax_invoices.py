"""The tax office's numbers (发票号码): one a document, one document a number, and its amount."""

import pytest

from domain.accounts.invoice import Invoice
from domain.accounts.refusals import AmountMismatch, FapiaoDuplicate
from domain.flows.accounts.noting import NotedLine, PostCreditNote
from domain.flows.accounts.registering import RegisterTaxInvoice
from domain.kernel.refusal import ForbiddenRole, FutureDated, NotFound, ValidationFailed
from tests.domain.ledger.books import does, opened, posts
from tests.domain.story import US80_1, at_dealer
from tests.domain.support import day
from tests.domain.world import FINANCE, MGR_NATIONAL

NO, ON = "26312000000000000001", "2026-03-10"


def registering(doc="INV-1", number=NO, amount=100_00, issued="2026-03-02"):
    return RegisterTaxInvoice(doc_no=doc, fapiao_no=number, issued_at=day(issued), amount=amount)


def owing():
    return opened(100_00, 250_00)


def test_a_document_gets_its_number_and_no_money_moves():
    past = owing()

    done = does(past, registering(), by=FINANCE)

    (one,) = done.recorded(Invoice.TaxInvoiceRegistered)
    assert (one.fapiao_no, one.amount, one.issued_at) == (NO, 100_00, day("2026-03-02"))
    assert posts(done) is past
    assert past.get(Invoice, "INV-1").fapiao == NO


def test_the_same_once_more_records_nothing():
    past = does(owing(), registering()).accepted()

    does(past, registering()).then()


def test_a_number_is_one_documents_and_a_document_has_one_number():
    past = does(owing(), registering()).accepted()

    does(past, registering("INV-2", amount=250_00)).refuses(FapiaoDuplicate)
    does(past, registering(number="26312000000000000002")).refuses(FapiaoDuplicate)


@pytest.mark.parametrize("amount", [99_99, 100_01, 0, -100_00])
def test_the_amount_is_the_documents_to_the_fen(amount):
    past = owing()

    does(past, registering(amount=amount)).refuses(AmountMismatch, gross=100_00)
    does(past, registering()).accepted()


def test_the_same_number_with_another_amount_is_refused():
    past = does(owing(), registering()).accepted()

    does(past, registering(amount=99_00)).refuses(AmountMismatch)


@pytest.mark.parametrize(
    ("command", "refusals"),
    [
        (registering("INV-9"), [NotFound]),
        (registering(number=""), [ValidationFailed]),
        (registering(issued="2026-03-03"), [FutureDated]),
        (registering(number=" ", issued="2026-03-03"), [ValidationFailed, FutureDated]),
    ],
)
def test_what_does_not_fit_is_refused_for_all_its_reasons(command, refusals):
    does(owing(), command).refuses(*refusals)


def test_only_finance_registers():
    does(owing(), registering(), by=MGR_NATIONAL).refuses(ForbiddenRole)


def test_a_credit_note_gets_a_red_letter_number_of_its_own():
    past = at_dealer(US80_1)
    note = PostCreditNote(
        dealer_id="D05",
        kind="PRICE",
        invoice="INV-2603-001",
        red_info_no="RED-1",
        lines=[NotedLine(so_line=1, net=1_000_00)],
    )
    doc = does(past, note, on=ON).answer["doc"]
    does(past, registering("INV-2603-001", amount=300_580_00), on=ON).accepted()

    does(past, registering(doc, amount=1_130_00), on=ON).refuses(FapiaoDuplicate)
    does(past, registering(doc, "26312000000000000003", 1_130_00), on=ON).accepted()
    assert past.get(Invoice, doc).known.kind == "RED"
