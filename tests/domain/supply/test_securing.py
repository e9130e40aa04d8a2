"""Securing goods: quality sets apart, locks, frees and scraps; orders that lose goods get others."""

import pytest

from domain.flows.goods.picking import confirm_pick, review_outbound
from domain.flows.goods.planning import plan_shipment
from domain.flows.goods.securing import (
    Block,
    MarkExpired,
    Quarantine,
    ReleaseFromQuarantine,
    ScrapStock,
    Unblock,
    block,
    mark_expired,
    quarantine,
    release_from_quarantine,
    scrap_stock,
    unblock,
)
from domain.flows.goods.shipping import ship
from domain.flows.orders.ordering import place_order
from domain.goods import stock_events
from domain.goods.refusals import (
    LotRequired,
    NotReserved,
    QcRoleRequired,
    QtySerialMismatch,
    SamePersonReview,
    SerialDuplicate,
    SerialRequired,
    UnknownSku,
)
from domain.kernel.refusal import InvalidState, ValidationFailed
from tests.domain.company import company
from tests.domain.story import (
    US80_1,
    US80_2,
    US80_3,
    goods,
    of,
    order,
    pick,
    placed,
    plan,
    review,
    reviewed,
    scan,
    sending,
)
from tests.domain.supply.steps import QUALITY, WAREHOUSE, buckets, shelf, unit
from tests.domain.support import given, like
from tests.domain.world import MGR_EAST

LOT, OLD = "INJ2512A", "INJ2508B"
TOLD = {"reason": "smell", "qa_document": "QA-1"}


def devices(kind, *serials, **more):
    told = {"wh": "WH-SH", "sku": "US80", "qty": len(serials), "serials": serials} | TOLD | more
    return kind(**told)


def boxes(kind, qty, lot=LOT, **more):
    return kind(wh="WH-SH", sku="INJ", qty=qty, lot=lot, **(TOLD | more))


def apart(past, flow, command):
    return past.when(flow, command, by=QUALITY)


def mine(past, lot=LOT):
    return shelf(past, "WH-SH", "INJ").lots[lot]


@pytest.mark.parametrize(
    ("flow", "kind"),
    [
        (block, Block),
        (unblock, Unblock),
        (scrap_stock, ScrapStock),
        (release_from_quarantine, ReleaseFromQuarantine),
    ],
)
def test_only_quality_locks_frees_and_scraps(flow, kind):
    for who in (WAREHOUSE, MGR_EAST):
        given(company()).when(flow, devices(kind, US80_1), by=who).refuses(QcRoleRequired)


@pytest.mark.parametrize(
    ("command", "refusals"),
    [
        (devices(Quarantine, US80_1, wh="WH-XX"), [ValidationFailed]),
        (devices(Quarantine, US80_1, sku="X9"), [UnknownSku]),
        (devices(Quarantine, qty=0), [ValidationFailed]),
        (devices(Quarantine, US80_1, reason=" "), [ValidationFailed]),
        (devices(Quarantine, US80_1, qa_document=""), [ValidationFailed]),
        (devices(Quarantine, qty=1), [SerialRequired]),
        (devices(Quarantine, US80_1, qty=2), [QtySerialMismatch]),
        (devices(Quarantine, US80_1, US80_1), [SerialDuplicate]),
        (devices(Quarantine, "US80-26-0005"), [InvalidState]),
        (boxes(Quarantine, 5, None), [LotRequired]),
        (boxes(Quarantine, 201), [InvalidState]),
        (boxes(Quarantine, 1, "GHOST"), [InvalidState]),
    ],
)
def test_what_is_set_apart_is_named_and_there(command, refusals):
    given(company()).when(quarantine, command).refuses(*refusals)


def test_inv_st_2_what_is_set_apart_is_not_available_and_never_twice():
    past = given(company())
    apart(past, quarantine, boxes(Quarantine, 120)).accepted()
    apart(past, block, boxes(Block, 50)).accepted()
    assert (mine(past).on_hand, mine(past).available) == (200, 30)

    apart(past, block, boxes(Block, 31)).refuses(InvalidState)
    apart(past, quarantine, boxes(Quarantine, 31)).refuses(InvalidState)
    apart(past, block, boxes(Block, 30)).accepted()

    assert mine(past).available == 0
    one = given(company())
    apart(one, quarantine, devices(Quarantine, US80_1)).accepted()
    apart(one, block, devices(Block, US80_1)).refuses(InvalidState)


def test_what_waits_is_not_unlocked_and_what_is_locked_is_not_released():
    past = given(company())
    apart(past, quarantine, devices(Quarantine, US80_1)).accepted()
    apart(past, block, devices(Block, US80_2)).accepted()

    apart(past, unblock, devices(Unblock, US80_1)).refuses(InvalidState)
    wrong = devices(ReleaseFromQuarantine, US80_2)
    apart(past, release_from_quarantine, wrong).refuses(InvalidState)
    apart(past, release_from_quarantine, devices(ReleaseFromQuarantine, US80_1)).accepted()
    apart(past, unblock, devices(Unblock, US80_2)).accepted()

    assert shelf(past, "WH-SH", "US80").available == 4
    assert [unit(past, one).state for one in (US80_1, US80_2)] == ["IN_STOCK"] * 2


