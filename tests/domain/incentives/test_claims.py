"""Claims: who may ask for how much, with which evidence and until when; and what is agreed to."""

from datetime import UTC

import pytest

from domain.flows.incentives.claiming import BeginClaimReview, submit_claim
from domain.flows.incentives.promoting import EnrolPromotion
from domain.incentives.claim import Claim, Refused
from domain.incentives.incentive_book import IncentiveBook
from domain.incentives.promotion import Promotion
from domain.incentives.refusals import (
    CapExceeded,
    ClaimDuplicate,
    ClaimLate,
    ComplianceBlock,
    EvidenceMissing,
    NotEnrolled,
    OutOfPeriod,
)
from domain.kernel.refusal import (
    BudgetExceeded,
    ForbiddenRole,
    InvalidState,
    NotFound,
    SelfApproval,
    ValidationFailed,
)
from domain.kernel.stamp import Actor, Stamp
from tests.domain.incentives.offers import (
    ASKED,
    CAP,
    CLAIM,
    ON,
    PROMOTION,
    approved,
    asking,
    claim,
    enrolled,
    promotion,
    published,
    reviewing,
    submitted,
)
from tests.domain.incentives.schemes import does, tries
from tests.domain.support import SERVICE, day, instant
from tests.domain.world import DEALER_5, FINANCE, MGR_EAST, REP_EAST

BEGIN = BeginClaimReview(claim=CLAIM)
DEALER_6 = Actor("dlr-d06", "DLR", dealer="D06")
WAREHOUSE = Actor("wh-sh-1", "WH", "WH-SH")


def test_a_claim_takes_its_amount_of_the_budget_and_waits():
    past = enrolled()

    done = does(past, asking(ASKED, "sha256:agenda", "sha256:photo"), DEALER_5, ON)

    [one] = done.recorded(Claim.Submitted)
    assert (one.dealer, one.promotion, one.claimed) == ("D05", PROMOTION, ASKED)
    assert one.evidence == ("sha256:agenda", "sha256:photo")
    assert done.answer == {"claim": CLAIM, "state": "SUBMITTED"}
    assert promotion(past).claimed == {"D05": ASKED}
    assert past.get(IncentiveBook, "D05").pending == {CLAIM: ASKED}


def test_a_dealer_that_does_not_take_part_claims_nothing():
    tries(published(), asking(), DEALER_5, ON).refuses(NotEnrolled, dealer="D05")


def test_before_its_first_day_a_promotion_pays_nothing():
    past = enrolled(valid_from=day("2026-03-20"))

    tries(past, asking(), DEALER_5, "2026-03-19").refuses(OutOfPeriod)
    does(past, asking(), DEALER_5, "2026-03-20")


@pytest.mark.parametrize(("on", "fine"), [("2026-05-30", True), ("2026-05-31", False)])
def test_sixty_days_after_the_end_a_claim_is_late(on, fine):
    done = tries(enrolled(), asking(), DEALER_5, on)

    assert (done.refusal is None) is fine
    if not fine:
        done.refuses(ClaimLate, valid_to=day("2026-03-31"))


@pytest.mark.parametrize("evidence", [[], [" ", ""]])
def test_without_evidence_there_is_no_claim(evidence):
    tries(enrolled(), asking(evidence=evidence), DEALER_5, ON).refuses(EvidenceMissing)


def test_the_same_evidence_is_not_handed_in_twice():
    past = submitted()

    again = asking(1_00, "sha256:b", "sha256:a")
    tries(past, again, DEALER_5, ON).refuses(ClaimDuplicate, evidence="sha256:a", claim=None)


def test_the_evidence_of_another_dealer_is_a_duplicate_too():
    past = submitted()
    does(past, EnrolPromotion(promotion_id=PROMOTION, dealer_id="D06"), DEALER_6, ON)

    tries(past, asking(1_00, "sha256:a"), DEALER_6, ON).refuses(ClaimDuplicate)


