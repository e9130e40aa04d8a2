"""Checkpoints of a bundle, and those that were kept elsewhere: whose signatures hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from .archive import Archive, UnreadableError
from .ed25519 import verify
from .findings import Findings
from .manifest import CHECKPOINTS
from .notes import Key, Note, TreeHead, read_head, read_key, read_note, signers
from .rows import read_json

NOTE = re.compile(r"checkpoints/([1-9][0-9]*)\.txt")


class Signed(NamedTuple):
    """A checkpoint whose signature is valid: what it says, whose it is, and where it is from."""

    head: TreeHead
    key: Key
    trusted: bool
    kept: bool
    """Whether it came from outside of the bundle."""


class Checkpoints:
    """Reads and checks checkpoints; ``signed`` are those that something can be compared with.

    ``trusted`` are the keys that alone count, if there are any; ``kept`` are notes from elsewhere.
    """

    def __init__(
        self,
        archive: Archive,
        manifest: dict[str, Any],
        findings: Findings,
        trusted: Sequence[Key] = (),
        kept: Sequence[str] = (),
    ) -> None:
        self._archive, self._findings = archive, findings
        self._log, self._trusted = manifest["log"], trusted
        self.keys = self._read_keys(manifest["verifier_keys"])
        self.signed: list[Signed] = []
        for name, row in self._rows().items():
            self._bundled(name, row)
        for raw in kept:
            self._judge(raw, "a note that you kept", kept=True)
        if trusted and not any(one.trusted for one in self.signed if not one.kept):
            findings.add("KEY", 0, "no checkpoint of it is signed with a key that you trust")

    @property
    def own(self) -> list[Signed]:
        """Those of the bundle itself, in order of position."""
        found = [one for one in self.signed if not one.kept]
        return sorted(found, key=lambda one: one.head.size)

    def _read_keys(self, texts: list[str]) -> list[Key]:
        found = []
        for text in texts:
            try:
                found.append(read_key(text))
            except ValueError as error:
                self._findings.add("KEY", 0, str(error), of=text)
        return found

    def _rows(self) -> dict[str, Any]:
        """Rows of the table by the name of their note; a note without a row has None."""
        found: dict[str, Any] = {name: None for name in self._archive.names if NOTE.fullmatch(name)}
        try:
            for line in self._archive.lines(CHECKPOINTS):
                row = read_json(line)
                found[f"checkpoints/{_first(row)}.txt"] = row
        except (ValueError, UnreadableError) as error:
            self._findings.add("CHECKPOINT", 0, f"{CHECKPOINTS}: {error}", of=CHECKPOINTS)
        return found

    def _bundled(self, name: str, row: Any) -> None:
        try:
            raw = self._archive.read(name).decode()
        except (UnreadableError, ValueError) as error:
            self._findings.add("CHECKPOINT", _position(name), str(error), of=name)
            return
        found = self._judge(raw, name)
        if found is None:
            return
        note, head, key = found
        at = head.size
        if name != f"checkpoints/{at}.txt":
            self._findings.add("CHECKPOINT", at, f"{name} is the note of {at}", of=name)
        signature = next(one for one in note.signatures if one.fingerprint == key.fingerprint)
        told = [at, head.digest, head.signed_at, key.text, signature.coded, head.root.hex()]
        if row != told:
            self._findings.add("CHECKPOINT", at, f"{CHECKPOINTS} says otherwise", of=CHECKPOINTS)

    def _judge(
        self, raw: str, name: str, *, kept: bool = False
    ) -> tuple[Note, TreeHead, Key] | None:
        """Read a note and check its signature; what is wrong with it is a fault."""
        try:
            note = read_note(raw)
            head = read_head(note.text)
        except ValueError as error:
            self._findings.add("CHECKPOINT", _position(name), f"{name}: {error}", of=name)
            return None
        try:
            keys = dict.fromkeys([*self._trusted, *self.keys])
            found = signers(note, keys, verify)
        except ValueError as error:
            self._findings.add("SIGNATURE", head.size, f"{name}: {error}")
            return None
        if head.origin != self._log:
            self._findings.add("CHECKPOINT", head.size, f"{name} is of a log {head.origin!r}")
        if not found:
            text = f"{name} is signed with none of the keys that the bundle or you name"
            self._findings.add("KEY", head.size, text)
            return None
        trusted = not self._trusted or any(one in self._trusted for one in found)
        if not trusted:
            text = f"{name} is signed with {found[0].text}, which you do not trust"
            self._findings.add("KEY", head.size, text)
        self.signed.append(Signed(head, found[0], trusted, kept))
        return note, head, found[0]


def _first(row: Any) -> int:
    """Position of a row. Raises ValueError for what is no row of a checkpoint."""
    if type(row) is not list or not row or type(row[0]) is not int:
        raise ValueError("a line is no checkpoint")
    return row[0]


def _position(name: str) -> int:
    found = NOTE.fullmatch(name)
    return int(found.group(1)) if found else 0
