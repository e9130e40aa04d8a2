"""Changes of master data are the differences of two states, whatever changed."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from api.engine import Engine
from replays.master_data import KINDS, differences, master_data_changes
from tests.support.world import DEVICE, done, setup

PLAIN = st.recursive(
    st.booleans() | st.integers(1, 9) | st.text("xyz", min_size=1, max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(PLAIN)
def test_a_state_does_not_differ_from_itself(state: Any):
    assert list(differences(state, state)) == []


@given(st.dictionaries(st.text("ab", max_size=2), PLAIN, min_size=1), st.data())
def test_one_changed_field_is_the_only_difference(before: dict[str, Any], data: st.DataObject):
    name = data.draw(st.sampled_from(sorted(before)))
    after = before | {name: "another"}

    (found,) = differences(before, after)

    assert (found.path, found.before, found.after) == (name, before[name], "another")


def test_a_change_is_told_by_its_path_with_both_values():
    before = {"terms": {"price": "1", "places": ["a", "b"]}, "version": 1}
    after = {"terms": {"price": "2", "places": ["a"]}, "version": 2, "locked": True}

    found = [(one.path, one.before, one.after) for one in differences(before, after)]

    assert found == [
        ("terms.price", "1", "2"),
        ("terms.places[1]", "b", None),
        ("locked", None, True),
    ]


def test_a_list_price_that_was_changed_says_from_what_to_what_and_by_whom(told: Engine):
    before = told.reader.head().position
    terms = next(
        body["terms"]
        for name, body in setup()
        if name == "register-product" and body["sku"] == DEVICE
    )
    done(
        told, "register-product", "dearer", {"sku": DEVICE, "terms": terms | {"list_price": "1600"}}
    )

    (change,) = master_data_changes(
        told.reader,
        told.codec,
        kinds=KINDS,
        key=None,
        after=before,
        upto=told.reader.head().position,
    )

    assert (change.kind, change.key, change.actor) == ("Product", DEVICE, "bootstrap")
    assert [(one.path, one.before, one.after) for one in change.changes] == [
        ("terms.list_price", "1500.00", "1600")
    ]
    assert change.followed == ()
