"""Double entry for accounts: each fact of money posts exactly its lines."""

from decimal import Decimal

from domain.flows.accounts.applying import ApplyCash
from domain.flows.accounts.depositing import ReceiveDeposit
from domain.flows.goods.crediting import CreditReturn
from domain.flows.incentives.accruing import AccrueRebates
from domain.flows.incentives.claiming import ReviewClaim, SettleClaim, SubmitClaim
from domain.flows.incentives.paying_out import SettleRebate
from domain.flows.incentives.promoting import (
    ApprovePromotion,
    DraftPromotion,
    EnrolPromotion,
    PublishPromotion,
)
from domain.flows.incentives.rewarding import (
    AcceptIncentivePolicy,
    ApproveIncentivePolicy,
    DraftIncentivePolicy,
    PublishIncentivePolicy,
    SetOpeningRebate,
)
from domain.incentives.policy_terms import PolicyTerms, Tier
from domain.incentives.promotion import PromotionTerms
from domain.kernel.stamp import Actor
from tests.domain.company import company
from tests.domain.ledger.books import (
    OPENED,
    credit,
    debit,
    does,
    entries,
    opened,
    opening,
    posts,
    told,
)
from tests.domain.ledger.steps import (
    CT,
    GROSS,
    NET,
    VAT,
    accepts,
    delivered,
    scanners,
    sends,
    signs,
)
from tests.domain.story import US80_1, goods, of, paying, placed, sent, signing
from tests.domain.supply.steps import came_back, item
from tests.domain.support import day, given
from tests.domain.world import DEALER_5, FINANCE, MGR_EAST, MGR_NATIONAL

COST, ON = 100_00, "2026-03-10"


def shipped(past=None):
    """A device for 266,000.00 is on its way, and the books know."""
    past = placed(of("US80", 1, "266000"), past=past)
    return sent(past, "SHP-0001", goods("SO-0001", 1, "US80", US80_1))


def test_an_open_item_comes_from_the_technical_opening_account():
    done = does(given(company()), opening("INV-1", 113_00, "2026-03-20"), on=OPENED)

    posts(done, debit("1122", 113_00), credit("0000", 113_00))


def test_an_invoice_is_revenue_tax_and_the_cost_of_sales():
    done = does(shipped(), signing("SHP-0001"), on="2026-03-05")

    posts(
        done,
        debit("1122", 300_580_00),
        credit("6001", 266_000_00),
        credit("2221", 34_580_00),
        debit("6401", COST),
        credit("1406", COST),
    )
    (entry,) = entries(done)
    assert (entry.doc, entry.dealer, entry.day) == ("INV-2603-001", "D05", day("2026-03-05"))


def test_an_invoice_before_acceptance_is_a_promise():
    past = scanners(CT)
    sends(past, "SHP-0001", CT).accepted()

    done = signs(past, "SHP-0001")

    posts(done, debit("1122", GROSS), credit("2205", NET), credit("2221", VAT))


def test_acceptance_makes_the_promise_revenue_and_the_goods_a_cost():
    done = accepts(delivered(CT))

    posts(done, debit("2205", NET), credit("6001", NET), debit("6401", COST), credit("1406", COST))


def test_a_deposit_is_an_advance_and_its_invoice_takes_it():
    past = shipped()
    money = {"bank_ref": "BK-1", "value_date": day("2026-03-02"), "amount": 300_580_00}
    came = does(past, ReceiveDeposit(dealer_id="D05", so_id="SO-0001", **money))
    posts(came, debit("1002", 300_580_00), credit("2203", 300_580_00))

    done = does(past, signing("SHP-0001"), on="2026-03-05")

    (taken,) = [one for one in entries(done) if one.doc == "DEP-0001"]
    assert [(one.account, one.debit, one.credit) for one in taken.lines] == [
        debit("2203", 300_580_00),
        credit("1122", 300_580_00),
    ]


def test_a_payment_that_is_applied_goes_from_the_bank_to_the_receivables():
    done = does(opened(100_00), paying("D05", 100_00), on="2026-03-09")

    posts(done, debit("1002", 100_00), credit("1122", 100_00))


def test_what_is_left_of_a_payment_is_an_advance():
    done = does(opened(100_00), paying("D05", 130_00), on="2026-03-09")

    posts(done, debit("1002", 130_00), credit("1122", 100_00), credit("2203", 30_00))


def test_an_advance_that_is_applied_later_goes_to_the_receivables():
    past = does(opened(50_00, 50_00), paying("D05", 50_00), on="2026-03-09").accepted()

    wish = ApplyCash(dealer_id="D05", receipt="RCPT-0001", allocations=told(("INV-1", 50_00)))

    posts(does(past, wish, on=ON), debit("2203", 50_00), credit("1122", 50_00))


