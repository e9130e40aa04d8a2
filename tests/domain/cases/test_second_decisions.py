"""Second decisions: what a case that is taken up again keeps, adds to, or takes back."""

import pytest

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.ledger import Allocation
from domain.cases import case_events
from domain.cases.case_terms import (
    APPEALED,
    COMPENSATION,
    DECIDED,
    DISMISSED,
    INCONCLUSIVE,
    PENALTY,
    SANCTIONED,
    SUSPENSION,
    TERRITORY_REDUCTION,
    TIER_DOWNGRADE,
    WARNING,
    Sanction,
)
from domain.cases.dealer_conduct import DealerConduct
from domain.company.number_series import NumberSeries
from domain.flows.parties.appointing import (
    SuspendDealer,
    TerminateDealer,
    suspend_dealer,
    terminate_dealer,
)
from domain.kernel.refusal import InvalidState
from domain.parties import dealer_events
from domain.parties.dealer import Dealer
from projections.diversion import PROJECTION, diversion_alerts, diversion_corridors
from projections.effects import Fact
from projections.folding import Fold
from tests.domain.cases.court import (
    CASE,
    DECIDED_ON,
    MARGIN,
    alerted,
    answering,
    appealing,
    asking,
    came_to,
    case_of,
    deciding,
    does,
    judging,
    reopening,
    sanctioning,
    showing,
    triaging,
    tries,
)
from tests.domain.story import US80_1
from tests.domain.support import day, like

FINE, WARN, STOP = Sanction(kind=PENALTY), Sanction(kind=WARNING), Sanction(kind=SUSPENSION)
DOWN = Sanction(kind=TIER_DOWNGRADE, tier="B")
PAID = Sanction(kind=COMPENSATION)
LESS = Sanction(kind=TERRITORY_REDUCTION, product_line="ULTRASOUND")
NOT_AGAIN = [DISMISSED, INCONCLUSIVE]


def reheard(past, document="sha256:photo"):
    """New evidence came, the case was taken up again, and its dealer was heard again."""
    steps = (showing(document=document), reopening(), triaging(), asking(), answering())
    return does(past, *steps)


def sentenced(*sanctions):
    return does(came_to(DECIDED), sanctioning(*sanctions))


def owed(past):
    return past.get(DealerAccount, "D05", "CNY").owed()


def standing(past):
    """How D05 stands."""
    dealer = past.get(Dealer, "D05")
    return dealer.known.tier, dealer.status


def folded(past):
    """What the read model makes of it."""
    fold = Fold()
    for position, (stream, version, event) in enumerate(past.log.journal, 1):
        at = event.occurred_at
        fold.take(PROJECTION, Fact(position, stream, version, at, "", event))
    return fold.rows


def shown(past):
    """The case in the read model."""
    return folded(past)[diversion_alerts][CASE,].puts


def corridors(past):
    """What the read model counts from D05 to Zhejiang: confirmed cases, units, their net amount."""
    adds = folded(past)[diversion_corridors]["D05", "330000"].adds
    return adds.get("confirmed", 0), adds.get("units", 0), adds.get("net", 0)


def test_what_was_overturned_and_is_confirmed_anew_stands():
    past = reheard(does(came_to(APPEALED), judging("OVERTURNED")))
    assert case_of(past).overturned

    tries(past, deciding()).then(like(case_events.CaseDecided, before=None), DealerConduct.CaseConfirmed)  # fmt: skip

    assert (case_of(past).confirmed, case_of(past).overturned) == (True, False)
    tries(past, sanctioning(WARN)).then(case_events.SanctionsApplied)
    assert case_of(past).sanctions == [WARN]


@pytest.mark.parametrize("state", [DECIDED, SANCTIONED])
def test_a_second_decision_keeps_the_one_that_stood_before(state):
    past = came_to(state)
    first = case_of(past).decision

    [decided] = tries(reheard(past), deciding(reason="again")).recorded(case_events.CaseDecided)

    assert (decided.before, decided.decision.reason) == (first, "again")
    assert case_of(past).decision == decided.decision


@pytest.mark.parametrize("outcome", NOT_AGAIN)
def test_a_decision_that_confirmed_nothing_did_not_stand_before(outcome):
    past = does(came_to("DEALER_RESPONDED"), deciding(outcome))

    tries(reheard(past), deciding()).then(
        like(case_events.CaseDecided, before=None), DealerConduct.CaseConfirmed
    )


def test_sanctions_of_a_case_that_is_confirmed_again_stand_and_more_are_added():
    past = reheard(sentenced(FINE))
    before = owed(past)

    does(past, deciding())

    assert (owed(past), [one.kind for one in case_of(past).sanctions]) == (before, [PENALTY])
    does(past, sanctioning(WARN))
    assert [one.kind for one in case_of(past).sanctions] == [PENALTY, WARNING]


def test_an_appeal_takes_back_the_sanctions_of_both_sentences():
    past = came_to(DECIDED)
    before = owed(past)
    does(past, sanctioning(FINE))
    does(reheard(past), deciding(), sanctioning(Sanction(kind=PENALTY, amount=1_00)))

    tries(does(past, appealing()), judging("OVERTURNED")).accepted()

    assert (owed(past), case_of(past).sanctions) == (before, [])


