"""Whoever alters what stands beside the events of a bundle is found out as well."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.replays.proving.conftest import LAST, MIDDLE, UPTO, Bundles
from tests.replays.proving.worlds import (
    OURS,
    STRANGER,
    Files,
    altered,
    change_manifest,
    faults,
    found,
    unpacked,
)

MANIFEST = "manifest.json"


MANIFESTS = {
    "another head": ({"digest": "ab" * 32}, [("HEAD", "end")]),
    "another root": ({"root": "ab" * 32}, [("ROOT", "end")]),
    "fewer events": ({"events": 7}, [("HEAD", "end")]),
    "an earlier end": ({"upto": 99}, [("HEAD", 99)]),
    "another log": ({"log": "other"}, [("CHECKPOINT", MIDDLE)]),
    "no key": ({"verifier_keys": []}, [("KEY", MIDDLE)]),
    "another key": ({"verifier_keys": [STRANGER.key.text]}, [("KEY", MIDDLE)]),
    "a key that is none": ({"verifier_keys": [OURS.key.text, "x"]}, [("KEY", 0)]),
    "another digest before": ({"previous_digest": "ab" * 32}, [("CHAIN", 1)]),
    "peaks of nothing": ({"peaks": ["ab" * 32]}, [("MANIFEST", 0)]),
    "no file": ({"files": {}}, [("FILE", 0)]),
    "another kind": ({"kind": "extract"}, [("MANIFEST", 0)]),
    "no kind": ({"kind": "book"}, [("MANIFEST", 0)]),
    "another format": ({"format": "other"}, [("MANIFEST", 0)]),
    "another version": ({"format_version": 2}, [("MANIFEST", 0)]),
    "a further field": ({"note": "believe me"}, [("MANIFEST", 0)]),
    "a field of another type": ({"events": "many"}, [("MANIFEST", 0)]),
    "no hash": ({"digest": "short"}, [("MANIFEST", 0)]),
    "no list of hashes": ({"peaks": [1]}, [("MANIFEST", 0)]),
    "no keys": ({"verifier_keys": [1]}, [("MANIFEST", 0)]),
    "other columns": ({"columns": {}}, [("MANIFEST", 0)]),
    "files of another shape": ({"files": {"a": 1}}, [("MANIFEST", 0)]),
    "a negative beginning": ({"after": -1}, [("MANIFEST", 0)]),
}


@pytest.mark.parametrize("what", MANIFESTS)
def test_an_altered_manifest_is_found(bundles: Bundles, what: str):
    values, expected = MANIFESTS[what]
    path = altered(bundles.whole, lambda files: change_manifest(files, **values))
    told = faults(found(path))

    at = {kind: bundles.end if place == "end" else place for kind, place in expected}
    assert at.items() <= dict(told).items()
    assert set(dict(told)) <= at.keys() | {"CHECKPOINT"}


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b"[" * 100_000])
def test_a_manifest_that_is_none_is_said_to_be_none(bundles: Bundles, content: bytes):
    path = altered(bundles.whole, lambda files: files.update({MANIFEST: content}))

    assert faults(found(path)) == [("MANIFEST", 0)]


NOTE = f"checkpoints/{MIDDLE}.txt"


def put(name: str, content: bytes) -> Callable[[Files], object]:
    """Another content of a file."""
    return lambda files: files.update({name: content})


def resign(line: int, at: int) -> Callable[[Files], None]:
    """Another letter in a line of a note."""

    def alter(files: Files) -> None:
        lines = files[NOTE].decode().split("\n")
        letter = "0" if lines[line][at] != "0" else "1"
        lines[line] = f"{lines[line][:at]}{letter}{lines[line][at + 1 :]}"
        files[NOTE] = "\n".join(lines).encode()

    return alter


CHECKPOINTS: dict[str, tuple[Callable[[Files], object], list[tuple[str, int]]]] = {
    "another root": (resign(2, 9), [("SIGNATURE", MIDDLE)]),
    "another digest": (resign(3, 9), [("SIGNATURE", MIDDLE)]),
    "another time": (resign(4, 13), [("SIGNATURE", MIDDLE)]),
    "another signature": (resign(6, 80), [("SIGNATURE", MIDDLE)]),
    "another hash of the key": (resign(6, 22), [("KEY", MIDDLE)]),
    "no signature": (resign(6, 0), [("CHECKPOINT", MIDDLE)]),
    "no text": (put(NOTE, b"\xff"), [("CHECKPOINT", MIDDLE)]),
    "no note": (lambda files: files.pop(NOTE), [("CHECKPOINT", MIDDLE)]),
    "no row": (put("checkpoints.ndjson", b""), [("CHECKPOINT", MIDDLE)]),
    "no such row": (put("checkpoints.ndjson", b"{}\n"), [("CHECKPOINT", 0)]),
    "a row of another": (put("checkpoints.ndjson", b"[60]\n"), [("CHECKPOINT", MIDDLE)]),
}


@pytest.mark.parametrize("what", CHECKPOINTS)
def test_an_altered_checkpoint_is_found(bundles: Bundles, what: str):
    alter, expected = CHECKPOINTS[what]
    told = faults(found(altered(bundles.whole, alter)))

    assert [one for one in told if one[0] != "FILE"] == expected
    assert ("FILE", 0) in told


def test_a_checkpoint_under_the_name_of_another_is_found(bundles: Bundles):
    other = unpacked(bundles.whole)[f"checkpoints/{LAST}.txt"]
    told = found(altered(bundles.whole, put(NOTE, other)))

    assert f"{NOTE} is the note of {LAST}" in {one.text for one in told.faults}


def test_a_part_whose_beginning_is_not_that_of_the_log_is_found(bundles: Bundles):
    peaks = json.loads(unpacked(bundles.part)[MANIFEST])["peaks"]
    wrong = ["ab" * 32, *peaks[1:]]
    path = altered(bundles.part, lambda files: change_manifest(files, peaks=wrong))

    assert set(faults(found(path))) == {("ROOT", UPTO), ("CHECKPOINT", MIDDLE)}


def test_a_part_without_the_proof_to_the_next_checkpoint_is_not_covered_by_it(bundles: Bundles):
    told = json.loads(unpacked(bundles.part)[MANIFEST])["consistency"]
    cases = ({}, told | {"proof": told["proof"][:-1]}, told | {"checkpoint": 101})

    for consistency in cases:
        path = altered(
            bundles.part, lambda files, told=consistency: change_manifest(files, consistency=told)
        )
        verdict = found(path)
        assert faults(verdict) == [("CHECKPOINT", LAST)]
        assert verdict.covered == MIDDLE


def test_files_that_are_not_listed_are_missing_or_twice_there_are_named(bundles: Bundles):
    def alter(files: Files) -> None:
        files["more.txt"] = b"more"
        del files["FORMAT.md"]
        files["schemas.json"] += b" "

    told = found(altered(bundles.whole, alter)).faults

    assert {one.kind for one in told} == {"FILE"}
    for name in ("more.txt", "FORMAT.md", "schemas.json"):
        assert sum(repr(name) in one.text for one in told) == 1
