"""The verdict in words, and for machines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from .checking import Verdict
from .findings import Fault
from .manifest import LOG

_SHOWN = 16
"""Digits of a digest that are enough to recognise it."""


def as_json(verdict: Verdict) -> str:
    """Return the verdict as a JSON object."""
    told = verdict.manifest
    names = ("kind", "log", "after", "upto", "digest", "root", "dealer", "checkpoint", "withheld")
    found: dict[str, Any] = {"intact": verdict.intact}
    found.update({name: told[name] for name in names if name in told})
    found["events"], found["covered"] = verdict.events, verdict.covered
    found["keys"] = [one.text for one in verdict.keys]
    found["checkpoints"] = [
        {
            "position": one.head.size,
            "signed_at": one.head.signed_at,
            "key": one.key.text,
            "trusted": one.trusted and verdict.restricted,
        }
        for one in verdict.signed
    ]
    found["faults"] = [one._asdict() for one in verdict.faults]
    return json.dumps(found, indent=2)


def as_text(verdict: Verdict) -> str:
    """Return a report for people."""
    lines = list(_told(verdict)) if verdict.manifest else []
    lines += [_fault(one) for one in verdict.faults]
    lines.append("intact" if verdict.intact else "not intact")
    return "\n".join(lines) + "\n"


def _told(verdict: Verdict) -> Iterator[str]:
    manifest = verdict.manifest
    log = f"of the log {manifest['log']!r}"
    if manifest["kind"] == LOG:
        yield f"bundle {log}, events {manifest['after'] + 1:,} to {manifest['upto']:,}"
        how = ", dense and chained" if verdict.intact else ""
        yield f"  events       {verdict.events:,}{how}, last digest {manifest['digest'][:_SHOWN]}…"
        yield f"  checkpoints  {_covered(verdict)}"
    else:
        yield f"extract for {manifest['dealer']!r} {log}, as far as {manifest['upto']:,}"
        yield f"  events       {verdict.events:,}, of which {manifest['withheld']:,} are withheld"
        yield f"  checkpoint   {_proved(verdict)}"
    for place, key in enumerate(verdict.keys):
        yield f"  {'' if place else 'keys':11}  {key.text}"
    if verdict.keys and not verdict.restricted:
        yield "               compare them with those that you keep: the bundle itself names these"


def _covered(verdict: Verdict) -> str:
    begin, end = verdict.manifest["after"] + 1, verdict.manifest["upto"]
    if not verdict.signed:
        return "none: nothing but the bundle speaks for it"
    last = verdict.signed[-1].head
    told = f"{len(verdict.signed):,} signed, the last at {last.size:,} on {last.signed_at}"
    if not verdict.intact:
        return told
    if verdict.covered >= end:
        return f"{told}; they cover every event"
    return f"{told}; none covers the events from {max(begin, verdict.covered + 1):,} on"


def _proved(verdict: Verdict) -> str:
    left = verdict.events - verdict.manifest["withheld"] - verdict.covered
    if not verdict.signed:
        return "none: nothing but the extract speaks for it"
    head = verdict.signed[-1].head
    told = f"signed at {head.size:,} on {head.signed_at}; in its tree are {verdict.covered:,}"
    return f"{told}, {left:,} are not covered yet" if left and verdict.intact else told


def _fault(fault: Fault) -> str:
    where = f" at position {fault.position:,}" if fault.position else ""
    more = f" (and {fault.times - 1:,} more)" if fault.times > 1 else ""
    return f"{fault.kind}{where}: {fault.text}{more}"
