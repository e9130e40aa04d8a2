"""What never breaks of an order's contract, registration, releases, supplies, credit, deposit."""

from decimal import Decimal

import pytest

from domain.accounts.deposit_account import DepositAccount
from domain.accounts.refusals import DepositExceeded, OrderStillOpen
from domain.company.approval_policy import DEFAULT_RULES
from domain.flows.accounts.depositing import (
    ForfeitDeposit,
    ReceiveDeposit,
    RefundDeposit,
    TransferDeposit,
    forfeit_deposit,
    receive_deposit,
    refund_deposit,
    transfer_deposit,
)
from domain.flows.goods.shipping import ship
from domain.flows.orders.amending import AmendOrder, FieldChange, amend_order
from domain.flows.orders.ending import CancelOrder, ShortCloseLine, cancel_order, short_close_line
from domain.flows.orders.holding import ReleaseHold, release_hold
from domain.flows.orders.ordering import place_order
from domain.flows.parties.enrolling import SetCreditLimit, set_credit_limit
from domain.goods.product import Registration
from domain.kernel.refusal import Refusal
from domain.orders.contract import Contract
from domain.orders.contract_terms import ContractLine, ContractTerms
from domain.orders.order import Order
from domain.orders.order_events import HoldReleased
from domain.orders.order_terms import Milestone
from domain.orders.refusals import CreditLimit, HoldsActive, OverrideLimitExceeded
from tests.domain.company import company, limit
from tests.domain.laws import events_of
from tests.domain.story import US80_1, goods, of, order, placed, reviewed, sending, sent, signed
from tests.domain.supply.steps import came_back, item, product
from tests.domain.support import day, fact, given
from tests.domain.world import BY, FINANCE, MGR_EAST, REP_EAST, YEAR


def amending(past, *changes):
    command = AmendOrder(so_id="SO-0001", changes=list(changes), reason="asked for")
    return past.when(amend_order, command, by=REP_EAST)


def setting(field, value, line=1):
    return FieldChange(field=field, value=value, line_no=line)


def cancelled(past, so="SO-0001"):
    return past.when(cancel_order, CancelOrder(so_id=so, reason="lost")).accepted()


# INV-SO-8: the contract.


def contracted(*lines, restores=False):
    """An order of D05 under a contract for 100 INJ and 5 US80."""
    agreed = (ContractLine("INJ", Decimal(1260), 100), ContractLine("US80", Decimal(266000), 5))
    first, last = YEAR
    terms = ContractTerms(
        type="FRAMEWORK", dealer="D05", lines=agreed, valid_from=first, valid_to=last,
        return_restores_qty=restores,
    )  # fmt: skip
    signing = Contract.Signed(*BY, edition=1, terms=terms, document_hash="h")
    past = given(company(), fact(Contract, "HT-1", signing))
    return past.when(place_order, order("D05", *lines, contract_id="HT-1")).accepted()


def left(past):
    contract = past.get(Contract, "HT-1")
    return contract.remaining("INJ"), contract.remaining("US80")


def test_inv_so_8_a_confirmation_takes_from_the_contract_and_a_hold_takes_nothing():
    assert left(contracted(of("INJ", 60), of("INJ", 40), of("US80", 2))) == (0, 3)
    assert left(contracted(of("INJ", 101), of("US80", 2))) == (100, 5)


def test_inv_so_8_what_is_given_up_goes_back_and_only_once():
    past = contracted(of("INJ", 60), of("US80", 2))
    command = ShortCloseLine(so_id="SO-0001", line_no=1, qty=10, reason="DEALER_REQUEST")
    past.when(short_close_line, command).accepted()
    assert left(past) == (50, 3)
    amending(past, setting("qty", "40")).accepted()
    assert left(past) == (70, 3)
    amending(past, setting("qty", "50")).accepted()
    assert left(past) == (60, 3)

    assert left(cancelled(past)) == (100, 5)


