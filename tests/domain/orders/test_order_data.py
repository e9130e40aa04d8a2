"""What an order must say: everything that is wrong with it is named at once."""

import pytest

from domain.company.company_policy import CompanyPolicy
from domain.flows.orders.ordering import place_order
from domain.goods.refusals import UnknownSku
from domain.kernel.refusal import MasterDataMissing, ValidationFailed
from domain.orders.refusals import BelowMoq, PackMultiple
from tests.domain.company import company
from tests.domain.story import of, order
from tests.domain.support import day, given
from tests.domain.world import address

WISH = order("D05", of("US80", 2, "266000"), of("INJ", 60, "1260"), external_ref="PO-D05-0001")


def test_everything_that_is_wrong_is_said_at_once():
    nonsense = order(
        "D99",
        of("US81", 0),
        of("GEL", 7, "-1"),
        of("CT64", 1),
        ship_to="ADR/1",
        requested_date=day("2026-03-01"),
        end_customer_id=None,
        min_shelf_days=-1,
    )

    done = given(company()).when(place_order, nonsense)

    done.refuses(
        *[ValidationFailed] * 5,
        UnknownSku,
        ValidationFailed,
        PackMultiple,
        BelowMoq,
        ValidationFailed,
    )
    assert [one.facts["field"] for one in done.refusal.violations] == [
        "dealer_id",
        "ship_to",
        "requested_date",
        "min_shelf_days",
        "lines[0].qty",
        "lines[0].sku",
        "lines[1].unit_price",
        "lines[1].qty",
        "lines[1].qty",
        "end_customer_id",
    ]


@pytest.mark.parametrize("qty", [0, -3])
def test_a_quantity_below_one_is_refused_as_such_and_as_below_the_minimum(qty):
    given(company()).when(place_order, order("D05", of("INJ", qty, "1260"))).refuses(
        ValidationFailed, BelowMoq, field="lines[0].qty"
    )


def test_an_order_without_lines_is_refused():
    given(company()).when(place_order, order("D05")).refuses(ValidationFailed, field="lines")


@pytest.mark.parametrize(
    ("qty", "reasons"),
    [(50, []), (45, [PackMultiple, BelowMoq]), (55, [PackMultiple]), (40, [BelowMoq])],
)
def test_a_product_is_sold_in_packs_and_from_a_minimum_on(qty, reasons):
    done = given(company()).when(place_order, order("D05", of("GEL", qty, "182")))

    if reasons:
        done.refuses(*reasons)
    else:
        done.accepted()


def test_an_order_for_today_is_not_late():
    given(company()).when(
        place_order, order("D05", of("US80", 1), requested_date=day("2026-03-02"))
    ).accepted()


def test_a_device_that_is_installed_needs_the_name_of_its_hospital():
    bare = order("D04", of("CT64", 1, "2240000"))
    named = order("D04", of("CT64", 1, "2240000"), end_customer_id="H-SH-01")
    strange = order("D04", of("CT64", 1, "2240000"), end_customer_id="H-XX-01")

    given(company()).when(place_order, bare).refuses(ValidationFailed, field="end_customer_id")
    given(company()).when(place_order, strange).refuses(ValidationFailed, field="end_customer_id")
    given(company()).when(place_order, named).accepted()


def test_a_product_without_any_price_cannot_be_ordered_without_one():
    given(company()).when(place_order, order("D06", of("P5", 1))).refuses(
        ValidationFailed, field="lines[0].unit_price"
    )


def test_nothing_is_ordered_to_a_place_that_nobody_serves():
    far = address("ADR-FAR", "650100", "D05")

    given(company(), far).when(place_order, order("D05", of("US80", 1), ship_to="ADR-FAR")).refuses(
        MasterDataMissing, key="service ranking of region 650100"
    )


def test_nothing_is_ordered_without_a_rate_of_tax():
    taxless = [one for one in company() if not isinstance(one.event, CompanyPolicy.TaxRateSet)]

    given(taxless).when(place_order, WISH).refuses(MasterDataMissing, key="tax rate VAT13")


@pytest.mark.parametrize("price", ["NaN", "Infinity", "1e30"])
def test_a_price_that_is_no_amount_is_refused(price):
    given(company()).when(place_order, order("D05", of("US80", 1, price))).refuses(
        ValidationFailed, field="lines[0].unit_price"
    )
