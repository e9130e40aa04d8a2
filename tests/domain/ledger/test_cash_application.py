"""Cash application (核销): the steps in their order, from what the payer says to what is left."""

import pytest

from domain.accounts import account_events
from domain.accounts.ledger import Allocation
from domain.accounts.refusals import PayerMismatch
from domain.flows.accounts.putting_right import RaiseDispute
from tests.domain.ledger.books import does, ledger, opened, pct
from tests.domain.story import of, order, paying
from tests.domain.support import Given
from tests.domain.world import DEALER_5

PAID_ON = "2026-03-09"


def pays(past, amount, *remittance, dealer="D05", on=PAID_ON, **more):
    return does(past, paying(dealer, amount, *remittance, **more), on=on)


def rules(done):
    return [
        (one.rule, [(part.doc, part.amount) for part in one.allocations])
        for one in done.recorded(account_events.CashApplied)
    ]


def open_items(past: Given, dealer="D05"):
    return {doc: item.open for doc, item in ledger(past, dealer).items.items()}


def disputes(past, doc, amount):
    why = {"code": "PRICE_DIFF", "evidence": ["sha256:letter"]}
    wish = RaiseDispute(dealer_id="D05", doc_no=doc, amount=amount, **why)
    return does(past, wish, by=DEALER_5).accepted()


def test_step_1_the_remittance_advice_goes_before_an_item_of_exactly_that_amount():
    done = pays(opened(100_00, 250_00), 250_00, ("INV-1", 100_00), ("INV-2", 150_00))

    assert rules(done) == [("REMITTANCE", [("INV-1", 100_00), ("INV-2", 150_00)])]


def test_step_1_what_the_payer_names_is_settled_though_it_is_disputed():
    past = disputes(opened(100_00, 250_00), "INV-2", 250_00)

    assert rules(pays(past, 250_00, ("INV-2", 250_00))) == [("REMITTANCE", [("INV-2", 250_00)])]


def test_step_2_money_that_names_an_order_is_its_deposit():
    past = opened(100_00)
    plan = pct(("DEPOSIT", 30, 0), ("POD", 70, 30))
    does(past, order("D05", of("US80", 1, "266000"), billing_plan=plan)).accepted()

    done = pays(past, 90_174_00, ("SO-0001", 90_174_00))

    assert (done.answer["deposits"], done.answer["receipt"]) == (["DEP-0001"], None)
    assert open_items(past) == {"INV-1": 100_00}


def test_step_2_one_payment_may_be_for_an_order_and_for_an_invoice():
    past = opened(100_00)
    plan = pct(("DEPOSIT", 30, 0), ("POD", 70, 30))
    does(past, order("D05", of("US80", 1, "266000"), billing_plan=plan)).accepted()

    done = pays(past, 1_100_00, ("SO-0001", 1_000_00), ("INV-1", 60_00))

    assert rules(done) == [("REMITTANCE", [("INV-1", 60_00)])]
    assert (done.answer["deposits"], done.answer["unapplied"]) == (["DEP-0001"], 40_00)


def test_step_3_one_item_of_exactly_that_amount_goes_before_a_combination():
    done = pays(opened(100_00, 200_00, 300_00), 300_00)

    assert rules(done) == [("EXACT", [("INV-3", 300_00)])]


def test_step_3_an_item_in_dispute_is_not_skipped():
    past = disputes(opened(100_00, 250_00), "INV-2", 10_00)

    assert rules(pays(past, 250_00)) == [("EXACT", [("INV-2", 250_00)])]


def test_step_4_the_only_combination_is_settled():
    done = pays(opened(100_00, 200_00, 400_00), 500_00)

    assert rules(done) == [("COMBINATION", [("INV-1", 100_00), ("INV-3", 400_00)])]


def test_step_4_a_combination_with_an_item_in_dispute_is_none():
    past = disputes(opened(100_00, 200_00, 400_00), "INV-1", 1_00)

    # 100.00 and 400.00 would have been 500.00.
    assert rules(pays(past, 500_00)) == [("OLDEST_FIRST", [("INV-2", 200_00), ("INV-3", 300_00)])]


