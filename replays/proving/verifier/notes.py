"""Signed notes and checkpoints, as C2SP writes them (signed-note.md, tlog-checkpoint.md).

A note is a text that ends with a newline, an empty line, and lines of signatures. A checkpoint is
the note whose text names a log, the size of its tree and the root, with two lines of our own: the
chain digest at that position, and when it was signed.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

ED25519 = b"\x01"
"""Type of a key, before its 32 bytes."""
DASH = "\u2014 "
_FINGERPRINT = 4
_DIGEST = re.compile("digest ([0-9a-f]{64})")
_SIGNED_AT = re.compile(
    r"signed_at ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?Z)"
)
_SIZE = re.compile("[1-9][0-9]{0,17}")

Verify = Callable[[bytes, bytes, bytes], bool]
"""Tells whether for a public key and a message a signature is valid."""


class Key(NamedTuple):
    """A verifier key: whom it belongs to, and the 32 bytes of an Ed25519 public key."""

    name: str
    public: bytes

    @property
    def fingerprint(self) -> bytes:
        """Four bytes that tell keys of one name apart."""
        named = self.name.encode() + b"\n" + ED25519 + self.public
        return hashlib.sha256(named).digest()[:_FINGERPRINT]

    @property
    def text(self) -> str:
        """The key as it is handed on: ``name+hash+base64(0x01 || public key)``."""
        return f"{self.name}+{self.fingerprint.hex()}+{_base64(ED25519 + self.public)}"


class Signature(NamedTuple):
    """A line of signature: whose it says it is, and 64 bytes."""

    name: str
    fingerprint: bytes
    value: bytes

    @property
    def coded(self) -> str:
        """What stands behind the name."""
        return _base64(self.fingerprint + self.value)

    @property
    def line(self) -> str:
        """The line, with its newline."""
        return f"{DASH}{self.name} {self.coded}\n"


class Note(NamedTuple):
    """A text with its signatures."""

    text: str
    signatures: tuple[Signature, ...]

    @property
    def written(self) -> str:
        """The whole note."""
        return f"{self.text}\n{''.join(one.line for one in self.signatures)}"


class TreeHead(NamedTuple):
    """What a checkpoint says: the tree of a log at a position, and the chain digest there."""

    origin: str
    size: int
    root: bytes
    digest: str
    signed_at: str

    @property
    def text(self) -> str:
        """The text that is signed."""
        head = f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"
        return f"{head}digest {self.digest}\nsigned_at {self.signed_at}\n"


def is_name(text: str) -> bool:
    """Whether a text can name a key or a log: no space, no plus, nothing that does not print."""
    return bool(text) and text.isprintable() and not set(text) & {"+"} and not _has_space(text)


def read_key(text: str) -> Key:
    """Read a verifier key. Raises ValueError for a text that is none, or whose hash differs."""
    name, _, rest = text.strip().partition("+")
    _, _, coded = rest.partition("+")
    typed = _bytes(coded)
    if not is_name(name) or typed[:1] != ED25519 or len(typed) != 33:  # noqa: PLR2004 - 1 + 32
        raise ValueError(f"{text!r} is no verifier key of Ed25519")
    key = Key(name, typed[1:])
    if key.text != text.strip():
        raise ValueError(f"the hash within {text!r} is not that of the key")
    return key


def read_note(raw: str) -> Note:
    """Read a note. Raises ValueError for a text that is none; no signature is checked."""
    text, gap, lines = raw.rpartition("\n\n")
    if not gap or not lines.endswith("\n") or any(ord(one) < 32 for one in text if one != "\n"):  # noqa: PLR2004 - control characters
        raise ValueError("this is no signed note")
    return Note(text + "\n", tuple(map(_read_signature, lines[:-1].split("\n"))))


def read_head(text: str) -> TreeHead:
    """Read the text of a checkpoint. Raises ValueError where it is not exactly of this form."""
    lines = text.split("\n")
    if len(lines) == 6 and is_name(lines[0]) and _SIZE.fullmatch(lines[1]):  # noqa: PLR2004 - 5 lines
        digest, signed = _DIGEST.fullmatch(lines[3]), _SIGNED_AT.fullmatch(lines[4])
        root = _bytes(lines[2])
        if digest and signed and len(root) == hashlib.sha256().digest_size:
            head = TreeHead(lines[0], int(lines[1]), root, digest.group(1), signed.group(1))
            if head.text == text:
                return head
    raise ValueError("this is no checkpoint: origin, size, root, digest and signed_at, a line each")


def signers(note: Note, keys: Iterable[Key], verify: Verify) -> list[Key]:
    """Keys, of those given, that have signed a note.

    Raises ValueError for a signature that says it is one of theirs, and is not.
    """
    found = []
    for key in keys:
        for one in note.signatures:
            if (one.name, one.fingerprint) != (key.name, key.fingerprint):
                continue
            if not verify(key.public, note.text.encode(), one.value):
                raise ValueError(f"the signature of {key.name} is not valid")
            found.append(key)
    return found


def _read_signature(line: str) -> Signature:
    name, _, coded = line[len(DASH) :].partition(" ")
    value = _bytes(coded)
    if not line.startswith(DASH) or not is_name(name) or len(value) <= _FINGERPRINT:
        raise ValueError("this is no line of a signature")
    return Signature(name, value[:_FINGERPRINT], value[_FINGERPRINT:])


def _has_space(text: str) -> bool:
    return any(one.isspace() for one in text)


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(text: str) -> bytes:
    """Read base64. Raises ValueError."""
    return base64.b64decode(text.encode(), validate=True)
