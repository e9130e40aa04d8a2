"""Writing the files of a bundle into a zip, with what its manifest lists of each.

The same files give the same bytes: nothing in a zip of ours tells when it was made.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from typing import IO, Any, Self

import msgspec

from eventlog.rows import Checkpoint, EventRow, Receipt
from replays.proving.checkpoints import note_of
from replays.proving.verifier.archive import MANIFEST
from replays.proving.verifier.manifest import CHECKPOINTS, EVENTS, FORMAT, PROOFS, RECEIPTS, VERSION

Write = Callable[[bytes], object]

COLUMNS: Mapping[str, tuple[str, ...]] = {
    EVENTS: EventRow._fields,
    RECEIPTS: Receipt._fields,
    CHECKPOINTS: Checkpoint._fields,
    PROOFS: ("position", "previous_digest", "path"),
}
"""What the array of each line holds."""

EPOCH = (1980, 1, 1, 0, 0, 0)
READABLE = 0o644 << 16

LAUNCHER = b'''"""Checks the bundle that it is in: python3 bundle.zip (Python 3.9 or newer)."""

import sys
from pathlib import Path

sys.dont_write_bytecode = True

from verifier.command import main  # noqa: E402

sys.exit(main(sys.argv[1:], Path(__file__).parent))
'''

SCHEMA = "https://json-schema.org/draft/2020-12/schema"


class Packing:
    """A zip that is being written; ``out`` need not be seekable."""

    def __init__(self, out: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)
        self._listed: dict[str, dict[str, Any]] = {}
        self._kinds: dict[str, tuple[str, ...]] = {}

    def __enter__(self) -> Self:
        """Begin with the verifier and what the format is."""
        self.put("__main__.py", LAUNCHER)
        for one in sorted(files("replays.proving.verifier").iterdir(), key=lambda one: one.name):
            if one.name.endswith(".py"):
                self.put(f"verifier/{one.name}", one.read_bytes())
        self.put("FORMAT.md", files("replays.proving").joinpath("FORMAT.md").read_bytes())
        return self

    def __exit__(self, *_: object) -> None:
        """End the zip."""
        self._zip.close()

    @contextmanager
    def file(self, name: str) -> Iterator[Write]:
        """Open a file for what is written to it piece by piece, however long it becomes."""
        hashed, size = hashlib.sha256(), 0
        with self._zip.open(_info(name), "w", force_zip64=True) as file:

            def write(content: bytes) -> None:
                nonlocal size
                hashed.update(content)
                size += len(content)
                file.write(content)

            yield write
        self._listed[name] = {"sha256": hashed.hexdigest(), "size": size}

    def put(self, name: str, content: bytes) -> None:
        """Write a small file."""
        with self.file(name) as write:
            write(content)

    def lines(self, name: str, rows: Iterable[object]) -> None:
        """Write a file of JSON arrays, one a line."""
        with self.table(name) as write:
            for row in rows:
                write(line_of(row))

    @contextmanager
    def table(self, name: str) -> Iterator[Write]:
        """Open a file of lines; the manifest says what their columns are."""
        self._kinds[name] = COLUMNS[name]
        with self.file(name) as write:
            yield write

    def checkpoints(self, rows: Iterable[Checkpoint]) -> list[str]:
        """Write stored checkpoints, each as a row and as its signed note: their verifier keys."""
        kept = list(rows)
        self.lines(CHECKPOINTS, kept)
        for row in kept:
            try:
                note = note_of(row)
            except ValueError:
                continue  # the row speaks for itself: the verifier misses its note
            self.put(f"checkpoints/{row.position}.txt", note.written.encode())
        return list(dict.fromkeys(row.key_id for row in kept))

    def manifest(self, told: Mapping[str, Any]) -> None:
        """Write what the bundle holds; it is the last file, and lists all others."""
        head = {"format": FORMAT, "format_version": VERSION}
        found = {**head, **told, "columns": self._kinds, "files": dict(self._listed)}
        self.put(MANIFEST, msgspec.json.format(msgspec.json.encode(found)) + b"\n")


def line_of(row: object) -> bytes:
    """Write a row as a JSON array with its newline."""
    return msgspec.json.encode(row) + b"\n"


def schemas(types: Mapping[str, type[Any]]) -> bytes:
    """Describe the events by topic, as JSON Schema."""
    shapes, shared = msgspec.json.schema_components(types.values(), ref_template="#/$defs/{name}")
    topics = dict(zip(types, shapes, strict=True))
    found = {"$schema": SCHEMA, "topics": topics, "$defs": shared}
    return msgspec.json.format(msgspec.json.encode(found)) + b"\n"


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = READABLE
    return info
