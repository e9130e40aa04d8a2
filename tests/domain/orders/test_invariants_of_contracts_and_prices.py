"""What never breaks of a contract's quantities and of price lists."""

from datetime import date
from decimal import Decimal

import pytest

from domain.flows.orders.contracting import (
    AmendContract,
    SignContract,
    amend_contract,
    sign_contract,
)
from domain.flows.orders.listing import (
    ActivatePriceList,
    ApprovePriceList,
    DraftPriceList,
    activate_price_list,
    approve_price_list,
    draft_price_list,
)
from domain.flows.orders.ordering import place_order
from domain.kernel.refusal import ValidationFailed
from domain.kernel.stamp import Actor
from domain.orders.contract import Contract
from domain.orders.contract_terms import ContractLine, ContractTerms
from domain.orders.order import Order
from domain.orders.price_list import PriceList, PriceRow
from domain.orders.refusals import ApproverIsAuthor, PriceAmbiguous, QtyBelowCalled
from tests.domain.company import company
from tests.domain.orders.test_invariants_of_orders_and_contracts import cancelled, contracted, left
from tests.domain.story import of, order, placed
from tests.domain.support import given
from tests.domain.world import MGR_EAST, REP_EAST, YEAR

AUTHOR = Actor("fin-2", "FIN")


def called(past, sku="INJ"):
    return past.get(Contract, "HT-1").called.get(sku, 0)


def amended(past, most):
    first, last = YEAR
    agreed = (ContractLine("INJ", Decimal(1260), most), ContractLine("US80", Decimal(266000), 5))
    terms = ContractTerms(
        type="FRAMEWORK", dealer="D05", lines=agreed, valid_from=first, valid_to=last
    )
    return past.when(amend_contract, AmendContract(contract_id="HT-1", terms=terms), by=REP_EAST)


@pytest.mark.parametrize(("qty", "taken"), [(1, 1), (100, 100), (101, 0)])
def test_inv_ct_1_no_more_is_called_than_was_agreed(qty, taken):
    past = contracted(of("INJ", qty))

    assert called(past) == taken
    assert called(cancelled(past)) == 0


def test_inv_ct_2_what_is_left_is_what_was_agreed_less_what_was_called():
    past = contracted(of("INJ", 60), of("US80", 2))

    assert left(past) == (100 - called(past), 5 - called(past, "US80")) == (40, 3)


def test_inv_ct_3_a_supplement_agrees_to_no_less_than_was_called():
    past = contracted(of("INJ", 60))

    amended(past, 59).refuses(QtyBelowCalled)
    amended(past, 60).accepted()


def test_inv_ct_3_what_was_called_until_the_signature_counts():
    past = amended(contracted(of("INJ", 60)), 60).accepted()
    past.get(Contract, "HT-1").state = "APPROVED"
    past.when(place_order, order("D05", of("INJ", 1), contract_id="HT-1")).accepted()

    paper = SignContract(contract_id="HT-1", document_hash="h2")

    past.when(sign_contract, paper, by=MGR_EAST).refuses(QtyBelowCalled)


def test_inv_ct_5_an_order_refers_to_the_edition_that_it_was_called_from():
    past = contracted(of("INJ", 60))
    contract = past.get(Contract, "HT-1")

    assert past.get(Order, "SO-0001").known.contract_version == contract.edition == 1


# Price lists.


def row(price="1000", *, floor="900", ceiling="1500", **more):
    where = {"sku": "INJ", "region": "110000", "tier": "A", "min_qty": 1} | more
    amounts = {"price": Decimal(price), "floor": Decimal(floor), "ceiling": Decimal(ceiling)}
    return PriceRow(**where, **amounts)


def drafted(past, *rows, name="PL-9", valid_from="2026-01-01", valid_to="2026-12-31"):
    first, last = date.fromisoformat(valid_from), date.fromisoformat(valid_to)
    command = DraftPriceList(
        price_list=name, currency="CNY", valid_from=first, valid_to=last, rows=rows
    )
    return past.when(draft_price_list, command, by=AUTHOR)


def activated(past, name="PL-9"):
    past.when(approve_price_list, ApprovePriceList(price_list=name), by=MGR_EAST).accepted()
    return past.when(activate_price_list, ActivatePriceList(price_list=name), by=MGR_EAST)


def test_inv_pr_1_one_question_has_one_answer_on_any_day():
    past = activated(drafted(given(company()), row()).accepted()).accepted()

    drafted(past, row("1100"), name="PL-10").refuses(PriceAmbiguous)
    drafted(past, row("1100", tier="B"), name="PL-10").accepted()
    later = {"valid_from": "2027-01-01", "valid_to": "2027-12-31"}
    drafted(past, row("1100"), name="PL-11", **later).accepted()


@pytest.mark.parametrize("price", ["899.99", "1500.01"])
def test_inv_pr_2_a_price_lies_within_its_corridor(price):
    drafted(given(company()), row(price)).refuses(ValidationFailed, field="rows[0]")
    for edge in ("900", "1500"):
        drafted(given(company()), row(edge)).accepted()


def test_inv_pr_3_more_units_never_cost_more_each():
    past = given(company())

    drafted(past, row("1000"), row("1000.01", min_qty=10)).refuses(ValidationFailed)
    drafted(past, row("1000"), row("1000", min_qty=10)).accepted()


def test_inv_pr_4_a_change_of_prices_touches_no_confirmed_order():
    past = placed(of("INJ", 60))
    before = past.get(Order, "SO-0001")
    price, version, state = before.lines[1].terms.unit_price, before.version, before.state
    cheaper = row("950", dealer="D05", region="ALL", tier="ALL")

    past = activated(drafted(past, cheaper).accepted()).accepted()

    after = past.get(Order, "SO-0001")
    assert (after.lines[1].terms.unit_price, after.version, after.state) == (price, version, state)
    past.when(place_order, order("D05", of("INJ", 60), external_ref="PO-2")).accepted()
    assert past.get(Order, "SO-0002").lines[1].terms.unit_price == Decimal(950) != price


def test_inv_pr_5_nobody_approves_what_they_wrote_and_the_change_is_told():
    past = drafted(given(company()), row(), row("990", min_qty=10)).accepted()
    own = ApprovePriceList(price_list="PL-9")
    past.when(approve_price_list, own, by=AUTHOR).refuses(ApproverIsAuthor)

    (told,) = activated(past).recorded(PriceList.Activated)

    assert (told.author, told.approver) == (AUTHOR.user, MGR_EAST.user)
    assert (told.edition, told.added, told.removed) == (1, 2, 0)
