"""Checking a bundle or an extract, whichever it is, and the verdict on it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from .archive import MANIFEST, Archive, UnreadableError, check_files
from .extract import ExtractCheck
from .findings import Fault, Findings
from .log import LogCheck
from .manifest import LOG, read_manifest
from .notes import Key
from .signed import Checkpoints, Signed


class Verdict(NamedTuple):
    """What a check found. Without a manifest, the faults say why nothing else was checked."""

    manifest: dict[str, Any]
    events: int
    covered: int
    """Of a log the position up to which a checkpoint stands behind it, of an extract the events."""
    signed: list[Signed]
    keys: list[Key]
    faults: list[Fault]
    restricted: bool
    """Whether only keys that were named counted."""

    @property
    def intact(self) -> bool:
        """Whether nothing was found."""
        return not self.faults


def check(path: Path, trusted: Sequence[Key] = (), kept: Sequence[str] = ()) -> Verdict:
    """Check the bundle at a path, a zip or a folder; it never raises for what is in there.

    ``trusted`` are the keys that alone count, if any are given; ``kept`` are notes of checkpoints
    that were kept elsewhere, which the bundle must fit as well.
    """
    findings = Findings()
    verdict = Verdict({}, 0, 0, [], [], [], bool(trusted))
    try:
        archive = Archive(path)
    except UnreadableError as error:
        findings.add("FILE", 0, str(error))
        return verdict._replace(faults=findings.faults)
    try:
        manifest = read_manifest(archive.read(MANIFEST))
        check_files(archive, manifest["files"], findings)
        checkpoints = Checkpoints(archive, manifest, findings, trusted, kept)
        walk: LogCheck | ExtractCheck
        if manifest["kind"] == LOG:
            walk = LogCheck(manifest, checkpoints.signed, findings)
        else:
            walk = ExtractCheck(manifest, checkpoints.signed, findings)
        walk.walk(archive)
        verdict = verdict._replace(
            manifest=manifest,
            events=walk.events,
            covered=walk.covered,
            signed=checkpoints.own,
            keys=checkpoints.keys,
        )
    except (UnreadableError, ValueError) as error:
        findings.add("MANIFEST", 0, str(error))
    finally:
        archive.close()
    return verdict._replace(faults=findings.faults)
