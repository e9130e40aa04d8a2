"""Cataloguing: products with their identifiers, lots, and price lists in editions."""

from dataclasses import replace
from decimal import Decimal

import msgspec
import pytest

from domain.company.unique_key import UniqueKey
from domain.flows.goods.cataloguing import CreateLot, RegisterProduct, create_lot, register_product
from domain.flows.orders.listing import PublishPriceList, publish_price_list
from domain.goods.lot import Lot
from domain.goods.product import Product
from domain.goods.product_terms import Identifier, Registration
from domain.goods.refusals import DiDuplicate, UnknownSku
from domain.kernel.refusal import AlreadyExists, DateRange, ValidationFailed
from domain.orders.price_list import PriceBook, PriceList
from domain.orders.refusals import PriceAmbiguous
from domain.policies.pricing import Question, quote
from tests.domain.company import company, master_data
from tests.domain.support import day, given, like
from tests.domain.world import DI, PRODUCTS, YEAR, row

CARTON = "16970012340061"
TERMS = msgspec.structs.replace(PRODUCTS["INJ"], identifiers=(Identifier("06970012340095"),))
NEW = RegisterProduct(sku="INJ-2", terms=TERMS)


def changed(**terms):
    return RegisterProduct(sku="INJ-2", terms=msgspec.structs.replace(TERMS, **terms))


def test_a_product_is_known_with_its_identifiers_and_said_twice_it_is_said_once():
    past = (
        given(company())
        .when(register_product, NEW)
        .then(like(UniqueKey.Claimed, owner="INJ-2"), like(Product.Registered, terms=TERMS))
    )

    past.when(register_product, NEW).then()
    past.when(register_product, changed(std_cost=1)).then(Product.Registered)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"product_line": ""}, "terms.product_line"),
        ({"tracking": "COLOUR"}, "terms.tracking"),
        ({"device_class": "IV"}, "terms.device_class"),
        ({"price_basis": "GROSS"}, "terms.price_basis"),
        ({"list_price": Decimal(0)}, "terms.list_price"),
        ({"std_cost": -1}, "terms.std_cost"),
        ({"pack_qty": 0}, "terms.pack_qty"),
        ({"moq": 0}, "terms.moq"),
        ({"identifiers": ()}, "terms.identifiers"),
        (
            {"identifiers": (Identifier("06970012340095"), Identifier("06970012340101"))},
            "terms.identifiers",
        ),
        ({"identifiers": (Identifier("06970012340096"),)}, "terms.identifiers[0].di"),
        ({"identifiers": (Identifier("０６９７００１２３４００９５"),)}, "terms.identifiers[0].di"),
    ],
)
def test_a_product_that_does_not_fit_is_refused(terms, field):
    given(company()).when(register_product, changed(**terms)).refuses(ValidationFailed, field=field)


def test_a_registration_does_not_end_before_it_begins():
    backwards = Registration("REGISTRATION", "R", "X", day("2026-02-01"), day("2026-01-31"))

    given().when(register_product, changed(registrations=(backwards,))).refuses(DateRange)


def test_an_identifier_belongs_to_one_product():
    taken = (Identifier("06970012340095"), Identifier(DI["INJ"], "CARTON", 10))

    given(company()).when(register_product, changed(identifiers=taken)).refuses(
        DiDuplicate, value=DI["INJ"], owner="INJ"
    )


def test_the_base_unit_is_the_one_that_serials_belong_to():
    levels = (Identifier(CARTON, "CARTON", 10), Identifier("06970012340095"))
    past = given().when(register_product, changed(identifiers=levels)).accepted()

    assert past.get(Product, "INJ-2").base_di == "06970012340095"


LOT = CreateLot(
    sku="INJ",
    lot="INJ2602C",
    manufacture_date=day("2026-02-01"),
    expiry=day("2028-01-31"),
    registration_no="REG-III-INJ",
)


def test_a_lot_is_known_once():
    past = given(company()).when(create_lot, LOT).then(like(Lot.Created, status="RELEASED"))

    past.when(create_lot, LOT).then()
    past.when(create_lot, replace(LOT, expiry=day("2028-02-01"))).refuses(AlreadyExists)


