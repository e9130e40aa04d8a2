"""Whose money it is: a payer is known by its legal name; who is not known waits for a person."""

from __future__ import annotations

import pytest

from domain.accounts.bank_statement import BankStatement
from domain.accounts.refusals import PayerMismatch
from domain.parties import dealer_events
from domain.parties.dealer import Dealer
from domain.parties.dealer_terms import DealerProfile
from tests.domain.reconciling.steps import (
    JINLING,
    account,
    assign,
    bank_line,
    imported,
    invoiced,
    owing,
)
from tests.domain.support import fact
from tests.domain.world import BY

OWED = invoiced("INV-1", 500_00)
WIDE = "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in JINLING)


def named(dealer: str, legal_name: str):
    """A dealer of the world bears another name."""
    profile = DealerProfile(
        legal_name=legal_name, uscc=f"USCC-{dealer}", tier="B", sales_region="EAST"
    )
    event = dealer_events.Registered(*BY, profile=profile, status="ACTIVE")
    return fact(Dealer, dealer, event)


@pytest.mark.parametrize(
    "written",
    [
        JINLING,
        JINLING.upper(),
        JINLING.lower(),
        WIDE,
        JINLING.replace(" ", ""),
        f"  {JINLING.replace(' ', '   ')}\t",
        JINLING.replace(" ", "\u3000"),
        "J I N L I N G (JIANGSU)",
    ],
)
def test_a_payer_is_known_whatever_the_case_the_width_and_the_spaces(written):
    past = owing(OWED)

    told = imported(past, bank_line(500_00, "B-1", payer=written)).accepted()

    assert account(told) == ({}, {})


def test_a_chinese_name_is_known_in_brackets_of_either_width():
    past = owing(OWED)
    rename = named("D05", "金陵医疗（江苏）有限公司")
    past.get(Dealer, *rename.key).record(rename.event)

    told = imported(past, bank_line(500_00, "B-1", payer="金陵医疗 (江苏) 有限公司"))

    assert [one["dealer"] for one in told.answer["receipts"]] == ["D05"]


@pytest.mark.parametrize("written", ["", "Jinling", f"{JINLING} Ltd", "Jinling-(Jiangsu)", "D05"])
def test_whoever_is_not_known_by_name_waits(written):
    past = owing(OWED)

    told = imported(past, bank_line(500_00, "B-1", payer=written, text="INV-1"))

    assert (told.answer["receipts"], told.answer["unassigned"]) == ([], ["B-1"])
    assert told.recorded(BankStatement.LineBooked) == []
    assert account(past) == ({"INV-1": 500_00}, {})


def test_two_dealers_of_one_name_are_nobody():
    past = owing(OWED, invoiced("INV-2", 500_00, dealer="D06"))
    twin = named("D06", JINLING.upper())
    past.get(Dealer, *twin.key).record(twin.event)

    told = imported(past, bank_line(500_00, "B-1"))

    assert (told.answer["receipts"], told.answer["unassigned"]) == ([], ["B-1"])


def test_the_money_of_one_of_two_dealers_of_one_name_is_assigned_to_either_without_a_mandate():
    past = owing(OWED, invoiced("INV-2", 500_00, dealer="D06"))
    twin = named("D06", JINLING.upper())
    past.get(Dealer, *twin.key).record(twin.event)
    imported(past, bank_line(500_00, "B-1")).accepted()

    assign(past, "B-1", "D06").accepted()

    assert account(past, "D06") == ({}, {})


def test_money_of_a_known_payer_does_not_go_to_another_dealer_without_a_mandate():
    past = imported(owing(OWED), bank_line(70_00, "B-1", payer="Somebody")).accepted()

    assign(past, "B-1").refuses(PayerMismatch, payer="Somebody", dealer="D05")
    assign(past, "B-1", mandate="  ").refuses(PayerMismatch)
    assign(past, "B-1", mandate="MANDATE-7").accepted()


def test_each_known_payers_money_of_a_statement_goes_to_its_own_account():
    past = owing(OWED, invoiced("INV-2", 70_00, dealer="D06"))

    imported(
        past,
        bank_line(70_00, "B-1", payer="QIANTANG(ZHEJIANG)"),
        bank_line(500_00, "B-2"),
        bank_line(1_00, "B-3", payer="Stranger"),
    ).accepted()

    assert (account(past), account(past, "D06")) == (({}, {}), ({}, {}))
