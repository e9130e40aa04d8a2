"""The identity of an event is that which other implementations of the standard compute."""

import json
from pathlib import Path

import pytest

from replays.epcis.hashing import event_hash, namespaces_of
from replays.epcis.model import event_faults

EXAMPLES = json.loads((Path(__file__).parent / "events.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("example", EXAMPLES, ids=[one["name"] for one in EXAMPLES])
def test_an_event_has_the_hash_that_its_content_has_everywhere(example):
    assert event_hash(example["event"], namespaces_of(example["namespaces"])) == example["hash"]


@pytest.mark.parametrize("example", EXAMPLES, ids=[one["name"] for one in EXAMPLES])
def test_an_event_of_the_standard_is_one_by_our_reading(example):
    assert event_faults(example["event"]) == []
