"""The files of a bundle, in the zip or in the folder that it was unpacked to."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .findings import Findings

MANIFEST = "manifest.json"
CHUNK = 1 << 16
_TROUBLE = (
    OSError,
    EOFError,
    ValueError,
    KeyError,
    RuntimeError,  # an encrypted file
    NotImplementedError,  # an unknown compression
    zipfile.BadZipFile,
    zlib.error,
)


class UnreadableError(Exception):
    """A bundle, or a file of it, that cannot be read; the text says which."""


class Archive:
    """A bundle that is open. Raises UnreadableError where there is none at the path."""

    def __init__(self, path: Path) -> None:
        self._folder = path
        try:
            self._zip = None if path.is_dir() else zipfile.ZipFile(path)
        except _TROUBLE as error:
            raise UnreadableError(f"{str(path)!r} is no readable zip file: {error}") from None
        self.names = self._found() if self._zip is None else self._zip.namelist()

    def close(self) -> None:
        """Close the zip, if it is one."""
        if self._zip is not None:
            self._zip.close()

    def read(self, name: str) -> bytes:
        """Return a whole file, which should be small. Raises UnreadableError."""
        return b"".join(self.chunks(name))

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a file piece by piece. Raises UnreadableError."""
        with _told(name), self._open(name) as file:
            while True:
                chunk = file.read(CHUNK)
                if not chunk:
                    return
                yield chunk

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the lines of a file, without their ends; raises UnreadableError."""
        with _told(name), self._open(name) as file:
            for line in file:
                yield line[:-1] if line.endswith(b"\n") else line

    def _open(self, name: str) -> IO[bytes]:
        if self._zip is not None:
            return self._zip.open(name)
        return (self._folder / name).open("rb")

    def _found(self) -> list[str]:
        files = (one for one in self._folder.rglob("*") if one.is_file())
        found = (one.relative_to(self._folder) for one in files)
        # Python leaves a folder of its own where it runs the verifier.
        return [one.as_posix() for one in found if "__pycache__" not in one.parts]


@contextmanager
def _told(name: str) -> Iterator[None]:
    try:
        yield
    except _TROUBLE as error:
        raise UnreadableError(f"{name!r} cannot be read: {error}") from None


def check_files(archive: Archive, listed: dict[str, tuple[str, int]], findings: Findings) -> None:
    """Compare every file with its hash (SHA-256) and size in the manifest."""
    for name, (digest, size) in listed.items():
        hashed, length = hashlib.sha256(), 0
        try:
            for chunk in archive.chunks(name):
                hashed.update(chunk)
                length += len(chunk)
        except UnreadableError as error:
            findings.add("FILE", 0, str(error), of=name)
            continue
        if (hashed.hexdigest(), length) != (digest, size):
            findings.add("FILE", 0, f"{name!r} is not what the manifest lists", of=name)
    for name, count in Counter(archive.names).items():
        if name not in listed and name != MANIFEST:
            findings.add("FILE", 0, f"{name!r} is not listed in the manifest", of=name)
        elif count > 1:
            findings.add("FILE", 0, f"there are {count} files {name!r}", of=name)
