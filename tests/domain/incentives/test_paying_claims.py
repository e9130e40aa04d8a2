"""Paying claims: by setting off, by a red-letter note, in goods or in cash; no more than agreed."""

import pytest

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.invoice import Invoice
from domain.accounts.ledger import Allocation
from domain.accounts.refusals import DuplicateBankRef, ItemOfOtherDealer, RedInfoMissing
from domain.books.refusals import PeriodClosed
from domain.incentives.claim import Claim
from domain.incentives.refusals import AlreadySettled, ExceedsApproved, InvoiceMissing
from domain.kernel.refusal import ForbiddenRole, InvalidState, NotFound, ValidationFailed
from tests.domain.incentives.offers import (
    ASKED,
    CLAIM,
    FREE,
    ON,
    PRICES,
    approved,
    asking,
    claim,
    enrolled,
    reviewing,
    settle,
    settling,
    submitted,
)
from tests.domain.incentives.schemes import close, does, open_of, sell, tries
from tests.domain.support import day, stamp
from tests.domain.world import DEALER_5, FINANCE, MGR_EAST

CASH = {"bank_ref": "BK-1", "invoice_ref": "D05-INV-1"}
NOTE = {"red_info_no": "RED-1"}


def refused(past, method="OFFSET", **more):
    return tries(past, settling(method, **more), FINANCE, ON)


def test_a_claim_is_set_off_against_the_named_invoice():
    past = approved()
    sell(past, 100_000_00, "2026-03-03", due="2026-04-01")

    done = settle(past, invoice="INV-1")

    [one] = done.recorded(account_events.ClaimSettled)
    assert (one.doc, one.amount, one.allocations) == (
        "CS-2603-001", ASKED, (Allocation("INV-1", ASKED),)
    )  # fmt: skip
    assert done.answer == {
        "claim": CLAIM, "state": "SETTLED", "doc": "CS-2603-001", "amount": ASKED
    }  # fmt: skip


def test_without_an_invoice_the_one_that_is_due_first_is_settled():
    past = approved()
    soon = sell(past, 100_000_00, "2026-03-03", due="2026-04-01")

    [one] = settle(past).recorded(account_events.ClaimSettled)

    assert one.allocations == (Allocation(soon, ASKED),)


def test_what_no_invoice_takes_is_money_that_is_not_applied():
    past = approved()
    account = past.get(DealerAccount, "D05", "CNY")
    account.items.clear()

    settle(past)

    assert account.unapplied == {"CS-2603-001": ASKED}


def test_a_claim_is_paid_in_parts_and_no_more_than_was_agreed_to():
    past = submitted()
    does(past, reviewing(10_000_00, 2_000_00), MGR_EAST, ON)

    assert settle(past, amount=4_000_00).answer["state"] == "PARTIALLY_APPROVED"
    refused(past, amount=6_000_01).refuses(ExceedsApproved, left=6_000_00)
    assert settle(past).answer == {
        "claim": CLAIM, "state": "SETTLED", "doc": "CS-2603-002", "amount": 6_000_00
    }  # fmt: skip
    refused(past, amount=1).refuses(AlreadySettled, settled=10_000_00)


def test_what_nobody_has_agreed_to_is_not_paid():
    refused(submitted()).refuses(InvalidState, state="SUBMITTED")
    past = submitted()
    does(past, reviewing(0, ASKED), MGR_EAST, ON)
    refused(past, amount=1).refuses(InvalidState, state="REJECTED")


@pytest.mark.parametrize("amount", [0, -1])
def test_at_least_a_fen_is_paid(amount):
    refused(approved(), amount=amount).refuses(ValidationFailed, field="amount")


@pytest.mark.parametrize("who", [MGR_EAST, DEALER_5], ids=lambda one: one.role)
def test_finance_pays(who):
    tries(approved(), settling(), who, ON).refuses(ForbiddenRole)


def test_an_unknown_claim_or_invoice_is_not_paid():
    tries(enrolled(), settling(), FINANCE, ON).refuses(NotFound)
    refused(approved(), invoice="INV-9").refuses(NotFound)


def test_the_invoice_of_another_dealer_is_not_settled():
    past, at = approved(), stamp(on=ON)
    known = past.get(Invoice, "INV-1").known
    past.get(Invoice, "INV-6").issue(type(known)(dealer="D06", gross=1_00, due=at.today), at)

    refused(past, invoice="INV-6").refuses(ItemOfOtherDealer, doc="INV-6")


def test_nothing_is_paid_or_agreed_to_in_a_closed_month():
    refused(close(approved())).refuses(PeriodClosed)
    tries(close(submitted()), reviewing(ASKED), MGR_EAST, ON).refuses(PeriodClosed)


def test_inv_cl_4_a_service_is_paid_in_cash_against_the_dealers_own_invoice():
    past = approved()
    refused(past, "CASH", bank_ref="BK-1", invoice_ref=" ").refuses(InvoiceMissing, claim=CLAIM)

    [one] = settle(past, "CASH", **CASH).recorded(Claim.Settled)

    assert (one.method, one.amount) == ("CASH", ASKED)


def test_inv_cl_4_a_service_is_not_paid_by_a_red_letter():
    refused(approved(), "CREDIT_NOTE", **NOTE).refuses(ValidationFailed, field="method")


def test_inv_cl_4_an_invoice_that_was_named_with_the_claim_need_not_be_named_again():
    past = enrolled()
    does(past, asking(invoice_ref="D05-INV-1"), DEALER_5, ON)
    does(past, reviewing(ASKED), MGR_EAST, ON)

    assert settle(past, "CASH", bank_ref="BK-1").answer["state"] == "SETTLED"


def test_inv_cl_4_a_claim_about_prices_becomes_a_red_letter_note_with_13_per_cent():
    past = approved(type=PRICES)
    before = open_of(past)

    done = settle(past, "CREDIT_NOTE", invoice="INV-1", **NOTE)

    [note] = done.recorded(account_events.CreditNotePosted)
    assert (note.kind, note.net, note.vat, note.claim) == ("CLAIM", ASKED, 1_560_00, CLAIM)
    assert open_of(past) == {"INV-1": before["INV-1"] - 13_560_00}
    assert claim(past).settled == ASKED


@pytest.mark.parametrize(("method", "more"), [("OFFSET", {}), ("CASH", CASH)])
def test_inv_cl_4_a_claim_about_prices_is_paid_in_no_other_way(method, more):
    refused(approved(type=PRICES), method, **more).refuses(ValidationFailed, field="method")


def test_a_red_letter_note_needs_the_number_of_the_tax_office():
    refused(approved(type=PRICES), "CREDIT_NOTE").refuses(RedInfoMissing)


def test_cash_needs_the_banks_reference():
    refused(approved(), "CASH", invoice_ref="D05-INV-1").refuses(ValidationFailed, field="bank_ref")


def test_the_same_bank_reference_pays_once():
    past = approved()
    settle(past, "CASH", amount=1_00, **CASH)

    refused(past, "CASH", amount=1_00, **CASH).refuses(DuplicateBankRef)


def test_goods_leave_the_account_as_it_is():
    past = approved(type=FREE)
    before = open_of(past)

    [one] = settle(past, "GOODS").recorded(Claim.Settled)

    assert (one.method, one.doc, one.state) == ("GOODS", "CS-2603-001", "SETTLED")
    assert open_of(past) == before


def test_a_claim_is_paid_on_the_day_of_its_payment():
    [one] = settle(approved()).recorded(Claim.Settled)

    assert one.accounting_date == day(ON)
