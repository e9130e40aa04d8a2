"""Checkpoints, proofs, bundles and extracts over HTTP, as an auditor and a dealer ask for them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.engine import Engine
from replays.proving.merkle import check_consistency, check_inclusion
from replays.proving.signing import load, verify
from replays.proving.verifier.checking import check
from replays.proving.verifier.notes import read_head, read_note, signers
from tests.api.door import problem, signed_in
from tests.api.scope.asking import behalf
from tests.api.trust.conftest import AUDITING, LOG
from tests.replays.tampering import tampering
from tests.support.story import play
from tests.support.templates import Templates
from tests.support.world import RICH, MovableClock, done, opened

AUDITOR = {"Authorization": f"Bearer {AUDITING}"}


@pytest.fixture
def kept(service: TestClient) -> dict[str, Any]:
    """What a service had signed of the head."""
    answer = service.post("/v1/checkpoints")
    assert answer.status_code == 200, answer.text
    return answer.json()


def saved(answer: Any, path: Path) -> Path:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    assert int(answer.headers["content-length"]) == len(answer.content)
    path.write_bytes(answer.content)
    return path


def test_the_head_is_signed_once_and_its_note_can_be_kept(
    service: TestClient, signing_engine: Engine, kept: dict[str, Any], key_file: Path
):
    again = service.post("/v1/checkpoints").json()
    note = service.get(f"/v1/checkpoints/{kept['position']}", headers=AUDITOR)
    read, key = read_note(note.text), load(key_file, LOG).key

    assert again == kept
    assert note.headers["content-type"] == "text/plain; charset=utf-8"
    assert signers(read, [key], verify) == [key]
    head = read_head(read.text)
    assert (head.origin, head.size) == (LOG, signing_engine.reader.head().position)
    assert (head.root.hex(), head.digest) == (kept["root"], kept["digest"])
    assert kept["key"] == key.text
    assert kept in service.get("/v1/checkpoints", headers=AUDITOR).json()


def test_an_event_is_proved_to_be_in_the_tree_of_a_checkpoint(
    service: TestClient, signing_engine: Engine, kept: dict[str, Any]
):
    size = kept["position"]
    for position in (1, 2, 64, size):
        told = service.get("/v1/proofs/inclusion", params={"position": position}).json()
        [row] = signing_engine.reader.after(position - 1, limit=1)
        path = [bytes.fromhex(one) for one in told["path"]]

        assert (told["digest"], told["size"], told["root"]) == (row.digest, size, kept["root"])
        leaf, root = bytes.fromhex(told["digest"]), bytes.fromhex(kept["root"])
        assert check_inclusion(leaf, position - 1, size, path, root)
    params = {"position": 2, "checkpoint": size}
    second = service.get("/v1/proofs/inclusion", params=params).json()
    [first] = signing_engine.reader.after(0, limit=1)
    assert second["previous_digest"] == first.digest


def test_the_log_is_proved_to_begin_as_it_was_once_signed(
    service: TestClient, kept: dict[str, Any]
):
    new = kept["position"]
    for old in (1, 60, new - 1, new):
        params = {"old": old, "new": new}
        told = service.get("/v1/proofs/consistency", params=params, headers=AUDITOR).json()
        path = [bytes.fromhex(one) for one in told["path"]]
        roots = (bytes.fromhex(told["old_root"]), bytes.fromhex(told["new_root"]))

        assert told["new_root"] == kept["root"]
        assert check_consistency((old, new), roots, path)


def test_a_bundle_of_the_log_or_of_a_part_is_intact_elsewhere(
    service: TestClient, kept: dict[str, Any], key_file: Path, tmp_path: Path
):
    key, end = load(key_file, LOG).key, kept["position"]
    whole = service.get("/v1/bundle", headers=AUDITOR)
    part = service.get("/v1/bundle", params={"after": 30, "upto": 70})

    assert (
        f'filename="bundle-maker.example_log-1-{end}.zip"' in whole.headers["content-disposition"]
    )
    verdict = check(saved(whole, tmp_path / "whole.zip"), [key])
    assert (verdict.faults, verdict.events, verdict.covered) == ([], end, end)
    verdict = check(saved(part, tmp_path / "part.zip"), [key])
    assert (verdict.faults, verdict.events, verdict.covered) == ([], 40, 70)


def test_a_dealer_has_its_own_extract_and_no_other(
    service: TestClient, kept: dict[str, Any], key_file: Path, tmp_path: Path
):
    path = f"/v1/dealers/{RICH}/extract"
    own = service.get(path, headers=behalf("dlr-rich"))
    verdict = check(saved(own, tmp_path / "own.zip"), [load(key_file, LOG).key])

    assert verdict.faults == []
    assert (verdict.events, verdict.covered, verdict.manifest["withheld"]) == (3, 2, 1)
    assert service.get(path).content == own.content
    with zipfile.ZipFile(io.BytesIO(own.content)) as packed:
        assert "receipts.ndjson" not in packed.namelist()
        assert b"cost" not in packed.read("events.ndjson")
    other = service.get(path, headers=behalf("dlr-poor"))
    unknown = service.get("/v1/dealers/D99/extract", headers=behalf("dlr-poor"))
    assert problem(other) == problem(unknown) == (404, "NOT_FOUND")
    assert other.text == unknown.text.replace("D99", RICH)
    assert problem(service.get("/v1/dealers/D99/extract")) == (404, "NOT_FOUND")


QUESTIONS = (
    "/v1/checkpoints",
    "/v1/checkpoints/1",
    "/v1/proofs/inclusion?position=1",
    "/v1/proofs/consistency?old=1&new=2",
    "/v1/bundle",
)


@pytest.mark.parametrize("path", QUESTIONS)
def test_what_is_of_the_whole_log_is_forbidden_to_a_dealers_user(service: TestClient, path: str):
    assert problem(service.get(path, headers=behalf("dlr-rich"))) == (403, "FORBIDDEN_ROLE")


def test_only_a_service_has_something_signed(service: TestClient):
    assert problem(service.post("/v1/checkpoints", headers=AUDITOR)) == (403, "FORBIDDEN_ROLE")
    nobody = service.post("/v1/checkpoints", headers={"Authorization": ""})
    assert problem(nobody) == (401, "KEY_REQUIRED")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1/checkpoints/7", (404, "NOT_FOUND")),
        ("/v1/checkpoints/0", (400, "VALIDATION_FAILED")),
        ("/v1/checkpoints/x", (400, "VALIDATION_FAILED")),
        ("/v1/proofs/inclusion", (400, "VALIDATION_FAILED")),
        ("/v1/proofs/inclusion?position=0", (400, "VALIDATION_FAILED")),
        ("/v1/proofs/inclusion?position=99999", (404, "NOT_FOUND")),
        ("/v1/proofs/inclusion?position=1&checkpoint=7", (404, "NOT_FOUND")),
        ("/v1/proofs/consistency?old=1", (400, "VALIDATION_FAILED")),
        ("/v1/proofs/consistency?old=2&new=1", (400, "VALIDATION_FAILED")),
        ("/v1/proofs/consistency?old=1&new=99999", (404, "NOT_FOUND")),
        ("/v1/bundle?after=-1", (400, "VALIDATION_FAILED")),
        ("/v1/bundle?upto=99999", (400, "VALIDATION_FAILED")),
        ("/v1/bundle?after=9&upto=9", (400, "VALIDATION_FAILED")),
        ("/v1/bundle?after=99999", (400, "VALIDATION_FAILED")),
    ],
)
def test_what_cannot_be_answered_is_refused_with_its_code(
    service: TestClient, path: str, expected: tuple[int, str]
):
    assert problem(service.get(path)) == expected


@pytest.fixture
def fresh(database_url: str, templates: Templates) -> Callable[..., Engine]:
    """Opens the story anew, with other settings."""
    clock = MovableClock()
    templates.fill(database_url, play, clock)
    return lambda **settings: opened(database_url, clock, follow=False, **settings)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_came_after_the_newest_checkpoint_is_not_covered(
    fresh: Callable[..., Engine], key_file: Path
):
    with fresh(signing_key=key_file) as engine:
        client = signed_in(engine)
        asked = "/v1/proofs/inclusion?position={}"
        assert problem(client.get(asked.format(1))) == (409, "NOT_COVERED")
        kept = client.post("/v1/checkpoints").json()
        done(engine, "set-approval-limits", "limits", {"duplicate_hours": 1})

        assert client.get(asked.format(kept["position"])).status_code == 200
        newer = client.get(asked.format(kept["position"] + 1))
        assert problem(newer) == (409, "NOT_COVERED")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_without_a_key_that_can_be_read_nothing_is_signed(
    fresh: Callable[..., Engine], tmp_path: Path
):
    with fresh() as engine:
        answer = signed_in(engine).post("/v1/checkpoints")
        assert problem(answer) == (409, "NO_SIGNING_KEY")
    with fresh(signing_key=tmp_path / "none.pem") as engine:
        answer = signed_in(engine).post("/v1/checkpoints")
        assert problem(answer) == (500, "SIGNING_KEY_UNREADABLE")
        assert str(tmp_path) not in answer.text


def test_nothing_is_signed_of_a_log_that_is_not_what_was_signed(
    fresh: Callable[..., Engine], database_url: str, key_file: Path
):
    with fresh(signing_key=key_file) as engine:
        client = signed_in(engine)
        assert client.post("/v1/checkpoints").status_code == 200
        with tampering(database_url) as log:
            log.change(log.at, data="{}")
            log.forge()

        assert problem(client.post("/v1/checkpoints")) == (500, "LOG_ALTERED")
