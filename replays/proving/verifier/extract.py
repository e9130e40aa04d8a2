"""Checking an extract: events of some streams, each with a path to the root of one checkpoint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from .archive import Archive, UnreadableError
from .findings import Findings
from .manifest import EVENTS, PROOFS, hashes
from .notes import TreeHead
from .rows import TOLD, Row, digest_of, is_withheld, read_json, read_row
from .signed import Signed
from .tree import check_inclusion


class Proof(NamedTuple):
    """What ties an event to the log: the digest before it, and its path; none if it is withheld."""

    position: int
    previous: str | None
    path: list[bytes] | None


class ExtractCheck:
    """Walks over the events of an extract and their proofs."""

    def __init__(
        self, manifest: dict[str, Any], signed: Sequence[Signed], findings: Findings
    ) -> None:
        self._manifest, self._findings = manifest, findings
        self._versions: dict[str, int] = {}
        self._recorded_at = ""
        self.events, self.covered, self.withheld, self.position = 0, 0, 0, 0
        self._signed = self._checkpoint(signed)

    def walk(self, archive: Archive) -> None:
        """Check all events, and that there are as many as the manifest says."""
        proofs = self._lines(archive, PROOFS)
        for line in self._lines(archive, EVENTS):
            self.events += 1
            proof = next(proofs, b"null")
            try:
                row = read_row(line, or_withheld=True)
            except ValueError as error:
                self._findings.add("ROW", self.position + 1, f"line {self.events}: {error}")
                continue
            self._place(row)
            try:
                self._tie(row, _read_proof(proof))
            except ValueError as error:
                self._findings.add("PROOF", self.position, str(error))
        if next(proofs, None) is not None:
            self._findings.add("PROOF", self.position, "there are more proofs than events")
        told = [self._manifest[name] for name in ("events", "covered", "withheld")]
        if told != [self.events, self.covered, self.withheld]:
            text = f"{self.events} events, {told[0]} by the manifest; {self.covered} are covered, "
            text += f"{told[1]} by the manifest; {self.withheld} are withheld, {told[2]} by it"
            self._findings.add("HEAD", self.position, text)

    def _checkpoint(self, signed: Sequence[Signed]) -> TreeHead | None:
        """Return the checkpoint that the proofs lead to; any other must be the same."""
        size = self._manifest["checkpoint"]
        own = [one for one in signed if one.head.size == size and not one.kept]
        for one in signed:
            if own and one.head.size == size and one.head.root == own[0].head.root:
                continue
            text = f"that of {one.head.size} cannot be compared: the proofs lead to that of {size}"
            if one.head.size == size and own:
                text = "another root was signed of the same log"
            self._findings.add("CHECKPOINT", one.head.size, text)
        if size and not own:
            self._findings.add("CHECKPOINT", size, "there is no valid note of this checkpoint")
        return own[0].head if own else None

    def _lines(self, archive: Archive, name: str) -> Iterator[bytes]:
        try:
            yield from archive.lines(name)
        except UnreadableError as error:
            self._findings.add("FILE", 0, str(error), of=name)

    def _place(self, row: Row) -> None:
        """Check where an event stands among the others."""
        position, stream, version = row[:3]
        if position <= self.position:
            self._findings.add("DENSITY", position, f"it stands behind {self.position}")
        self.position = position
        if not any(stream.startswith(one) for one in self._manifest["streams"]):
            self._findings.add("ROW", position, f"{stream!r} is no stream of this extract")
        follows = self._versions.get(stream, 0) + 1
        if version != follows:
            text = f"{stream!r} has version {version} where {follows} follows"
            self._findings.add("VERSION", position, text)
        self._versions[stream] = version

    def _tie(self, row: Row, proof: Proof) -> None:
        """Check what ties an event to the log."""
        if proof.position != self.position:
            self._findings.add("PROOF", self.position, f"the proof is that of {proof.position}")
        elif is_withheld(row):
            self.withheld += 1
        else:
            self._check(row, proof)

    def _check(self, row: Row, proof: Proof) -> None:
        position, stream, recorded_at = row[0], row[1], row[5]
        if proof.previous is None or digest_of(proof.previous, row) != row[TOLD]:
            self._findings.add("CHAIN", position, f"the digest of {stream!r} does not fit")
        if recorded_at < self._recorded_at:
            text = "recorded before the event that precedes it"
            self._findings.add("TIME", position, text)
        self._recorded_at = recorded_at
        if proof.path is None:
            if position <= self._manifest["checkpoint"]:
                self._findings.add("PROOF", position, "no proof is given of what is covered")
            return
        self.covered += 1
        head, leaf = self._signed, bytes.fromhex(row[TOLD])
        if head and not check_inclusion(leaf, position - 1, head.size, proof.path, head.root):
            self._findings.add("PROOF", position, "it is not in the tree of the checkpoint")


def _read_proof(line: bytes) -> Proof:
    """Read position, digest before and path of an event. Raises ValueError."""
    told = read_json(line)
    if type(told) is not list or len(told) != len(Proof._fields) or type(told[0]) is not int:
        raise ValueError("there is no proof of it")
    position, previous, path = told
    if previous is not None:
        hashes([previous])
    return Proof(position, previous, None if path is None else hashes(path))
