"""The chain, recomputed with nothing but a JSON library and SHA-256."""

from __future__ import annotations

import hashlib
import json

import pytest

from eventlog.chain import GENESIS, chained, digest_of
from eventlog.rows import EventRow
from tests.eventlog.bins import stock

ROW = EventRow(
    position=1,
    stream="Bin/A-1",
    version=1,
    topic="bin.stocked",
    data='{"by":{"user":"wh-1","role":"WH"},"occurred_at":"2026-03-02T12:00:00Z","quantity":5}',
    recorded_at="2026-03-02T12:00:01.000000Z",
    command_id="c-1",
    digest="d21a",
)


def recomputed(previous, row):
    """What the documentation of the chain says, in other words than the code's."""
    canonical = json.dumps(list(row[:7]), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(bytes.fromhex(previous) + canonical.encode("utf-8")).hexdigest()


def test_a_known_row_has_a_known_digest():
    assert digest_of(GENESIS, ROW) == recomputed(GENESIS, ROW)
    assert (
        digest_of(GENESIS, ROW)
        == "1fc3a747b0b79a371d162095327b5dc0b42c1990b0ea5398b9ad6151b664bf28"
    )


def test_the_first_row_follows_sixty_four_noughts():
    assert GENESIS == "0" * 64


@pytest.mark.parametrize("field", EventRow._fields[:7])
def test_a_change_of_any_field_changes_the_digest(field):
    value = getattr(ROW, field)
    changed = ROW._replace(**{field: value + 1 if isinstance(value, int) else value + " "})

    assert digest_of(GENESIS, changed) != digest_of(GENESIS, ROW)


def test_a_change_of_the_row_before_changes_the_digest():
    assert digest_of("1" + GENESIS[1:], ROW) != digest_of(GENESIS, ROW)


def test_texts_cannot_trade_places_between_fields():
    moved = ROW._replace(stream="Bin/A-1bin", topic=".stocked")

    assert digest_of(GENESIS, moved) != digest_of(GENESIS, ROW)


def test_the_digest_does_not_cover_itself():
    assert digest_of(GENESIS, ROW._replace(digest="another")) == digest_of(GENESIS, ROW)


def test_rows_are_chained_each_to_the_one_before():
    first, second = chained(GENESIS, [ROW[:7], ROW._replace(position=2, version=2)[:7]])

    assert first.digest == recomputed(GENESIS, first)
    assert second.digest == recomputed(first.digest, second)


def test_any_text_is_canonical_to_any_json_library():
    controls = "".join(map(chr, range(0x20))) + "\x7f\x80\u2028\u2029"
    row = ROW._replace(data=controls + '"\\/<>&\u00e9\u534e\u5f71\U0001f4e6', stream="\u0301/'")

    assert digest_of(GENESIS, row) == recomputed(GENESIS, row)


def test_a_stranger_recomputes_the_whole_log(desk):
    for quantity, note in enumerate(("", "华影 \\ \t \n", '"{}"', "\U0001f4e6"), 1):
        desk.do(stock("A", quantity, note))

    digest = GENESIS
    for row in desk.rows():
        digest = recomputed(digest, row)
        assert row.digest == digest
    assert desk.reader.head().digest == digest
