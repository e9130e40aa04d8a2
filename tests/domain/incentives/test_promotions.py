"""Promotions: drafted, approved by another person, published; dealers take part until the end."""

import pytest

from domain.flows.incentives.promoting import ApprovePromotion, EndPromotion, PublishPromotion
from domain.incentives.promotion import Promotion
from domain.incentives.refusals import ClaimLate, NotEnrolled, OutOfPeriod
from domain.kernel.refusal import (
    DateRange,
    ForbiddenRole,
    InvalidState,
    NotFound,
    SelfApproval,
    ValidationFailed,
)
from domain.kernel.stamp import Actor
from tests.domain.company import company
from tests.domain.incentives.offers import (
    BUDGET,
    LAST,
    PROMOTION,
    asking,
    drafting,
    enrolled,
    enrolling,
    promotion,
    published,
    terms,
)
from tests.domain.incentives.schemes import does, tries
from tests.domain.support import SERVICE, day, given, like
from tests.domain.world import DEALER_5, FINANCE, MGR_EAST, MGR_NATIONAL, REP_EAST

APPROVE = ApprovePromotion(promotion_id=PROMOTION)
PUBLISH = PublishPromotion(promotion_id=PROMOTION)
END = EndPromotion(promotion_id=PROMOTION, reason="the money is gone")
DEALER_6 = Actor("dlr-d06", "DLR", dealer="D06")
WAREHOUSE = Actor("wh-sh-1", "WH", "WH-SH")
ADMIN = Actor("adm-1", "ADM")


def drafted():
    past = given(company())
    does(past, drafting(), MGR_EAST)
    return past


def test_a_promotion_is_drafted_approved_and_published():
    past = drafted()

    assert does(past, APPROVE, MGR_NATIONAL).answer["state"] == "APPROVED"
    does(past, PUBLISH, MGR_EAST).then(like(Promotion.Published, terms=terms()))


def test_who_wrote_a_promotion_does_not_approve_it():
    tries(drafted(), APPROVE, MGR_EAST).refuses(SelfApproval, author="mgr-east")


def test_the_same_draft_again_records_nothing_and_another_one_is_the_new_one():
    past = drafted()

    assert does(past, drafting(), MGR_NATIONAL).events == []
    does(past, drafting(budget=1), MGR_EAST)
    assert promotion(past).known.budget == 1


def test_no_step_is_left_out_and_none_is_done_twice():
    past = drafted()
    tries(past, PUBLISH, MGR_EAST).refuses(InvalidState, required="APPROVED")
    tries(past, enrolling(), DEALER_5).refuses(InvalidState, required="PUBLISHED")
    does(past, APPROVE, MGR_NATIONAL)

    tries(past, APPROVE, MGR_NATIONAL).refuses(InvalidState, required="DRAFT")
    tries(past, drafting(budget=2), MGR_EAST).refuses(InvalidState)
    tries(past, END, MGR_EAST).refuses(InvalidState, required="PUBLISHED")


@pytest.mark.parametrize(
    ("command", "who"),
    [
        (drafting(), FINANCE),
        (drafting(), DEALER_5),
        (APPROVE, REP_EAST),
        (PUBLISH, FINANCE),
        (END, DEALER_5),
    ],
)
def test_promotions_are_the_business_of_managers(command, who):
    tries(drafted(), command, who).refuses(ForbiddenRole)


def test_an_administrator_writes_no_promotion():
    tries(given(company()), drafting(), ADMIN).refuses(ForbiddenRole)


def test_taking_part_again_records_nothing():
    past = published()
    does(past, enrolling(), DEALER_5, LAST).then(like(Promotion.DealerEnrolled, dealer="D05"))

    assert does(past, enrolling(), DEALER_5, LAST).events == []


def test_a_promotion_for_some_dealers_is_not_for_the_others():
    past = published(dealers=("D05",))

    tries(past, enrolling("D06"), DEALER_6, LAST).refuses(NotEnrolled, dealer="D06")
    does(past, enrolling("D05"), DEALER_5, LAST)


def test_a_promotion_without_dealers_is_for_all():
    does(published(), enrolling("D06"), DEALER_6, LAST)


def test_after_its_last_day_nobody_takes_part():
    past = published()

    tries(past, enrolling(), DEALER_5, "2026-04-01").refuses(OutOfPeriod)
    does(past, enrolling(), DEALER_5, LAST)


def test_a_dealer_takes_part_for_itself():
    tries(published(), enrolling("D05"), DEALER_6, LAST).refuses(NotFound)
    tries(published(), enrolling("D99"), SERVICE, LAST).refuses(NotFound)


def test_nobody_of_ours_takes_part_for_a_dealer():
    tries(published(), enrolling(), WAREHOUSE, LAST).refuses(ForbiddenRole)


def test_a_promotion_that_ends_early_is_over_today():
    past = enrolled()

    does(past, END, MGR_EAST, "2026-02-10").then(
        like(Promotion.Ended, reason=END.reason, last_day=day("2026-02-10"))
    )

    tries(past, enrolling("D06"), DEALER_6, "2026-02-10").refuses(InvalidState)
    tries(past, asking(), DEALER_5, "2026-04-12").refuses(ClaimLate)
    does(past, asking(), DEALER_5, "2026-04-11")


def test_an_end_has_a_reason():
    bare = EndPromotion(promotion_id=PROMOTION, reason=" ")

    tries(enrolled(), bare, MGR_EAST).refuses(ValidationFailed, field="reason")


def test_a_promotion_that_was_over_is_not_prolonged_by_ending_it():
    past = enrolled()

    tries(past, END, MGR_EAST, "2026-05-15")

    tries(past, asking(), DEALER_5, "2026-06-30").refuses(ClaimLate)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "terms.name"),
        ({"type": "LOTTERY"}, "terms.type"),
        ({"budget": 0}, "terms.budget"),
        ({"cap_per_dealer": 0}, "terms.cap_per_dealer"),
        ({"dealers": ("D99",)}, "terms.dealers[0]"),
    ],
)
def test_terms_have_a_form(wrong, field):
    tries(given(company()), drafting(**wrong), MGR_EAST).refuses(ValidationFailed, field=field)


def test_days_follow_each_other():
    backwards = drafting(valid_from=day("2026-03-02"), valid_to=day("2026-03-01"))

    tries(given(company()), backwards, MGR_EAST).refuses(DateRange)


def test_an_unknown_promotion_is_not_approved_published_joined_or_ended():
    for command, who in ((APPROVE, MGR_EAST), (PUBLISH, MGR_EAST), (END, MGR_EAST)):
        tries(given(company()), command, who).refuses(NotFound)
    tries(given(company()), enrolling(), DEALER_5).refuses(NotFound)


def test_nothing_is_committed_before_anybody_claims():
    assert promotion(enrolled()).room("D05")[0] == BUDGET
