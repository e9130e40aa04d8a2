"""Samples: anybody who knows the seed draws the same, and nobody's item counts for more."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from replays import sampling
from replays.sampling import Item

AMOUNTS = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=6), st.integers(-(10**9), 10**9), max_size=40
)
SEEDS = st.text(min_size=1, max_size=8)
SIZES = st.integers(1, 50)


def items(amounts: dict[str, int]) -> list[Item]:
    return [Item(key, {"key": key}, key[:1], amount) for key, amount in amounts.items()]


def keys(drawn: sampling.Sample) -> list[str]:
    return [item.key for item in drawn.items]


@given(AMOUNTS, SIZES, SEEDS, st.randoms())
def test_the_order_in_which_items_are_read_decides_nothing(amounts, size, seed, dice):
    shuffled = items(amounts)
    dice.shuffle(shuffled)
    for draw in (sampling.random, sampling.stratified, sampling.monetary):
        assert draw(shuffled, size, seed) == draw(items(amounts), size, seed)


@given(AMOUNTS, SIZES, SEEDS)
def test_a_random_sample_is_the_head_of_a_ranking_by_hash(amounts, size, seed):
    drawn = sampling.random(items(amounts), size, seed)

    ranked = sorted(amounts, key=lambda key: hashlib.sha256(f"{seed}/{key}".encode()).digest())
    assert keys(drawn) == ranked[:size]
    assert drawn.population == len(amounts)


@given(AMOUNTS, SIZES, SEEDS)
def test_every_stratum_is_drawn_from_in_proportion(amounts, size, seed):
    drawn = sampling.stratified(items(amounts), size, seed)

    whole = len(amounts)
    assert sum(of for of, _ in drawn.strata.values()) == whole == drawn.population
    assert len(keys(drawn)) == len(set(keys(drawn))) == sum(n for _, n in drawn.strata.values())
    for of, some in drawn.strata.values():
        assert 1 <= some <= of
        assert some == 1 or abs(some * whole - of * min(size, whole)) < whole
    if drawn.strata and size >= len(drawn.strata):
        assert len(keys(drawn)) >= min(size, whole)


@given(AMOUNTS, SIZES, SEEDS)
def test_an_item_is_drawn_as_often_as_it_holds_selected_units(amounts, size, seed):
    drawn = sampling.monetary(items(amounts), size, seed)

    total = sum(map(abs, amounts.values()))
    assert drawn.total == total
    assert sum(drawn.hits) == (size if total else 0)
    for item, hits in zip(drawn.items, drawn.hits, strict=True):
        assert abs(hits * total - abs(item.amount) * size) < total
    surely = {key for key, amount in amounts.items() if total and abs(amount) * size >= total}
    assert surely <= set(keys(drawn))


def test_what_is_nothing_is_never_drawn_by_its_amount():
    drawn = sampling.monetary(items({"a": 0, "b": 0}), 3, "seed")

    assert (keys(drawn), drawn.total, drawn.interval) == ([], 0, 0)
