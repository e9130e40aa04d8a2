"""Explanations: what looks like diversion and is none, and what stands just beside it."""

from decimal import Decimal

import msgspec
import pytest

from domain.cases import case_events
from domain.cases.dealer_conduct import DealerConduct
from domain.channel.book import Buyer
from domain.flows.cases.ruling import (
    NameServiceCentres,
    RecordEmergency,
    name_service_centres,
    record_emergency,
)
from domain.flows.goods.delivering import confirm_delivery
from domain.flows.goods.returning import (
    ApproveReturn,
    RefuseReturn,
    approve_return,
    refuse_return,
    request_return,
)
from domain.flows.orders.ordering import place_order
from domain.flows.parties.granting import AmendTerritory, amend_territory
from domain.orders.contract import Contract
from domain.orders.contract_terms import ContractLine, ContractTerms
from domain.parties.customer import Customer
from tests.domain.diversion.steps import (
    HANGZHOU,
    NANJING,
    SUZHOU,
    bought,
    case,
    cases,
    delivered,
    explained,
    install,
    register,
    report,
    rules,
    sale,
    thresholds,
    world,
)
from tests.domain.story import US80_1, US80_2, US80_3, goods, of, order, placed, sent, signing
from tests.domain.supply.steps import REQUESTER, came_back, item, wish_back
from tests.domain.support import day, fact
from tests.domain.world import BY, MGR_EAST, YEAR, right


def ordered(past=None, **more):
    """D05 ordered a device under these terms, and got it."""
    past = past or world()
    past.when(place_order, order("D05", of("US80", 1), **more)).accepted()
    sent(past, "SHP-0001", goods("SO-0001", 1, "US80", US80_1))
    return delivered(past, "SHP-0001", "320100", "2026-03-05").accepted()


def redrawn(past, *regions, since="2026-04-01"):
    """D05's territory is another from a day on."""
    granted = msgspec.structs.replace(
        right("ULTRASOUND", *regions), valid_from=day(since), version=2
    )
    command = AmendTerritory(dealer_id="D05", authorisation=granted)
    return past.when(amend_territory, command).accepted()


def test_an_explanation_leaves_a_case_that_is_no_alarm_and_does_not_count():
    past = redrawn(bought(US80_1), "320500")

    done = install(past, US80_1, NANJING, on="2026-04-10")

    assert explained(done) == ["TERRITORY_CHANGED"]
    found = case(past, "SUP-0001")
    assert (found.status, found.known.rule, found.ended) == ("SUPPRESSED", "R01", True)
    (kept,) = done.recorded(case_events.AlertSuppressed)
    assert kept.detail == "D05 had the right until 2026-03-31"
    assert (done.answer["cases"], past.get(DealerConduct, "D05").units) == ([], {})
    register(past, US80_1, NANJING, on="2026-04-11").accepted()
    assert (len(case(past, "SUP-0001").evidence), list(cases(past))) == (2, ["SUP-0001"])


@pytest.mark.parametrize(
    ("use", "lawful"),
    [("2026-04-01", True), ("2026-05-30", True), ("2026-05-31", False), ("2026-12-01", False)],
)
def test_a_dealer_sells_off_what_it_bought_for_60_days_after_its_territory_changed(use, lawful):
    done = install(redrawn(bought(US80_1), "320500"), US80_1, NANJING, on=use)

    assert rules(done) == ([] if lawful else ["R01"])


def test_the_days_of_grace_are_the_companys():
    past = thresholds(redrawn(bought(US80_1), "320500"), grace_days=61)

    assert explained(install(past, US80_1, NANJING, on="2026-05-31")) == ["TERRITORY_CHANGED"]


def test_what_was_bought_after_a_change_has_no_days_of_grace():
    past = redrawn(world(), "320100", since="2026-03-10")

    bought(US80_1, past=past, on="2026-03-11")

    assert rules(install(past, US80_1, SUZHOU)) == ["R01"]


@pytest.mark.parametrize(
    ("signed", "code"), [("2026-03-31", "TERRITORY_CHANGED"), ("2026-04-01", None)]
)
def test_what_was_signed_for_before_a_change_has_its_days_of_grace_whenever_that_is_told(
    signed, code
):
    past = placed(of("US80", 1), past=world())
    sent(past, "SHP-0001", goods("SO-0001", 1, "US80", US80_1))
    redrawn(past, "320500")
    past.when(confirm_delivery, signing("SHP-0001", signed), on="2026-04-02").accepted()

    done = install(past, US80_1, NANJING, on="2026-04-10")

    assert explained(done) == [code] if code else rules(done) == ["R01"]


def test_a_sub_dealer_sells_off_by_the_days_of_grace_of_its_parent():
    past = report(bought(US80_1), "D05", sale(Buyer(dealer="D12"), US80_1, "2026-03-10")).past

    done = install(redrawn(past, "320500"), US80_1, NANJING, on="2026-04-10")

    assert explained(done) == ["TERRITORY_CHANGED"]


def contracted(kind, **more):
    first, last = YEAR
    agreed = (ContractLine("US80", Decimal(266000), 5),)
    terms = ContractTerms(
        type=kind, dealer="D05", lines=agreed, valid_from=first, valid_to=last, **more
    )
    signed = Contract.Signed(*BY, edition=1, terms=terms, document_hash="h")
    return ordered(world(fact(Contract, "HT-1", signed)), contract_id="HT-1")


