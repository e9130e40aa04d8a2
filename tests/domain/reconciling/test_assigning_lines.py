"""A person says whose money a line is that nobody could be found for."""

from __future__ import annotations

import pytest

from domain.accounts.bank_statement import BankStatement
from domain.accounts.refusals import ItemClosed, LineAssigned, Overallocated, PayerMismatch
from domain.flows.accounts.settling import RemittanceLine
from domain.kernel.refusal import ForbiddenRole, NotFound, ValidationFailed
from tests.domain.reconciling.steps import (
    STOREKEEPER,
    account,
    assign,
    bank_line,
    imported,
    invoiced,
    owing,
)
from tests.domain.support import SERVICE
from tests.domain.world import DEALER_5, FINANCE

TWO = invoiced("INV-1", 500_00), invoiced("INV-2", 300_00, dealer="D06")


def waiting():
    """Money of a stranger, and a fee of the bank."""
    past = owing(*TWO)
    lines = bank_line(400_00, "B-1", payer="Stranger"), bank_line(-7_00, "B-2", payer="")
    return imported(past, *lines).accepted()


@pytest.mark.parametrize("who", [FINANCE, SERVICE], ids=lambda one: one.role)
def test_finance_assigns_a_line_under_a_mandate_and_it_is_booked(who):
    past = waiting()

    told = assign(past, "B-1", mandate="MANDATE-7", by=who)

    (booked,) = told.recorded(BankStatement.LineBooked)
    assert told.answer == {
        "line": "B-1",
        "dealer": "D05",
        "receipt": "RCPT-0001",
        "unapplied": 0,
    }
    assert (booked.ref, booked.dealer, booked.doc) == ("B-1", "D05", "RCPT-0001")
    assert account(past) == ({"INV-1": 100_00}, {})


@pytest.mark.parametrize("who", [DEALER_5, STOREKEEPER], ids=lambda one: one.role)
def test_nobody_else_assigns(who):
    assign(waiting(), "B-1", mandate="MANDATE-7", by=who).refuses(ForbiddenRole)


def test_a_third_partys_payment_needs_a_mandate():
    assign(waiting(), "B-1").refuses(PayerMismatch, payer="Stranger")


def test_a_line_becomes_one_receipt_and_no_second():
    past = waiting()
    assign(past, "B-1", mandate="M").accepted()

    assign(past, "B-1", mandate="M").refuses(LineAssigned, ref="B-1", doc="RCPT-0001")
    assign(past, "B-1", "D06", mandate="M").refuses(LineAssigned)


def test_what_was_booked_with_the_statement_is_assigned():
    past = imported(owing(*TWO), bank_line(500_00, "B-1")).accepted()

    assign(past, "B-1").refuses(LineAssigned, doc="RCPT-0001")


def test_a_line_is_assigned_to_what_it_is_said_to_be_for():
    past = waiting()
    more = invoiced("INV-9", 400_00)
    past.get(more.aggregate, *more.key).record(more.event)
    for_inv_1 = [RemittanceLine(doc_no="INV-1", amount=400_00)]

    assign(past, "B-1", mandate="M", remittance=for_inv_1).accepted()

    assert account(past) == ({"INV-1": 100_00, "INV-9": 400_00}, {})


def test_more_than_came_in_cannot_be_assigned():
    too_much = [RemittanceLine(doc_no="INV-1", amount=400_01)]

    assign(waiting(), "B-1", mandate="M", remittance=too_much).refuses(Overallocated)


def test_a_document_that_is_not_open_cannot_be_settled():
    nowhere = [RemittanceLine(doc_no="INV-2", amount=400_00)]

    assign(waiting(), "B-1", mandate="M", remittance=nowhere).refuses(ItemClosed)


def test_money_that_went_out_is_kept_and_never_booked():
    past = waiting()

    kept = past.get(BankStatement, "6222-01", "S-1")
    assert (kept.lines["B-2"].amount, kept.booked) == (-7_00, {})
    assign(past, "B-2").refuses(ValidationFailed, field="line")


def test_money_that_goes_back_to_a_dealer_is_not_booked_either():
    past = owing(*TWO)

    told = imported(past, bank_line(-500_00, "B-1", text="INV-1"))

    assert (told.answer["new"], told.answer["receipts"], told.answer["unassigned"]) == (1, [], [])
    assert account(past) == ({"INV-1": 500_00}, {})


@pytest.mark.parametrize(
    "place", [{"line": "B-9"}, {"reference": "S-9"}, {"account": "6222-09"}, {"dealer": "D99"}]
)
def test_line_statement_and_dealer_must_be_known(place):
    told = {"line": "B-1", "mandate": "M"} | place

    assign(waiting(), **told).refuses(NotFound)


def test_a_line_belongs_to_the_statement_that_brought_it_first():
    past = waiting()
    again = bank_line(400_00, "B-1", payer="Stranger")
    imported(past, again, reference="S-2").accepted()

    assign(past, "B-1", reference="S-2", mandate="M").refuses(NotFound, kind="BankLine", id="B-1")
    assign(past, "B-1", mandate="M").accepted()
