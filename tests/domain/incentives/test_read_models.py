"""What people read of rebates, policies, promotions and claims after they happened."""

from decimal import Decimal

import pytest

from domain.cases.case_terms import REBATE_DEDUCTION, RESPONDED, Sanction
from domain.flows.incentives.expiring import ExpireClaims
from domain.flows.incentives.promoting import EndPromotion
from domain.incentives.policy_terms import Tier
from projections.effects import Fact
from projections.folding import Fold
from projections.money.claims import PROJECTION as CLAIMS
from projections.money.claims import claim_lines, claims, promotions
from projections.money.rebates import PROJECTION as REBATES
from projections.money.rebates import incentive_policies, rebate_ledger, rebates
from tests.domain.cases.court import CASE, came_to, deciding, finding, hiring, sanctioning
from tests.domain.cases.court import does as acts
from tests.domain.incentives.doubts import END, bought, decided, doubted, owed
from tests.domain.incentives.offers import (
    ASKED,
    BUDGET,
    CAP,
    CLAIM,
    ON,
    PROMOTION,
    approved,
    claim,
    enrolled,
    reviewing,
    settle,
    submitted,
)
from tests.domain.incentives.schemes import (
    BASE,
    DEVICE,
    EARNED,
    FACTORS,
    HELD,
    POLICY,
    accepted,
    accrue,
    confirmed,
    credit,
    does,
    pay,
    published,
    quarter,
    rebate,
    reopen,
    sell,
    settling,
)
from tests.domain.incentives.test_price_claims import CUT, claimed
from tests.domain.support import day
from tests.domain.world import MGR_EAST

LEFT = EARNED - HELD


def folded(past, projection):
    fold = Fold()
    for position, (stream, version, event) in enumerate(past.log.journal, 1):
        fold.take(projection, Fact(position, stream, version, event.occurred_at, "c", event))
    return fold


def row(past, projection, table, *key):
    """A row as it is written: what was put, and what was added to nothing."""
    change = folded(past, projection).rows[table][key]
    return change.adds | change.puts


def standing(past, *names):
    told = row(past, REBATES, rebates, "D05", POLICY)
    return tuple(told.get(name, 0) for name in names)


def ledger(past):
    return [
        (one["type"], one.get("amount", 0), one.get("base", 0))
        for one in folded(past, REBATES).appended[rebate_ledger]
    ]


def test_a_policy_is_shown_with_its_terms_and_how_many_have_signed():
    told = row(accepted(), REBATES, incentive_policies, POLICY)

    expected = {"name": "quarter", "state": "PUBLISHED", "period": "2026-Q1", "accepted": 1}
    expected |= {"metric": "SELL_IN_NET", "method": "SLICED", "payout": "CREDIT_NOTE"}
    assert {name: told[name] for name in expected} == expected
    assert "100000000: 1 %" in told["tiers"]
    unsigned = row(published(), REBATES, incentive_policies, POLICY)
    assert unsigned.get("accepted", 0) == 0


def test_a_rebate_shows_what_was_accrued_confirmed_and_settled():
    names = ("state", "base", "accrued", "confirmed", "settled", "outstanding")

    assert standing(quarter(), *names) == ("RUNNING", BASE, EARNED, 0, 0, EARNED)
    past = confirmed()
    assert standing(past, *names) == ("CONFIRMED", BASE, EARNED, EARNED, 0, EARNED)
    does(past, settling(10_000_00))
    assert standing(past, *names) == ("CONFIRMED", BASE, EARNED, EARNED, 10_000_00, 14_632_00)
    does(past, settling(14_632_00))
    assert standing(past, *names) == ("SETTLED", BASE, EARNED, EARNED, EARNED, 0)


def test_what_is_withheld_is_shown_until_the_case_is_decided():
    names = ("base", "accrued", "withheld_base", "withheld_cases")

    assert standing(doubted(), *names) == (BASE, EARNED, DEVICE, CASE)
    assert standing(decided(doubted()), *names) == (BASE - DEVICE, LEFT, 0, None)
    past = acts(came_to(RESPONDED, doubted()), deciding("DISMISSED"))
    assert standing(past, *names) == (BASE, EARNED, 0, None)


def test_what_is_shown_is_what_the_rebate_is():
    one = sanctioning(Sanction(kind=REBATE_DEDUCTION, amount=1_000_00))
    past = acts(decided(doubted()), one)
    accrue(past, "2026-03", END)
    known = rebate(past)

    told = standing(past, "state", "base", "accrued", "confirmed", "settled", "withheld_base")
    assert told == (
        known.state,
        known.base,
        known.accrued,
        known.confirmed,
        known.settled,
        known.doubtful,
    )
    assert standing(past, "deducted", "outstanding") == (1_000_00, known.outstanding)
    assert known.outstanding == LEFT - 1_000_00


def test_a_lesser_case_that_is_confirmed_leaves_what_others_withhold():
    past = decided(acts(bought(), hiring(), finding(region="430100")))

    assert standing(past, "base", "withheld_base") == (rebate(past).base, 0)


def test_a_rebate_whose_invoices_were_paid_late_is_over_with_its_last_payment():
    past = accepted(tiers=(Tier(0, Decimal(1)),), payment_factors=FACTORS)
    pay(past, sell(past, 500_000_00, "2026-03-02", due="2026-03-10"), "2026-03-20")
    accrue(past, "2026-03", END)
    sell(past, 50_000_00, "2026-04-01")
    does(confirmed(past), settling(4_000_00))

    names = ("state", "accrued", "settled", "forfeited", "outstanding")
    assert standing(past, *names) == ("SETTLED", 5_000_00, 4_000_00, 1_000_00, 0)


