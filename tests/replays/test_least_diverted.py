"""The fewest units that were diverted: a bound that more evidence can only raise."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from replays.least_diverted import Right, least_diverted

DEALERS, PLACES = ("D1", "D2", "D3"), ("A", "B", "C")
units = st.integers(0, 12)


@st.composite
def some_rights(draw):
    found = []
    for dealer in DEALERS:
        found.append(Right(dealer, tuple(draw(st.sets(st.sampled_from(PLACES))))))
        if draw(st.booleans()):
            places = tuple(draw(st.sets(st.sampled_from(PLACES))))
            found.append(Right(dealer, places, draw(st.integers(0, 5)), "XE-1"))
    return found


supplies = st.fixed_dictionaries(dict.fromkeys(DEALERS, units))
sightings = st.fixed_dictionaries(dict.fromkeys(PLACES, units))


def test_where_no_region_has_too_much_seven_must_still_have_been_diverted():
    supply = {"D1": 10, "D2": 20, "D3": 5}
    seen = {"A": 9, "B": 8, "C": 3}
    may = {"D1": ("A", "B"), "D2": ("C",), "D3": ("C",)}

    proof = least_diverted(supply, seen, [Right(*one) for one in may.items()])

    for place, qty in seen.items():
        assert qty <= sum(supply[one] for one, places in may.items() if place in places)
    assert (proof.seen, proof.explained, proof.diverted) == (20, 13, 7)
    assert (proof.places, proof.exhausted) == (("A", "B"), ("D1",))
    assert proof.candidates == ("D2", "D3")


def test_what_a_leave_allows_is_explained_and_no_more_than_that():
    may = [Right("D1", ("A",)), Right("D1", ("B",), 3, "XE-1")]

    proof = least_diverted({"D1": 10}, {"A": 2, "B": 5}, may)

    assert (proof.diverted, proof.places, proof.exhausted) == (2, ("B",), ())


def test_a_leave_for_two_places_is_used_once():
    may = [Right("D1", ("A", "B"), 3, "XE-1")]

    assert least_diverted({"D1": 10}, {"A": 3, "B": 3}, may).diverted == 3


def test_where_nobody_has_a_right_everything_seen_was_diverted():
    assert least_diverted({"D1": 10}, {"A": 4}, []).diverted == 4


def test_of_nothing_seen_nothing_is_proved():
    proof = least_diverted({"D1": 10}, {}, [Right("D1", ("A",))])

    assert (proof.diverted, proof.places, proof.exhausted) == (0, (), ())


@given(supplies, sightings, some_rights(), st.sampled_from(PLACES), st.integers(1, 5))
def test_more_evidence_never_lowers_the_bound(supply, seen, may, place, more):
    before = least_diverted(supply, seen, may).diverted
    after = least_diverted(supply, seen | {place: seen[place] + more}, may).diverted

    assert before <= after <= before + more


@given(supplies, sightings, some_rights(), st.sampled_from(DEALERS), st.integers(1, 5))
def test_more_supply_never_raises_it(supply, seen, may, dealer, more):
    before = least_diverted(supply, seen, may).diverted

    assert least_diverted(supply | {dealer: supply[dealer] + more}, seen, may).diverted <= before


@given(supplies, sightings, some_rights())
def test_the_cut_proves_the_bound(supply, seen, may):
    """At the places of the cut, more was seen than those with rights there can have sold."""
    proof = least_diverted(supply, seen, may)
    lawful = 0
    for dealer in DEALERS:
        there = [one for one in may if one.dealer == dealer and {*one.places} & {*proof.places}]
        if dealer in proof.exhausted:
            lawful += supply[dealer]
        else:
            assert all(one.most is not None for one in there)
            lawful += sum(one.most for one in there)

    assert sum(seen[one] for one in proof.places) - lawful == proof.diverted