def test_evidence_of_a_refused_claim_was_handed_in():
    past = submitted()
    does(past, reviewing(0, ASKED), MGR_EAST, ON)

    tries(past, asking(1_00, "sha256:a"), DEALER_5, ON).refuses(ClaimDuplicate)


def test_a_dealer_claims_no_more_than_its_cap():
    past = submitted(CAP - 1_00)

    tries(past, asking(1_01, "b"), DEALER_5, ON).refuses(CapExceeded, left=1_00)
    does(past, asking(1_00, "b"), DEALER_5, ON)


def test_all_dealers_claim_no_more_than_the_budget():
    past = submitted(ASKED, budget=15_000_00)
    does(past, EnrolPromotion(promotion_id=PROMOTION, dealer_id="D06"), DEALER_6, ON)

    tries(past, asking(3_000_01, "b"), DEALER_6, ON).refuses(BudgetExceeded, left=None)
    does(past, asking(3_000_00, "b"), DEALER_6, ON)


def test_nothing_is_given_to_health_professionals():
    gift = asking(for_professionals=True)

    tries(enrolled(), gift, DEALER_5, ON).refuses(ComplianceBlock, promotion=PROMOTION)


@pytest.mark.parametrize("amount", [0, -1])
def test_a_claim_is_for_an_amount(amount):
    tries(enrolled(), asking(amount), DEALER_5, ON).refuses(ValidationFailed, field="amount")


def test_all_that_is_wrong_with_a_claim_is_said_at_once():
    bad = asking(0, evidence=[], for_professionals=True)

    tries(published(), bad, DEALER_5, "2026-06-30").refuses(
        ValidationFailed, EvidenceMissing, ComplianceBlock, NotEnrolled, ClaimLate
    )


def test_a_dealer_claims_for_itself_and_a_service_for_a_named_dealer():
    past = enrolled()

    tries(past, asking(dealer_id="D05"), DEALER_6, ON).refuses(NotFound)
    tries(past, asking(), SERVICE, ON).refuses(ValidationFailed, NotEnrolled)
    does(past, asking(dealer_id="D05"), SERVICE, ON)


def test_nobody_of_ours_claims_for_a_dealer():
    tries(enrolled(), asking(dealer_id="D05"), WAREHOUSE, ON).refuses(ForbiddenRole)


def test_a_promotion_that_is_unknown_pays_nothing():
    tries(enrolled(), asking(promotion_id="PM-X"), DEALER_5, ON).refuses(NotFound)


def test_a_claim_is_agreed_to_in_part_and_the_rest_returns_to_the_budget():
    past = submitted()

    done = does(past, reviewing(10_000_00, 2_000_00), MGR_EAST, ON)

    [one] = done.recorded(Claim.Reviewed)
    assert (one.claimed, one.approved) == (ASKED, 10_000_00)
    assert one.rejected == (Refused(2_000_00, "EVIDENCE_MISSING"),)
    assert done.answer == {"claim": CLAIM, "state": "PARTIALLY_APPROVED", "approved": 10_000_00}
    assert promotion(past).claimed == {"D05": 10_000_00}
    assert done.recorded(Promotion.Committed)[0].amount == -2_000_00
    assert past.get(IncentiveBook, "D05").pending == {}


@pytest.mark.parametrize(
    ("agreed", "refused", "state", "left"),
    [(ASKED, 0, "APPROVED", ASKED), (0, ASKED, "REJECTED", 0)],
)
def test_a_claim_is_agreed_to_whole_or_not_at_all(agreed, refused, state, left):
    past = submitted()
    does(past, reviewing(agreed, refused), MGR_EAST, ON)

    assert (claim(past).state, promotion(past).claimed) == (state, {"D05": left})


@pytest.mark.parametrize("who", [DEALER_5, REP_EAST, WAREHOUSE, SERVICE], ids=lambda one: one.role)
def test_claims_are_decided_by_managers(who):
    tries(submitted(), reviewing(ASKED), who, ON).refuses(ForbiddenRole)