@pytest.mark.parametrize("outcome", NOT_AGAIN)
def test_what_is_not_confirmed_again_is_taken_back_in_the_same_append(outcome):
    past = sentenced(WARN, FINE, PAID, DOWN, LESS, STOP)
    first = case_of(past).decision

    done = tries(reheard(past), deciding(outcome))

    done.then(
        like(case_events.CaseDecided, before=first),
        like(DealerConduct.CaseOverturned, case=CASE),
        dealer_events.Reinstated,
        like(dealer_events.TierChanged, before="B", tier="A"),
        NumberSeries.NumberTaken,
        like(
            account_events.AdjustmentPosted,
            amount=-MARGIN,
            allocations=(Allocation("PEN-2603-001", MARGIN),),
            case=CASE,
        ),
    )
    left = [TERRITORY_REDUCTION, COMPENSATION]
    assert done.answer == {"case": CASE, "status": DECIDED, "left_to_do": left}
    assert (case_of(past).confirmed, case_of(past).sanctions) == (False, [])
    assert past.get(DealerConduct, "D05").confirmed == {}


@pytest.mark.parametrize("outcome", NOT_AGAIN)
def test_what_was_taken_back_is_not_taken_back_twice(outcome):
    past = does(reheard(sentenced(FINE, DOWN)), deciding(outcome))
    before = owed(past)

    tries(reheard(past, "sha256:third"), deciding(outcome)).then(
        like(case_events.CaseDecided, before=None)
    )

    assert owed(past) == before


@pytest.mark.parametrize("outcome", NOT_AGAIN)
def test_what_an_appeal_took_back_is_not_taken_back_by_a_decision(outcome):
    past = does(came_to(APPEALED), judging("OVERTURNED"))

    tries(reheard(past), deciding(outcome)).then(case_events.CaseDecided)


def test_nothing_is_imposed_for_what_is_not_confirmed_again():
    past = does(reheard(sentenced(FINE)), deciding(DISMISSED))

    tries(past, sanctioning(WARN)).refuses(InvalidState, outcome=DISMISSED)


@pytest.mark.parametrize("outcome", NOT_AGAIN)
def test_corridors_lose_a_case_that_is_not_confirmed_again(outcome):
    past = came_to(DECIDED)
    net = case_of(past).decision.net
    assert corridors(past) == (1, 1, net)

    does(reheard(past), deciding(outcome))

    assert corridors(past) == (0, 0, 0)


@pytest.mark.parametrize("state", [SANCTIONED, APPEALED])
def test_corridors_count_a_case_that_is_confirmed_again_once(state):
    past = came_to(state)
    net = case_of(past).decision.net
    if state == APPEALED:
        does(past, judging("OVERTURNED"))
        assert corridors(past) == (0, 0, 0)

    does(reheard(past), deciding())

    assert corridors(past) == (1, 1, net)


def test_a_dealer_that_was_suspended_already_is_not_reinstated_by_what_is_taken_back():
    past = came_to(DECIDED)
    audit = SuspendDealer(dealer_id="D05", reason="an audit")
    past.when(suspend_dealer, audit, on=DECIDED_ON).accepted()

    done = tries(does(past, sanctioning(STOP), appealing()), judging("OVERTURNED"))

    assert done.recorded(dealer_events.Reinstated) == []
    assert past.get(Dealer, "D05").status == "SUSPENDED"


def test_a_dealer_that_was_terminated_keeps_its_tier_and_gets_its_money_back():
    past = came_to(DECIDED, alerted(US80_1))
    before = owed(past)
    does(past, sanctioning(FINE, DOWN, STOP), appealing())
    leave = TerminateDealer(dealer_id="D05", reason="it gave up")
    past.when(terminate_dealer, leave, on="2026-04-09").accepted()

    tries(past, judging("OVERTURNED")).accepted()

    assert (standing(past), owed(past)) == (("B", "TERMINATED"), before)


def test_a_case_that_is_confirmed_again_counts_from_its_second_decision_on():
    past = reheard(sentenced(FINE))

    tries(past, deciding(), on="2026-05-04").accepted()

    assert past.get(DealerConduct, "D05").confirmed == {CASE: day("2026-05-04")}


def test_sanctions_are_taken_back_the_last_one_first():
    past = reheard(sentenced(DOWN))
    does(past, deciding(), sanctioning(Sanction(kind=TIER_DOWNGRADE, tier="C")), appealing())
    assert standing(past) == ("C", "ACTIVE")

    done = tries(past, judging("OVERTURNED"))

    told = [(one.before, one.tier) for one in done.recorded(dealer_events.TierChanged)]
    assert (told, standing(past)) == ([("C", "B"), ("B", "A")], ("A", "ACTIVE"))


@pytest.mark.parametrize("judgement", ["UPHELD", "OVERTURNED"])
def test_the_read_model_forgets_the_appeal_that_a_new_decision_follows(judgement):
    past = does(came_to(APPEALED), judging(judgement))
    assert shown(past)["appeal"] == judgement

    does(reheard(past), deciding())

    assert (shown(past)["status"], shown(past)["appeal"]) == (DECIDED, None)
