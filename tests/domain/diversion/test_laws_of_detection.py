"""Laws of detection: of distances, scores and balances, and of whatever is seen in any order."""

from decimal import Decimal

import pytest
from hypothesis import example
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.channel.book import Book, months_before
from domain.parties.dealer import Dealer
from domain.policies.diversion import BASE, balance, places, scoring
from tests.domain.diversion.steps import (
    HANGZHOU,
    NANJING,
    SHANGHAI,
    SUZHOU,
    bought,
    cases,
    install,
    leave,
    report,
    sale,
    see,
    serve,
    world,
)
from tests.domain.laws import LAWS
from tests.domain.story import US80_1, US80_2
from tests.domain.support import day

LATITUDE, LONGITUDE = (st.floats(-one, one, allow_nan=False) for one in (90, 180))
POINT = st.tuples(LATITUDE, LONGITUDE)
CAPITALS = st.sampled_from(sorted(places.CAPITALS.values()))
WEIGHT = st.decimals(0, 1, places=3)
PRICE = st.decimals(0, 10**8, places=2)
SOMEBODY = st.none() | st.just("D06")


@for_all(POINT, POINT)
def test_a_distance_is_the_same_both_ways_and_never_more_than_half_around_the_earth(here, there):
    assert places.distance_km(here, there) == places.distance_km(there, here)
    assert 0 <= places.distance_km(here, there) <= 20_016


@for_all(POINT)
def test_a_place_is_nowhere_away_from_itself(here):
    assert places.distance_km(here, here) == 0


@for_all(CAPITALS, CAPITALS, CAPITALS)
def test_a_detour_is_no_shorter(first, second, third):
    direct = places.distance_km(first, third)

    assert direct <= places.distance_km(first, second) + places.distance_km(second, third) + 1e-6


@pytest.mark.parametrize(
    ("here", "there", "km"),
    [
        ((0, 0), (0, 90), 10_007.5),
        ((0, 0), (0, 180), 20_015.1),
        ((90, 0), (-90, 0), 20_015.1),
        ((0, 0), (1, 0), 111.2),
        ((0, 179.5), (0, -179.5), 111.2),
    ],
)
def test_a_degree_of_a_great_circle_is_111_km(here, there, km):
    assert places.distance_km(here, there) == pytest.approx(km, abs=0.1)


@for_all(POINT)
@example((90, 180))
@example((-90, -180))
def test_a_position_is_read_as_it_is_written(point):
    assert places.parsed(f"{point[0]},{point[1]}") == point


@pytest.mark.parametrize(
    "text", [None, "", "31.2", "31.2,121.5,7", "north,east", "91,0", "0,181", "nan,0", ","]
)
def test_what_is_no_position_is_none(text):
    assert places.parsed(text) is None


@for_all(
    st.sampled_from(sorted(BASE)),
    WEIGHT,
    PRICE,
    SOMEBODY,
    st.none() | st.decimals(-100, 100, places=2),
    st.integers(0, 5),
    SOMEBODY,
    SOMEBODY,
)
def test_a_score_is_the_sum_of_its_parts_between_0_and_100(
    rule, weight, price, victim, gap, units, confirmed, exception
):
    parts = scoring.score_parts(
        rule,
        weight,
        price,
        victim=victim,
        gap_pct=gap,
        units_alerted=units,
        confirmed=confirmed,
        exception=exception,
    )
    points = scoring.score(parts)

    assert points == min(100, max(0, sum(one.points for one in parts)))
    assert parts[0].points == BASE[rule]
    assert all(one.points and one.reason for one in parts)
    assert scoring.severity(points) in ("CRITICAL", "HIGH", "MEDIUM", "LOW")


@for_all(st.sampled_from(sorted(BASE)), WEIGHT, WEIGHT)
def test_what_is_believed_more_scores_no_less(rule, first, second):
    less, more = sorted((first, second))
    scores = [scoring.score(scoring.score_parts(rule, one, Decimal(1))) for one in (less, more)]

    assert scores == sorted(scores)


UNITS = st.integers(0, 400)


@for_all(UNITS, UNITS, UNITS, UNITS, st.none() | UNITS)
def test_an_excess_and_a_shortage_of_one_book_never_meet(came, more, sold, out, counted):
    book = Book(received=came, transferred_in=more, sold=sold, transferred_out=out, counted=counted)
    within = balance.tolerance(book.came)

    assert balance.excess(book) == (-book.balance if book.balance < -within else 0)
    assert not (balance.excess(book) and balance.short(book))
    assert balance.short(book) == 0 or balance.short(book) == balance.gap(book) > within


@for_all(UNITS, UNITS, st.lists(st.tuples(UNITS, UNITS, UNITS), max_size=4))
def test_a_family_explains_an_excess_only_by_what_came_to_it_and_is_missing(came, sold, others):
    on = day("2026-03-31")
    mine = Book(received=came, sold=sold)
    theirs = [
        Book(received=got, sold=gone, counted=there, counted_on=on) for got, gone, there in others
    ]
    enough = came + sum(one[0] for one in others) >= sold + sum(one[1] for one in others)
    missing = sum(max(0, got - gone - there) for got, gone, there in others)

    explained = balance.family_explains(mine, theirs, on)

    needed = balance.excess(mine) - balance.tolerance(came)
    assert explained is (bool(others) and enough and missing >= needed)


@for_all(st.integers(2000, 2100), st.integers(1, 12), st.integers(0, 30))
def test_the_months_before_one_follow_each_other_and_end_before_it(year, month, how_many):
    found = months_before(f"{year}-{month:02}", how_many)

    assert found == sorted(set(found))
    assert len(found) == how_many
    last = f"{year - (month == 1)}-{(month - 2) % 12 + 1:02}"
    assert found[-1:] == ([last] if how_many else [])


USES = st.sampled_from(
    [
        lambda past, serial, place, on: install(past, serial, place, on=on),
        lambda past, serial, place, on: see(past, serial, place[1], on=on, hospital=place[0]),
        lambda past, serial, place, on: serve(past, serial, place, on=on),
        lambda past, serial, place, on: report(past, "D05", sale(place[0], serial, on)),
        lambda past, serial, place, on: report(past, "D06", sale(place[0], serial, on)),
    ]
)
DEVICE = st.sampled_from([US80_1, US80_2, "P5-26-0001", "US80-26-9999"])
PLACE = st.sampled_from([NANJING, SUZHOU, HANGZHOU, SHANGHAI])
STORY = st.lists(st.tuples(USES, DEVICE, PLACE, st.integers(6, 28)), max_size=8)


@for_all(STORY)
def test_whatever_is_seen_is_kept_and_judged_alike_again(story):
    told = []
    for _ in range(2):
        past = leave(bought(US80_1, US80_2, past=world()))
        for use, serial, place, on in story:
            use(past, serial, place, f"2026-03-{on:02}").accepted()
        told.append((cases(past), [event for _, _, event in past.log.journal]))
        for law in LAWS:
            law(past.log)

    assert told[0] == told[1]
    names = [one for one in cases(past) if one.startswith("DIV-")]
    assert names == [f"DIV-{number:04}" for number in range(1, len(names) + 1)]


@for_all(STORY)
def test_an_exception_is_used_once_for_a_device_and_never_for_more_than_its_quantity(story):
    past = leave(bought(US80_1, US80_2), qty=2)
    for use, serial, place, on in story:
        use(past, serial, place, f"2026-03-{on:02}").accepted()

    dealer = past.get(Dealer, "D05")
    used = dealer.uses.get("EX-1", [])
    assert len(used) == len(set(used)) == 2 - dealer.remaining("EX-1") <= 2
