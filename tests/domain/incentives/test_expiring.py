"""Expiring: claims that nobody decided in time, and money that nobody took, go back."""

from domain.books.period import Period
from domain.books.roll import Roll
from domain.flows.incentives.claiming import BeginClaimReview
from domain.flows.incentives.expiring import ExpireClaims
from domain.incentives.claim import Claim
from domain.incentives.incentive_book import IncentiveBook
from domain.incentives.promotion import Promotion
from domain.kernel.refusal import FutureDated, InvalidState, NotFound
from tests.domain.incentives.offers import (
    ASKED,
    CLAIM,
    ON,
    PROMOTION,
    approved,
    claim,
    promotion,
    reviewing,
    settle,
    settling,
    submitted,
)
from tests.domain.incentives.schemes import does, tries
from tests.domain.support import day, like
from tests.domain.world import MGR_EAST

YEAR, DAY_AFTER = "2027-03-19", "2027-03-20"
"""A year after a claim was decided, and the day on which what was not taken lapses."""
LAST_CALL = ExpireClaims(claims=[CLAIM], as_of=day(DAY_AFTER))
BEGIN = BeginClaimReview(claim=CLAIM)


def test_a_claim_that_nobody_decided_ends_after_sixty_days_and_gives_its_budget_back():
    past = submitted()
    early, late = (
        ExpireClaims(claims=[CLAIM], as_of=day(on)) for on in ("2026-05-18", "2026-05-19")
    )

    assert does(past, early, on="2026-05-19").answer == {"expired": []}
    does(past, late, on="2026-05-19").then(
        like(Claim.Expired, dealer="D05"),
        like(IncentiveBook.ClaimPending, amount=0),
        like(Promotion.Committed, amount=-ASKED),
    )
    assert (claim(past).state, promotion(past).claimed) == ("EXPIRED", {"D05": 0})
    tries(past, reviewing(ASKED), MGR_EAST, "2026-05-20").refuses(InvalidState, state="EXPIRED")


def test_no_claim_ends_by_a_day_that_has_not_come():
    ahead = ExpireClaims(claims=[CLAIM], as_of=day("2026-12-31"))

    tries(submitted(), ahead, on=ON).refuses(FutureDated)


def test_what_was_agreed_to_and_never_taken_ends_too():
    past = approved()

    does(past, ExpireClaims(claims=[CLAIM], as_of=day("2027-03-31")), on="2027-03-31")

    assert claim(past).state == "EXPIRED"


def test_what_was_agreed_to_lapses_a_year_after_it_was_decided():
    past = approved()
    early, late = (ExpireClaims(claims=[CLAIM], as_of=day(on)) for on in (YEAR, DAY_AFTER))

    assert does(past, early, on=DAY_AFTER).answer == {"expired": []}
    does(past, late, on=DAY_AFTER).then(
        like(Claim.Expired, lapsed=ASKED, promotion=PROMOTION),
        like(Promotion.Committed, amount=-ASKED),
        Roll.PeriodBegun,
        like(Period.EntryPosted, cause="claim.expired"),
    )
    assert promotion(past).claimed == {"D05": 0}
    tries(past, settling(), on=DAY_AFTER).refuses(InvalidState, state="EXPIRED")


def test_of_a_claim_that_is_paid_in_part_the_rest_lapses():
    past = approved()
    settle(past, amount=4_000_00)

    [one] = does(past, LAST_CALL, on=DAY_AFTER).recorded(Claim.Expired)

    assert (one.lapsed, promotion(past).claimed) == (ASKED - 4_000_00, {"D05": 4_000_00})


def test_letting_claims_end_again_or_after_they_were_decided_says_nothing():
    past, paid, refused = approved(), approved(), submitted()
    does(past, LAST_CALL, on=DAY_AFTER)
    settle(paid)
    does(refused, reviewing(0, ASKED), MGR_EAST, ON)

    for one in (past, paid, refused):
        again = does(one, LAST_CALL, on=DAY_AFTER)
        assert (again.answer, again.events) == ({"expired": []}, [])


def test_a_claim_that_is_named_twice_ends_once():
    twice = ExpireClaims(claims=[CLAIM, CLAIM], as_of=day("2026-06-30"))

    assert does(submitted(), twice, on="2026-06-30").answer == {"expired": [CLAIM]}


def test_nothing_ends_where_one_of_the_claims_is_unknown():
    wrong = ExpireClaims(claims=[CLAIM, "CL-9999"], as_of=day("2026-06-30"))

    tries(submitted(), wrong, on="2026-06-30").refuses(NotFound)


def test_what_is_under_review_ends_too():
    past = submitted()
    does(past, BEGIN, MGR_EAST, ON)

    late = ExpireClaims(claims=[CLAIM], as_of=day("2026-05-19"))
    assert does(past, late, on="2026-05-19").answer == {"expired": [CLAIM]}
