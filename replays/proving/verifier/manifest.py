"""The manifest: what a bundle says that it holds. It is not believed but checked."""

from __future__ import annotations

import json
from typing import Any

FORMAT = "baton-bundle"
VERSION = 1
LOG, EXTRACT = "log", "extract"
EVENTS, RECEIPTS, CHECKPOINTS, PROOFS = (
    f"{name}.ndjson" for name in ("events", "receipts", "checkpoints", "proofs")
)

_EVENT = ["position", "stream", "version", "topic", "data", "recorded_at", "command_id", "digest"]
_CHECKPOINT = ["position", "digest", "signed_at", "key_id", "signature", "root"]

_COMMON = {
    "format": str,
    "format_version": int,
    "kind": str,
    "log": str,
    "upto": int,
    "events": int,
    "columns": dict,
    "verifier_keys": list,
    "files": dict,
}
_OWN: dict[str, dict[str, type]] = {
    LOG: {
        "after": int,
        "previous_digest": str,
        "digest": str,
        "root": str,
        "peaks": list,
        "consistency": dict,
    },
    EXTRACT: {"dealer": str, "streams": list, "checkpoint": int, "covered": int, "withheld": int},
}
_HASH = 32


def read_manifest(raw: bytes) -> dict[str, Any]:
    """Read a manifest. Raises ValueError that says what is wrong with its form."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is no JSON: {error}") from None
    if type(found) is not dict:
        raise ValueError("it is no JSON object")
    if (found.get("format"), found.get("format_version")) != (FORMAT, VERSION):
        raise ValueError(f"this verifier reads version {VERSION} of the format {FORMAT!r}")
    kind = found.get("kind")
    if kind not in (LOG, EXTRACT):
        raise ValueError(f"kind {kind!r} is neither {LOG!r} nor {EXTRACT!r}")
    fields = {**_COMMON, **_OWN[kind]}
    for name in fields.keys() | found.keys():
        if name not in fields:
            raise ValueError(f"{name!r} is no field of it")
        if type(found.get(name)) is not fields[name]:
            raise ValueError(f"{name!r} is not given as {fields[name].__name__}")
    found["files"] = dict(map(_file, found["files"].items()))
    _check_columns(found["columns"])
    for name in ("verifier_keys", "streams"):
        if any(type(one) is not str for one in found.get(name, ())):
            raise ValueError(f"{name!r} is no list of texts")
    return found


def hashes(texts: Any) -> list[bytes]:
    """Read a list of hashes in hex, 32 bytes each. Raises ValueError."""
    if type(texts) is not list or any(type(one) is not str for one in texts):
        raise ValueError("this is no list of hashes")
    found = [bytes.fromhex(one) for one in texts]
    if any(len(one) != _HASH for one in found):
        raise ValueError("a hash has 32 bytes")
    return found


def _file(item: tuple[str, Any]) -> tuple[str, tuple[str, int]]:
    name, told = item
    if type(told) is not dict or told.keys() != {"sha256", "size"}:
        raise ValueError(f"of {name!r} sha256 and size are listed")
    return name, (told["sha256"], told["size"])


def _check_columns(columns: dict[str, Any]) -> None:
    for name, known in ((EVENTS, _EVENT), (CHECKPOINTS, _CHECKPOINT)):
        if columns.get(name) != known:
            raise ValueError(f"the columns of {name} are {', '.join(known)}")
