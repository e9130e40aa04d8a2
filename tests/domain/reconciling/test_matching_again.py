"""A run after a run: nothing new records nothing, and what stands is never taken apart."""

from __future__ import annotations

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.dealer_lines import DealerLines
from domain.accounts.ledger import Allocation
from domain.accounts.refusals import AlreadyMatched
from domain.kernel.stamp import Actor
from tests.domain.reconciling.steps import (
    APRIL,
    D05,
    MARCH,
    accept,
    differences,
    invoiced,
    issued,
    kept,
    match_again,
    matches,
    reverse,
    stated,
    submit,
    suggestions,
    theirs,
)
from tests.domain.support import Fact, day, fact, like
from tests.domain.world import BY

SCHEDULER = Actor("system:daily", "SYSTEM")


def happens(past, *facts: Fact):
    """Something more becomes known."""
    for one in facts:
        past.get(one.aggregate, *one.key).record(one.event)
    return past


def received(receipt: str, amount: int, on: str = "2026-03-12") -> Fact:
    event = account_events.PaymentReceived(
        *BY, receipt=receipt, bank_ref=receipt, value_date=day(on), accounting_date=day(on),
        amount=amount, payer="x", instrument="TRANSFER",
    )  # fmt: skip
    return fact(DealerAccount, D05, "CNY", event)


def applied(receipt: str, doc: str, amount: int, on: str = "2026-03-12") -> Fact:
    event = account_events.CashApplied(
        *BY, receipt=receipt, allocations=(Allocation(doc, amount),), rule="BY_HAND",
        accounting_date=day(on),
    )  # fmt: skip
    return fact(DealerAccount, D05, "CNY", event)


def test_a_run_after_a_run_records_nothing():
    past = submit(
        stated(invoiced("INV-1", 300_00), invoiced("INV-2", 500_00)),
        theirs("a", 300_00, "INV-1"),
        theirs("b", 499_00, "INV-2"),
        theirs("c", 7_00, "V-1"),
    ).accepted()

    first = match_again(past)
    second = match_again(past, by=SCHEDULER)

    first.then()
    second.then()
    assert first.answer == second.answer
    assert "lines" not in first.answer


def test_a_new_document_of_ours_is_compared_by_the_next_run():
    past = submit(
        stated(invoiced("INV-1", 300_00)), theirs("a", 300_00, "INV-1"), theirs("b", 9_00, "INV-9")
    ).accepted()
    happens(past, invoiced("INV-9", 9_00))

    match_again(past).then(
        like(DealerLines.MatchProposed, match_id="M-0002"),
        like(DealerLines.Compared, before=1, differences=()),
    )


def test_a_better_candidate_that_comes_later_takes_nothing_away():
    # M6 matched a payment by its amount; then the receipt came that the dealer's line names.
    past = submit(
        stated(invoiced("INV-1", 900_00), received("RCPT-1", 70_00), applied("RCPT-1", "INV-1", 70_00)),
        theirs("p", -70_00, "RCPT-2", "2026-03-12", kind="PAYMENT"),
    ).accepted()  # fmt: skip
    assert matches(past) == ["M-0001: M6 RCPT-1 = p"]
    happens(past, received("RCPT-2", 70_00), applied("RCPT-2", "INV-1", 70_00))

    match_again(past).accepted()

    assert matches(past) == ["M-0001: M6 RCPT-1 = p"]
    assert ("RCPT-2", "UNKNOWN", 70_00) in differences(past)


def test_new_lines_of_the_dealer_take_nothing_away():
    past = submit(stated(invoiced("INV-1", 300_00)), theirs("a", 300_00, "INV-1")).accepted()

    submit(past, theirs("b", 300_00, "INV-1"), file="F-2").accepted()

    assert matches(past) == ["M-0001: M1 INV-1 = a"]
    assert differences(past) == [("b", "DUPLICATE", 300_00)]


