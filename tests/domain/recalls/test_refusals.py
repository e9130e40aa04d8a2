"""What is refused of a recall, and that it leaves nothing."""

import pytest

from domain.company.refusals import NumberTaken
from domain.goods.refusals import QcRoleRequired
from domain.kernel.refusal import (
    AlreadyExists,
    ForbiddenRole,
    FutureDated,
    NotFound,
    ValidationFailed,
)
from domain.kernel.stamp import Actor
from tests.domain.diversion.steps import LOT, boxes, world
from tests.domain.recalls.steps import (
    OPENED_ON,
    acknowledge,
    check,
    close,
    notify,
    of_lot,
    of_product,
    of_range,
    open_it,
    opened,
    recover,
)
from tests.domain.supply.steps import QUALITY, WAREHOUSE
from tests.domain.support import SERVICE, day
from tests.domain.world import DEALER_5, ENGINEER, FINANCE, MGR_NATIONAL, REP_EAST, SETUP

NOT_QUALITY = [WAREHOUSE, FINANCE, MGR_NATIONAL, REP_EAST, DEALER_5, SETUP, SERVICE]
TOMORROW = day("2026-03-25")


@pytest.mark.parametrize("who", NOT_QUALITY, ids=lambda who: who.role)
@pytest.mark.parametrize("drill", [False, True])
def test_quality_alone_opens_a_recall_or_a_drill(who: Actor, drill: bool):
    open_it(world(), by=who, drill=drill, **of_lot(LOT)).refuses(QcRoleRequired)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (of_lot(LOT) | {"reason": " "}, "reason"),
        ({}, "skus"),
        (of_product("X9"), "skus"),
        (of_lot("GHOST"), "lots[0].lot"),
        (of_lot(LOT, "GHOST"), "lots[1].lot"),
        (of_lot(LOT, sku="GEL"), "lots[0].lot"),
        (of_range("US80-26-0003", "US80-26-0002"), "serial_ranges[0]"),
        (of_range("US80-26-0003", "US80-26-00004"), "serial_ranges[0]"),
        (of_range("X9-1", "X9-2"), "skus"),
        (of_range("INJ-0001", "INJ-0002"), "serial_ranges[0].sku"),
        (of_lot(LOT) | {"recall_id": "a/b"}, "recall_id"),
        (of_lot(LOT) | {"recall_id": ""}, "recall_id"),
    ],
)
def test_a_recall_has_a_reason_and_covers_what_is_known(wrong, field):
    open_it(world(), **wrong).refuses(ValidationFailed, field=field)


def test_it_was_not_decided_in_the_future():
    open_it(world(), decided_at=TOMORROW, **of_lot(LOT)).refuses(
        FutureDated, field="decided_at", day=TOMORROW
    )
    open_it(world(), decided_at=day(OPENED_ON), **of_lot(LOT)).accepted()


def test_all_that_is_wrong_is_said_at_once():
    scope = of_product("X9") | of_lot("GHOST") | of_range("US80-26-0003", "US80-26-0002")

    done = open_it(world(), reason="", recall_id="a/b", decided_at=TOMORROW, **scope)

    done.refuses(*[ValidationFailed] * 5, FutureDated)
    fields = [one.facts["field"] for one in done.refusal.violations]
    assert fields == [
        "recall_id",
        "reason",
        "skus",
        "lots[0].lot",
        "serial_ranges[0]",
        "decided_at",
    ]


def test_a_number_of_ours_is_given_once():
    past = opened(world(), recall_id="RCL-0007", **of_lot(LOT))

    open_it(past, recall_id="RCL-0007", **of_lot(LOT)).refuses(NumberTaken)


def test_a_name_of_ones_own_is_given_once():
    past = opened(world(), recall_id="SPRING", drill=True, **of_lot(LOT))

    open_it(past, recall_id="SPRING", **of_lot(LOT)).refuses(AlreadyExists, id="SPRING")


def test_recalls_are_numbered_without_holes():
    past = world()
    open_it(past, by=WAREHOUSE, **of_lot(LOT)).refuses(QcRoleRequired)

    names = [open_it(past, **of_lot(LOT)).answer["recall"] for _ in "abc"]

    assert names == ["RCL-0001", "RCL-0002", "RCL-0003"]


@pytest.mark.parametrize(
    "asked",
    [
        lambda past: notify(past, "D05"),
        lambda past: acknowledge(past, "D05", DEALER_5),
        lambda past: recover(past, "D05", 1),
        check,
        close,
    ],
)
def test_of_a_recall_that_nobody_opened_nothing_is_asked(asked):
    asked(boxes(60)).refuses(NotFound, kind="Recall", id="RCL-0001")


@pytest.mark.parametrize("who", NOT_QUALITY, ids=lambda who: who.role)
@pytest.mark.parametrize(
    "asked",
    [
        lambda past, who: notify(past, "D05", by=who),
        lambda past, who: check(past, by=who),
        lambda past, who: close(past, by=who),
    ],
    ids=["notify", "check", "close"],
)
def test_quality_alone_leads_a_recall(asked, who: Actor):
    past = opened(boxes(60), **of_lot(LOT))

    asked(past, who).refuses(QcRoleRequired)


@pytest.mark.parametrize("who", NOT_QUALITY, ids=lambda who: who.role)
def test_quality_and_engineers_alone_say_what_became_of_goods(who: Actor):
    past = opened(boxes(60), **of_lot(LOT))

    recover(past, "D05", 1, by=who).refuses(ForbiddenRole, role=who.role)
    for one in (QUALITY, ENGINEER):
        recover(past, "D05", 1, by=one).accepted()


@pytest.mark.parametrize(
    "who", [WAREHOUSE, FINANCE, MGR_NATIONAL, REP_EAST, SETUP, ENGINEER], ids=lambda who: who.role
)
def test_nobody_but_a_consignee_and_quality_says_that_a_consignee_knows(who: Actor):
    past = opened(boxes(60), **of_lot(LOT))

    acknowledge(past, "D05", who).refuses(ForbiddenRole, role=who.role)


@pytest.mark.parametrize("who", [DEALER_5, QUALITY, SERVICE], ids=lambda who: who.role)
def test_a_consignee_quality_and_the_service_say_that_a_consignee_knows(who: Actor):
    past = opened(boxes(60), **of_lot(LOT))

    acknowledge(past, "D05", who).accepted()
