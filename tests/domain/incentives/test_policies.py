"""Policies: drafted, approved by another person, published, and signed by the dealer."""

from decimal import Decimal

import pytest

from domain.flows.incentives.rewarding import (
    AcceptIncentivePolicy,
    ApproveIncentivePolicy,
    DraftIncentivePolicy,
    PublishIncentivePolicy,
)
from domain.incentives.incentive_book import IncentiveBook
from domain.incentives.incentive_policy import IncentivePolicy
from domain.incentives.policy_terms import Gate, PaymentFactor, Tier
from domain.kernel.refusal import (
    ForbiddenRole,
    InvalidState,
    NotFound,
    SelfApproval,
    ValidationFailed,
)
from domain.kernel.stamp import Actor
from tests.domain.company import company
from tests.domain.incentives.schemes import POLICY, accepting, does, published, terms, tries
from tests.domain.support import given, like
from tests.domain.world import DEALER_5, FINANCE, MGR_EAST, MGR_NATIONAL, REP_EAST

APPROVE = ApproveIncentivePolicy(policy_id=POLICY)
PUBLISH = PublishIncentivePolicy(policy_id=POLICY)
DEALER_6 = Actor("dlr-d06", "DLR", dealer="D06")
WAREHOUSE = Actor("wh-sh-1", "WH", "WH-SH")
ADMIN = Actor("adm-1", "ADM")


def drafting(**more):
    return DraftIncentivePolicy(policy_id=POLICY, terms=terms(**more))


def drafted(**more):
    past = given(company())
    does(past, drafting(**more), MGR_EAST)
    return past


def test_a_policy_is_drafted_approved_published_and_signed():
    past = drafted()

    does(past, APPROVE, MGR_NATIONAL)
    does(past, PUBLISH, MGR_EAST)
    done = does(past, accepting(), DEALER_5)

    done.then(
        like(IncentivePolicy.Accepted, dealer="D05", e_seal="seal-1"),
        like(IncentiveBook.Entered, policy=POLICY),
    )
    topics = [one.TOPIC for name, _, one in past.log.journal if name == f"IncentivePolicy/{POLICY}"]
    assert topics == [f"incentive_policy.{one}" for one in ("drafted", "approved", "published", "accepted")]  # fmt: skip


def test_who_wrote_a_policy_does_not_approve_it():
    tries(drafted(), APPROVE, MGR_EAST).refuses(SelfApproval, author="mgr-east")


def test_who_wrote_the_latest_draft_does_not_approve_it():
    past = drafted()
    does(past, drafting(name="another"), MGR_NATIONAL)

    tries(past, APPROVE, MGR_NATIONAL).refuses(SelfApproval)
    does(past, APPROVE, MGR_EAST)


def test_the_same_draft_again_records_nothing():
    assert does(drafted(), drafting(), MGR_NATIONAL).events == []


def test_an_approved_policy_is_not_drafted_again():
    past = drafted()
    does(past, APPROVE, MGR_NATIONAL)

    tries(past, drafting(name="more"), MGR_EAST).refuses(InvalidState, state="APPROVED")
    tries(past, APPROVE, MGR_NATIONAL).refuses(InvalidState, state="APPROVED")


def test_no_step_is_left_out():
    past = drafted()

    tries(past, PUBLISH, MGR_EAST).refuses(InvalidState, required="APPROVED")
    tries(past, accepting(), DEALER_5).refuses(InvalidState, required="PUBLISHED")


def test_signing_again_records_nothing():
    past = published()
    does(past, accepting(), DEALER_5)

    assert does(past, accepting(), DEALER_5).events == []


@pytest.mark.parametrize("dealer", ["D06", "D99"])
def test_a_policy_is_signed_by_its_own_dealers_only(dealer):
    tries(published(), accepting(dealer=dealer), DEALER_6).refuses(NotFound)


def test_a_dealer_does_not_sign_for_another():
    past = published(dealers=("D05", "D06"))

    tries(past, accepting(dealer="D05"), DEALER_6).refuses(NotFound)
    does(past, accepting(dealer="D06"), DEALER_6)


