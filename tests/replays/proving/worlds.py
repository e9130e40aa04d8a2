"""Logs that were signed, and bundles of them: how tests make them, take them apart and alter them."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.engine import Engine
from eventlog import checkpoints as kept
from eventlog.rows import Checkpoint
from replays.proving.bundle import span_of, write_bundle
from replays.proving.checkpoints import make, sign
from replays.proving.extract import write_extract
from replays.proving.merkle import leaf_of, root
from replays.proving.signing import Signer
from replays.proving.verifier.checking import Verdict, check
from replays.proving.verifier.notes import TreeHead

LOG = "maker.example/log"
SIGNED_AT = "2026-04-02T02:00:00.000000Z"
OURS = Signer(LOG, Ed25519PrivateKey.from_private_bytes(b"\x01" * 32))
STRANGER = Signer(LOG, Ed25519PrivateKey.from_private_bytes(b"\x02" * 32))

Files = dict[str, bytes]


def signed(engine: Engine, signer: Signer = OURS) -> Checkpoint:
    """Sign the head of a log, and keep it."""
    return kept.keep(engine.database, make(engine.reader, signer, SIGNED_AT))


def signed_at(engine: Engine, position: int, signer: Signer = OURS) -> Checkpoint:
    """Keep what a checkpoint at an earlier position would have been."""
    links = list(engine.reader.digests(upto=position))
    over = root(leaf_of(one.digest) for one in links)
    head = TreeHead(LOG, position, over, links[-1].digest, SIGNED_AT)
    return kept.keep(engine.database, sign(head, signer))


def bundled(engine: Engine, path: Path, after: int = 0, upto: int | None = None) -> Path:
    """Write a bundle of a log."""
    with path.open("wb") as out:
        span = span_of(engine.reader, after, upto)
        write_bundle(out, engine.reader, span, log=LOG, types=engine.codec.types)
    return path


def extracted(engine: Engine, path: Path, dealer: str) -> Path:
    """Write the extract of a dealer."""
    with path.open("wb") as out:
        write_extract(out, engine.reader, dealer, log=LOG)
    return path


def unpacked(path: Path | bytes) -> Files:
    """Every file of a zip."""
    with zipfile.ZipFile(path if isinstance(path, Path) else io.BytesIO(path)) as found:
        return {name: found.read(name) for name in found.namelist()}


def packed(files: Mapping[str, bytes], path: Path) -> Path:
    """A zip of some files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in files.items():
            out.writestr(name, content)
    return path


def altered(path: Path, alter: Callable[[Files], object], name: str = "altered.zip") -> Path:
    """A copy of a bundle in which some files were changed, and nothing else."""
    files = unpacked(path)
    alter(files)
    return packed(files, path.with_name(name))


def change_manifest(files: Files, /, **values: Any) -> None:
    """Let the manifest say something else."""
    told = json.loads(files["manifest.json"]) | values
    files["manifest.json"] = json.dumps(told).encode()


def lines_of(files: Mapping[str, bytes], name: str) -> list[Any]:
    """The rows of a file."""
    return [json.loads(line) for line in files[name].splitlines()]


def text_of(rows: list[Any]) -> bytes:
    """Rows as the lines of a file."""
    return b"".join(
        json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for row in rows
    )


def faults(verdict: Verdict) -> list[tuple[str, int]]:
    """Kind and first position of everything that was found."""
    return [(one.kind, one.position) for one in verdict.faults]


def checked(path: Path, *words: str) -> tuple[int, str]:
    """Let a bundle check itself in a Python that has nothing of ours: exit code and report."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(path), *words], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def found(path: Path, *keys: Any, notes: tuple[str, ...] = ()) -> Verdict:
    """What the verifier finds, here and now."""
    return check(path, keys, notes)
