"""Scoring a diversion: a base for the rule, additions, and doubt about who saw it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from domain.policies.diversion.scoring import due_at, price_gap, score, score_parts, severity
from tests.domain.support import instant


def points(rule, weight, list_price, **more):
    parts = score_parts(rule, Decimal(weight), Decimal(list_price), **more)
    return [one.points for one in parts], score(parts)


def test_use_outside_of_the_territory_with_a_victim_a_gap_and_a_dear_device_is_99():
    found = points("R01", "0.95", "380000", victim="D06", gap_pct=Decimal("4.11"), units_alerted=1)

    assert found == ([60, 20, 10, 10, -1], 99)


def test_a_device_from_our_shelf_seen_in_the_market_is_96():
    assert points("R03", "0.8", "120000") == ([90, 10, -4], 96)


def test_a_device_that_we_never_had_is_74():
    assert points("R04", "0.7", "380000") == ([70, 10, -6], 74)


def test_use_outside_of_the_territory_without_a_gap_is_86():
    assert points("R01", "0.8", "120000", victim="D05", gap_pct=Decimal("0.00")) == (
        [60, 20, 10, -4],
        86,
    )


def test_every_part_says_why():
    parts = score_parts(
        "R01", Decimal("0.95"), Decimal(380000), victim="D06", gap_pct=Decimal("4.11")
    )

    assert [one.reason for one in parts] == [
        "base of R01",
        "D06 holds exclusive rights there",
        "price gap 4.11 %",
        "list price 380,000.00",
        "weight of the observation 0.95",
    ]


@pytest.mark.parametrize(("gap", "counts"), [("2.99", False), ("3.00", True), ("-4.11", False)])
def test_a_price_gap_counts_from_3_per_cent_on(gap, counts):
    assert points("R01", "1", "1", gap_pct=Decimal(gap))[1] == (70 if counts else 60)


@pytest.mark.parametrize(("price", "counts"), [("99999.99", False), ("100000.00", True)])
def test_a_list_price_counts_from_100_000_00_on(price, counts):
    assert points("R01", "1", price)[1] == (70 if counts else 60)


@pytest.mark.parametrize(("units", "counts"), [(0, False), (2, False), (3, True), (9, True)])
def test_the_third_unit_of_a_dealer_in_30_days_counts(units, counts):
    assert points("R01", "1", "1", units_alerted=units)[1] == (70 if counts else 60)


@pytest.mark.parametrize(
    ("weight", "doubt"),
    [("1.0", 0), ("0.95", 1), ("0.9", 2), ("0.8", 4), ("0.7", 6), ("0.6", 8), ("0.4", 12), ("0", 20),
     ("0.975", 1), ("0.976", 0)],
)  # fmt: skip
def test_doubt_takes_up_to_20_points(weight, doubt):
    assert points("R03", weight, "1")[1] == 90 - doubt


def test_a_score_stays_between_0_and_100():
    assert points("R01", "1", "380000", victim="X", gap_pct=Decimal(9), units_alerted=3) == (
        [60, 20, 10, 10, 10],
        100,
    )


@pytest.mark.parametrize(
    ("points_", "grade", "within"),
    [
        (100, "CRITICAL", timedelta(hours=24)),
        (90, "CRITICAL", timedelta(hours=24)),
        (89, "HIGH", timedelta(days=3)),
        (70, "HIGH", timedelta(days=3)),
        (69, "MEDIUM", timedelta(days=7)),
        (40, "MEDIUM", timedelta(days=7)),
        (39, "LOW", timedelta(days=7)),
        (0, "LOW", timedelta(days=7)),
    ],
)
def test_the_graver_the_score_the_sooner_somebody_responds(points_, grade, within):
    assert severity(points_) == grade
    assert due_at(grade, instant("2026-03-21")) == instant("2026-03-21") + within


def test_the_gap_is_what_the_source_paid_less_than_the_victim():
    assert price_gap(Decimal(266_000), Decimal(277_400)) == Decimal("4.11")
    assert price_gap(Decimal(277_400), Decimal(277_400)) == Decimal("0.00")
    assert price_gap(Decimal(277_400), Decimal(266_000)) == Decimal("-4.29")
