"""A bundle is checked without us: what it holds, what covers it, and who signed."""

from __future__ import annotations

import io
import json
from pathlib import Path

import msgspec
import pytest

from api.engine import Engine
from eventlog.rows import Receipt
from replays.proving.bundle import RangeError, span_of, write_bundle
from replays.proving.verifier.notes import TreeHead
from tests.replays.proving.conftest import AFTER, LAST, MIDDLE, UPTO, Bundles
from tests.replays.proving.worlds import (
    LOG,
    OURS,
    SIGNED_AT,
    STRANGER,
    bundled,
    checked,
    faults,
    found,
    lines_of,
    signed,
    signed_at,
    unpacked,
)
from tests.replays.tampering import tampering

EVENTS, RECEIPTS = "events.ndjson", "receipts.ndjson"
NOTE = f"checkpoints/{MIDDLE}.txt"


def test_a_bundle_checks_itself_where_nothing_of_ours_is_installed(bundles: Bundles):
    code, report = checked(bundles.whole)

    assert code == 0
    assert report.endswith("\nintact\n")
    assert f"events 1 to {bundles.end}" in report
    assert "3 signed" in report
    assert f"none covers the events from {bundles.signed + 1} on" in report
    assert OURS.key.text in report


def test_a_part_of_a_log_is_covered_by_the_checkpoints_in_it_and_the_first_behind_it(
    bundles: Bundles,
):
    code, report = checked(bundles.part, "--json", "--key", OURS.key.text)
    verdict = json.loads(report)

    assert code == 0
    assert (verdict["after"], verdict["upto"]) == (AFTER, UPTO)
    assert (verdict["events"], verdict["covered"]) == (UPTO - AFTER, UPTO)
    assert [(one["position"], one["trusted"]) for one in verdict["checkpoints"]] == [
        (MIDDLE, True),
        (LAST, True),
    ]
    assert (verdict["intact"], verdict["faults"]) == (True, [])


def test_what_stands_in_either_database_is_bundled_and_a_forged_chain_is_found(
    told: Engine, database_url: str, tmp_path: Path
):
    kept, end = signed_at(told, 30).position, signed(told).position
    path = bundled(told, tmp_path / "bundle.zip")

    verdict = found(path, OURS.key)
    assert (verdict.events, len(verdict.signed), verdict.covered) == (end, 2, end)
    assert verdict.faults == []
    rows = [msgspec.json.encode(row) for row in told.reader.after()]
    assert unpacked(path)[EVENTS].splitlines() == rows
    receipts = msgspec.json.Decoder(Receipt)
    assert [receipts.decode(line) for line in unpacked(path)[RECEIPTS].splitlines()] == list(
        told.reader.receipts()
    )
    with tampering(database_url) as log:
        log.change(log.at, data=log.row(log.at).data.replace("wh-sh-1", "wh-sh-2", 1))
        log.forge()
    verdict = found(bundled(told, tmp_path / "forged.zip"), OURS.key)
    assert faults(verdict) == [("CHECKPOINT", end)]
    assert verdict.covered == kept


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_events_of_which_a_whole_bundle_was_made_anew_are_found_by_the_checkpoint_alone(
    told: Engine, tmp_path: Path, database_url: str
):
    """Somebody with the database, but without the key, writes a bundle that is consistent."""
    signed_at(told, MIDDLE)
    genuine = bundled(told, tmp_path / "genuine.zip")
    with tampering(database_url) as log:
        log.change(30, data='{"forged":true}')
        log.forge()
    forged = bundled(told, tmp_path / "forged.zip")

    assert faults(found(genuine)) == []
    code, report = checked(forged)
    assert code == 1
    assert (
        f"\nCHECKPOINT at position {MIDDLE}: the checkpoint of {MIDDLE}: another digest" in report
    )
    assert faults(found(forged)) == [("CHECKPOINT", MIDDLE)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_checkpoint_that_somebody_else_signed_over_forged_events_is_not_trusted(
    told: Engine, tmp_path: Path, database_url: str
):
    with tampering(database_url) as log:
        log.change(30, data='{"forged":true}')
        log.forge()
    signed(told, STRANGER)
    forged = bundled(told, tmp_path / "forged.zip")

    assert faults(found(forged)) == []
    assert faults(found(forged, STRANGER.key)) == []
    [fault] = found(forged, OURS.key).faults
    assert (fault.kind, fault.times) == ("KEY", 2)
    assert fault.text == "no checkpoint of it is signed with a key that you trust"
    assert checked(forged, "--key", OURS.key.text)[0] == 1


def test_a_note_that_was_kept_is_compared_with_the_bundle(bundles: Bundles):
    kept = unpacked(bundles.whole)[NOTE].decode()
    other, later = (
        OURS.sign(TreeHead(LOG, size, b"\x01" * 32, "ab" * 32, SIGNED_AT).text).written
        for size in (MIDDLE, 9_999)
    )

    assert faults(found(bundles.whole, notes=(kept,))) == []
    assert faults(found(bundles.part, notes=(kept,))) == []
    assert faults(found(bundles.whole, notes=(kept, other))) == [("CHECKPOINT", MIDDLE)]
    assert faults(found(bundles.whole, notes=(later,))) == [("CHECKPOINT", 9_999)]
    assert faults(found(bundles.whole, notes=("no note",))) == [("CHECKPOINT", 0)]


def test_the_same_log_gives_the_same_bytes(bundles: Bundles, tmp_path: Path):
    assert bundled(bundles.engine, tmp_path / "again").read_bytes() == bundles.whole.read_bytes()


def test_progress_is_told_up_to_the_head(bundles: Bundles, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("replays.proving.bundle.STEP", 25)
    seen: list[int] = []
    reader = bundles.engine.reader
    span = span_of(reader, 30, 60)
    write_bundle(io.BytesIO(), reader, span, log=LOG, types={}, progress=seen.append)

    assert seen == [25, 50, 75, LAST, bundles.end]
    assert span.head == bundles.end


@pytest.mark.parametrize(("after", "upto"), [(0, 9_999), (5, 5), (6, 5), (-1, 5), (9_999, None)])
def test_a_part_that_is_not_there_is_refused(bundles: Bundles, after: int, upto: int | None):
    with pytest.raises(RangeError, match=f"the log has events 1 to {bundles.end}"):
        span_of(bundles.engine.reader, after, upto)


def test_receipts_of_a_part_are_those_of_its_record_times(bundles: Bundles):
    events, receipts = (lines_of(unpacked(bundles.part), one) for one in (EVENTS, RECEIPTS))
    everything = lines_of(unpacked(bundles.whole), RECEIPTS)
    commands = {row[6] for row in events}

    assert commands <= {row[8] for row in receipts} < {row[8] for row in everything}
    assert {row[7] for row in receipts} <= {row[5] for row in events}


def test_every_topic_has_a_schema_and_every_reference_leads_somewhere(bundles: Bundles):
    files = unpacked(bundles.whole)
    told = json.loads(files["schemas.json"])

    assert {row[3] for row in lines_of(files, EVENTS)} <= told["topics"].keys()
    text = files["schemas.json"].decode()
    for name in told["$defs"]:
        assert f"#/$defs/{name}" in text
    assert {one["$ref"].removeprefix("#/$defs/") for one in told["topics"].values()} <= told[
        "$defs"
    ].keys()