def test_a_signature_needs_a_seal():
    blank = AcceptIncentivePolicy(policy_id=POLICY, dealer_id="D05", e_seal=" ")

    tries(published(), blank, DEALER_5).refuses(ValidationFailed, field="e_seal")


@pytest.mark.parametrize("who", [MGR_EAST, WAREHOUSE, FINANCE], ids=lambda one: one.role)
def test_nobody_of_ours_signs_for_a_dealer(who):
    tries(published(), accepting(), who).refuses(ForbiddenRole)


@pytest.mark.parametrize("who", [FINANCE, REP_EAST, DEALER_5], ids=lambda one: one.role)
def test_only_managers_write_policies(who):
    tries(given(company()), drafting(), who).refuses(ForbiddenRole)


def test_an_administrator_writes_no_policy():
    tries(given(company()), drafting(), ADMIN).refuses(ForbiddenRole)


def test_finance_does_not_approve_the_policy_that_it_confirms():
    tries(drafted(), APPROVE, FINANCE).refuses(ForbiddenRole)


@pytest.mark.parametrize("who", [REP_EAST, DEALER_5, ADMIN], ids=lambda one: one.role)
def test_only_managers_approve(who):
    tries(drafted(), APPROVE, who).refuses(ForbiddenRole)


def test_an_unknown_policy_is_neither_approved_published_nor_signed():
    for command, who in ((APPROVE, MGR_EAST), (PUBLISH, MGR_EAST), (accepting(), DEALER_5)):
        tries(given(company()), command, who).refuses(NotFound)


FIXED = {"method": "FIXED", "tiers": (Tier(0, amount=1), Tier(9, Decimal(1)))}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "terms.name"),
        ({"period": "2026-Q5"}, "terms.period"),
        ({"metric": "PROFIT"}, "terms.metric"),
        ({"method": "GUESSED"}, "terms.method"),
        ({"payout": "BITCOIN"}, "terms.payout"),
        ({"tax_rate": Decimal(-1)}, "terms.tax_rate"),
        ({"tax_rate": Decimal(101)}, "terms.tax_rate"),
        ({"dealers": ()}, "terms.dealers"),
        ({"dealers": ("D05", "D99")}, "terms.dealers[1]"),
        ({"tiers": ()}, "terms.tiers"),
        ({"tiers": (Tier(5), Tier(5))}, "terms.tiers"),
        ({"tiers": (Tier(5), Tier(0))}, "terms.tiers"),
        ({"tiers": (Tier(-1),)}, "terms.tiers[0].floor"),
        ({"tiers": (Tier(0, Decimal(101)),)}, "terms.tiers[0].rate_pct"),
        ({"tiers": (Tier(0, Decimal("NaN")),)}, "terms.tiers[0].rate_pct"),
        ({"tiers": (Tier(0, amount=5),)}, "terms.tiers[0]"),
        (FIXED, "terms.tiers[1]"),
        ({"payment_factors": (PaymentFactor(0, Decimal(101)),)}, "terms.payment_factors[0].pct"),
        ({"gates": (Gate("LUCK", 1),)}, "terms.gates[0].kind"),
    ],
)
def test_terms_have_a_form(wrong, field):
    tries(given(company()), drafting(**wrong), MGR_EAST).refuses(ValidationFailed, field=field)


def test_all_that_is_wrong_with_terms_is_said_at_once():
    bad = drafting(name="", period="?", metric="?", tiers=(Tier(5), Tier(0)))

    done = tries(given(company()), bad, MGR_EAST)

    told = {one.facts["field"] for one in done.refusal.violations}
    assert told == {"terms.name", "terms.period", "terms.metric", "terms.tiers"}


def test_a_policy_for_money_that_comes_in_counts_no_products():
    wrong = drafting(metric="COLLECTED", products=("P5",))

    tries(given(company()), wrong, MGR_EAST).refuses(ValidationFailed, field="terms.products")
    does(given(company()), drafting(metric="COLLECTED"), MGR_EAST)
