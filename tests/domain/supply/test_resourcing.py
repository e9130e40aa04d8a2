"""Sourcing by hand: a sales manager decides where a line's goods come from."""

import pytest

from domain.flows.goods.opening import SetStockParameters, set_stock_parameters
from domain.flows.orders.ordering import place_order
from domain.flows.orders.resourcing import NewSupply, ResourceLine, resource_line
from domain.goods.refusals import InsufficientAtp
from domain.kernel.refusal import ForbiddenRole, InvalidState, NotFound, ValidationFailed
from domain.orders.line_events import LineResourced
from domain.orders.refusals import NoSupply, NothingOpen
from domain.supply.refusals import DonorBelowSafety
from domain.supply.transfer import Transfer
from domain.supply.work_order import WorkOrder
from tests.domain.company import company
from tests.domain.story import US80_1, goods, of, order, placed, sent
from tests.domain.supply.steps import buckets, leads, line, product, shelf
from tests.domain.support import given
from tests.domain.world import MGR_EAST


def deciding(qty=1, kind="SHIP", wh="WH-BJ", donor=None, **more):
    told = {"so_id": "SO-0001", "line_no": 1, "reason": "sooner"} | more
    return ResourceLine(qty=qty, new_supply=NewSupply(kind=kind, wh=wh, donor=donor), **told)


def by_manager(past, command):
    return past.when(resource_line, command, by=MGR_EAST)


def test_a_manager_has_a_line_shipped_from_elsewhere():
    past = placed(of("US80", 2))

    done = by_manager(past, deciding(2))

    (told,) = done.recorded(LineResourced)
    assert (told.old, told.new, told.reason) == ("STOCK WH-SH 2", "SHIP WH-BJ 2", "sooner")
    assert [(one.kind, one.warehouse, one.qty) for one in line(past).supplies] == [
        ("STOCK", "WH-BJ", 2)
    ]
    assert [shelf(past, wh, "US80").available for wh in ("WH-SH", "WH-BJ")] == [4, 0]


def test_a_part_of_a_line_is_sourced_anew_and_the_rest_stays():
    past = placed(of("US80", 3))

    by_manager(past, deciding(1)).accepted()

    assert sorted((one.warehouse, one.qty) for one in line(past).supplies) == [
        ("WH-BJ", 1),
        ("WH-SH", 2),
    ]


def test_a_manager_has_goods_brought():
    past = placed(of("US80", 2), past=given(company(), leads(2, ("WH-BJ", "WH-SH"))))

    by_manager(past, deciding(1, "TRANSFER", "WH-SH", "WH-BJ")).accepted()

    assert buckets(past) == (1, 1, 0, 0)
    terms = past.get(Transfer, "TO-0001").known
    assert (terms.source, terms.so, terms.line_no) == ("WH-BJ", "SO-0001", 1)


def test_what_is_made_by_hand_is_made_in_whole_lots_and_at_least_the_minimum():
    made = product("US80", moq=4, supply_lot_size=3, supply_mode="MAKE_STOCK")
    past = placed(of("US80", 4), past=given(company(), made))

    by_manager(past, deciding(1, "MAKE", "WH-SH")).accepted()

    terms = past.get(WorkOrder, "WO-0001").known
    assert (terms.qty, terms.so) == (6, "SO-0001")
    assert buckets(past) == (3, 0, 1, 0)


def test_what_is_not_made_any_more_is_not_made_by_hand():
    past = placed(of("US80", 2), past=given(company(), product("US80", life="END")))

    by_manager(past, deciding(1, "MAKE", "WH-SH")).refuses(NoSupply)


def test_goods_are_not_brought_out_of_a_safety_stock():
    past = placed(of("US80", 2), past=given(company(), leads(2, ("WH-BJ", "WH-SH"))))
    kept = SetStockParameters(wh="WH-BJ", sku="US80", safety_stock=2)
    past.when(set_stock_parameters, kept).accepted()

    by_manager(past, deciding(1, "TRANSFER", "WH-SH", "WH-BJ")).refuses(DonorBelowSafety)


def test_an_order_itself_may_use_the_safety_stock():
    past = placed(of("US80", 2))
    kept = SetStockParameters(wh="WH-BJ", sku="US80", safety_stock=2)
    past.when(set_stock_parameters, kept).accepted()

    by_manager(past, deciding(2)).accepted()


@pytest.mark.parametrize("kind", ["MAKE", "BUY"])
def test_what_is_made_or_bought_by_decision_waits_in_the_queue(kind):
    past = placed(of("US80", 2))

    by_manager(past, deciding(1, kind, "WH-WH")).accepted()

    assert buckets(past) == (1, 0, 1, 0)
    assert past.get(WorkOrder, "WO-0001").exists == (kind == "MAKE")


@pytest.mark.parametrize(
    ("command", "refusals"),
    [
        (deciding(so_id="SO-0009"), [NotFound]),
        (deciding(line_no=2), [ValidationFailed]),
        (deciding(0), [ValidationFailed]),
        (deciding(reason=" "), [ValidationFailed]),
        (deciding(wh="WH-XX"), [ValidationFailed]),
        (deciding(kind="TRANSFER"), [ValidationFailed]),
        (deciding(kind="TRANSFER", donor="WH-BJ"), [ValidationFailed]),
        (deciding(5), [NothingOpen]),
        (deciding(3), [InsufficientAtp]),
    ],
)
def test_a_decision_names_an_open_quantity_and_goods_that_are_there(command, refusals):
    past = placed(of("US80", 4))

    by_manager(past, command).refuses(*refusals)

    assert buckets(past) == (4, 0, 0, 0)


def test_nobody_but_a_sales_manager_decides():
    placed(of("US80", 1)).when(resource_line, deciding()).refuses(ForbiddenRole)


def test_an_order_on_hold_has_nothing_to_be_sourced():
    past = given(company())
    past.when(place_order, order("D05", of("US80", 1, "200000"))).accepted()

    by_manager(past, deciding()).refuses(InvalidState)


def test_what_has_left_is_not_sourced_again():
    past = sent(placed(of("US80", 1)), "SHP-0001", goods("SO-0001", 1, "US80", US80_1))

    by_manager(past, deciding()).refuses(NothingOpen, open=0)
