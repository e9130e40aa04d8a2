"""Every event of a device's life, and of a case about it, is told in words, or is left out."""

from __future__ import annotations

import pytest

from domain.cases import case_events
from domain.catalogue import EVENTS
from domain.goods import serial_events
from domain.kernel.event import Event
from eventlog.codec import Codec
from projections.effects import events_in
from replays.histories.describing import say
from tests.eventlog.wire_format import example

CODEC = Codec(EVENTS)
LEFT_OUT = {
    # Steps of a case that say nothing of the device.
    case_events.AppealFiled,
    case_events.Assigned,
    case_events.CaseMerged,
    case_events.DecisionSupported,
    case_events.ExhibitAdded,
    case_events.ResponseRequested,
    case_events.ResponseSubmitted,
    case_events.Triaged,
}
LIFE = sorted({*events_in(serial_events), *events_in(case_events)}, key=lambda one: one.TOPIC)


@pytest.mark.parametrize("kind", LIFE, ids=[one.TOPIC for one in LIFE])
def test_an_event_is_told_or_left_out(kind: type[Event]):
    one = example(CODEC, kind.TOPIC)

    saying = say(CODEC.decode(kind.TOPIC, one["data"]))

    assert (saying is None) == (kind in LEFT_OUT)
    assert saying is None or saying.text[0].strip()
