"""The past that is moved forward is the past; the overlay changes what is given out, and no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.accounts.credit_line import CreditLine
from domain.kernel.aggregate import Aggregate
from domain.kernel.refusal import MasterDataMissing
from domain.orders.order import Order
from domain.parties.dealer import Dealer
from replays.past import Past
from replays.whatif.inquiry import Fact, Inquiry
from replays.whatif.overlay import Moving, Overlay
from replays.whatif.report import Retaken, Supposition
from replays.whatif.retaking import retake
from tests.replays.whatif.conftest import About
from tests.replays.whatif.stories import credit
from tests.support.world import POOR, RICH

NAMES = [(Dealer, POOR), (CreditLine, RICH, "CNY"), (Order, "SO-0002"), (Order, "SO-9999")]


@settings(max_examples=15)
@given(stops=st.lists(st.tuples(st.floats(0, 1), st.sampled_from(NAMES)), max_size=12))
def test_moved_forward_it_knows_what_was_known_at_each_position(
    about: About, stops: list[tuple[float, tuple[type[Aggregate], ...]]]
):
    asked = about(credit)
    head, moving = asked.reader.head().position, Moving(asked.reader, asked.codec)

    for part, (kind, *key) in sorted(stops, key=lambda one: one[0]):
        position = round(part * head)
        moving.move(position)
        known = Past(asked.reader, asked.codec, upto=position)
        assert moving.get(kind, *key) == known.get(kind, *key)


def test_it_does_not_go_back(about: About):
    asked = about(credit)
    moving = Moving(asked.reader, asked.codec)
    moving.move(7)
    moving.move(7)

    with pytest.raises(ValueError, match="6 lies before 7"):
        moving.move(6)


def test_an_overlay_gives_out_what_would_have_been_and_keeps_what_was(about: About):
    def change(one: Aggregate) -> Aggregate:
        return msgspec.structs.replace(one, version=99) if isinstance(one, Dealer) else one

    asked = about(credit)
    overlay = Overlay(asked.reader, asked.codec, change)
    overlay.move(asked.reader.head().position)

    was = overlay.was.get(Dealer, POOR)
    assert (was.version, overlay.get(Dealer, POOR).version) == (was.version, 99)
    assert was.version < 99
    line = overlay.was.get(CreditLine, POOR, "CNY")
    assert overlay.get(CreditLine, POOR, "CNY") is line
    assert overlay.events(line.stream) == Past(asked.reader, asked.codec).events(line.stream)


class Stumbling:
    """A judge whose rules ask for data that were not needed then."""

    topics = frozenset({"order.checked"})

    def take(self, fact: Fact, command: Sequence[Fact]) -> Iterator[Retaken]:
        raise MasterDataMissing(key="something new")
        yield


def test_what_today_s_rules_cannot_decide_at_all_is_unexplained(about: About):
    asked: Inquiry = about(credit)
    found = retake(asked, (Stumbling(),), Supposition("NONE", {}, "nothing had changed"), ())

    assert {(one.decision, one.repeated) for one in found.unexplained} == {
        ("order.checked", "MASTER_DATA_MISSING")
    }
    assert (found.retaken, found.flips) == (len(found.unexplained), ())
