"""Keys, checkpoints, bundles and extracts by the command line, as they are used every day."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from replays.proving.verifier.notes import read_key
from tests.replays.proving.worlds import checked
from tests.replays.tampering import tampering
from tests.support.story import play
from tests.support.templates import Templates
from tests.support.world import RICH, MovableClock


class Shell:
    """Runs commands on one database, in one folder."""

    def __init__(self, url: str, folder: Path) -> None:
        self.folder = folder
        self.settings: dict[str, Any] = {"BATON_DATABASE_URL": url, "BATON_LOG_NAME": "maker/log"}

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(app, list(words), env=self.settings)

    def done(self, *words: str) -> str:
        result = self.run(*words)
        assert result.exit_code == 0, result.output
        return result.stdout

    def file(self, name: str) -> str:
        return str(self.folder / name)


@pytest.fixture
def shell(database_url: str, templates: Templates, tmp_path: Path) -> Shell:
    templates.fill(database_url, play, MovableClock())
    return Shell(database_url, tmp_path)


@pytest.fixture
def keyed(shell: Shell) -> Shell:
    """A shell whose settings name a key."""
    shell.settings["KEY"] = shell.done("new-signing-key", shell.file("key.pem")).strip()
    shell.settings["BATON_SIGNING_KEY"] = shell.file("key.pem")
    return shell


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_log_is_signed_bundled_and_checked_elsewhere(keyed: Shell, database_url: str):
    note, bundle, key = keyed.file("kept.txt"), keyed.file("bundle.zip"), keyed.settings["KEY"]
    keyed.done("checkpoint", "--out", note)
    assert keyed.done("checkpoint") == Path(note).read_text(encoding="utf-8")
    keyed.done("bundle", "--out", bundle)

    assert keyed.done("verify-bundle", bundle, "--key", key).endswith("\nintact\n")
    assert checked(Path(bundle), "--note", note, "--key", key)[0] == 0
    with tampering(database_url) as log:
        log.change(log.at, data="{}")
        log.forge()
    keyed.done("bundle", "--out", keyed.file("forged.zip"))
    forged = keyed.run("verify-bundle", keyed.file("forged.zip"), "--note", note, "--json")
    faults = json.loads(forged.stdout)["faults"]
    assert forged.exit_code == 1
    assert [(one["kind"], one["times"]) for one in faults] == [("CHECKPOINT", 2)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_note_that_was_kept_finds_what_a_forger_who_takes_every_checkpoint_away_hides(
    keyed: Shell, database_url: str
):
    note, forged = keyed.file("kept.txt"), keyed.file("forged.zip")
    keyed.done("checkpoint", "--out", note)
    with tampering(database_url) as log:
        log.change(log.at, data="{}")
        log.forge()
        log.run("DELETE FROM checkpoints")
    keyed.done("checkpoint")
    keyed.done("bundle", "--out", forged)

    assert keyed.done("verify-bundle", forged, "--key", keyed.settings["KEY"]).endswith(
        "\nintact\n"
    )
    found = keyed.run("verify-bundle", forged, "--note", note)
    assert found.exit_code == 1
    assert "the note that you kept of" in found.stdout


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_part_and_an_extract_are_written_as_well(keyed: Shell):
    keyed.done("checkpoint")
    keyed.done("bundle", "--out", keyed.file("part.zip"), "--after", "30", "--upto", "70")
    keyed.done("extract", RICH, "--out", keyed.file("extract.zip"))

    assert "events 31 to 70" in keyed.done("verify-bundle", keyed.file("part.zip"))
    assert f"extract for '{RICH}'" in keyed.done("verify-bundle", keyed.file("extract.zip"))
    assert sorted(one.name for one in keyed.folder.glob("*.part")) == []


def test_a_new_key_is_its_owner_s_alone_and_replaces_none(tmp_path: Path):
    shell = Shell("sqlite://", tmp_path)
    key = read_key(shell.done("new-signing-key", shell.file("key.pem")).strip())
    content = (tmp_path / "key.pem").read_bytes()

    assert key.name == "maker/log"
    assert stat.S_IMODE((tmp_path / "key.pem").stat().st_mode) == 0o600
    again = shell.run("new-signing-key", shell.file("key.pem"))
    assert (again.exit_code, again.stdout) == (1, "")
    assert "is not written: File exists" in again.stderr
    assert (tmp_path / "key.pem").read_bytes() == content
    assert shell.run("new-signing-key", shell.file("no/key.pem")).exit_code == 1


REFUSED = {
    "no key": (("checkpoint",), 1, "no key is set"),
    "no file of a key": (("checkpoint",), 1, "cannot be read"),
    "no such part": (("bundle", "--out", "b.zip", "--upto", "9999"), 1, "the log has events 1 to"),
    "no folder": (("bundle", "--out", "no/b.zip"), 1, "is not written"),
    "no such dealer": (
        ("extract", "D99", "--out", "e.zip"),
        1,
        "nothing is known of a dealer 'D99'",
    ),
    "no bundle": (("verify-bundle", "none.zip"), 1, "is no readable zip file"),
    "no verifier key": (("verify-bundle", "none.zip", "--key", "x"), 2, "is no verifier key"),
    "no note": (("verify-bundle", "none.zip", "--note", "none.txt"), 2, "No such file"),
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_done_is_said_in_a_sentence_and_leaves_nothing(
    shell: Shell, what: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(shell.folder)
    words, code, said = REFUSED[what]
    if what == "no file of a key":
        shell.settings["BATON_SIGNING_KEY"] = shell.file("none.pem")
    before = set(shell.folder.glob("*.zip*"))

    result = shell.run(*words)

    assert result.exit_code == code, result.output
    assert said in result.output
    assert set(shell.folder.glob("*.zip*")) == before


def test_of_an_empty_log_nothing_is_signed(tmp_path: Path):
    shell = Shell(f"sqlite:///{tmp_path / 'empty.db'}", tmp_path)
    shell.done("new-signing-key", shell.file("key.pem"))
    shell.settings["BATON_SIGNING_KEY"] = shell.file("key.pem")

    result = shell.run("checkpoint")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "the log is empty" in result.stderr


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_log_that_is_not_what_was_signed_is_not_signed_again(keyed: Shell, database_url: str):
    keyed.done("checkpoint")
    with tampering(database_url) as log:
        log.change(log.at, data="{}")
        log.forge()

    result = keyed.run("checkpoint", "--out", keyed.file("note.txt"))

    assert result.exit_code == 1
    assert "nothing is signed: another digest was signed" in result.stderr
    assert not (keyed.folder / "note.txt").exists()


@pytest.mark.parametrize("name", ["a b", "a+b", "", "a\tb"])
def test_a_log_is_not_called_what_no_key_can_be_called(tmp_path: Path, name: str):
    shell = Shell("sqlite://", tmp_path)
    shell.settings["BATON_LOG_NAME"] = name

    result = shell.run("new-signing-key", shell.file("key.pem"))

    assert result.exit_code == 1
