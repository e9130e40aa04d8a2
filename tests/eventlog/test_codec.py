"""Events to text and back, by topics that never change."""

from __future__ import annotations

from typing import ClassVar

import msgspec
import pytest

from domain.kernel.event import Event
from eventlog.codec import Codec, UnknownTopicError
from eventlog.rows import EventRow
from tests.eventlog.bins import CLERK, EVENTS, NOON, Picked, Stocked, stock

OLD = '{"by":{"user":"wh-1","role":"WH"},"occurred_at":"2026-03-02T12:00:00Z","dozens":2}'


def dozens(fields):
    """How bins were stocked before pieces were counted."""
    count = fields.pop("dozens") * 12
    return "bin.stocked", fields | {"quantity": count}


def test_an_event_comes_back_as_it_was():
    codec = Codec(EVENTS)
    event = Stocked(CLERK, NOON, 5, 'tab\t "quoted" 华影')

    assert codec.decode("bin.stocked", codec.encode(event)) == event


def test_the_text_is_plain_json_in_the_order_of_the_fields():
    text = Codec(EVENTS).encode(Stocked(CLERK, NOON, 5, "华影"))

    assert text == (
        '{"by":{"user":"wh-1","role":"WH"},"occurred_at":"2026-03-02T12:00:00Z",'
        '"quantity":5,"note":"华影"}'
    )


def test_a_field_that_was_added_reads_as_its_default_in_old_texts():
    old = '{"by":{"user":"wh-1","role":"WH"},"occurred_at":"2026-03-02T12:00:00Z","quantity":5}'

    assert Codec(EVENTS).decode("bin.stocked", old) == Stocked(CLERK, NOON, 5, "")


def test_a_text_without_a_field_that_must_be_there_is_not_read():
    with pytest.raises(msgspec.ValidationError, match="quantity"):
        Codec(EVENTS).decode("bin.stocked", OLD)


def test_an_unknown_topic_raises_and_names_itself():
    with pytest.raises(UnknownTopicError, match=r"bin\.burnt"):
        Codec(EVENTS).decode("bin.burnt", "{}")


def test_an_old_shape_is_upcast_on_the_way_in():
    codec = Codec(EVENTS, {"bin.stocked_in_dozens": dozens})

    assert codec.decode("bin.stocked_in_dozens", OLD) == Stocked(CLERK, NOON, 24)


def test_an_old_shape_may_take_more_than_one_step():
    def renamed(fields):
        return "bin.stocked_in_dozens", fields | {"dozens": fields.pop("boxes")}

    upcasts = {"bin.filled": renamed, "bin.stocked_in_dozens": dozens}
    codec = Codec(EVENTS, upcasts)

    assert codec.decode("bin.filled", OLD.replace("dozens", "boxes")) == Stocked(CLERK, NOON, 24)


def test_an_upcast_to_nowhere_raises():
    codec = Codec(EVENTS, {"bin.lost": lambda fields: ("bin.gone", fields)})

    with pytest.raises(UnknownTopicError, match=r"bin\.gone"):
        codec.decode("bin.lost", "{}")


def test_two_types_with_one_topic_are_refused():
    class StockedAgain(Event):
        TOPIC: ClassVar[str] = "bin.stocked"

    with pytest.raises(ValueError, match=r"bin\.stocked"):
        Codec([*EVENTS, StockedAgain])


def test_the_topics_are_those_of_the_types_and_of_the_upcasts():
    codec = Codec([Stocked, Picked], {"bin.stocked_in_dozens": dozens})

    assert codec.topics == {"bin.stocked", "bin.picked", "bin.stocked_in_dozens"}
    assert dict(codec.types) == {"bin.stocked": Stocked, "bin.picked": Picked}


def test_an_old_shape_in_the_log_is_folded_like_any_other(desk):
    desk.codec._upcasts["bin.stocked_in_dozens"] = dozens
    desk.do(stock("A", 1))
    row = (2, "Bin/B", 1, "bin.stocked_in_dozens", OLD, "2026-03-02T12:00:00Z", "c", "dd")
    with desk.database.writing() as connection:
        desk.database.dialect.lock_head(connection)
        desk.database.dialect.append(connection, [EventRow(*row)], ())

    assert desk.counted("B") == 24


def test_an_event_that_could_not_be_read_again_is_not_written():
    class Burnt(Event):
        TOPIC: ClassVar[str] = "bin.burnt"

    with pytest.raises(UnknownTopicError, match=r"bin\.burnt"):
        Codec(EVENTS).encode(Burnt(CLERK, NOON))
