"""Picking: what is scanned is what was planned, and a second person checks it."""

import pytest

from domain.flows.goods.picking import ReviewOutbound, confirm_pick, review_outbound
from domain.flows.goods.planning import plan_shipment
from domain.goods import shipment_events
from domain.goods.refusals import (
    SamePersonReview,
    ScanMismatch,
    UdiCheckDigit,
    UdiMissing,
    UdiMissingPi,
)
from domain.goods.udi import Scan
from domain.kernel.refusal import InvalidState, ValidationFailed
from tests.domain.story import (
    US80_1,
    US80_2,
    US80_3,
    goods,
    of,
    pick,
    placed,
    plan,
    review,
    scan,
)
from tests.domain.support import like
from tests.domain.world import DI

UNITS = goods("SO-0001", 1, "US80", US80_1, US80_2)


BOXES = goods("SO-0001", 2, "INJ", "INJ2512A", qty=60)


def ordered():
    return placed(of("US80", 2, "266000"), of("INJ", 60, "1260"))


def planned(*lines):
    return ordered().when(plan_shipment, plan("SHP-0001", *lines)).accepted()


def test_what_was_scanned_is_what_was_planned():
    scans = (scan("US80", US80_2), scan("US80", US80_1), scan("INJ", lot="INJ2512A"))

    planned(UNITS, BOXES).when(confirm_pick, pick("SHP-0001", *scans)).then(
        like(shipment_events.PickConfirmed, picker="wh-sh-1")
    )


@pytest.mark.parametrize(
    ("scans", "missing", "unexpected"),
    [
        ([scan("US80", US80_1)], [f"{DI['US80']}/{US80_2}"], []),
        (
            [scan("US80", US80_1), scan("US80", US80_3)],
            [f"{DI['US80']}/{US80_2}"],
            [f"{DI['US80']}/{US80_3}"],
        ),
        (
            [scan("US80", US80_1), scan("P5", US80_2)],
            [f"{DI['US80']}/{US80_2}"],
            [f"{DI['P5']}/{US80_2}"],
        ),
    ],
)
def test_what_is_missing_and_what_is_unexpected_is_named(scans, missing, unexpected):
    planned(UNITS).when(confirm_pick, pick("SHP-0001", *scans)).refuses(
        ScanMismatch, missing=missing, unexpected=unexpected
    )


def test_a_pick_without_a_scan_is_none():
    planned(UNITS).when(confirm_pick, pick("SHP-0001")).refuses(UdiMissing, shp="SHP-0001")


@pytest.mark.parametrize("raw", ["", f"01{DI['US80']}11260105{'21' + US80_2}"])
def test_two_labels_with_the_same_serial_are_one_too_many(raw):
    second = Scan(raw=raw, di=DI["US80"], serial=US80_2)
    scans = [scan("US80", US80_1), scan("US80", US80_2), second]

    planned(UNITS).when(confirm_pick, pick("SHP-0001", *scans)).refuses(ScanMismatch)


def test_labels_that_cannot_be_read_are_all_named():
    scans = [Scan(di="06970012340034", serial="1"), Scan(di=DI["US80"]), Scan()]

    done = planned(UNITS).when(confirm_pick, pick("SHP-0001", *scans))

    done.refuses(UdiCheckDigit, UdiMissingPi, ValidationFailed, field="scans[0]")


def test_the_second_check_needs_a_second_person():
    past = planned(UNITS)
    past.when(review_outbound, review("SHP-0001")).refuses(InvalidState)
    past.when(confirm_pick, pick("SHP-0001", scan("US80", US80_1), scan("US80", US80_2))).accepted()

    past.when(review_outbound, review("SHP-0001", "wh-sh-1")).refuses(SamePersonReview)
    bad = ReviewOutbound(shp_id="SHP-0001", reviewer="wh-sh-2", result="DAMAGED")
    past.when(review_outbound, bad).refuses(ValidationFailed, field="result")
    past.when(review_outbound, review("SHP-0001")).then(
        like(shipment_events.OutboundReviewed, reviewer="wh-sh-2")
    )