def test_a_suggestion_that_a_new_document_has_made_wrong_is_over():
    four = [
        invoiced(f"INV-{number}", gross)
        for number, gross in enumerate((100_00, 400_00, 200_00, 300_00), 1)
    ]
    past = submit(stated(*four), theirs("s", 500_00, "VOUCHER-2603")).accepted()
    assert len(suggestions(past)) == 2
    happens(past, invoiced("VOUCHER-2603", 500_00))

    match_again(past).then(
        like(DealerLines.MatchProposed),
        like(DealerLines.Compared, dropped=("M-0001", "M-0002")),
    )
    assert matches(past) == ["M-0003: M1 VOUCHER-2603 = s"]
    assert suggestions(past) == []


def test_what_we_posted_in_the_month_before_is_timing():
    past = submit(
        stated(invoiced("INV-0", 800_00, "2026-02-27"), invoiced("INV-1", 300_00)),
        theirs("z", 800_00, "INV-0"),
        theirs("a", 300_00, "INV-1"),
    ).accepted()

    assert matches(past) == ["M-0001: M1 INV-1 = a", "M-0002: M7 INV-0 = z"]
    assert kept(past).matches["M-0002"].category == "TIMING_GOODS"
    assert (differences(past), kept(past).open_difference) == ([], 0)


def test_what_the_dealer_lists_in_april_with_its_day_in_march_is_timing_too():
    past = stated(invoiced("INV-1", 800_00), invoiced("INV-2", 50_00, "2026-04-01"))
    issued(past, period=APRIL)

    submit(past, theirs("b", 800_00, "INV-1", "2026-03-10"), period=APRIL).accepted()

    assert matches(past, APRIL) == ["M-0001: M7 INV-1 = b"]


def both_months():
    """March's INV-1 is in the dealer's list of March, and matched; then April's list comes."""
    past = stated(invoiced("INV-1", 9_000_00), invoiced("INV-2", 50_00, "2026-04-01"))
    past = submit(past, theirs("a", 9_000_00, "INV-1")).accepted()
    assert matches(past) == ["M-0001: M1 INV-1 = a"]
    return issued(past, period=APRIL)


def test_a_document_that_was_matched_in_its_own_month_is_not_matched_in_the_next():
    past = both_months()

    again = theirs("b", 9_000_00, "INV-1", "2026-04-01")
    submit(past, again, file="F-2", period=APRIL).accepted()

    assert matches(past, APRIL) == []
    assert kept(past, APRIL).open_difference >= 9_000_00


def test_a_document_that_the_dealer_booked_a_month_late_is_not_missing_in_its_own_month():
    past = stated(invoiced("INV-1", 9_000_00), invoiced("INV-2", 50_00, "2026-04-01"))
    submit(past, theirs("x", 1_00, "V-1")).accepted()
    issued(past, period=APRIL)
    submit(past, theirs("b", 9_000_00, "INV-1", "2026-04-01"), file="F-2", period=APRIL).accepted()
    assert matches(past, APRIL) == ["M-0001: M7 INV-1 = b"]

    assert ("INV-1", "TIMING_GOODS", -9_000_00) in differences(past)
    assert kept(past).open_difference == 1_00
    match_again(past).then()


def test_when_the_match_of_the_other_month_is_taken_back_the_document_is_missing_again():
    past = stated(invoiced("INV-1", 9_000_00), invoiced("INV-2", 50_00, "2026-04-01"))
    submit(past, theirs("x", 1_00, "V-1")).accepted()
    issued(past, period=APRIL)
    submit(past, theirs("b", 9_000_00, "INV-1", "2026-04-01"), file="F-2", period=APRIL).accepted()

    reverse(past, "M-0001", period=APRIL).accepted()

    assert ("INV-1", "MISSING_INVOICE", -9_000_00) in differences(past)
    assert matches(past, APRIL) == []
    submit(past, theirs("a", 9_000_00, "INV-1"), file="F-3").accepted()
    accept(past, "M-0002", period=APRIL).refuses(AlreadyMatched, match="2026-03/M-0001")


