"""Whoever alters the events of a bundle is found out, at the first position that is spoilt."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.replays.proving.conftest import LAST, MIDDLE, Bundles
from tests.replays.proving.worlds import (
    Files,
    altered,
    checked,
    faults,
    found,
    lines_of,
    text_of,
)

EVENTS = "events.ndjson"
AT = 70


def flip(old: bytes, new: bytes) -> Callable[[Files], None]:
    """A change of some bytes of an event's line."""

    def alter(files: Files) -> None:
        lines = files[EVENTS].split(b"\n")
        assert old in lines[AT - 1]
        lines[AT - 1] = lines[AT - 1].replace(old, new, 1)
        files[EVENTS] = b"\n".join(lines)

    return alter


def edit(change: Callable[[list], object]) -> Callable[[Files], None]:
    """A change of the events' rows."""

    def alter(files: Files) -> None:
        rows = lines_of(files, EVENTS)
        change(rows)
        files[EVENTS] = text_of(rows)

    return alter


def swap(rows: list) -> None:
    rows[AT - 1], rows[AT] = rows[AT], rows[AT - 1]


def spoil(column: int, value: object) -> Callable[[list], None]:
    def change(rows: list) -> None:
        rows[AT - 1][column] = value

    return change


EDITED = {
    "a flipped byte": (flip(b"by", b"bz"), {"CHAIN": AT}),
    "other data": (edit(spoil(4, '{"by":{}}')), {"CHAIN": AT}),
    "a deleted line": (edit(lambda rows: rows.pop(AT - 1)), {"DENSITY": AT + 1, "CHAIN": AT + 1}),
    "a truncated tail": (edit(lambda rows: rows.__delitem__(slice(AT, None))), {"HEAD": AT + 1}),
    "no event at all": (edit(lambda rows: rows.clear()), {"HEAD": 1}),
    "a swapped pair": (edit(swap), {"DENSITY": AT, "CHAIN": AT}),
    "a line that is twice there": (
        edit(lambda rows: rows.insert(AT, rows[AT - 1])),
        {"DENSITY": AT, "CHAIN": AT, "VERSION": AT},
    ),
    "another digest": (edit(spoil(7, "f" * 64)), {"CHAIN": AT}),
    "no digest": (edit(spoil(7, "f")), {"ROW": AT}),
    "an upper case digest": (edit(spoil(7, "F" * 64)), {"ROW": AT}),
    "another version": (edit(spoil(2, 77)), {"CHAIN": AT, "VERSION": AT}),
    "another command": (edit(spoil(6, "nobody")), {"CHAIN": AT}),
    "an earlier record time": (edit(spoil(5, "2026-02-01")), {"CHAIN": AT, "TIME": AT}),
    "a truth for a number": (edit(spoil(2, True)), {"ROW": AT}),
    "a row that is withheld": (
        edit(lambda rows: rows[AT - 1].__setitem__(slice(3, 8), [None] * 5)),
        {"ROW": AT},
    ),
    "a line that is no JSON": (flip(b"[", b"{"), {"ROW": AT}),
    "a line that is no UTF-8": (flip(b"by", b"\xff\xfe"), {"ROW": AT}),
    "a surrogate": (flip(b"by", b"\\ud800"), {"CHAIN": AT}),
    "a deep line": (flip(b"[", b"[" * 100_000), {"ROW": AT}),
}
"""What was done to the events, and the kinds of faults with the first position of each."""


@pytest.mark.parametrize("what", EDITED)
def test_altered_events_are_named_with_the_first_position_that_is_spoilt(
    bundles: Bundles, what: str
):
    alter, expected = EDITED[what]
    path = altered(bundles.whole, alter)
    told = dict(faults(found(path)))

    assert told["FILE"] == 0
    assert {kind: told.get(kind) for kind in expected} == expected
    assert min(position for kind, position in told.items() if kind != "FILE") in expected.values()
    # Where the digests are others, the checkpoints behind them say so as well.
    assert told.get("CHECKPOINT", LAST) in (
        (MIDDLE, LAST) if min(expected.values()) == 1 else (LAST,)
    )


@pytest.mark.parametrize(
    "what", ["a flipped byte", "a deleted line", "a truncated tail", "a swapped pair"]
)
def test_an_altered_bundle_says_so_itself(bundles: Bundles, what: str):
    alter, expected = EDITED[what]
    code, report = checked(altered(bundles.whole, alter))

    assert code == 1
    assert report.endswith("\nnot intact\n")
    for kind, position in expected.items():
        assert f"\n{kind} at position {position}: " in report
