"""What financed a diversion, step by step, and between which regions one would pay."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.flows.cases.watching import RecordMarketPrice, record_market_price
from domain.kernel.refusal import NotFound
from domain.orders.price_list import PriceRow
from domain.parties import dealer_events
from domain.parties.dealer import Dealer
from domain.parties.territory import Grant, Territory
from replays.price_leak import Leak, price_corridors, price_leak
from tests.domain.diversion.steps import (
    CHANGSHA,
    HANGZHOU,
    LOT,
    boxes,
    delivered,
    install,
    report,
    sale,
    world,
)
from tests.domain.story import goods, of, placed, sent
from tests.domain.support import Fact, Given, day, fact
from tests.domain.world import BY, price_list, right, row

ON = day("2026-03-21")
DEVICES = [f"US80-26-000{number}" for number in range(1, 5)]
Prices = dict[tuple[str, str, int], str]
"""Prices by region, tier and quantity."""


def listed(prices: Prices, sku: str = "US80") -> list[PriceRow]:
    wide = {"floor": "1", "ceiling": "9999"}
    return [
        row(sku, tier, price, region=region, min_qty=least, **wide)
        for (region, tier, least), price in prices.items()
    ]


def found(
    prices: Prices, qty: int = 1, agreed: str | None = None, place: tuple[str, str] = HANGZHOU
) -> Given:
    """D05 of Jiangsu, tier A, buys devices; one is found, by default at D06's, tier B."""
    past = world(*price_list("PL-2026-1", tuple(listed(prices))))
    placed(of("US80", qty, agreed), dealer="D05", on="2026-03-03", past=past)
    sent(past, "SHP-0001", goods("SO-0001", 1, "US80", *DEVICES[:qty]), on="2026-03-03")
    delivered(past, "SHP-0001", "320100", "2026-03-03").accepted()
    return install(past, DEVICES[0], place).accepted()


def leak(past: Given) -> Leak:
    told = price_leak(past.log, "DIV-0001", "CNY")
    assert told is not None
    return told


def steps(told: Leak) -> dict[str, int]:
    """Differences that are any, by their cause."""
    return {one.cause: int(one.difference) for one in told.steps if one.difference}


EVERYWHERE = ("ALL", "ALL", 1)
ONE_CAUSE = {
    "TIER": ({("ALL", "A", 1): "900", ("ALL", "B", 1): "1000"}, 1, None, 100),
    "REGION": ({EVERYWHERE: "900", ("330000", "B", 1): "1000"}, 1, None, 100),
    "QUANTITY": ({EVERYWHERE: "1000", ("ALL", "ALL", 2): "960"}, 2, None, 40),
    "AGREED": ({EVERYWHERE: "1000"}, 1, "880", 120),
}


@pytest.mark.parametrize(
    ("cause", "prices", "qty", "agreed", "gap"),
    [(cause, *told) for cause, told in ONE_CAUSE.items()],
    ids=ONE_CAUSE,
)
def test_a_gap_of_one_cause_is_that_cause(
    cause: str, prices: Prices, qty: int, agreed: str | None, gap: int
):
    told = leak(found(prices, qty, agreed))

    assert steps(told) == {cause: gap}
    assert (told.p_local, told.gap) == (1000, gap)
    assert (told.p_source, told.gap_pct) == (1000 - gap, Decimal(gap) / 10)


ALL_CAUSES: Prices = {
    ("330000", "B", 1): "1000",
    ("ALL", "B", 1): "960",
    ("ALL", "A", 1): "910",
    ("ALL", "A", 3): "880",
}


def test_a_gap_is_taken_apart_in_the_order_of_its_causes():
    told = leak(found(ALL_CAUSES, 3, "850"))

    assert [(one.cause, one.difference, one.text) for one in told.steps] == [
        ("REGION", 40, "330100 to 320100"),
        ("TIER", 50, "tier B to A"),
        ("QUANTITY", 30, "1 to 3"),
        ("AGREED", 30, "contract, promotion or agreed price"),
    ]
    assert (told.case, told.gap, told.gap_pct) == ("DIV-0001", 150, 15)


def test_a_step_may_lead_back_up():
    told = leak(found({("ALL", "A", 1): "1000", ("ALL", "B", 1): "900"}, agreed="850"))
    assert steps(told) == {"TIER": -100, "AGREED": 150}


def test_a_price_that_no_list_knows_is_no_step_on_the_way():
    told = leak(found({("330000", "B", 1): "1000", ("320000", "A", 1): "900"}))
    assert [one.cause for one in told.steps] == ["TIER", "QUANTITY", "AGREED"]
    assert steps(told) == {"TIER": 100}


QUESTIONS = st.tuples(
    st.sampled_from(["ALL", "320000", "330000", "330100"]),
    st.sampled_from(["A", "B", "ALL"]),
    st.sampled_from([1, 2, 3]),
)
MONEY = st.decimals(10, 2000, places=2).map(str)