def test_step_4_an_item_in_dispute_takes_no_place_among_the_five_oldest():
    past = disputes(opened(7_00, 1_00, 2_00, 4_00, 8_00, 40_00), "INV-1", 1_00)

    assert rules(pays(past, 41_00)) == [("COMBINATION", [("INV-2", 1_00), ("INV-6", 40_00)])]


def test_step_4_of_two_combinations_one_of_which_is_in_dispute_the_other_is_settled():
    past = disputes(opened(100_00, 400_00, 200_00, 300_00), "INV-2", 1_00)

    assert rules(pays(past, 500_00)) == [("COMBINATION", [("INV-3", 200_00), ("INV-4", 300_00)])]


def test_step_5_the_sum_of_all_items_that_are_not_in_dispute_settles_them():
    past = disputes(opened(1_00, 2_00, 4_00, 8_00, 16_00, 32_00, 64_00), "INV-7", 64_00)

    ((rule, parts),) = rules(pays(past, 63_00))

    assert (rule, len(parts), open_items(past)) == ("ALL_ITEMS", 6, {"INV-7": 64_00})


def test_step_6_the_oldest_due_date_is_first_and_an_item_in_dispute_is_passed_over():
    past = disputes(opened(100_00, 200_00, 400_00), "INV-1", 100_00)

    assert rules(pays(past, 350_00)) == [("OLDEST_FIRST", [("INV-2", 200_00), ("INV-3", 150_00)])]


def test_step_7_what_is_left_is_not_applied():
    past = opened(100_00)

    assert pays(past, 130_00).answer["unapplied"] == 30_00
    assert ledger(past).unapplied == {"RCPT-0001": 30_00}


@pytest.mark.parametrize(
    ("items", "amount"),
    [((300_00, 300_00, 50_00), 300_00), ((100_00, 400_00, 200_00, 300_00), 500_00)],
)
def test_between_two_answers_that_are_equally_good_nothing_is_applied_and_not_the_oldest_either(
    items, amount
):
    past = opened(*items)
    before = open_items(past)

    done = pays(past, amount)

    assert (rules(done), done.answer["unapplied"]) == ([], amount)
    assert open_items(past) == before


def test_an_item_of_another_dealer_is_no_candidate():
    past = opened(100_00, dealer="D06", past=opened(50_00))

    assert rules(pays(past, 100_00)) == [("OLDEST_FIRST", [("INV-1", 50_00)])]
    assert open_items(past, "D06") == {"D06-1": 100_00}


def test_a_third_party_pays_under_a_mandate_only():
    past = opened(100_00)

    pays(past, 100_00, payer_name="Leasing Ltd").refuses(PayerMismatch, payer="Leasing Ltd")
    pays(past, 100_00, payer_name="Leasing Ltd", mandate=" ").refuses(PayerMismatch)
    done = pays(past, 100_00, payer_name="Leasing Ltd", mandate="MANDATE-1")

    assert rules(done) == [("EXACT", [("INV-1", 100_00)])]
    (payment,) = done.recorded(account_events.PaymentReceived)
    assert payment.payer == "Leasing Ltd"


def test_a_payment_keeps_what_its_payer_said_and_under_which_mandate():
    told = {"payer_name": "Leasing Ltd", "mandate": "MANDATE-1"}
    done = pays(opened(100_00, 200_00), 90_00, ("INV-2", 90_00), **told)

    (payment,) = done.recorded(account_events.PaymentReceived)
    assert [(one.doc, one.amount) for one in payment.remittance] == [("INV-2", 90_00)]
    assert payment.mandate == "MANDATE-1"


def test_an_application_names_its_rule_and_its_documents():
    done = pays(opened(100_00, 200_00), 250_00, ("INV-2", 200_00))

    (applied,) = done.recorded(account_events.CashApplied)
    assert (applied.receipt, applied.rule) == ("RCPT-0001", "REMITTANCE")
    assert applied.allocations == (Allocation("INV-2", 200_00),)
