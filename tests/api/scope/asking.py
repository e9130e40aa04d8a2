"""Asking on somebody's behalf, and reading what an answer names."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from fastapi.testclient import TestClient

UNKNOWN = "NONE-1"
_BETWEEN = re.compile(r"[^A-Za-z0-9-]+")

OWNED = {
    "/v1/orders": ("so", "external_ref", "shipment", "invoice", "pod"),
    "/v1/returns": ("rma", "shipment", "credit_note"),
    "/v1/claims": ("claim",),
    "/v1/contracts": ("contract",),
    "/v1/open-items": ("doc", "so", "shp"),
    "/v1/ledger-entries": ("doc", "item", "so", "shp"),
}
"""Lists of what is a dealer's, with the columns that name it."""


def behalf(user: str) -> dict[str, str]:
    return {"On-Behalf-Of": user}


def user_of(dealer: str) -> dict[str, str]:
    """The header for the user of one of the month's dealers."""
    return behalf(f"dlr-{dealer.lower()}")


def items(client: TestClient, path: str, **params: Any) -> list[dict[str, Any]]:
    """All rows that the service itself sees of a list."""
    found = client.get(path, params={"limit": 500} | params).json()
    assert found["next"] is None
    rows: list[dict[str, Any]] = found["items"]
    return rows


def words(texts: Iterable[Any]) -> set[str]:
    """Names that texts hold: an id is one word, also within a sentence."""
    return {word for text in texts if text is not None for word in _BETWEEN.split(str(text))}


def texts(part: Any) -> Iterator[str]:
    """Every text in an answer, whatever it is called."""
    if isinstance(part, dict):
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from texts(one)
    elif isinstance(part, str):
        yield part


def files(answer: Any) -> list[str]:
    """The text of a file, or of all files in a zip."""
    if answer.headers["content-type"] != "application/zip":
        return [answer.text]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        return [packed.read(name).decode() for name in packed.namelist()]


def names_of_others(client: TestClient, known: set[str]) -> set[str]:
    """Names of all dealers but those known, and of everything that is theirs alone."""
    ours, theirs = set[str](), set[str]()
    for path, columns in OWNED.items():
        for row in items(client, path):
            found = words(row[name] for name in columns)
            (ours if row["dealer"] in known else theirs).update(found)
    everybody = {row["dealer"] for row in items(client, "/v1/dealers")}
    return (theirs - ours - {""}) | (everybody - known)