def test_the_credit_of_a_return_takes_revenue_and_tax_back():
    past = does(shipped(), signing("SHP-0001"), on="2026-03-05").accepted()
    rma = came_back(past, item("US80", serial=US80_1), on=ON)

    wish = CreditReturn(rma_id=rma, invoice="INV-2603-001", red_info_no="RED-1")

    posts(
        does(past, wish, on=ON),
        debit("6001", 266_000_00),
        debit("2221", 34_580_00),
        credit("1122", 300_580_00),
    )


def rewarded():
    """D05 has 1 % of what it buys, and 1,000.00 from before."""
    terms = PolicyTerms(
        name="quarter",
        period="2026-Q1",
        dealers=("D05",),
        metric="SELL_IN_NET",
        method="SLICED",
        tiers=(Tier(0, Decimal(1)),),
    )
    past = given(company())
    for command, by in (
        (DraftIncentivePolicy(policy_id="RB-1", terms=terms), MGR_EAST),
        (ApproveIncentivePolicy(policy_id="RB-1"), MGR_NATIONAL),
        (PublishIncentivePolicy(policy_id="RB-1"), MGR_EAST),
        (AcceptIncentivePolicy(policy_id="RB-1", dealer_id="D05", e_seal="seal"), DEALER_5),
    ):
        does(past, command, on="2026-01-05", by=by).accepted()
    return past


def before(confirmed=True):
    past = given(company())
    told = {"policy": "RB-0", "net": 1_000_00, "confirmed": confirmed}
    return does(past, SetOpeningRebate(dealer_id="D05", **told), on=OPENED)


def settling(method, **more):
    terms = {"dealer_id": "D05", "policy": "RB-0", "amount_net": 1_000_00}
    return SettleRebate(**terms, method=method, **more)


def test_a_rebate_from_before_comes_from_the_technical_opening_account():
    posts(before(), debit("0000", 1_000_00), credit("2241.01", 1_000_00))


def test_a_rebate_that_is_earned_reduces_revenue():
    past = does(shipped(rewarded()), signing("SHP-0001"), on="2026-03-05").accepted()

    done = does(past, AccrueRebates(period="2026-03"), on="2026-03-31")

    posts(done, debit("6001.R", 2_660_00), credit("2241.01", 2_660_00))


def test_a_rebate_by_a_red_letter_note_reduces_what_is_owed_and_its_tax():
    past = does(
        before().past, opening("INV-1", 5_000_00, "2026-03-20", "D05"), on=OPENED
    ).accepted()

    done = does(past, settling("CREDIT_NOTE", red_info_no="RED-1", invoice="INV-1"))

    posts(done, debit("2241.01", 1_000_00), debit("2221", 130_00), credit("1122", 1_130_00))


def test_a_rebate_that_no_item_has_room_for_is_an_advance():
    done = does(before().past, settling("CREDIT_NOTE", red_info_no="RED-1"))

    assert done.answer["doc"] == "CN-2603-001"
    posts(
        done,
        debit("2241.01", 1_000_00),
        debit("2221", 130_00),
        debit("1122", 1_130_00),
        credit("1122", 1_130_00),
        credit("2203", 1_130_00),
    )


def test_a_rebate_in_cash_takes_its_tax_back_too():
    done = does(before().past, settling("CASH", bank_ref="OUT-1"))

    posts(done, debit("2241.01", 1_000_00), debit("2221", 130_00), credit("1002", 1_130_00))


def claimed():
    """D05 asks for 800.00 that it spent on a fair."""
    terms = PromotionTerms(
        name="fair",
        type="MARKET_ACTIVITY",
        valid_from=day("2026-01-01"),
        valid_to=day("2026-12-31"),
        budget=10_000_00,
        cap_per_dealer=5_000_00,
    )
    past = opened(5_000_00)
    for command, by in (
        (DraftPromotion(promotion_id="PM-1", terms=terms), MGR_EAST),
        (ApprovePromotion(promotion_id="PM-1"), MGR_NATIONAL),
        (PublishPromotion(promotion_id="PM-1"), MGR_EAST),
        (EnrolPromotion(promotion_id="PM-1", dealer_id="D05"), DEALER_5),
        (SubmitClaim(promotion_id="PM-1", amount=800_00, evidence=["sha256:bill"]), DEALER_5),
    ):
        does(past, command, by=by).accepted()
    return past


def approved():
    past = claimed()
    return past, does(past, ReviewClaim(claim="CL-0001", approved=800_00), by=MGR_NATIONAL)


def test_a_claim_that_is_approved_is_an_expense():
    _, done = approved()

    posts(done, debit("6601", 800_00), credit("2241.02", 800_00))


def test_a_claim_that_is_set_off_settles_what_is_owed():
    past, _ = approved()

    done = does(past, SettleClaim(claim="CL-0001", method="OFFSET"), by=FINANCE)

    posts(done, debit("2241.02", 800_00), credit("1122", 800_00))


def test_what_moves_no_money_posts_nothing():
    done = does(
        claimed(), EnrolPromotion(promotion_id="PM-1", dealer_id="D06"), by=Actor("s", "SERVICE")
    )

    posts(done)