def test_who_handed_a_claim_in_does_not_decide_it():
    past = enrolled()
    does(past, asking(dealer_id="D05"), Actor("mgr-east", "SERVICE"), ON)

    tries(past, reviewing(ASKED), MGR_EAST, ON).refuses(SelfApproval, submitted_by="mgr-east")


def test_nobody_of_the_dealer_decides_its_claim():
    insider = Actor("x", "MGR", "EAST", dealer="D05")

    tries(submitted(), reviewing(ASKED), insider, ON).refuses(SelfApproval)


def test_finance_does_not_decide_the_claim_that_it_pays():
    tries(submitted(), reviewing(ASKED), FINANCE, ON).refuses(ForbiddenRole)


@pytest.mark.parametrize(
    ("agreed", "refused", "code", "field"),
    [
        (-1, ASKED + 1, "DUPLICATE", "approved"),
        (ASKED + 1, 0, "DUPLICATE", "approved"),
        (ASKED - 2, 1, "DUPLICATE", "approved"),
        (ASKED, 1, "DUPLICATE", "approved"),
        (ASKED - 1, 1, "BECAUSE", "rejected[0].code"),
        (ASKED, -1, "DUPLICATE", "rejected[0].amount"),
    ],
)
def test_what_is_agreed_to_and_what_is_refused_come_to_the_claim(agreed, refused, code, field):
    wrong = reviewing(agreed, refused, code)

    tries(submitted(), wrong, MGR_EAST, ON).refuses(ValidationFailed, field=field)


def test_a_claim_is_decided_once():
    tries(approved(), reviewing(ASKED), MGR_EAST, ON).refuses(InvalidState, state="APPROVED")


def test_a_claim_arises_on_the_calendar_day_of_the_company():
    past, at = enrolled(), instant("2026-03-19", "01:30").astimezone(UTC)

    submit_claim(past.log, Stamp(DEALER_5, at, day("2026-03-19")), asking())

    assert claim(past).day == day("2026-03-19")


@pytest.mark.parametrize(
    ("evidence", "missing"), [(("a",), 1), (("a", " a "), 1), (("a", "b"), None)]
)
def test_how_many_kinds_of_evidence_are_missing_is_said_for_the_review(evidence, missing):
    past = enrolled(evidence=("PHOTO", "INVOICE"))

    assert does(past, asking(ASKED, *evidence), DEALER_5, ON).answer.get("missing") == missing


def test_a_claim_names_products_of_its_promotion_only():
    past = enrolled(products=("US80",))

    tries(past, asking(products=["US80", "INJ"]), DEALER_5, ON).refuses(
        ValidationFailed, field="products[1]"
    )
    [one] = does(past, asking(products=["US80"]), DEALER_5, ON).recorded(Claim.Submitted)
    assert one.products == ("US80",)


def test_a_promotion_of_all_products_takes_claims_for_any():
    does(enrolled(), asking(products=["INJ"]), DEALER_5, ON)


def test_the_review_of_a_claim_begins_before_it_is_decided_and_once():
    past = submitted()

    done = does(past, BEGIN, MGR_EAST, ON)

    assert done.answer == {"claim": CLAIM, "state": "UNDER_REVIEW"}
    tries(past, BEGIN, MGR_EAST, ON).refuses(InvalidState, state="UNDER_REVIEW")
    does(past, reviewing(ASKED), MGR_EAST, ON)
    tries(past, BEGIN, MGR_EAST, ON).refuses(InvalidState, state="APPROVED")


def test_the_review_begins_with_a_manager_who_did_not_ask():
    insider = Actor("x", "MGR", "EAST", dealer="D05")

    tries(submitted(), BEGIN, FINANCE, ON).refuses(ForbiddenRole)
    tries(submitted(), BEGIN, insider, ON).refuses(SelfApproval)
    tries(enrolled(), BEGIN, MGR_EAST, ON).refuses(NotFound)
