"""Checking a bundle of the log: its events from one position to another, without a gap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .archive import Archive, UnreadableError
from .findings import Findings
from .manifest import EVENTS, hashes
from .rows import GENESIS, TOLD, Row, digest_of, read_row
from .signed import Signed
from .tree import Frontier, check_consistency


class LogCheck:
    """Walks over the events of a bundle once. Raises ValueError for a manifest without sense."""

    def __init__(
        self, manifest: dict[str, Any], signed: Sequence[Signed], findings: Findings
    ) -> None:
        self._manifest, self._findings = manifest, findings
        hashes([manifest["previous_digest"], manifest["digest"], manifest["root"]])
        if manifest["after"] == 0 and manifest["previous_digest"] != GENESIS:
            findings.add("CHAIN", 1, "before the first event there is no other")
        self._tree = Frontier(manifest["after"], hashes(manifest["peaks"]))
        self._signed = sorted(signed, key=lambda one: one.head.size)
        self._versions: dict[str, int] = {}
        self._recorded_at = ""
        self.events, self.position = 0, manifest["after"]
        self.digest: str = manifest["previous_digest"]
        self._known = True
        self.covered = 0
        self._compare()

    def walk(self, archive: Archive) -> None:
        """Check all events, and where they end."""
        try:
            for line in archive.lines(EVENTS):
                self._take(line)
        except UnreadableError as error:
            self._findings.add("FILE", 0, str(error), of=EVENTS)
        self._close()

    def _take(self, line: bytes) -> None:
        self.events += 1
        try:
            row = read_row(line)
        except ValueError as error:
            self.position += 1
            self._findings.add("ROW", self.position, f"line {self.events}: {error}")
            self._tree.push(b"")
            self._known = False
            return
        self._check(row)
        self._tree.push(bytes.fromhex(row[TOLD]))
        self.digest, self._known = row[TOLD], True
        self._recorded_at = row[5]
        self._versions[row[1]] = row[2]
        self._compare()

    def _check(self, row: Row) -> None:
        position, stream, version = row[:3]
        expected = self.position + 1
        self.position = position
        if position != expected:
            self._findings.add("DENSITY", position, f"{position} stands where {expected} follows")
        # Behind a line that cannot be read, the digest before is not known.
        if self._known and digest_of(self.digest, row) != row[TOLD]:
            self._findings.add("CHAIN", position, f"the digest of {stream!r} does not fit")
        follows = self._versions.get(stream, version - 1 if self._manifest["after"] else 0) + 1
        if version != follows:
            text = f"{stream!r} has version {version} where {follows} follows"
            self._findings.add("VERSION", position, text)
        if row[5] < self._recorded_at:
            text = "recorded before the event that precedes it"
            self._findings.add("TIME", position, text)

    def _compare(self) -> None:
        """Compare the log so far with what was signed of it."""
        while self._signed and self._signed[0].head.size <= self.position:
            signed = self._signed.pop(0)
            position = signed.head.size
            if position < self._manifest["after"]:
                self._fault(
                    signed, "it lies before the first event, and nothing shows that it fits"
                )
            elif position != self.position:
                self._fault(signed, "there is no event at its position")
            elif signed.head.digest != self.digest:
                self._fault(signed, "another digest was signed")
            elif signed.head.root != self._tree.root():
                self._fault(signed, "another root was signed: an event before it was changed")
            elif signed.trusted:
                self.covered = position

    def _close(self) -> None:
        manifest, end = self._manifest, (self.position, self.digest)
        if end != (manifest["upto"], manifest["digest"]):
            text = f"the manifest ends at {manifest['upto']}, the events end at {self.position}"
            if self.position == manifest["upto"]:
                text = "the last digest is not that of the manifest"
            self._findings.add("HEAD", min(self.position + 1, manifest["upto"]), text)
        if self.events != manifest["events"]:
            text = f"{self.events} events, and {manifest['events']} by the manifest"
            self._findings.add("HEAD", min(self.position + 1, manifest["upto"]), text)
        root = self._tree.root()
        if root != bytes.fromhex(manifest["root"]):
            self._findings.add("ROOT", manifest["upto"], "the root is not that of the manifest")
        for signed in self._signed:
            self._prove(signed, root)

    def _prove(self, signed: Signed, root: bytes) -> None:
        """Prove that the tree of a later checkpoint begins with ours."""
        told = self._manifest["consistency"]
        size = signed.head.size
        if told.get("checkpoint") != size:
            self._fault(signed, f"the events end before {size}, which was signed")
            return
        sizes, roots = (self._tree.size, size), (root, signed.head.root)
        if not check_consistency(sizes, roots, hashes(told.get("proof"))):
            self._fault(signed, "its tree does not begin with these events")
        elif signed.trusted:
            self.covered = self.position

    def _fault(self, signed: Signed, text: str) -> None:
        name = "the note that you kept" if signed.kept else "the checkpoint"
        self._findings.add("CHECKPOINT", signed.head.size, f"{name} of {signed.head.size}: {text}")
