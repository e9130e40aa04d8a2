"""Enrolling: dealers in their channel, licences, addresses, hospitals and limits."""

import msgspec
import pytest

from domain.accounts.credit_line import CreditLine
from domain.company.unique_key import UniqueKey
from domain.flows.parties.enrolling import (
    RegisterAddress,
    RegisterCustomer,
    RegisterDealer,
    SetCreditLimit,
    register_address,
    register_customer,
    register_dealer,
    set_credit_limit,
)
from domain.flows.parties.licensing import RegisterLicence, register_licence
from domain.kernel.refusal import DateRange, NotFound, ValidationFailed
from domain.parties import dealer_events
from domain.parties.address import Address
from domain.parties.customer import Customer
from domain.parties.dealer import Dealer
from domain.parties.dealer_terms import DealerProfile, Licence
from domain.parties.refusals import LevelTooDeep, ParentCycle, UsccDuplicate
from tests.domain.company import company
from tests.domain.support import day, given, like

PROFILE = DealerProfile(legal_name="Jianghan", uscc="USCC-D11", tier="B", sales_region="CENTRAL")


def enrol(dealer="D11", **changes):
    return RegisterDealer(dealer_id=dealer, profile=msgspec.structs.replace(PROFILE, **changes))


def licence(dealer="D05", **changes):
    known = Licence("LICENCE_CLASS_III", "L3-D05", "III", ("06-05",), day("2025-01-01"))
    return RegisterLicence(dealer_id=dealer, licence=msgspec.structs.replace(known, **changes))


HOSPITAL = RegisterCustomer(
    customer_id="H-NJ-09", name="Nanjing 9", type="CLINIC", region_code="320100", address_id="ADR-9"
)


SHELF = RegisterAddress(
    address_id="ADR-D05-2", region_code="320500", receiving_entity_id="D05", kind="HOSPITAL"
)


def limiting(dealer="D05", limit=1, first="2026-01-01", **more):
    dates = {"valid_from": day(first), "valid_to": day("2026-12-31")}
    return SetCreditLimit(dealer_id=dealer, limit=limit, **dates, **more)


def test_a_dealer_is_known_and_said_twice_it_is_said_once():
    past = (
        given(company())
        .when(register_dealer, enrol())
        .then(like(UniqueKey.Claimed, owner="D11"), like(dealer_events.Registered, status="ACTIVE"))
    )

    past.when(register_dealer, enrol()).then()
    past.when(register_dealer, enrol(tier="A")).then(dealer_events.Registered)


@pytest.mark.parametrize(
    ("changes", "refusals"),
    [
        ({"uscc": ""}, [ValidationFailed]),
        ({"legal_name": " "}, [ValidationFailed]),
        ({"tier": "", "sales_region": ""}, [ValidationFailed, ValidationFailed]),
        ({"payment_terms_days": -1}, [ValidationFailed]),
        ({"uscc": "USCC-D05"}, [UsccDuplicate]),
        ({"level": 2}, [ValidationFailed]),
        ({"level": 1, "parent": "D05"}, [ValidationFailed]),
        ({"level": 3, "parent": "D05"}, [ValidationFailed]),
        ({"level": 2, "parent": "D99"}, [ValidationFailed]),
        ({"level": 4, "parent": "D12"}, [LevelTooDeep, ValidationFailed]),
        ({"level": 2, "parent": "D11"}, [ParentCycle]),
    ],
)
def test_a_dealer_that_does_not_fit_into_the_channel_is_refused(changes, refusals):
    given(company()).when(register_dealer, enrol(**changes)).refuses(*refusals)


def test_a_channel_is_three_levels_deep():
    past = given(company()).when(register_dealer, enrol(level=3, parent="D12")).accepted()

    past.when(register_dealer, enrol("D13", uscc="X", level=4, parent="D11")).refuses(LevelTooDeep)


def test_a_dealer_does_not_become_the_child_of_its_own_child():
    profile = given(company()).get(Dealer, "D05").known
    below = msgspec.structs.replace(profile, level=3, parent="D12")

    given(company()).when(register_dealer, RegisterDealer(dealer_id="D05", profile=below)).refuses(
        ParentCycle
    )


def test_a_licence_is_entered_once():
    past = given(company()).when(register_licence, licence()).then(dealer_events.LicenceRegistered)

    past.when(register_licence, licence()).then()
    past.when(register_licence, licence(valid_to=day("2029-12-31"))).then(
        dealer_events.LicenceRegistered
    )


@pytest.mark.parametrize(
    ("command", "refusals"),
    [
        (licence("D99"), [NotFound]),
        (licence(no="", device_class="IV"), [ValidationFailed, ValidationFailed]),
        (licence(valid_to=day("2024-12-31")), [DateRange]),
    ],
)
def test_a_licence_that_does_not_fit_is_refused(command, refusals):
    given(company()).when(register_licence, command).refuses(*refusals)


def test_a_hospital_is_known_with_its_address_and_said_twice_it_is_said_once():
    given(company()).when(register_customer, HOSPITAL).then(
        Customer.Registered, like(Address.Registered, receiving_entity="H-NJ-09", kind="HOSPITAL")
    ).when(register_customer, HOSPITAL).then()
    given(company()).when(register_address, SHELF).then(Address.Registered).when(
        register_address, SHELF
    ).then()


def test_an_address_and_a_hospital_have_ids_a_name_and_a_place():
    nowhere = RegisterAddress(
        address_id="", region_code="3２0100", receiving_entity_id="a/b", kind="HOSPITAL"
    )
    nobody = RegisterCustomer(
        customer_id="", name=" ", type="CLINIC", region_code="", address_id="\t"
    )

    given().when(register_address, nowhere).refuses(*[ValidationFailed] * 3)
    given().when(register_customer, nobody).refuses(*[ValidationFailed] * 4)


def test_a_limit_is_decided_once():
    given(company()).when(set_credit_limit, limiting()).then(
        like(CreditLine.LimitSet, basis="")
    ).when(set_credit_limit, limiting()).then()


@pytest.mark.parametrize(
    ("command", "refusals"),
    [
        (limiting("D99"), [NotFound]),
        (limiting(limit=-1, grace_days=-1, overdue_minimum=-1), [ValidationFailed] * 3),
        (limiting(first="2027-01-01"), [DateRange]),
    ],
)
def test_a_limit_that_does_not_fit_is_refused(command, refusals):
    given(company()).when(set_credit_limit, command).refuses(*refusals)
