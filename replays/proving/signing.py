"""Signing checkpoints: Ed25519 (RFC 8032) on C2SP signed notes."""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from replays.proving.verifier.notes import Key, Note, Signature, is_name


class KeyFileError(ValueError):
    """A file that should hold a private key, and does not; the text says why."""


class Signer:
    """A private key that signs under a name. Raises ValueError for what cannot be a name."""

    def __init__(self, name: str, private: Ed25519PrivateKey) -> None:
        if not is_name(name):
            raise ValueError(f"{name!r} cannot name a key: no spaces, no plus")
        self._private = private
        raw, bare = serialization.Encoding.Raw, serialization.PublicFormat.Raw
        self.key = Key(name, private.public_key().public_bytes(raw, bare))

    def sign(self, text: str) -> Note:
        """Sign a text that ends with a newline."""
        value = self._private.sign(text.encode())
        return Note(text, (Signature(self.key.name, self.key.fingerprint, value),))


def new_private_key() -> bytes:
    """Make a private key: a PEM file (PKCS 8), not encrypted."""
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def load(path: Path, name: str) -> Signer:
    """Read the key of a PEM file. Raises KeyFileError."""
    try:
        private = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise KeyFileError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFileError(f"{path} is no private key without a password") from None
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyFileError(f"{path} is a private key of another kind than Ed25519")
    return Signer(name, private)


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature over a message is that of a public key of 32 bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