@settings(max_examples=30)
@given(st.dictionaries(QUESTIONS, MONEY, max_size=6), MONEY, st.integers(1, 3), st.none() | MONEY)
def test_the_steps_add_up_to_the_gap(prices: Prices, base: str, qty: int, agreed: str | None):
    told = leak(found(prices | {EVERYWHERE: base}, qty, agreed))

    assert sum(one.difference for one in told.steps) == told.gap == told.p_local - told.p_source
    assert [one.cause for one in told.steps] == ["REGION", "TIER", "QUANTITY", "AGREED"]
    if agreed is not None:
        assert told.p_source == Decimal(agreed)


def test_where_nobody_has_the_right_no_local_price_is_known():
    past = found({EVERYWHERE: "1000"}, place=CHANGSHA)
    assert price_leak(past.log, "DIV-0001", "CNY") is None


def test_of_a_case_about_a_lot_no_prices_are_known():
    past = report(boxes(10), "D05", sale("H-NJ-02", lot=LOT, qty=13)).accepted()
    assert price_leak(past.log, "DIV-0001", "CNY") is None


def test_of_goods_that_were_only_offered_the_whole_gap_is_what_was_asked():
    asked = {"price": Decimal(266000), "hospital_id": HANGZHOU[0], "document_hash": "sha256:q"}
    quoted = RecordMarketPrice(
        sku="US80", region_code=HANGZHOU[1], seen_on=ON, observer="rep-east", **asked
    )
    past = world().when(record_market_price, quoted, on=str(ON)).accepted()

    told = leak(past)

    assert steps(told) == {"AGREED": 11_400}
    assert (len(told.steps), told.gap) == (1, 11_400)


def test_of_a_case_that_nobody_knows_nothing_is_explained():
    with pytest.raises(NotFound):
        price_leak(world().log, "DIV-0001", "CNY")


def more_rights(dealer: str, *regions: str) -> list[Fact]:
    granted = right("ULTRASOUND", *regions, exclusive=False)
    return [
        fact(Dealer, dealer, dealer_events.TerritoryGranted(*BY, authorisation=granted)),
        fact(Territory, "ULTRASOUND", Territory.Mapped(*BY, grant=Grant(dealer, 1, granted))),
    ]


def corridors(
    prices: Prices, *facts: Fact, freight: str = "0", on: str = "2026-03-21", rows: Any = ()
) -> list[tuple[str, str]]:
    """From where to where goods would move."""
    past = world(*price_list("PL-2026-1", (*listed(prices), *rows)), *facts)
    found = price_corridors(past.log, day(on), "CNY", Decimal(freight))
    assert all(one.gap == one.p_destination - one.p_source for one in found)
    return [(one.source_dealer, one.destination_dealer) for one in found]


ACROSS = [("D04", "D06"), ("D04", "D09"), ("D05", "D06"), ("D05", "D09")]
"""From dealers of tier A to those of tier B; those of tier C have no price."""


@pytest.mark.parametrize(
    ("cheap", "freight", "pairs"),
    [("970", "0", []), ("969.99", "0", ACROSS), ("960", "10", []), ("959.99", "10", ACROSS)],
)
def test_only_what_is_more_than_freight_and_three_per_cent_of_the_dearer_price_tempts(
    cheap: str, freight: str, pairs: list[tuple[str, str]]
):
    prices = {("ALL", "A", 1): cheap, ("ALL", "B", 1): "1000"}
    assert sorted(corridors(prices, freight=freight)) == pairs


def test_no_dealer_moves_goods_to_itself():
    prices = {("ALL", "A", 1): "1000", ("410000", "A", 1): "500"}
    pairs = corridors(prices, *more_rights("D05", "410000"))
    assert pairs == [("D05", "D04")]


def test_a_corridor_says_where_it_leads_and_the_widest_comes_first():
    prices = {("ALL", "B", 1): "1000", ("310000", "A", 1): "900", ("320000", "A", 1): "950"}
    boxed = listed({EVERYWHERE: "100", ("ALL", "A", 1): "90"}, "INJ")
    past = world(*price_list("PL-2026-1", (*listed(prices), *boxed)))

    found = price_corridors(past.log, ON, "CNY")

    elsewhere = ("320500", "330000", "500000", "510000")
    told = [(one.sku, one.source, one.destination, one.gap, one.gap_pct) for one in found]
    assert told == [
        *(("INJ", "310000", place, 10, 10) for place in elsewhere),
        *(("INJ", "320000", place, 10, 10) for place in elsewhere),
        ("US80", "310000", "330000", 100, 10),
        ("US80", "310000", "510000", 100, 10),
        ("US80", "310000", "320000", 50, Decimal("5.26")),
        ("US80", "320000", "330000", 50, 5),
        ("US80", "320000", "510000", 50, 5),
    ]


def test_a_price_for_one_dealer_opens_its_corridors_alone():
    own = row("US80", "A", "800", "1", "9999", dealer="D04")
    pairs = corridors({EVERYWHERE: "1000"}, rows=[own])
    assert pairs[0][0] == "D04"
    assert {source for source, _ in pairs} == {"D04"}


@pytest.mark.parametrize("on", ["2025-12-31", "2027-01-01"])
def test_outside_of_the_year_of_its_list_no_price_tempts(on: str):
    assert corridors({("ALL", "A", 1): "500", ("ALL", "B", 1): "1000"}, on=on) == []