@pytest.mark.parametrize(("flow", "kind"), [(quarantine, Quarantine), (block, Block)])
def test_an_order_that_loses_a_unit_gets_another_at_once(flow, kind):
    past = placed(of("US80", 2))

    done = apart(past, flow, devices(kind, US80_1))

    assert done.answer["orders"] == ["SO-0001"]
    assert buckets(past) == (2, 0, 0, 0)
    assert [unit(past, one).order for one in (US80_1, US80_2, US80_3)] == [
        None,
        "SO-0001",
        "SO-0001",
    ]


def test_an_order_whose_goods_are_nowhere_else_has_them_made():
    past = placed(of("US80", 4))

    apart(past, quarantine, devices(Quarantine, US80_1)).accepted()

    assert buckets(past)[0] + buckets(past)[2] == 4
    assert buckets(past)[0] >= 3


def test_free_boxes_are_set_apart_before_those_of_orders():
    past = placed(of("INJ", 150, "1260"))

    apart(past, quarantine, boxes(Quarantine, 50)).accepted()
    assert (mine(past).reserved, buckets(past)) == (150, (150, 0, 0, 0))
    apart(past, quarantine, boxes(Quarantine, 20)).accepted()

    assert (mine(past).quarantined, mine(past).reserved) == (70, 130)
    assert sum(buckets(past)) == 150


def test_a_planned_shipment_whose_goods_are_set_apart_does_not_leave():
    package = goods("SO-0001", 1, "US80", US80_1)
    past = reviewed(placed(of("US80", 1)), "SHP-0001", package)
    apart(past, quarantine, devices(Quarantine, US80_1)).accepted()

    assert isinstance(past.when(ship, sending("SHP-0001")).refusal, NotReserved)


def test_scrapped_goods_are_gone_and_only_those_that_were_set_apart():
    past = given(company())
    apart(past, scrap_stock, devices(ScrapStock, US80_1)).refuses(InvalidState)
    apart(past, block, devices(Block, US80_1)).accepted()
    apart(past, scrap_stock, devices(ScrapStock, US80_1)).refuses(InvalidState)

    done = apart(past, scrap_stock, devices(ScrapStock, US80_1, from_state="BLOCKED"))

    assert [one.target for one in done.recorded(stock_events.Withdrawn)] == ["SCRAP"]
    assert (unit(past, US80_1).state, shelf(past, "WH-SH", "US80").on_hand) == ("SCRAPPED", 3)


def test_a_lot_is_locked_on_the_day_after_its_last():
    past = given(company())
    done = past.when(mark_expired, MarkExpired(wh="WH-SH", sku="INJ"), on="2026-07-31")
    assert done.answer["locked"] == []

    done = past.when(mark_expired, MarkExpired(wh="WH-SH", sku="INJ"), on="2026-08-01")

    done.then(like(stock_events.LotExpired))
    (told,) = done.events
    assert (told.goods.lot, told.goods.qty, told.by.user) == (OLD, 40, "system:expiry")
    assert (mine(past, OLD).blocked, mine(past, OLD).available) == (40, 0)
    past.when(mark_expired, MarkExpired(wh="WH-SH", sku="INJ"), on="2026-08-02").then()


def test_a_lot_that_lies_here_is_warned_of_once_at_each_of_the_days_before_its_expiry():
    past = given(company())
    told = []
    for on in ("2026-02-01", "2026-03-02", "2026-05-02", "2026-05-03", "2026-07-15", "2026-07-31"):
        done = past.when(mark_expired, MarkExpired(wh="WH-SH", sku="INJ"), on=on)
        told += [(on, one.days, one.qty) for one in done.recorded(stock_events.LotExpiring)]

    assert [one for one in told if one[2] == 40] == [
        ("2026-02-01", 180, 40),
        ("2026-05-02", 90, 40),
        ("2026-07-15", 30, 40),
    ]


def test_an_order_that_holds_an_expired_lot_is_supplied_again():
    past = given(company())
    wish = order("D05", of("INJ", 40, "1260"), min_shelf_days=30)
    past.when(place_order, wish).accepted()
    assert mine(past, OLD).reserved == 40

    done = past.when(mark_expired, MarkExpired(wh="WH-SH", sku="INJ"), on="2026-08-01")

    assert done.answer == {"wh": "WH-SH", "sku": "INJ", "locked": [OLD], "orders": ["SO-0001"]}
    assert (mine(past, OLD).blocked, mine(past).reserved, buckets(past)) == (40, 40, (40, 0, 0, 0))


def test_inv_st_6_tracked_goods_leave_by_name():
    past = placed(of("INJ", 60, "1260"), past=placed(of("US80", 1)))
    nameless = goods("SO-0001", 1, "US80", "", qty=1)

    refused = past.when(plan_shipment, plan("SHP-0001", nameless)).refusal
    assert SerialRequired in [type(one) for one in refused.violations]
    package = goods("SO-0002", 1, "INJ", LOT, qty=60)
    done = reviewed(past, "SHP-0002", package).when(ship, sending("SHP-0002"))
    assert [one.goods.lot for one in done.recorded(stock_events.Issued)] == [LOT]


def test_inv_st_7_who_picks_does_not_review():
    past = placed(of("US80", 1))
    past.when(plan_shipment, plan("SHP-0001", goods("SO-0001", 1, "US80", US80_1))).accepted()
    past.when(confirm_pick, pick("SHP-0001", scan("US80", US80_1), picker="a")).accepted()

    past.when(review_outbound, review("SHP-0001", "a")).refuses(SamePersonReview)
    past.when(review_outbound, review("SHP-0001", "b")).accepted()
