"""No money is dated into a closed period, nor into a dealer's month that was signed (INV-AC-5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from domain.books.refusals import PeriodClosed
from domain.flows.accounts.applying import (
    ApplyCash,
    NetMoney,
    RefundMoney,
    ReversePayment,
    UnapplyCash,
)
from domain.flows.accounts.depositing import (
    ApplyDeposit,
    ForfeitDeposit,
    ReceiveDeposit,
    RefundDeposit,
)
from domain.flows.accounts.disputing import AcceptDispute, DisputeLine
from domain.flows.accounts.invoicing import PostInvoice
from domain.flows.accounts.putting_right import WriteOffBadDebt
from domain.flows.accounts.securing import RefundSecurityDeposit
from domain.flows.accounts.settling import RemittanceLine
from domain.flows.incentives.accruing import AccrueRebates
from domain.flows.incentives.claiming import ReviewClaim, SettleClaim, SubmitClaim
from domain.kernel.refusal import FutureDated
from tests.domain.books import desk
from tests.domain.books.desk import APRIL, MARCH, ask, do, pay
from tests.domain.books.incentives import promotion
from tests.domain.story import paying
from tests.domain.support import Given, day
from tests.domain.world import DEALER_5, FINANCE, MGR_EAST, SETUP

LAST, LATE = "2026-03-31", "2026-04-06"
OLD, RECEIPT, LEFT = "INV-2602-011", "RCPT-0001", "RCPT-0002"
INVOICE, ORDER, DEPOSIT = "INV-2603-001", "SO-0002", "DEP-0001"
D05, HELD = {"dealer_id": "D05"}, {"dealer_id": "D05", "so_id": "SO-0001", "doc_no": DEPOSIT}


def busy() -> Given:
    """D05 has something of everything that money can be done with."""
    past = desk.owe(desk.desk(promotion()), OLD, 452_000_00)
    desk.sold(past, on="2026-03-02")
    pay(past, 2_000_00, (OLD, 2_000_00), on="2026-03-03").accepted()
    pay(past, 600_000_00, (OLD, 1_000_00), on="2026-03-04").accepted()
    for so, amount in (("SO-0001", 40_00), ("SO-0001", 50_00)):
        terms = {"bank_ref": f"D-{amount}", "value_date": day("2026-03-05"), "amount": amount}
        do(past, ReceiveDeposit(dealer_id="D05", so_id=so, **terms), on="2026-03-05")
    do(past, desk.securing(value="2026-03-05"), on="2026-03-05")
    for evidence, approved in (("sha256:1", 10_00), ("sha256:2", 0)):
        claim = SubmitClaim(promotion_id="P", amount=10_00, evidence=[evidence])
        name = do(past, claim, by=DEALER_5, on="2026-03-06")["claim"]
        if approved:
            do(past, ReviewClaim(claim=name, approved=approved), by=MGR_EAST, on="2026-03-07")
    return past


def named(doc: str, amount: int) -> list[RemittanceLine]:
    return [RemittanceLine(doc_no=doc, amount=amount)]


def money() -> dict[str, tuple[Any, ...]]:
    """Commands about money of the last day of March; some, that dealers' months do not lock."""
    value = {"value_date": day(LAST), "amount": 1_00}
    return {
        "payment": (paying("D05", 1_00, value_date=day(LAST)),),
        "deposit": (ReceiveDeposit(**D05, so_id="SO-0001", bank_ref="DEP-X", **value),),
        "deposit applied": (ApplyDeposit(**HELD, amount=1, invoice=INVOICE),),
        "cash applied": (ApplyCash(**D05, receipt=LEFT, allocations=named(OLD, 1)),),
        "cash unapplied": (
            UnapplyCash(**D05, receipt=RECEIPT, allocations=named(OLD, 1), reason="r"),
        ),
        "payment reversed": (ReversePayment(**D05, receipt=RECEIPT, reason="r"),),
        "money refunded": (RefundMoney(**D05, receipt=LEFT, amount=1, bank_ref="OUT"),),
        "money netted": (
            NetMoney(**D05, receipt=LEFT, amount=1, to_dealer_id="D06", agreement="three"),
        ),
        "credit note": (desk.credit(INVOICE, 1_00),),
        "adjustment": (desk.adjusting(1_00),),
        "credit by adjustment": (desk.adjusting(-1_00),),
        "bad debt": (
            WriteOffBadDebt(**D05, item=OLD, amount=1, reason="r", second_approver="fin-2"),
        ),
        "claim reviewed": (ReviewClaim(claim="CL-0002", approved=10_00),),
        "claim set off": (SettleClaim(claim="CL-0001", method="OFFSET"),),
        "claim by note": (SettleClaim(claim="CL-0001", method="CREDIT_NOTE", red_info_no="RED"),),
        "claim in cash": (SettleClaim(claim="CL-0001", method="CASH", bank_ref="OUT"),),
        "deposit refunded": (RefundDeposit(**HELD, amount=1, bank_ref="OUT"), "period only"),
        "deposit kept": (ForfeitDeposit(**HELD, amount=1, reason="r"), "period only"),
        "security": (desk.securing("D05", value=LAST), "period only"),
        "security refunded": (RefundSecurityDeposit(**D05, amount=1, bank_ref="O"), "period only"),
        "rebates": (AccrueRebates(period=MARCH), "period only"),
    }


