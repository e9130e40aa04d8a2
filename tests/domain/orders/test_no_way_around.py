"""No gate is walked around: not by a copy, by nothing, by half an approval, or by a later change."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from domain.company.company_policy import CompanyPolicy, SmallDifference
from domain.flows.orders.amending import AmendOrder, FieldChange, amend_order
from domain.flows.orders.contracting import (
    ApproveContract,
    DraftContract,
    SignContract,
    SubmitContract,
    approve_contract,
    draft_contract,
    sign_contract,
    submit_contract,
)
from domain.flows.orders.holding import ReleaseHold, release_hold
from domain.flows.orders.ordering import place_order
from domain.flows.parties.appointing import SuspendDealer, suspend_dealer
from domain.kernel.refusal import ForbiddenRole, ValidationFailed
from domain.kernel.stamp import Actor
from domain.orders.contract import Contract
from domain.orders.contract_terms import ContractLine, ContractTerms
from domain.orders.order import Order
from domain.orders.order_events import Held, HoldConsented, HoldReleased
from domain.orders.refusals import BelowMoq
from tests.domain.company import LIMITS, company, policy
from tests.domain.story import of, order
from tests.domain.support import given, like
from tests.domain.world import BY, FINANCE, MGR_EAST, REP_EAST, YEAR

ADMIN = Actor("adm-1", "ADM")
WATCHFUL = policy(
    CompanyPolicy.LimitsSet(
        *BY,
        limits=msgspec.structs.replace(LIMITS, duplicate_hours=24),
        small_difference=SmallDifference(),
    )
)


def release(code, so="SO-0001"):
    return ReleaseHold(so_id=so, code=code, reason="agreed")


def cheap():
    """An order of D06 at 2.60 per cent below the floor, which the regional manager let pass."""
    past = given(company())
    past.when(place_order, order("D06", of("US80", 1, "262000")), by=REP_EAST).accepted()
    return past.when(release_hold, release("PRICE_BELOW_FLOOR"), by=MGR_EAST).accepted()


def amended(past, *changes):
    return past.when(
        amend_order,
        AmendOrder(so_id="SO-0001", changes=list(changes), reason="asked for"),
        by=REP_EAST,
    )


def framework(qty_max):
    """A contract of D05 over INJ, approved and signed."""
    line = ContractLine("INJ", Decimal(1260), qty_max)
    first, last = YEAR
    terms = ContractTerms(
        type="FRAMEWORK",
        dealer="D05",
        lines=(line,),
        valid_from=first,
        valid_to=last,
        documents=("h",),
    )
    past = given(company())
    draft = DraftContract(contract_id="HT-1", terms=terms)
    past.when(draft_contract, draft, by=REP_EAST).accepted()
    past.when(submit_contract, SubmitContract(contract_id="HT-1"), by=REP_EAST).accepted()
    past.when(approve_contract, ApproveContract(contract_id="HT-1"), by=MGR_EAST).accepted()
    signing = SignContract(contract_id="HT-1", document_hash="signed")
    return past.when(sign_contract, signing, by=FINANCE).accepted()


def test_a_copy_of_an_order_is_held_whatever_its_reference():
    past = given(company(), WATCHFUL)
    past.when(place_order, order("D05", of("US80", 1), external_ref="A")).accepted()

    done = past.when(place_order, order("D05", of("US80", 1), external_ref="B"))

    assert done.answer["holds"] == ["POSSIBLE_DUPLICATE"]
    assert done.recorded(Held)[0].evidence["like"] == "SO-0001"


def test_another_quantity_or_another_dealer_is_no_copy():
    past = given(company(), WATCHFUL)
    past.when(place_order, order("D05", of("US80", 1))).accepted()

    for wish in (order("D05", of("US80", 2)), order("D04", of("US80", 1))):
        assert past.when(place_order, wish).answer["holds"] == []


@pytest.mark.parametrize("qty", [0, -1])
def test_an_order_for_nothing_passes_no_check_because_it_is_refused(qty):
    given(company()).when(place_order, order("D05", of("US80", qty))).refuses(
        ValidationFailed, BelowMoq
    )


def test_half_an_approval_leaves_the_order_on_hold():
    past = given(company())
    past.when(suspend_dealer, SuspendDealer(dealer_id="D05", reason="audit"), by=ADMIN).accepted()
    past.when(place_order, order("D05", of("US80", 1)), by=REP_EAST).accepted()

    half = past.when(release_hold, release("DEALER_SUSPENDED"), by=ADMIN)
    half.then(like(HoldConsented, missing=("MGR",), state="ON_HOLD"))
    past.when(release_hold, release("DEALER_SUSPENDED"), by=ADMIN).refuses(ForbiddenRole)

    whole = past.when(release_hold, release("DEALER_SUSPENDED"), by=MGR_EAST)
    assert len(whole.recorded(HoldReleased)) == 1
    assert whole.answer["state"] == "CONFIRMED"


def test_two_lines_of_one_product_are_one_quantity_to_the_contract():
    past = framework(100)

    done = past.when(
        place_order,
        order("D05", of("INJ", 60, "1260"), of("INJ", 60, "1260"), contract_id="HT-1"),
    )

    assert done.answer["holds"] == ["CONTRACT_QTY_EXCEEDED"]
    assert done.recorded(Held)[0].evidence["deviation"] == "20.00"


def test_what_a_contract_has_left_is_called_off_once():
    past = framework(100)
    wish = order("D05", of("INJ", 60, "1260"), contract_id="HT-1")
    past.when(place_order, wish).accepted()

    assert past.get(Contract, "HT-1").remaining("INJ") == 40
    assert past.when(place_order, wish).answer["holds"] == ["CONTRACT_QTY_EXCEEDED"]


@pytest.mark.parametrize(
    "change",
    [
        FieldChange(field="unit_price", value="261500", line_no=1),
        FieldChange(field="qty", value="2", line_no=1),
        FieldChange(op="add_line", line=of("US80", 1, "262000")),
    ],
    ids=["a lower price", "more of it", "another line of it"],
)
def test_a_release_is_void_once_more_is_asked_than_was_seen(change):
    done = amended(cheap(), change)

    assert done.answer["holds"] == ["PRICE_BELOW_FLOOR"]


def test_a_release_stands_while_every_change_is_to_our_advantage():
    past = cheap()

    done = amended(past, FieldChange(field="unit_price", value="263000", line_no=1))

    assert done.answer["holds"] == []
    assert past.get(Order, "SO-0001").state == "CONFIRMED"


def test_an_amended_order_on_hold_ships_nothing_of_what_was_added():
    past = cheap()

    amended(past, FieldChange(field="qty", value="2", line_no=1)).accepted()

    line = past.get(Order, "SO-0001").lines[1]
    assert (line.reserved, line.unsourced) == (1, 1)
