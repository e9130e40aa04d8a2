"""Sanctions: what each kind does, in the append that imposes it, and what may not be imposed."""

from datetime import timedelta

import msgspec
import pytest

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.cases import case_events
from domain.cases.case_terms import (
    COMPENSATION,
    DECIDED,
    PENALTY,
    REBATE_DEDUCTION,
    RESPONDED,
    SUSPENSION,
    TERRITORY_REDUCTION,
    TIER_DOWNGRADE,
    WARNING,
    Sanction,
)
from domain.company.number_series import NumberSeries
from domain.flows.orders.ordering import place_order
from domain.flows.parties.appointing import SuspendDealer, suspend_dealer
from domain.kernel.money import LARGEST_AMOUNT
from domain.kernel.refusal import InvalidState, NotFound, ValidationFailed
from domain.orders.order import Order
from domain.parties import dealer_events
from domain.parties.dealer import Dealer
from domain.parties.territory import Territory
from domain.policies.territory import judge
from tests.domain.cases.court import (
    CASE,
    DECIDED_ON,
    FOUND_ON,
    LAST_APPEAL,
    MARGIN,
    alerted,
    came_to,
    case_of,
    deciding,
    does,
    finding,
    oversold,
    sanctioning,
    triaging,
    tries,
)
from tests.domain.story import US80_1, of, order
from tests.domain.support import day, like

FINE, LINE = Sanction(kind=PENALTY), {"product_line": "ULTRASOUND"}
DOWN, LESS = Sanction(kind=TIER_DOWNGRADE, tier="B"), Sanction(kind=TERRITORY_REDUCTION, **LINE)
STOP, WARN = Sanction(kind=SUSPENSION), Sanction(kind=WARNING, note="for the first time")


def confirmed(**place):
    """A case of D05 was confirmed."""
    return came_to(DECIDED, alerted(US80_1, **place))


def account(past, dealer):
    return past.get(DealerAccount, dealer, "CNY")


def test_a_warning_is_said_and_nothing_else():
    tries(confirmed(), sanctioning(WARN)).then(
        like(case_events.SanctionsApplied, dealer="D05", sanctions=(WARN,))
    )


def test_a_penalty_is_owed_in_the_same_append():
    past = confirmed()
    before = account(past, "D05").owed()

    done = tries(past, sanctioning(FINE))

    done.then(
        NumberSeries.NumberTaken,
        like(
            account_events.PenaltyCharged,
            doc="PEN-2603-001",
            case=CASE,
            amount=MARGIN,
            due=day(DECIDED_ON) + timedelta(days=30),
            accounting_date=day(DECIDED_ON),
        ),
        like(case_events.SanctionsApplied, appeal_until=day(LAST_APPEAL)),
    )
    assert account(past, "D05").owed() == before + MARGIN
    assert done.answer["documents"] == ["PEN-2603-001"]
    assert [one.document for one in case_of(past).sanctions] == ["PEN-2603-001"]


@pytest.mark.parametrize(("amount", "credited"), [(None, MARGIN), (5_000_00, 5_000_00)])
def test_a_compensation_is_credited_to_the_victim(amount, credited):
    past = confirmed()
    owed = account(past, "D05").owed()

    tries(past, sanctioning(Sanction(kind=COMPENSATION, amount=amount))).then(
        NumberSeries.NumberTaken,
        like(account_events.AdjustmentPosted, doc="ADJ-2603-001", amount=-credited, case=CASE),
        case_events.SanctionsApplied,
    )
    assert account(past, "D06").owed() == -credited
    assert account(past, "D05").owed() == owed


def test_what_the_victim_reads_of_a_compensation_names_nobody():
    [posted] = tries(
        confirmed(), sanctioning(Sanction(kind=COMPENSATION, note="D05 sold it"))
    ).recorded(account_events.AdjustmentPosted)

    assert posted.reason == f"compensation, {CASE}"


@pytest.mark.parametrize("kind", [PENALTY, COMPENSATION, REBATE_DEDUCTION])
def test_an_amount_that_is_not_named_is_the_margin_gained(kind):
    past = does(confirmed(), sanctioning(Sanction(kind=kind)))

    assert [one.amount for one in case_of(past).sanctions] == [MARGIN]


def test_a_dealer_of_a_lower_tier_buys_at_its_prices_from_then_on():
    past = confirmed()

    tries(past, sanctioning(DOWN)).then(
        like(dealer_events.TierChanged, before="A", tier="B"), case_events.SanctionsApplied
    )
    past.when(place_order, order("D05", of("US80", 1), requested_date=day("2026-04-20")), on=DECIDED_ON).accepted()  # fmt: skip
    assert str(past.get(Order, "SO-0002").lines[1].terms.unit_price) == "277400"
    assert [one.before for one in case_of(past).sanctions] == ["A"]


def test_a_territory_is_taken_away_from_the_next_day_on_with_what_lies_below_it():
    past = confirmed()

    done = tries(past, sanctioning(LESS))

    told = [(type(one), getattr(one, "last_day", None)) for one in done.events]
    ended = [(dealer_events.TerritoryRevoked, day(DECIDED_ON)), (Territory.Ended, day(DECIDED_ON))]
    assert told == [*ended, *ended, (case_events.SanctionsApplied, None)]
    for dealer in ("D05", "D12"):
        place = (dealer, "ULTRASOUND", "H-SZ-01", "320500")
        assert judge(past.log, *place, day(DECIDED_ON)).lawful
        assert not judge(past.log, *place, day("2026-03-26")).lawful
    assert judge(past.log, "D05", "IMAGING", "H-SZ-01", "320500", day("2026-03-26")).lawful


