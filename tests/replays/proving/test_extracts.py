"""A dealer gets its own events, each with a proof, and nothing that it may not know."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import pytest

from api.engine import Engine
from domain.catalogue import EVENTS as TYPES
from replays.proving.extract import AGGREGATES, SHOWN, WITHHELD, write_extract
from tests.replays.proving.conftest import LAST, Bundles, pay
from tests.replays.proving.worlds import (
    LOG,
    OURS,
    STRANGER,
    Files,
    altered,
    change_manifest,
    checked,
    extracted,
    faults,
    found,
    lines_of,
    signed,
    text_of,
    unpacked,
)
from tests.support.world import POOR, RICH

EVENTS, PROOFS = "events.ndjson", "proofs.ndjson"


def test_an_extract_checks_itself_and_holds_the_dealers_events_alone(
    told: Engine, database_url: str, tmp_path: Path
):
    pay(told, POOR, "BK-POOR")
    last = signed(told).position
    pay(told, RICH, "BK-RICH")
    path = extracted(told, tmp_path / "rich.zip", RICH)

    code, report = checked(path, "--json", "--key", OURS.key.text)
    verdict = json.loads(report)
    assert (code, verdict["intact"], verdict["checkpoint"]) == (0, True, last)
    rows = lines_of(unpacked(path), EVENTS)
    own = [row for row in told.reader.after() if row.stream.split("/")[1] == RICH]
    own = [row for row in own if row.stream.split("/")[0] in {one.CATEGORY for one in AGGREGATES}]
    assert [row[:3] for row in rows] == [list(row[:3]) for row in own]
    assert verdict["withheld"] == 1 == sum(row.topic == "account.invoice_posted" for row in own)
    assert verdict["covered"] == sum(row[0] <= last for row in rows) - 1
    assert verdict["events"] == len(rows) > verdict["covered"] + 1
    other = extracted(told, tmp_path / "poor.zip", POOR)
    assert faults(found(other)) == []
    assert {row[1] for row in lines_of(unpacked(other), EVENTS)} == {f"Account/{POOR}/CNY"}
    for name, content in unpacked(other).items():
        assert RICH.encode() not in content or name == "schemas.json"


def test_what_came_after_the_checkpoint_is_not_covered_yet(bundles: Bundles):
    code, report = checked(bundles.extract)

    assert code == 0
    assert "4, of which 1 are withheld" in report
    assert "in its tree are 2, 1 are not covered yet" in report


def test_without_a_checkpoint_nothing_but_the_extract_speaks_for_it(bundles: Bundles):
    def strip(files: Files) -> None:
        for name in [one for one in files if one.startswith("checkpoints/")]:
            del files[name]
        files["checkpoints.ndjson"] = b""
        rows = [[*row[:2], None] for row in lines_of(files, PROOFS)]
        files[PROOFS] = text_of(rows)
        change_manifest(files, checkpoint=0, covered=0, verifier_keys=[])

    path = altered(bundles.extract, strip)

    assert {kind for kind, _ in faults(found(path))} == {"FILE"}
    assert "none: nothing but the extract speaks for it" in checked(path)[1]
    assert ("KEY", 0) in faults(found(path, OURS.key))


def fields(hint: Any) -> Iterator[str]:
    """Names of all fields of a type, at any depth."""
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        hints = get_type_hints(hint)
        for one in msgspec.structs.fields(hint):
            yield one.name
            yield from fields(hints[one.name])
    for inner in getattr(hint, "__args__", ()):
        yield from fields(inner)


def test_of_every_event_of_an_account_it_was_decided_whether_dealers_see_it():
    modules = {one.__module__ for one in AGGREGATES} | {one.__module__ for one in SHOWN | WITHHELD}
    events = {one for one in TYPES if one.__module__ in modules}

    assert events == SHOWN | WITHHELD
    assert not SHOWN & WITHHELD


def test_no_event_that_dealers_see_has_a_field_for_what_is_ours_alone():
    ours = {"cost", "std_cost", "approvals", "floor", "ceiling", "other"}

    assert {"cost"} < {name for one in WITHHELD for name in fields(one)} & ours
    for one in SHOWN:
        assert not set(fields(one)) & ours, one


def test_a_withheld_event_tells_neither_its_digest_nor_the_one_before(bundles: Bundles):
    files = unpacked(bundles.extract)
    [row] = [row for row in lines_of(files, EVENTS) if row[4] is None]
    [stored] = bundles.engine.reader.after(row[0] - 1, limit=1)
    proof = next(one for one in lines_of(files, PROOFS) if one[0] == row[0])

    assert row[3:] == [None] * 5
    assert proof == [row[0], None, None]
    assert all(stored.digest.encode() not in content for content in files.values())


def rows(change: Callable[[list[Any]], object], name: str = EVENTS) -> Callable[[Files], None]:
    """A change of the rows of a file."""

    def alter(files: Files) -> None:
        found = lines_of(files, name)
        change(found)
        files[name] = text_of(found)

    return alter


def put(place: int, column: int, value: Any, name: str = EVENTS) -> Callable[[Files], None]:
    return rows(lambda found: found[place].__setitem__(column, value), name)


ALTERED: dict[str, tuple[Callable[[Files], None], dict[str, int]]] = {
    "other data": (put(1, 4, "{}"), {"CHAIN": 1}),
    "another record time": (put(2, 5, "2026-01-01"), {"CHAIN": 2, "TIME": 2}),
    "another digest": (put(1, 7, "ab" * 32), {"CHAIN": 1, "PROOF": 1}),
    "another digest before": (put(1, 1, "ab" * 32, PROOFS), {"CHAIN": 1}),
    "no digest before": (put(1, 1, None, PROOFS), {"CHAIN": 1}),
    "a digest before that is none": (put(1, 1, "x", PROOFS), {"PROOF": 1}),
    "no path": (put(1, 2, None, PROOFS), {"PROOF": 1, "HEAD": 3}),
    "a shorter path": (rows(lambda found: found[1][2].pop(), PROOFS), {"PROOF": 1}),
    "a path that is none": (put(1, 2, [1], PROOFS), {"PROOF": 1}),
    "the path of another": (
        rows(lambda found: found.__setitem__(1, found[2]), PROOFS),
        {"PROOF": 1},
    ),
    "a proof too many": (rows(lambda found: found.append(found[-1]), PROOFS), {"PROOF": 3}),
    "a proof too few": (rows(lambda found: found.pop(), PROOFS), {"PROOF": 3}),
    "an event that is left out": (
        lambda files: (
            rows(lambda found: found.pop(1))(files),
            rows(lambda found: found.pop(1), PROOFS)(files),
        ),
        {"VERSION": 2, "HEAD": 3},
    ),
    "a swapped pair": (
        rows(lambda found: found.insert(1, found.pop(2))),
        {"DENSITY": 1, "VERSION": 1, "PROOF": 1},
    ),
    "another stream": (put(1, 1, "Account/D02/CNY"), {"ROW": 1, "CHAIN": 1, "VERSION": 1}),
    "a withheld event that is gone": (
        lambda files: (
            rows(lambda found: found.pop(0))(files),
            rows(lambda found: found.pop(0), PROOFS)(files),
        ),
        {"VERSION": 1, "HEAD": 3},
    ),
}
"""What was done to an extract, and the faults with the place of the event where they begin."""


@pytest.mark.parametrize("what", ALTERED)
def test_an_altered_extract_is_found(bundles: Bundles, what: str):
    alter, expected = ALTERED[what]
    positions = [row[0] for row in lines_of(unpacked(bundles.extract), EVENTS)]
    told = dict(faults(found(altered(bundles.extract, alter))))

    assert told["FILE"] == 0
    at = {kind: positions[place] for kind, place in expected.items()}
    assert {kind: told.get(kind) for kind in expected} == at
    assert told.keys() - at.keys() <= {"FILE", "HEAD"}


def test_a_line_that_is_no_event_is_named_by_its_number(bundles: Bundles):
    told = found(altered(bundles.extract, rows(lambda found: found.__setitem__(1, [1]))))

    assert "line 2: the line is no event" in {one.text for one in told.faults}


MANIFESTS: dict[str, tuple[dict[str, Any], str]] = {
    "more events": ({"events": 9}, "HEAD"),
    "more that are covered": ({"covered": 9}, "HEAD"),
    "more that are withheld": ({"withheld": 0}, "HEAD"),
    "other streams": ({"streams": ["Account/D02/"]}, "ROW"),
    "another checkpoint": ({"checkpoint": LAST}, "CHECKPOINT"),
    "another log": ({"log": "other"}, "CHECKPOINT"),
    "another key": ({"verifier_keys": [STRANGER.key.text]}, "KEY"),
    "another kind": ({"kind": "log"}, "MANIFEST"),
}


@pytest.mark.parametrize("what", MANIFESTS)
def test_an_altered_manifest_is_found(bundles: Bundles, what: str):
    values, kind = MANIFESTS[what]
    path = altered(bundles.extract, lambda files: change_manifest(files, **values))

    assert kind in dict(faults(found(path)))


def test_a_note_that_was_kept_must_be_the_one_that_the_proofs_lead_to(bundles: Bundles):
    notes = [
        content.decode()
        for name, content in sorted(unpacked(bundles.whole).items())
        if name.startswith("checkpoints/")
    ]
    newest = next(one for one in notes if f"\n{bundles.signed}\n" in one)
    older = next(one for one in notes if f"\n{LAST}\n" in one)

    assert faults(found(bundles.extract, notes=(newest,))) == []
    assert faults(found(bundles.extract, notes=(older,))) == [("CHECKPOINT", LAST)]


def test_a_dealer_without_an_account_gets_an_extract_without_events(bundles: Bundles):
    out = io.BytesIO()
    write_extract(out, bundles.engine.reader, "D99", log=LOG)

    assert unpacked(out.getvalue())[EVENTS] == b""


def test_progress_is_told_up_to_the_head(bundles: Bundles, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("replays.proving.extract.STEP", 50)
    seen: list[int] = []
    write_extract(io.BytesIO(), bundles.engine.reader, RICH, log=LOG, progress=seen.append)

    assert seen == [50, 100, bundles.end]
