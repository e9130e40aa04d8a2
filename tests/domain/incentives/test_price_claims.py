"""Claims of price protection: reviewed as others are, and settled by a red-letter note."""

from domain.accounts import account_events
from domain.incentives.claim import Claim
from domain.incentives.incentive_book import IncentiveBook
from domain.kernel.refusal import ForbiddenRole, ValidationFailed
from tests.domain.incentives.offers import CLAIM, claim, reviewing, settling
from tests.domain.incentives.schemes import booked, does, tries
from tests.domain.money.test_price_protection import bought, protected, published, sell
from tests.domain.world import DEALER_5, FINANCE, MGR_EAST

ON = "2026-03-21"
CUT = 2_400_00
"""Forty boxes that cost 60.00 less."""


def claimed():
    """D05 has forty boxes of sixty, and their price fell."""
    past = bought(protected(), 60)
    sell(past, 20)
    return published(past).accepted()


def agreed():
    past = claimed()
    does(past, reviewing(CUT), MGR_EAST, ON)
    return past


def test_a_fall_of_prices_waits_for_its_decision_like_any_claim():
    past = claimed()

    assert (claim(past).state, claim(past).net, claim(past).kind) == (
        "SUBMITTED",
        CUT,
        "PRICE_PROTECTION",
    )
    assert past.get(IncentiveBook, "D05").pending == {CLAIM: CUT}


def test_it_is_agreed_to_whole_or_in_part_and_takes_no_budget():
    past = claimed()

    done = does(past, reviewing(2_000_00, 400_00, "AMOUNT_TOO_HIGH"), MGR_EAST, ON)

    assert [type(one) for one in done.events][:2] == [Claim.Reviewed, IncentiveBook.ClaimPending]
    assert booked(done) == [{"6601": 2_000_00, "2241.02": -2_000_00}]
    assert claim(past).state == "PARTIALLY_APPROVED"


def test_the_dealer_does_not_decide_it():
    tries(claimed(), reviewing(CUT), DEALER_5, ON).refuses(ForbiddenRole)


def test_it_becomes_a_red_letter_note_with_13_per_cent():
    past = agreed()

    done = does(past, settling("CREDIT_NOTE", red_info_no="RED-1"), FINANCE, ON)

    [note] = done.recorded(account_events.CreditNotePosted)
    assert (note.kind, note.claim, note.net, note.vat, note.gross) == (
        "CLAIM",
        CLAIM,
        CUT,
        312_00,
        2_712_00,
    )
    assert booked(done) == [{"2241.02": CUT, "2221": 312_00, "1122": -2_712_00}]
    assert claim(past).state == "SETTLED"


def test_it_is_not_set_off_without_vat():
    tries(agreed(), settling("OFFSET"), FINANCE, ON).refuses(ValidationFailed, field="method")


def test_it_is_not_paid_in_cash_without_vat():
    tries(agreed(), settling("CASH", bank_ref="BK-1"), FINANCE, ON).refuses(
        ValidationFailed, field="method"
    )