def test_a_document_that_another_months_list_has_already_is_not_matched_in_its_own():
    past = stated(invoiced("INV-1", 9_000_00), invoiced("INV-2", 50_00, "2026-04-01"))
    issued(past, period=APRIL)
    submit(past, theirs("b", 9_000_00, "INV-1", "2026-04-01"), file="F-2", period=APRIL).accepted()

    submit(past, theirs("a", 9_000_00, "INV-1")).accepted()

    assert matches(past) == []
    assert differences(past) == [
        ("INV-1", "TIMING_GOODS", -9_000_00),
        ("a", "MISSING_INVOICE", 9_000_00),
    ]


def test_money_that_was_applied_in_two_months_is_a_line_of_each():
    past = stated(
        invoiced("INV-1", 5_000_00),
        received("RCPT-1", 3_000_00, "2026-03-31"),
        applied("RCPT-1", "INV-1", 1_000_00, "2026-03-31"),
        applied("RCPT-1", "INV-1", 2_000_00, "2026-04-01"),
    )
    issued(past, period=APRIL)
    submit(past, theirs("p", -1_000_00, "RCPT-1", "2026-03-31", kind="PAYMENT")).accepted()

    more = theirs("p", -2_000_00, "RCPT-1", "2026-04-01", kind="PAYMENT")
    submit(past, more, file="F-2", period=APRIL).accepted()

    assert matches(past) == matches(past, APRIL) == ["M-0001: M1 RCPT-1 = p"]


def test_a_run_knows_which_version_of_our_statement_it_was_compared_with():
    past = submit(stated(invoiced("INV-1", 300_00)), theirs("a", 300_00, "INV-1")).accepted()
    assert kept(past).compared_with(1)
    happens(past, invoiced("INV-2", 0, "2026-03-20"), received("RCPT-1", 300_00))
    happens(past, applied("RCPT-1", "INV-1", 300_00))
    issued(past)
    assert not kept(past).compared_with(2)

    match_again(past).accepted()

    assert kept(past).compared_with(2)
    assert kept(issued(stated(invoiced("INV-1", 300_00)))).compared_with(2)


def test_every_difference_of_the_sums_is_in_a_residual_or_in_a_difference():
    past = submit(
        stated(
            invoiced("INV-1", 5_000_00),
            received("RCPT-1", 3_000_00),
            applied("RCPT-1", "INV-1", 1_000_00),
        ),
        theirs("a", 5_000_00, "INV-1"),
        theirs("p", -1_000_00, "RCPT-1", "2026-03-12", kind="PAYMENT"),
    ).accepted()
    assert differences(past) == []
    happens(past, applied("RCPT-1", "INV-1", 2_000_00, "2026-03-20"))

    match_again(past).accepted()

    ours = past.get(DealerAccount, D05, "CNY").lines(MARCH)
    apart = 4_000_00 - sum(one.amount for one in ours)
    found = kept(past)
    residuals = sum(one.residual for one in found.matches.values())
    assert apart == residuals + sum(one.amount for one in found.differences)


def test_a_run_after_later_months_were_settled_tells_the_same():
    past = submit(
        stated(invoiced("INV-1", 300_00), invoiced("INV-2", 500_00)),
        theirs("b", 450_00, "INV-2"),
    ).accepted()
    before = differences(past)
    for period in (MARCH, APRIL):
        locked = account_events.MonthLocked(
            *BY, period=period, closing=800_00, accounting_date=day("2026-05-04")
        )
        happens(past, fact(DealerAccount, D05, "CNY", locked))

    match_again(past).then()

    assert differences(past) == before


def test_what_was_found_of_a_month_stands_when_it_can_never_be_opened_again():
    past = submit(
        stated(invoiced("INV-1", 300_00), invoiced("INV-2", 500_00)),
        theirs("a", 300_00, "INV-1"),
        theirs("b", 450_00, "INV-2"),
    ).accepted()
    before = differences(past)
    ended = account_events.MonthEnded(*BY, period=MARCH, accounting_date=day("2026-05-04"))
    happens(past, fact(DealerAccount, D05, "CNY", ended))

    match_again(past).then()

    assert differences(past) == before