@pytest.mark.parametrize(
    ("branches", "code"), [(("H-CD-05", "H-HZ-03"), "HOSPITAL_GROUP"), (("H-CD-05",), None)]
)
def test_a_contract_names_the_branches_of_a_hospital_group(branches, code):
    done = install(contracted("FRAMEWORK", branches=branches), US80_1, HANGZHOU)

    assert explained(done) == [code] if code else rules(done) == ["R01"]


def test_the_branches_of_a_contract_say_nothing_of_a_device_of_another_order():
    past = contracted("FRAMEWORK", branches=("H-HZ-03",))
    bought(US80_2, past=past)

    assert rules(install(past, US80_2, HANGZHOU)) == ["R01"]


@pytest.mark.parametrize(
    ("kind", "regions", "code"),
    [
        ("TENDER", ("330000",), "TENDER_PLACES"),
        ("TENDER", ("340000", "330100"), "TENDER_PLACES"),
        ("TENDER", ("330200",), None),
        ("FRAMEWORK", ("330000",), None),
    ],
)
def test_a_tender_that_was_signed_in_one_place_delivers_to_several(kind, regions, code):
    done = install(contracted(kind, delivery_regions=regions), US80_1, HANGZHOU)

    assert explained(done) == [code] if code else rules(done) == ["R01"]


@pytest.mark.parametrize(("use", "code"), [("2026-06-30", "LOAN"), ("2026-07-01", None)])
def test_a_device_on_loan_may_be_shown_until_the_loan_is_over(use, code):
    past = ordered(channel="LOAN", loan_until=day("2026-06-30"))

    done = install(past, US80_1, HANGZHOU, on=use)

    assert explained(done) == [code] if code else rules(done) == ["R01"]


def test_a_loan_that_has_no_end_explains_nothing():
    assert rules(install(ordered(channel="LOAN"), US80_1, HANGZHOU)) == ["R01"]


@pytest.mark.parametrize(
    ("region", "code"), [("440000", "SERVICE_CENTRE"), ("440300", None), ("330000", None)]
)
def test_a_device_at_a_repair_depot_is_on_its_way_through(region, code):
    past = thresholds(bought(US80_1), off=("R07",))
    named = NameServiceCentres(region_codes=("450000", region))
    past.when(name_service_centres, named).accepted()

    done = report(past, "D05", sale(Buyer(name="depot", region_code="440100"), US80_1))

    assert explained(done) == [code] if code else rules(done) == ["R01"]


def test_a_hospital_in_the_city_of_a_repair_depot_is_no_depot():
    past = bought(US80_1)
    past.when(name_service_centres, NameServiceCentres(region_codes=("330100",))).accepted()

    assert rules(install(past, US80_1, HANGZHOU)) == ["R01"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({}, "EMERGENCY"),
        ({"valid_to": day("2026-03-20")}, None),
        ({"valid_from": day("2026-03-22")}, None),
        ({"valid_from": day("2026-03-21"), "valid_to": day("2026-03-21")}, "EMERGENCY"),
        ({"product_line": "IMAGING"}, None),
        ({"region_code": "330200"}, None),
    ],
)
def test_the_government_orders_goods_of_a_line_to_a_region_for_a_time(wrong, code):
    ordered_there = {
        "product_line": "ULTRASOUND",
        "region_code": "330000",
        "valid_from": day("2026-03-20"),
        "valid_to": day("2026-03-22"),
    } | wrong
    command = RecordEmergency(no="GOV-1", document_hash="sha256:g", **ordered_there)
    past = bought(US80_1).when(record_emergency, command).accepted()

    done = install(past, US80_1, HANGZHOU)

    assert explained(done) == [code] if code else rules(done) == ["R01"]


def wishing(past, serial=US80_1):
    asked = past.when(request_return, wish_back(item("US80", serial=serial)), by=REQUESTER)
    return str(asked.answer["rma_id"])


def approving(past):
    past.when(approve_return, ApproveReturn(rma_id=wishing(past)), by=MGR_EAST).accepted()


def refusing(past):
    command = RefuseReturn(rma_id=wishing(past), reason="in use")
    past.when(refuse_return, command, by=MGR_EAST).accepted()


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (approving, "RETURN_IN_PROGRESS"),
        (wishing, None),
        (refusing, None),
        (lambda past: came_back(past, item("US80", serial=US80_3)), None),
    ],
)
def test_a_device_whose_return_was_approved_is_on_its_way_back(step, code):
    past = bought(US80_1, US80_2, US80_3)
    step(past)

    done = install(past, US80_1, HANGZHOU)

    assert explained(done) == [code] if code else rules(done) == ["R01"]


@pytest.mark.parametrize(
    ("latitude", "address", "code"),
    [
        ("31.035", "320500", "BORDER"),
        ("31.0449", "320500", "BORDER"),
        ("31.0450", "320500", None),
        ("31.035", "330400", None),
        (None, "320500", None),
        ("north", "320500", None),
    ],
)
def test_a_position_just_across_the_border_yields_to_the_hospitals_address(latitude, address, code):
    placed_at = Customer.Registered(
        *BY, name="H", type="X", region_code=address, address_id="ADR-H-SZ-01", gps="31.0,120.7"
    )
    past = bought(US80_1, past=world(fact(Customer, "H-SZ-01", placed_at)))
    gps = latitude and f"{latitude},120.7"

    done = install(past, US80_1, ("H-SZ-01", "330400"), gps=gps)

    assert explained(done) == [code] if code else rules(done) == ["R01"]