WHO = {"claim reviewed": MGR_EAST}
"""Whose business it is, where it is not that of finance."""

EVERY = pytest.mark.parametrize("name", money())


@pytest.fixture(scope="module")
def worlds() -> Callable[[str], Given]:
    """Logs that were prepared once; every test gets a copy."""
    made: dict[str, Given] = {}

    def of(state: str) -> Given:
        if state not in made:
            made[state] = busy()
            if state == "closed":
                desk.closed(made[state])
            if state == "signed":
                desk.issued(made[state])
                desk.signed(made[state])
        return desk.copy(made[state])

    return of


@EVERY
def test_in_an_open_period_it_is_posted_on_its_day(name, worlds):
    past = worlds("open")
    before = len(desk.entries(past, MARCH))

    ask(past, money()[name][0], on=LAST, entered=LATE, by=WHO.get(name, FINANCE)).accepted()

    assert len(desk.entries(past, MARCH)) == before + (name != "rebates")


@EVERY
def test_in_a_closed_period_it_is_refused(name, worlds):
    past = worlds("closed")

    ask(past, money()[name][0], on=LAST, entered=LATE, by=WHO.get(name, FINANCE)).refuses(
        PeriodClosed
    )

    assert desk.entries(past, APRIL) == []


@EVERY
def test_in_a_month_that_is_signed_it_is_refused_where_it_concerns_what_is_owed(name, worlds):
    past = worlds("signed")
    done = ask(past, money()[name][0], on=LAST, entered=LATE, by=WHO.get(name, FINANCE))

    if money()[name][1:]:
        done.accepted()
    else:
        done.refuses(PeriodClosed, period=MARCH)


@EVERY
def test_in_the_month_after_it_goes_on(name, worlds):
    past = worlds("closed")
    if name in ("payment", "deposit", "security", "rebates"):
        return

    ask(past, money()[name][0], on=LATE, by=WHO.get(name, FINANCE)).accepted()

    assert len(desk.entries(past, APRIL)) == 1


def test_an_invoice_by_hand_is_dated_into_an_open_month_too(worlds):
    past = worlds("closed")

    by_hand = PostInvoice(so_id="SO-0001", milestone="POD")

    ask(past, by_hand, on=LAST, entered=LATE).refuses(PeriodClosed)


def test_money_of_a_closed_month_is_posted_on_another_day_and_says_which_day_it_was(worlds):
    past = worlds("closed")
    late = {"bank_ref": "LATE", "value_date": day(LAST), "accounting_date": day(LATE)}

    done = ask(past, paying("D05", 3_00, **late), on=LATE)

    assert done.refusal is None
    entry = desk.last_entry(past)
    assert (entry.day, entry.effective) == (day(LATE), day(LAST))


def test_its_lines_stand_in_the_block_of_prior_periods(worlds):
    past = worlds("closed")
    late = {"bank_ref": "LATE", "value_date": day(LAST), "accounting_date": day(LATE)}
    do(past, paying("D05", 3_00, (OLD, 3_00), **late), on=LATE)

    assert [one.effective for one in desk.account(past).lines(APRIL)] == [day(LAST)]


def test_a_deposit_says_which_day_it_was_too(worlds):
    past = worlds("closed")
    late = {"bank_ref": "LATE", "value_date": day(LAST), "accounting_date": day(LATE)}
    do(past, ReceiveDeposit(**D05, so_id="SO-0001", amount=1_00, **late), on=LATE)

    assert desk.last_entry(past).effective == day(LAST)


def test_a_deposit_is_not_posted_in_the_future(worlds):
    past = worlds("open")
    ahead = {"value_date": day(LAST), "accounting_date": day("2027-01-01"), "bank_ref": "AHEAD"}

    deposit = ReceiveDeposit(**D05, so_id="SO-0001", amount=1_00, **ahead)

    ask(past, deposit, on=LAST).refuses(FutureDated)


def test_money_is_not_posted_before_it_came(worlds):
    past = worlds("open")
    early = {"bank_ref": "EARLY", "value_date": day(LATE), "accounting_date": day(LAST)}

    assert ask(past, paying("D05", 3_00, **early), on=LATE).refusal is not None


def test_nothing_is_opened_in_a_month_that_was_signed():
    past = desk.owing()
    do(past, desk.issuing(period="2026-02"), on="2026-03-02")
    desk.signed(past, on="2026-03-03", period="2026-02")
    more = desk.SetOpeningItem(dealer_id="D05", doc="X", gross=1_00, due=day("2026-03-01"))

    ask(past, more, by=SETUP, on="2026-02-28", entered="2026-03-04").refuses(PeriodClosed)


def test_accepting_a_dispute_posts_on_its_own_day_never_into_the_closed_month(worlds):
    past = desk.copy(worlds("open"))
    desk.issued(past)
    line = {"line_id": INVOICE, "amount": 113_00, "code": "PRICE_DIFF", "evidence": "mail"}
    disputed = DisputeLine(**D05, period=MARCH, version=1, **line)
    do(past, disputed, by=DEALER_5, on="2026-04-02")
    desk.closed(past)
    accepting = AcceptDispute(**D05, period=MARCH, line_id=INVOICE, red_info_no="RED")

    ask(past, accepting, on=LAST, entered=LATE).refuses(PeriodClosed)
    done = do(past, accepting, on=LATE)

    assert done["doc"] == "CN-2604-001"
    assert desk.last_entry(past).day == day(LATE)