def test_inv_so_8_a_line_that_is_removed_gives_its_quantity_back():
    past = contracted(of("INJ", 60), of("US80", 2))

    amending(past, FieldChange(op="remove_line", line_no=1)).accepted()

    assert left(past) == (100, 3)


@pytest.mark.parametrize(("restores", "after"), [(False, 4), (True, 5)])
def test_inv_so_8_a_return_goes_back_to_the_contract_where_the_contract_says_so(restores, after):
    past = contracted(of("US80", 1), restores=restores)
    sent(past, "SHP-0001", goods("SO-0001", 1, "US80", US80_1))
    signed(past, "SHP-0001")

    came_back(past, item("US80", serial=US80_1), on="2026-03-10")

    assert left(past) == (100, after)


# INV-SO-9: the registration when the goods were made; those in WH-SH were made on 5 January.


@pytest.mark.parametrize(
    ("until", "pending", "passes"),
    [("2026-01-05", False, True), ("2026-01-04", False, False), ("2026-01-04", True, True)],
)
def test_inv_so_9_the_day_on_which_the_goods_were_made_decides(until, pending, passes):
    paper = Registration("REGISTRATION", "R", "us", day("2020-01-01"), day(until), pending)
    past = given(company(), product("US80", registrations=(paper,)))

    done = past.when(place_order, order("D05", of("US80", 1)))

    assert done.answer["holds"] == ([] if passes else ["REGISTRATION_EXPIRED"])


# INV-SO-10: releases.


def priced(price):
    past = given(company())
    return past.when(place_order, order("D06", of("US80", 1, price)), by=REP_EAST).accepted()


def releasing(past, code, by, so="SO-0001"):
    return past.when(release_hold, ReleaseHold(so_id=so, code=code, reason="agreed"), by=by)


def test_inv_so_10_a_release_names_a_role_whose_limit_covers_it():
    for price in ("268999", "262000", "260930", "260929", "255000"):
        past = priced(price)
        releasing(past, "PRICE_BELOW_FLOOR", MGR_EAST)
        for one in events_of(past.log, HoldReleased):
            assert one.role in DEFAULT_RULES[one.code].roles
            assert one.deviation <= one.limit == Decimal("3.00")
        released = past.get(Order, "SO-0001").state == "CONFIRMED"
        assert released is (price in ("268999", "262000", "260930", "260929"))


def test_inv_so_10_a_release_on_old_evidence_does_not_let_a_larger_excess_pass():
    past = given(company(), limit("D05", 5_000_000_00))
    for qty in (18, 1):  # 18 of them alone exceed the limit by 410,440.00, one alone does not
        past.when(place_order, order("D05", of("US80", qty, "266000"))).accepted()
    held = past.get(Order, "SO-0001").active["CREDIT_LIMIT"]
    assert held.evidence["deviation"] == 410_440_00

    releasing(past, "CREDIT_LIMIT", FINANCE).refuses(OverrideLimitExceeded)
    assert past.get(Order, "SO-0001").state == "ON_HOLD"


def test_inv_so_10_what_grew_since_it_was_held_is_held_again():
    past = given(company(), limit("D05", 280_000_00))
    for line in (of("US80", 1, "266000"), of("P5", 1, "84000")):
        past.when(place_order, order("D05", line)).accepted()
    assert past.get(Order, "SO-0002").state == "CONFIRMED"

    done = releasing(past, "CREDIT_LIMIT", FINANCE)

    assert done.refusal is not None or done.answer["holds"] == ["CREDIT_LIMIT"]
    assert past.get(Order, "SO-0001").lines[1].supplies == []


# INV-SO-11: one live supply for each unit.


def test_inv_so_11_a_unit_has_one_supply_also_after_it_was_asked_for_again():
    past = placed(of("US80", 12, "266000"))

    for qty in ("14", "3", "9"):
        amending(past, setting("qty", qty)).accepted()
        links = past.get(Order, "SO-0001").lines[1].supplies
        assert sum(one.qty for one in links) == int(qty)
        assert all(one.qty > 0 for one in links)
    cancelled(past)

    assert past.get(Order, "SO-0001").lines[1].supplies == []