@pytest.mark.parametrize(
    ("changes", "refusals"),
    [
        ({"sku": "NONE"}, [UnknownSku]),
        ({"sku": "US80"}, [ValidationFailed]),
        ({"lot": ""}, [ValidationFailed]),
        ({"expiry": day("2026-01-31")}, [DateRange]),
        (
            {"sku": "NONE", "lot": "a/b", "expiry": day("2026-01-31")},
            [UnknownSku, ValidationFailed, DateRange],
        ),
    ],
)
def test_a_lot_that_does_not_fit_is_refused(changes, refusals):
    given(company()).when(create_lot, replace(LOT, **changes)).refuses(*refusals)


GEL = (row("GEL", "A", "182", "176", "260"), row("GEL", "A", "170", "160", "260", min_qty=100))


def publish(*rows, name="PL-GEL", **more):
    terms = {"currency": "CNY", "valid_from": YEAR[0], "valid_to": YEAR[1]} | more
    people = {"author": "adm-1", "approver": "mgr-national"} | terms
    return PublishPriceList(price_list=name, rows=rows or GEL, **people)


def test_a_price_list_is_in_force_with_its_edition():
    past = given(company())

    past.when(publish_price_list, publish()).then(
        like(PriceList.Activated, edition=1, rows=GEL), PriceBook.Listed
    )
    cheaper = row("GEL", "A", "150", "140", "260")
    past.when(publish_price_list, publish(cheaper)).then(like(PriceList.Activated, edition=2))
    question = Question("GEL", "320100", "A", 100, day("2026-03-02"), "CNY")
    assert (quote(past.log, question).row, quote(past.log, question).edition) == (cheaper, 2)


def test_publishing_the_same_list_again_records_nothing():
    past = given(company()).when(publish_price_list, publish()).accepted()

    past.when(publish_price_list, publish()).then()


def test_a_list_keeps_its_currency():
    past = given(company()).when(publish_price_list, publish()).accepted()

    past.when(publish_price_list, publish(currency="EUR")).refuses(
        ValidationFailed, field="currency"
    )


@pytest.mark.parametrize(
    ("command", "refusals"),
    [
        (publish(name="a/b", currency=""), [ValidationFailed, ValidationFailed]),
        (publish(valid_to=day("2025-12-31")), [DateRange]),
        (publish(author="adm-1", approver="adm-1"), [ValidationFailed]),
        (publish(row("GEL", "A", "182", "183", "260")), [ValidationFailed]),
        (publish(row("GEL", "A", "182", "176", "181")), [ValidationFailed]),
        (publish(row("GEL", "A", "182", "0", "260")), [ValidationFailed]),
        (publish(row("GEL", "A", "182", "176", "260", min_qty=0)), [ValidationFailed]),
        (publish(row("GEL", "A", "182", "176", "260", region="Jiangsu")), [ValidationFailed]),
        (publish(row("XXX", "A", "182", "176", "260")), [UnknownSku]),
        (publish(GEL[0], GEL[0]), [PriceAmbiguous]),
        (publish(row("US80", "A", "266000", "258000", "380000")), [PriceAmbiguous]),
    ],
)
def test_a_list_that_does_not_fit_or_answers_what_another_answers_is_refused(command, refusals):
    given(master_data()).when(publish_price_list, command).refuses(*refusals)


def test_a_list_needs_rows():
    bare = replace(publish(), rows=())

    given(company()).when(publish_price_list, bare).refuses(ValidationFailed, field="rows")


def test_two_lists_with_the_same_row_may_follow_each_other():
    past = given(company()).when(publish_price_list, publish(valid_to=day("2026-06-30"))).accepted()
    after = publish(name="PL-2", valid_from=day("2026-07-01"), valid_to=day("2026-12-31"))
    early = publish(name="PL-3", valid_from=day("2026-06-30"), valid_to=day("2026-12-31"))

    past.when(publish_price_list, after).accepted()
    past.when(publish_price_list, early).refuses(*[PriceAmbiguous] * 4)
