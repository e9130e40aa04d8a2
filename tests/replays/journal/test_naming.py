"""Every account has a name that ledgers take, and no two dealers share one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.books import chart
from replays.journal.naming import LINK, NAMES, PART, account_name, escaped

COMPONENT = re.compile(r"[A-Z0-9][A-Za-z0-9-]*")
TEXT = st.text(max_size=12) | st.text("dD0-_X ", max_size=6)


def test_every_account_of_the_chart_has_a_name_that_ends_with_its_number():
    assert [*NAMES] == [*chart.CHART]
    for number, name in NAMES.items():
        assert name.endswith("-" + number.replace(".", "-"))
        assert all(COMPONENT.fullmatch(part) for part in name.split(":"))


@pytest.mark.parametrize(
    ("dealer", "name"),
    [
        ("D05", "D05"),
        ("d05", "X-d05"),
        ("D 05", "X-D-20-05"),
        ("X-1", "X-X-2D-1"),
        ("经", "X--7ECF-"),
    ],
)
def test_a_dealer_stands_below_the_receivables(dealer: str, name: str):
    assert account_name(chart.RECEIVABLES, dealer) == f"Assets:Receivables-1122:{name}"


@given(TEXT, TEXT)
def test_no_two_texts_have_one_name(one: str, other: str):
    for plain in (PART, LINK):
        assert (escaped(one, plain) == escaped(other, plain)) == (one == other)


@given(TEXT)
def test_what_is_escaped_can_stand_in_an_account(text: str):
    assert COMPONENT.fullmatch(escaped(text, PART))