# INV-SO-12: credit.


def test_inv_so_12_more_of_it_is_measured_against_the_limit_again():
    past = placed(of("US80", 1, "266000"), past=given(company(), limit("D05", 601_160_00)))

    assert amending(past, setting("qty", "2")).answer["holds"] == []
    assert amending(past, setting("qty", "3")).answer["holds"] == ["CREDIT_LIMIT"]


def reduced(past, amount):
    first, last = YEAR
    told = {"limit": amount, "valid_from": first, "valid_to": last, "basis": "review"}
    command = SetCreditLimit(dealer_id="D05", **told)
    return past.when(set_credit_limit, command, by=FINANCE).accepted()


@pytest.mark.parametrize(("amount", "passes"), [(300_580_00, True), (300_579_99, False)])
def test_inv_so_12_a_limit_that_was_reduced_counts_before_the_goods_leave(amount, passes):
    device = goods("SO-0001", 1, "US80", US80_1)
    past = reviewed(placed(of("US80", 1, "266000")), "SHP-0001", device)

    refusal: Refusal | None = reduced(past, amount).when(ship, sending("SHP-0001")).refusal

    assert (refusal is None) is passes
    kinds = [type(one) for one in refusal.violations] if refusal else []
    assert kinds == ([] if passes else [HoldsActive, CreditLimit])


def test_inv_so_12_a_limit_that_was_reduced_is_measured_against_confirmed_orders_at_once():
    past = reduced(placed(of("US80", 1, "266000")), 300_579_99)

    assert past.get(Order, "SO-0001").holds == ("CREDIT_LIMIT",)


# INV-SO-13: deposits.


PLAN = (Milestone("DEPOSIT", Decimal(30), 0), Milestone("POD", Decimal(70), 30))
ASKED = 90_174_00
"""30 per cent of a US80 at 266,000.00 with its VAT."""


def deposited():
    past = given(company())
    wish = order("D05", of("US80", 1, "266000"), billing_plan=PLAN)
    for _ in range(2):
        past.when(place_order, wish).accepted()
    money = ReceiveDeposit(
        dealer_id="D05", so_id="SO-0001", bank_ref="B-1", value_date=day("2026-03-02"), amount=ASKED
    )
    return past.when(receive_deposit, money).accepted()


def moving(past, kind, amount, **more):
    flows = {
        RefundDeposit: refund_deposit,
        TransferDeposit: transfer_deposit,
        ForfeitDeposit: forfeit_deposit,
    }
    (doc,) = events_of(past.log, DepositAccount.Received)
    told = {"dealer_id": "D05", "so_id": "SO-0001", "doc_no": doc.doc, "amount": amount} | more
    return past.when(flows[kind], kind(**told))


WAYS = [
    (RefundDeposit, {"bank_ref": "B-2"}, DepositAccount.Refunded),
    (TransferDeposit, {"to_so_id": "SO-0002"}, DepositAccount.Transferred),
    (ForfeitDeposit, {"reason": "the contract says so"}, DepositAccount.Forfeited),
]


@pytest.mark.parametrize(("kind", "more", "event"), WAYS)
def test_inv_so_13_the_deposit_of_a_cancelled_order_is_there_until_it_is_decided(kind, more, event):
    past = deposited()
    moving(past, kind, 1, **more).refuses(OrderStillOpen)
    cancelled(past)
    held = past.get(DepositAccount, "D05", "CNY")
    assert held.of_order("SO-0001") == ASKED

    moving(past, kind, ASKED + 1, **more).refuses(DepositExceeded)
    (told,) = moving(past, kind, ASKED, **more).recorded(event)

    held = past.get(DepositAccount, "D05", "CNY")
    assert told.amount == ASKED
    assert held.of_order("SO-0001") == 0
    assert held.of_order("SO-0002") == (ASKED if kind is TransferDeposit else 0)
    again = more | ({"bank_ref": "OUT-2"} if "bank_ref" in more else {})
    moving(past, kind, 1, **again).refuses(DepositExceeded)
