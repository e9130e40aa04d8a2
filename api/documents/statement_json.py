"""A statement as JSON: the document itself, with its members in one order."""

from __future__ import annotations

import msgspec

from replays.statements.values import Document


def as_json(document: Document) -> bytes:
    """Write a statement as canonical JSON: sorted members, no spaces, one newline at its end."""
    return msgspec.json.encode(document, order="sorted") + b"\n"