def test_the_ledger_of_a_rebate_tells_every_movement():
    past = owed()
    does(past, settling(LEFT))
    acts(came_to(RESPONDED, past), deciding("DISMISSED"))

    assert ledger(past) == [
        ("OPENING", 17_800_00, 0),
        ("WITHHELD", 0, DEVICE),
        ("ACCRUED", 6_832_00, 341_600_00),
        ("CONFIRMED", EARNED, 0),
        ("SETTLED", LEFT, 0),
        ("RELEASED", 0, DEVICE),
    ]


def test_a_reversal_and_a_deduction_are_told_too():
    one = sanctioning(Sanction(kind=REBATE_DEDUCTION, amount=1_000_00))

    assert ledger(acts(decided(doubted()), one))[3:] == [
        ("REVERSED", -HELD, -DEVICE),
        ("DEDUCTED", 1_000_00, 0),
    ]


def test_an_accrual_is_told_with_how_it_was_reckoned():
    [*_, told] = folded(quarter(), REBATES).appended[rebate_ledger]

    expected = {"dealer": "D05", "policy": POLICY, "period": "2026-03", "entitlement": EARNED}
    expected |= {"trace": "1,000,000.00 x 1 % + 731,600.00 x 2 %", "cumulative": BASE}
    assert {name: told[name] for name in expected} == expected
    assert told["accounting_date"] == day("2026-03-28")


def test_a_claw_back_leaves_a_settled_rebate_settled():
    past = confirmed()
    does(past, settling())
    credit(reopen(past), DEVICE, "2026-03-30")
    accrue(past, "2026-03", "2026-04-04")

    assert standing(past, "state") == (rebate(past).state,)


def test_a_claim_shows_what_was_asked_agreed_to_refused_and_paid():
    past = submitted()
    does(past, reviewing(10_000_00, 2_000_00), MGR_EAST, ON)
    settle(past, amount=4_000_00)

    told = row(past, CLAIMS, claims, CLAIM)

    expected = {"dealer": "D05", "kind": "PROMOTION", "state": "PARTIALLY_APPROVED", "net": ASKED}
    expected |= {"approved": 10_000_00, "rejected": 2_000_00, "codes": "EVIDENCE_MISSING"}
    expected |= {"settled": 4_000_00, "document": "CS-2603-001", "promotion": PROMOTION}
    expected |= {"evidence": "sha256:a", "day": day(ON)}
    assert {name: told[name] for name in expected} == expected


@pytest.mark.parametrize("made", [submitted, approved])
def test_a_claim_shows_its_state(made):
    past = made()
    assert row(past, CLAIMS, claims, CLAIM)["state"] == claim(past).state


def test_a_refused_claim_an_expired_one_and_a_paid_one_are_told_apart():
    refused, expired, paid = submitted(), submitted(), approved()
    does(refused, reviewing(0, ASKED), MGR_EAST, ON)
    late = ExpireClaims(claims=[CLAIM], as_of=day("2026-06-01"))
    does(expired, late, on="2026-06-01")
    settle(paid)

    states = [row(one, CLAIMS, claims, CLAIM)["state"] for one in (refused, expired, paid)]
    assert states == ["REJECTED", "EXPIRED", "SETTLED"]


def test_a_promotion_shows_its_budget_and_what_is_committed_of_it():
    past = submitted()
    does(past, reviewing(10_000_00, 2_000_00), MGR_EAST, ON)

    told = row(past, CLAIMS, promotions, PROMOTION)

    expected = {"state": "PUBLISHED", "budget": BUDGET, "cap_per_dealer": CAP, "enrolled": 1}
    expected |= {"committed": 10_000_00, "type": "MARKET_ACTIVITY"}
    assert {name: told[name] for name in expected} == expected


def test_a_promotion_that_ended_early_shows_its_last_day():
    past = enrolled()
    does(past, EndPromotion(promotion_id=PROMOTION, reason="over"), MGR_EAST, "2026-02-10")

    told = row(past, CLAIMS, promotions, PROMOTION)
    assert (told["state"], told["valid_to"]) == ("ENDED", day("2026-02-10"))


def test_a_promotion_shows_what_was_agreed_to_and_paid_of_its_budget():
    past = approved()
    settle(past, amount=4_000_00)

    assert used(past) == (ASKED, ASKED, 4_000_00)
    lapse(past)
    assert used(past) == (4_000_00, 4_000_00, 4_000_00)
    assert row(past, CLAIMS, claims, CLAIM)["lapsed"] == ASKED - 4_000_00


def lapse(past):
    late = ExpireClaims(claims=[CLAIM], as_of=day("2027-03-31"))
    does(past, late, on="2027-03-31")


def used(past):
    """Committed, approved and settled of a budget (INV-CL-3)."""
    told = row(past, CLAIMS, promotions, PROMOTION)
    return told["committed"], told["approved"], told["settled"]


def test_price_protection_is_a_claim_with_its_goods():
    past = claimed()

    told = row(past, CLAIMS, claims, CLAIM)
    [line] = folded(past, CLAIMS).appended[claim_lines]
    assert (told["kind"], told["state"], told["net"], told["price_list"]) == (
        "PRICE_PROTECTION",
        "SUBMITTED",
        CUT,
        "PL-2026-1",
    )
    assert (line["sku"], line["qty"], line["net"]) == ("INJ", 40, CUT)
