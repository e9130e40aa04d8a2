"""The verifier stands alone, never breaks on what it is given, and says what it found."""

from __future__ import annotations

import ast
import json
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replays.proving import verifier
from replays.proving.verifier.command import main
from tests.replays.proving.conftest import Bundles
from tests.replays.proving.worlds import OURS, STRANGER, checked, faults, found, unpacked

OLDEST = (3, 9)
FILES = sorted(Path(verifier.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda one: one.name)
def test_it_imports_the_standard_library_and_itself_alone(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=OLDEST)
    known = {one.stem for one in FILES}

    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert {one.name.partition(".")[0] for one in node.names} <= sys.stdlib_module_names
        if isinstance(node, ast.ImportFrom):
            assert node.module in (known if node.level else sys.stdlib_module_names) or (
                not node.level and node.module.partition(".")[0] in sys.stdlib_module_names
            )


def test_a_bundle_has_the_verifier_as_it_is_here(bundles: Bundles):
    for path in (bundles.whole, bundles.extract):
        files = unpacked(path)
        for one in FILES:
            assert files[f"verifier/{one.name}"] == one.read_bytes()


def test_a_folder_checks_itself_as_its_zip_does_and_again(bundles: Bundles, tmp_path: Path):
    with zipfile.ZipFile(bundles.part) as packed:
        packed.extractall(tmp_path)

    first, second = checked(tmp_path), checked(tmp_path)

    assert first == second == checked(bundles.part)
    (tmp_path / "events.ndjson").write_bytes(b"")
    assert checked(tmp_path)[0] == 1


def test_another_bundle_can_be_named(bundles: Bundles):
    assert checked(bundles.part, str(bundles.whole)) == checked(bundles.whole)


@settings(max_examples=40)
@given(st.data())
def test_whatever_byte_of_the_zip_is_another_it_gives_a_verdict(
    bundles: Bundles, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
):
    raw = bytearray(bundles.extract.read_bytes())
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= 1 << data.draw(st.integers(0, 7))
    path = tmp_path_factory.mktemp("raw") / "bundle.zip"
    path.write_bytes(raw)

    verdict = found(path)

    if verdict.intact:  # dates, permissions and the like say nothing of the content
        assert unpacked(path) == unpacked(bundles.extract)


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all"])
def test_what_is_no_zip_is_said_to_be_none(tmp_path: Path, content: bytes):
    path = tmp_path / "file"
    path.write_bytes(content)

    assert faults(found(path)) == [("FILE", 0)]
    assert faults(found(tmp_path / "missing")) == [("FILE", 0)]
    assert faults(found(tmp_path)) == [("MANIFEST", 0)]


def test_the_verdict_for_machines_has_all_that_was_found(bundles: Bundles, capsys):
    broken = bundles.whole.with_name("broken.zip")
    with zipfile.ZipFile(bundles.whole) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[:-1] if name == "schemas.json" else content)

    code = main(["--json", "--key", OURS.key.text, str(broken)], broken)
    told = json.loads(capsys.readouterr().out)

    assert code == 1
    assert told["faults"] == [
        {
            "kind": "FILE",
            "position": 0,
            "text": "'schemas.json' is not what the manifest lists",
            "times": 1,
        }
    ]
    assert (told["kind"], told["events"], told["covered"]) == ("log", bundles.end, bundles.signed)
    assert told["keys"] == [OURS.key.text]
    assert told["digest"] == bundles.engine.reader.head().digest


def test_a_kept_note_is_read_from_its_file(bundles: Bundles, tmp_path: Path, capsys):
    kept = tmp_path / "kept.txt"
    kept.write_bytes(unpacked(bundles.whole)["checkpoints/60.txt"])

    assert main(["--note", str(kept)], bundles.whole) == 0
    kept.write_text(kept.read_text().replace("\n60\n", "\n61\n"))
    assert main(["--note", str(kept)], bundles.whole) == 1
    assert "SIGNATURE at position 61: a note that you kept" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words", [["--key", "no key"], ["--note", "/no/such/file"], ["--other"], ["a", "b"]]
)
def test_words_that_make_no_sense_are_refused(bundles: Bundles, words: list[str], capsys):
    with pytest.raises(SystemExit) as left:
        main(words, bundles.whole)

    assert left.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_keys_that_are_named_are_not_asked_to_be_compared(bundles: Bundles, capsys):
    main([], bundles.whole)
    assert "compare them with those that you keep" in capsys.readouterr().out

    main(["--key", OURS.key.text], bundles.whole)
    assert "compare them" not in capsys.readouterr().out

    assert main(["--key", STRANGER.key.text], bundles.whole) == 1
    assert "KEY: no checkpoint of it is signed with a key that you trust" in capsys.readouterr().out
