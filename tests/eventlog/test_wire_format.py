"""Add, never rename: every event that was ever written is read, and written alike."""

from __future__ import annotations

import json
from typing import ClassVar

import msgspec
import pytest

from domain.catalogue import EVENTS
from domain.kernel.event import Event
from eventlog.codec import Codec
from tests.eventlog.wire_format import FILE, add_missing, faults, load, missing

HOW_TO_ADD = "run python -m tests.eventlog.wire_format and commit wire_format.json"


class Weighed(Event):
    TOPIC: ClassVar[str] = "bin.weighed"

    grams: int
    scale: str | None = None
    tags: tuple[str, ...] = ()
    exact: bool = True


@pytest.fixture
def examples(tmp_path):
    return add_missing(Codec([Weighed]), tmp_path / "examples.json")


def changed(**others):
    """The event as somebody might change it: another topic, other fields, other defaults."""
    topic = others.pop("topic", "bin.weighed")
    fields = {"grams": int, "scale": (str | None, None), "tags": (tuple[str, ...], ())}
    fields |= {"exact": (bool, True)} | others
    defined = [
        (name, *kind) if isinstance(kind, tuple) else (name, kind)
        for name, kind in fields.items()
        if kind
    ]
    return msgspec.defstruct(
        "Weighed", defined, bases=(Event,), namespace={"TOPIC": topic}, frozen=True, kw_only=True
    )


def test_every_event_ever_written_is_read_and_written_alike():
    assert faults(Codec(EVENTS), load()) == []


def test_every_event_and_every_field_has_an_example():
    assert [one["topic"] for one in missing(Codec(EVENTS), load())] == [], HOW_TO_ADD


def test_every_example_is_of_a_topic_that_is_known():
    assert {one["topic"] for one in load()} <= Codec(EVENTS).topics


def test_the_examples_are_complete_and_the_file_is_left_alone(tmp_path):
    copy = tmp_path / "wire_format.json"
    copy.write_bytes(FILE.read_bytes())

    assert add_missing(Codec(EVENTS), copy) == []
    assert copy.read_bytes() == FILE.read_bytes()


def test_what_is_missing_is_added_at_the_end_and_nothing_else_is_touched(tmp_path):
    path = tmp_path / "examples.json"
    old = {"topic": "order.placed", "data": '{"as":"it was"}', "left_out": {}}
    path.write_text(json.dumps([old]), encoding="utf-8")

    added = add_missing(Codec([Weighed]), path)

    assert [one["topic"] for one in added] == ["bin.weighed"]
    assert load(path) == [old, *added]


def test_an_example_fills_every_field_and_tells_what_left_out_fields_mean(examples):
    assert examples == [
        {
            "topic": "bin.weighed",
            "data": '{"by":{"user":"some user","role":"some role","scope":"some scope",'
            '"dealer":"some dealer","via":"some via"},"occurred_at":"2026-03-02T12:00:00Z",'
            '"grams":7,"scale":"some scale","tags":["some tags"],"exact":false}',
            "left_out": {"scale": None, "tags": [], "exact": True},
        }
    ]


def test_an_event_that_did_not_change_is_fine(examples):
    assert faults(Codec([Weighed]), examples) == []
    assert faults(Codec([changed()]), examples) == []


@pytest.mark.parametrize(
    "change",
    [
        {"topic": "bin.put_on_the_scale"},
        {"grams": None, "weight": int},
        {"grams": str},
        {"tags": None},
        {"scale": None, "scales": (str | None, None)},
        {"exact": (bool, False)},
        {"colour": str},
    ],
    ids=", ".join,
)
def test_a_change_that_breaks_the_format_is_found(examples, change):
    assert len(faults(Codec([changed(**change)]), examples)) > 0


def test_a_field_that_is_added_with_a_default_breaks_nothing_but_wants_an_example(examples):
    codec = Codec([changed(colour=(str, "grey"))])

    assert faults(codec, examples) == []
    (new,) = missing(codec, examples)
    assert json.loads(new["data"])["colour"] == "some colour"
    assert new["left_out"]["colour"] == "grey"
    assert missing(codec, [*examples, new]) == []


def test_a_topic_that_was_given_up_is_fine_while_an_upcast_reads_it(examples):
    def upcast(fields):
        return "bin.put_on_the_scale", fields

    moved = changed(topic="bin.put_on_the_scale")

    assert faults(Codec([moved], {"bin.weighed": upcast}), examples) == []
