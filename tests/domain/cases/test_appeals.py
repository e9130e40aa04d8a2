"""Appeals: fifteen days, a judge without a part in it, and all that an overturned case undoes."""

import pytest

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.ledger import Allocation
from domain.cases import case_events
from domain.cases.case_terms import (
    APPEALED,
    CLOSED,
    COMPENSATION,
    DECIDED,
    PENALTY,
    RESPONDED,
    SANCTIONED,
    SUSPENSION,
    TERRITORY_REDUCTION,
    TIER_DOWNGRADE,
    WARNING,
    Sanction,
)
from domain.cases.dealer_conduct import DealerConduct
from domain.cases.refusals import AppealPeriodOver, AppealPeriodRunning, DeciderIsOwner
from domain.company.number_series import NumberSeries
from domain.flows.orders.ordering import place_order
from domain.flows.parties.appointing import SuspendDealer, suspend_dealer
from domain.kernel.refusal import ForbiddenRole, InvalidState
from domain.orders.order import Order
from domain.parties import dealer_events
from domain.parties.dealer import Dealer
from tests.domain.cases.court import (
    CASE,
    DECIDED_ON,
    LAST_APPEAL,
    LATER,
    MARGIN,
    MGR_OTHER,
    MGR_SOUTH,
    QUALITY,
    alerted,
    appealing,
    assigning,
    came_to,
    case_of,
    closing,
    deciding,
    does,
    hiring,
    judging,
    sanctioning,
    supporting,
    tries,
)
from tests.domain.story import US80_1, of, order
from tests.domain.support import SERVICE, day, like
from tests.domain.world import DEALER_5, FINANCE, MGR_EAST, MGR_NATIONAL, MGR_WEST, REP_EAST

FINE, WARN, STOP = Sanction(kind=PENALTY), Sanction(kind=WARNING), Sanction(kind=SUSPENSION)
DOWN = Sanction(kind=TIER_DOWNGRADE, tier="B")
PAID = Sanction(kind=COMPENSATION)
LESS = Sanction(kind=TERRITORY_REDUCTION, product_line="ULTRASOUND")


def appealed(*sanctions):
    """Sanctions were imposed on D05, and it appealed."""
    return does(came_to(DECIDED), sanctioning(*sanctions), appealing())


def owed(past, dealer="D05"):
    return past.get(DealerAccount, dealer, "CNY").owed()


def test_a_dealer_may_appeal_on_the_fifteenth_day_and_not_on_the_next():
    tries(came_to(SANCTIONED), appealing(), on=LAST_APPEAL).then(case_events.AppealFiled)
    tries(came_to(SANCTIONED), appealing(), on=LATER).refuses(
        AppealPeriodOver, case=CASE, until=day(LAST_APPEAL)
    )


def test_a_case_is_closed_on_the_day_after_the_last_for_an_appeal():
    past = came_to(SANCTIONED)

    for on in (DECIDED_ON, LAST_APPEAL):
        tries(past, closing(), on=on).refuses(
            AppealPeriodRunning, case=CASE, until=day(LAST_APPEAL)
        )
    tries(past, closing(), on=LATER).then(case_events.CaseClosed)


def test_the_days_for_an_appeal_begin_with_the_sanctions():
    past = came_to(DECIDED)

    tries(past, sanctioning(), on="2026-04-20").then(
        NumberSeries.NumberTaken,
        account_events.PenaltyCharged,
        like(case_events.SanctionsApplied, appeal_until=day("2026-05-05")),
    )


def test_nothing_is_closed_before_an_appeal_is_decided():
    tries(came_to(APPEALED), closing(), on="2026-12-31").refuses(InvalidState, status=APPEALED)


def test_a_dealer_appeals_once():
    past = came_to(APPEALED)
    tries(past, appealing()).refuses(InvalidState, status=APPEALED)

    does(past, judging("UPHELD"))

    tries(past, appealing(), on=LAST_APPEAL).refuses(AppealPeriodOver, until=None)


def test_a_case_whose_appeal_is_decided_is_closed_at_once():
    past = does(came_to(APPEALED), judging("UPHELD"), closing())

    assert case_of(past).status == CLOSED


def test_an_appeal_keeps_its_grounds():
    [filed] = tries(came_to(SANCTIONED), appealing()).recorded(case_events.AppealFiled)

    assert (filed.dealer, filed.grounds, filed.by.user) == ("D05", "it was lent", "dlr-d05")


@pytest.mark.parametrize("outcome", ["UPHELD", "OVERTURNED"])
@pytest.mark.parametrize("by", [MGR_OTHER, MGR_SOUTH, MGR_WEST])
def test_an_appeal_is_decided_by_a_manager_without_a_part_in_it(by, outcome):
    past = came_to(APPEALED)

    done = tries(past, judging(outcome), by=by)

    [decided] = done.recorded(case_events.AppealDecided)
    assert (decided.outcome, decided.by.user) == (outcome, by.user)


def test_who_decided_the_case_does_not_decide_its_appeal():
    past = does(came_to(RESPONDED), deciding())
    tries(past, sanctioning(), by=MGR_OTHER).accepted()
    does(past, appealing())

    tries(past, judging(), by=MGR_NATIONAL).refuses(DeciderIsOwner, user="mgr-national")


