"""Maintaining: what changes in a known product, and the orders that waited for it."""

import msgspec
import pytest

from domain.company.unique_key import UniqueKey
from domain.flows.goods.cataloguing import RegisterProduct, register_product
from domain.flows.goods.maintaining import (
    AddDi,
    AddRegistration,
    ChangeTracking,
    FileRenewal,
    RenewRegistration,
    SetLife,
    add_di,
    add_registration,
    change_tracking,
    file_renewal,
    renew_registration,
    set_life,
)
from domain.flows.orders.ordering import place_order
from domain.goods.product import Product
from domain.goods.product_terms import Identifier, Registration
from domain.goods.refusals import DiDuplicate, TrackingChangeWithStock, UnknownSku
from domain.kernel.refusal import DateRange, NotFound, ValidationFailed
from domain.orders.order import Order
from tests.domain.company import company
from tests.domain.story import of, order
from tests.domain.supply.steps import product
from tests.domain.support import day, given
from tests.domain.world import DI, PRODUCTS

OLD = Registration("REGISTRATION", "REG-OLD", "the maker", day("2021-01-01"), day("2025-06-30"))
NEW = Registration("REGISTRATION", "REG-NEW", "the maker", day("2025-07-01"), day("2030-12-31"))
CARTON = Identifier("16901234000013", "CARTON", 10)


def held():
    """An order of a device that was made after its certificate had expired."""
    past = given(company(), product("US80", registrations=(OLD,)))
    return past.when(place_order, order("D05", of("US80", 1))).accepted()


def holds(past):
    return list(past.get(Order, "SO-0001").holds)


def test_orders_wait_for_a_certificate_and_go_on_with_it():
    past = held()
    assert holds(past) == ["REGISTRATION_EXPIRED"]

    done = past.when(add_registration, AddRegistration(sku="US80", registration=NEW))

    assert [(one["so"], one["state"]) for one in done.answer["orders"]] == [
        ("SO-0001", "CONFIRMED")
    ]


def test_a_renewal_that_was_filed_lets_a_certificate_go_on_until_the_new_one_ends_that():
    past = held()

    past.when(file_renewal, FileRenewal(sku="US80", no="REG-OLD")).accepted()
    assert holds(past) == []
    past.when(file_renewal, FileRenewal(sku="US80", no="REG-OLD")).then()
    later = RenewRegistration(sku="US80", renews="REG-OLD", registration=NEW)
    past.when(renew_registration, later).then(Product.RegistrationAdded)

    old, new = past.get(Product, "US80").known.registrations
    assert (old.renewal_pending, new) == (False, NEW)


def test_a_certificate_is_known_and_complete():
    past = given(company())

    past.when(file_renewal, FileRenewal(sku="US80", no="REG-9")).refuses(NotFound)
    later = RenewRegistration(sku="US80", renews="REG-9", registration=NEW)
    past.when(renew_registration, later).refuses(NotFound)
    odd = Registration("REGISTRATION", "", " ", day("2026-02-01"), day("2026-01-01"))
    wish = AddRegistration(sku="US80", registration=odd)
    past.when(add_registration, wish).refuses(ValidationFailed, ValidationFailed, DateRange)
    wish = AddRegistration(sku="X9", registration=NEW)
    past.when(add_registration, wish).refuses(UnknownSku)


def test_a_packaging_level_gets_an_identifier_that_is_no_other_products():
    past = given(company())
    wish = AddDi(sku="INJ", identifier=CARTON)

    past.when(add_di, wish).then(UniqueKey.Claimed, Product.IdentifierAdded)
    past.when(add_di, wish).then()
    past.when(add_di, AddDi(sku="GEL", identifier=CARTON)).refuses(DiDuplicate)
    assert past.get(Product, "INJ").base_di == DI["INJ"]


@pytest.mark.parametrize(
    "identifier", [Identifier("16901234000014", "CARTON", 10), Identifier(CARTON.di, "CARTON", 1)]
)
def test_an_identifier_has_a_right_check_digit_and_the_base_unit_has_one_only(identifier):
    wish = AddDi(sku="INJ", identifier=identifier)

    given(company()).when(add_di, wish).refuses(ValidationFailed)


def test_a_product_at_its_end_is_not_made_and_waits_until_it_is_again():
    past = given(company())
    past.when(set_life, SetLife(sku="US80", life="END", reason="replaced")).accepted()
    past.when(place_order, order("D05", of("US80", 9))).accepted()
    assert holds(past) == ["NO_SUPPLY"]

    done = past.when(set_life, SetLife(sku="US80", life="ACTIVE", reason="asked for"))

    assert [one["so"] for one in done.answer["orders"]] == ["SO-0001"]
    assert holds(past) == []
    past.when(set_life, SetLife(sku="US80", life="ACTIVE", reason="again")).then()


def test_a_life_is_a_known_one_for_a_reason():
    wish = SetLife(sku="US80", life="OVER", reason="")

    given(company()).when(set_life, wish).refuses(ValidationFailed, ValidationFailed)


def test_tracking_changes_only_while_nothing_is_in_stock():
    past = given(company())
    terms = msgspec.structs.replace(PRODUCTS["P5"], identifiers=(Identifier("16901234000020"),))
    past.when(register_product, RegisterProduct(sku="P6", terms=terms)).accepted()

    past.when(change_tracking, ChangeTracking(sku="US80", tracking="LOT")).refuses(
        TrackingChangeWithStock
    )
    past.when(change_tracking, ChangeTracking(sku="P6", tracking="BOX")).refuses(ValidationFailed)
    past.when(change_tracking, ChangeTracking(sku="P6", tracking="LOT")).then(
        Product.TrackingChanged
    )
    past.when(change_tracking, ChangeTracking(sku="P6", tracking="LOT")).then()