def test_a_suspension_holds_the_orders_of_the_dealer():
    past = confirmed()
    past.when(place_order, order("D05", of("US80", 1), requested_date=day("2026-04-20")), on=FOUND_ON).accepted()  # fmt: skip

    assert tries(past, sanctioning(STOP)).recorded(dealer_events.Suspended)
    assert [one.before for one in case_of(past).sanctions] == ["ACTIVE"]

    assert past.get(Dealer, "D05").status == "SUSPENDED"
    assert list(past.get(Order, "SO-0002").holds) == ["DEALER_SUSPENDED"]


def test_a_dealer_that_is_suspended_already_stays_so():
    past = confirmed()
    before = SuspendDealer(dealer_id="D05", reason="an audit")
    past.when(suspend_dealer, before, on=DECIDED_ON).accepted()

    tries(past, sanctioning(STOP)).then(case_events.SanctionsApplied)
    assert [one.before for one in case_of(past).sanctions] == ["SUSPENDED"]


def test_several_sanctions_follow_at_once_and_keep_their_order():
    past = confirmed()
    wanted = (WARN, FINE, Sanction(kind=COMPENSATION, amount=1_00), DOWN, LESS, STOP)

    done = tries(past, sanctioning(*wanted))

    assert done.answer["documents"] == ["PEN-2603-001", "ADJ-2603-001"]
    assert [one.kind for one in case_of(past).sanctions] == [one.kind for one in wanted]


def test_of_sanctions_of_which_one_cannot_be_none_is_imposed():
    past = confirmed()
    owed = account(past, "D05").owed()
    nothing = Sanction(kind=TERRITORY_REDUCTION, product_line="ENDOSCOPY")

    tries(past, sanctioning(FINE, STOP, nothing)).refuses(NotFound, id="D05/ENDOSCOPY")

    assert (past.get(Dealer, "D05").status, account(past, "D05").owed()) == ("ACTIVE", owed)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (Sanction(kind="PRISON"), "sanctions[1].kind"),
        (Sanction(kind=PENALTY, amount=0), "sanctions[1].amount"),
        (Sanction(kind=PENALTY, amount=-1), "sanctions[1].amount"),
        (Sanction(kind=COMPENSATION, amount=LARGEST_AMOUNT + 1), "sanctions[1].amount"),
        (Sanction(kind=REBATE_DEDUCTION, amount=0), "sanctions[1].amount"),
        (Sanction(kind=TIER_DOWNGRADE), "sanctions[1].tier"),
        (Sanction(kind=TIER_DOWNGRADE, tier=""), "sanctions[1].tier"),
        (Sanction(kind=TIER_DOWNGRADE, tier="A/B"), "sanctions[1].tier"),
        (Sanction(kind=TIER_DOWNGRADE, tier="B\n"), "sanctions[1].tier"),
        (Sanction(kind=TERRITORY_REDUCTION), "sanctions[1].product_line"),
    ],
)
def test_a_sanction_has_the_form_of_its_kind(wrong, field):
    tries(confirmed(), sanctioning(WARN, wrong)).refuses(ValidationFailed, field=field)


@pytest.mark.parametrize("amount", [-LARGEST_AMOUNT, 0, 1])
@pytest.mark.parametrize("kind", [WARN, DOWN, LESS, STOP], ids=lambda one: one.kind)
def test_what_costs_nothing_by_itself_has_no_amount(kind, amount):
    priced = msgspec.structs.replace(kind, amount=amount)

    tries(confirmed(), sanctioning(FINE, priced)).refuses(
        ValidationFailed, field="sanctions[1].amount"
    )


def test_there_is_no_sentence_without_a_sanction():
    step = sanctioning()
    nothing = type(step.command)(case_id=CASE, sanctions=())

    tries(confirmed(), step._replace(command=nothing)).refuses(ValidationFailed, field="sanctions")


def test_where_nobody_has_the_rights_nobody_is_compensated():
    compensation = Sanction(kind=COMPENSATION, amount=1_00)

    tries(confirmed(region="430100"), sanctioning(compensation)).refuses(
        ValidationFailed, field="sanctions[0].kind"
    )


@pytest.mark.parametrize("outcome", ["DISMISSED", "INCONCLUSIVE"])
def test_only_a_confirmed_case_has_consequences(outcome):
    past = does(came_to(RESPONDED), deciding(outcome))

    tries(past, sanctioning()).refuses(InvalidState, outcome=outcome)


def test_a_case_is_sanctioned_once():
    past = does(confirmed(), sanctioning(WARN))

    tries(past, sanctioning(WARN)).refuses(InvalidState, status="SANCTIONED")


def test_nobody_is_sanctioned_for_a_device_that_nobody_answers_for():
    past = does(alerted(), finding("US80-26-9999"), triaging("DIV-0002"))
    does(past, deciding(case="DIV-0002"))

    tries(past, sanctioning(WARN, case="DIV-0002")).refuses(ValidationFailed, field="case_id")


def test_the_parent_pays_for_its_sub_dealer():
    past = came_to(DECIDED, oversold(5))

    does(past, sanctioning(Sanction(kind=PENALTY, amount=500_00)))

    assert case_of(past).decision.units == 5
    assert (account(past, "D05").owed(), account(past, "D12").owed()) == (500_00, 0)