def test_who_imposed_the_sanctions_does_not_decide_the_appeal():
    past = does(came_to(RESPONDED), deciding())
    tries(past, sanctioning(), by=MGR_OTHER).accepted()
    does(past, appealing())

    tries(past, judging(), by=MGR_OTHER).refuses(DeciderIsOwner, user="mgr-other")


def test_who_agreed_with_the_decision_does_not_decide_the_appeal():
    past = came_to(RESPONDED)
    tries(past, supporting(), by=MGR_SOUTH).accepted()
    does(past, deciding(), sanctioning(), appealing())

    tries(past, judging(), by=MGR_SOUTH).refuses(DeciderIsOwner, user="mgr-south")


def test_who_agreed_with_another_outcome_has_no_part_in_it():
    past = came_to(RESPONDED)
    tries(past, supporting("DISMISSED"), by=MGR_SOUTH).accepted()
    does(past, deciding(), sanctioning(), appealing())

    tries(past, judging(), by=MGR_SOUTH).accepted()


@pytest.mark.parametrize(
    ("place", "by"),
    [
        ({}, MGR_EAST),
        ({"hospital": "H-CD-05", "region": "510100"}, MGR_EAST),
        ({"hospital": "H-CD-05", "region": "510100"}, MGR_WEST),
    ],
    ids=["source and victim", "the source", "the victim"],
)
def test_the_manager_of_a_region_concerned_does_not_decide_an_appeal(place, by):
    past = came_to(APPEALED, alerted(US80_1, **place))

    tries(past, judging(), by=by).refuses(DeciderIsOwner, user=by.user)


def test_who_investigated_the_case_does_not_decide_its_appeal():
    past = does(came_to(RESPONDED), hiring("mgr-other", "MGR"), assigning(investigator="mgr-other"))
    does(past, deciding(), sanctioning(), appealing())

    tries(past, judging(), by=MGR_OTHER).refuses(DeciderIsOwner, user="mgr-other")


@pytest.mark.parametrize("by", [QUALITY, FINANCE, REP_EAST, DEALER_5, SERVICE])
def test_only_managers_decide_appeals(by):
    tries(came_to(APPEALED), judging(), by=by).refuses(ForbiddenRole, role=by.role)


def test_what_is_upheld_stands():
    past = appealed(FINE, DOWN, STOP)
    before = owed(past)

    tries(past, judging("UPHELD")).then(like(case_events.AppealDecided, outcome="UPHELD"))

    assert (owed(past), case_of(past).confirmed, case_of(past).overturned) == (before, True, False)
    assert (past.get(Dealer, "D05").known.tier, past.get(Dealer, "D05").status) == (
        "B",
        "SUSPENDED",
    )


def test_what_is_overturned_is_taken_back_in_the_same_append():
    past = appealed(WARN, FINE, DOWN, STOP)

    done = tries(past, judging("OVERTURNED"))

    done.then(
        like(case_events.AppealDecided, outcome="OVERTURNED", decision=case_of(past).decision),
        like(DealerConduct.CaseOverturned, case=CASE),
        dealer_events.Reinstated,
        like(dealer_events.TierChanged, before="B", tier="A"),
        NumberSeries.NumberTaken,
        like(
            account_events.AdjustmentPosted,
            doc="ADJ-2604-001",
            amount=-MARGIN,
            allocations=(Allocation("PEN-2603-001", MARGIN),),
            case=CASE,
        ),
    )
    assert done.answer == {"case": CASE, "status": SANCTIONED, "left_to_do": []}
    assert (case_of(past).confirmed, case_of(past).overturned) == (False, True)
    assert case_of(past).sanctions == []


def test_a_penalty_that_is_overturned_is_owed_no_more():
    past = came_to(DECIDED)
    before = owed(past)

    does(past, sanctioning(FINE), appealing(), judging("OVERTURNED"))

    assert owed(past) == before


def test_every_penalty_of_a_case_is_taken_back():
    past = came_to(DECIDED)
    before = owed(past)

    does(past, sanctioning(FINE, Sanction(kind=PENALTY, amount=1_00)), appealing(), judging())

    assert owed(past) == before


def test_what_people_have_to_undo_themselves_is_told():
    past = appealed(FINE, PAID, LESS)
    victim = owed(past, "D06")

    done = tries(past, judging("OVERTURNED"))

    assert done.answer["left_to_do"] == [TERRITORY_REDUCTION, COMPENSATION]
    assert owed(past, "D06") == victim


def test_the_orders_of_a_dealer_that_is_reinstated_go_on():
    past = came_to(DECIDED)
    wanted = order("D05", of("US80", 1), requested_date=day("2026-04-20"))
    past.when(place_order, wanted, on=DECIDED_ON).accepted()
    does(past, sanctioning(STOP), appealing()._replace(on="2026-03-27"))
    assert list(past.get(Order, "SO-0002").holds) == ["DEALER_SUSPENDED"]

    tries(past, judging("OVERTURNED"), on="2026-03-28").accepted()

    assert list(past.get(Order, "SO-0002").holds) == []


def test_a_dealer_that_was_not_suspended_by_the_case_is_not_reinstated_by_its_appeal():
    past = does(came_to(DECIDED), sanctioning(FINE), appealing())
    audit = SuspendDealer(dealer_id="D05", reason="an audit")
    past.when(suspend_dealer, audit, on=DECIDED_ON).accepted()

    does(past, judging("OVERTURNED"))

    assert past.get(Dealer, "D05").status == "SUSPENDED"
