"""A period is not closed over differences that nobody has explained; timing explains itself."""

from __future__ import annotations

from datetime import date

from domain.books.refusals import OpenDifferencesAboveLimit
from domain.flows import run
from domain.flows.accounts.stating import IssueStatement
from domain.flows.books.closing import ClosePeriod
from domain.flows.goods.opening import SetOpeningItem
from tests.domain.company import company
from tests.domain.reconciling.steps import (
    D05,
    IN_APRIL,
    MARCH,
    accept,
    differences,
    kept,
    match_again,
    reverse,
    submit,
    theirs,
)
from tests.domain.support import given
from tests.domain.world import FINANCE

LIMIT = 1_000_00


def march(*gross: int):
    """D05 owes INV-1, INV-2 ... since 5 March, and its statement of March is issued."""
    past = given(company())
    for number, one in enumerate(gross, 1):
        item = SetOpeningItem(dealer_id=D05, doc=f"INV-{number}", gross=one, due=date(2026, 5, 1))
        past.when(run, item, by=FINANCE, on="2026-03-05").accepted()
    told = IssueStatement(dealer_id=D05, period=MARCH)
    return past.when(run, told, by=FINANCE, on=IN_APRIL).accepted()


def close(past, *exceptions: str):
    command = ClosePeriod(period=MARCH, exceptions=list(exceptions))
    return past.when(run, command, by=FINANCE, on="2026-04-05")


def listed(past, *lines, file="F-1"):
    return submit(past, *lines, file=file).accepted()


INV_1 = theirs("a", 900_000_00, "INV-1", "2026-03-05")


def test_a_month_in_which_both_sides_agree_is_closed():
    past = listed(march(900_000_00), INV_1)

    assert differences(past) == []
    close(past).accepted()


def test_differences_up_to_the_limit_do_not_stop_it():
    past = listed(march(900_000_00), INV_1, theirs("b", LIMIT, "V-1"))

    assert kept(past).open_difference == LIMIT
    close(past).accepted()


def test_a_cent_above_the_limit_stops_it():
    past = listed(march(900_000_00), INV_1, theirs("b", LIMIT + 1, "V-1"))

    close(past).refuses(OpenDifferencesAboveLimit, dealer=D05, amount=LIMIT + 1, limit=LIMIT)


def test_differences_of_both_signs_do_not_set_each_other_off():
    lines = theirs("b", 600_00, "V-1"), theirs("c", -600_00, "V-2", kind="CREDIT_NOTE")
    past = listed(march(900_000_00), INV_1, *lines)

    assert sum(amount for _, _, amount in differences(past)) == 0
    close(past).refuses(OpenDifferencesAboveLimit, amount=1_200_00)


def test_money_on_its_way_is_timing_and_does_not_count():
    on_its_way = theirs("p", -400_000_00, "", "2026-03-30", kind="PAYMENT")
    past = listed(march(900_000_00), INV_1, on_its_way)

    assert differences(past) == [("p", "TIMING_CASH", -400_000_00)]
    assert kept(past).open_difference == 0
    close(past).accepted()


def test_money_that_should_long_be_here_counts():
    long_sent = theirs("p", -400_000_00, "", "2026-03-12", kind="PAYMENT")
    past = listed(march(900_000_00), INV_1, long_sent)

    close(past).refuses(OpenDifferencesAboveLimit, amount=400_000_00)


def test_beside_timing_what_is_real_counts_alone():
    lines = theirs("p", -400_000_00, "", "2026-03-31", kind="PAYMENT"), theirs("b", 1_000_01, "V-1")
    past = listed(march(900_000_00), INV_1, *lines)

    close(past).refuses(OpenDifferencesAboveLimit, amount=1_000_01)


def test_finance_may_accept_the_differences_of_a_dealer():
    past = listed(march(900_000_00), INV_1, theirs("b", 5_000_00, "V-1"))

    close(past, "D06").refuses(OpenDifferencesAboveLimit)
    close(past, D05).accepted()


def test_a_dealer_who_gave_no_lines_stops_nothing():
    close(march(900_000_00)).accepted()


def test_a_list_that_explains_the_difference_lets_the_month_be_closed():
    past = listed(march(900_000_00, 5_000_00), INV_1)
    close(past).refuses(OpenDifferencesAboveLimit, amount=5_000_00)

    listed(past, theirs("b", 5_000_00, "INV-2", "2026-03-05"), file="F-2")

    close(past).accepted()


def test_what_is_only_suggested_stops_it_and_what_was_chosen_does_not():
    sum_ = theirs("s", 500_000_00, "VOUCHER", "2026-03-05", kind="")
    past = listed(march(100_000_00, 400_000_00, 200_000_00, 300_000_00), sum_)
    close(past).refuses(OpenDifferencesAboveLimit)
    accept(past, "M-0001").accepted()
    rest = theirs("t", 500_000_00, "VOUCHER-2", "2026-03-05", kind="")

    listed(past, rest, file="F-2")

    close(past).accepted()


def test_what_was_taken_back_and_run_again_with_other_lines_counts_again():
    past = listed(march(900_000_00), theirs("b", 899_999_95, "INV-1", "2026-03-05"))
    assert kept(past).matches["M-0001"].category == "SMALL_DIFF"
    reverse(past, "M-0001").accepted()
    listed(past, theirs("c", 900_000_00, "INV-1", "2026-03-05"), file="F-2")
    match_again(past).accepted()

    assert [(lines, amount) for lines, _, amount in differences(past)] == [("b", 899_999_95)]
    close(past).refuses(OpenDifferencesAboveLimit, amount=899_999_95)
