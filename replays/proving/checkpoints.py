"""Checkpoints: what the log was at a position, signed, and whether the log is still that."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence

from eventlog.reader import Reader
from eventlog.rows import Checkpoint, EventRow, Link
from replays.proving import signing
from replays.proving.merkle import Frontier, leaf_of
from replays.proving.signing import Signer
from replays.proving.verifier.notes import (
    DASH,
    Key,
    Note,
    TreeHead,
    read_head,
    read_key,
    read_note,
    signers,
)
from replays.verifying import Fault


class EmptyLogError(Exception):
    """There is nothing to sign yet."""


class AlteredLogError(Exception):
    """The log does not fit its head or a checkpoint of it, as the text says: nothing is signed."""


def make(reader: Reader, signer: Signer, signed_at: str) -> Checkpoint:
    """Sign the head of a log; ``signed_at`` as ``instant_text`` writes it.

    Only digests are read. Raises EmptyLogError, and AlteredLogError where the log is not what was
    signed of it before: a new checkpoint must never cover that up.
    """
    check, head = CheckpointCheck(reader.checkpoints()), reader.head()
    if head.position == 0:
        raise EmptyLogError
    tree, last = Frontier(), Link(0, "")
    for last in reader.digests(upto=head.position):
        check.take(last)
        tree.push(leaf_of(last.digest))
    for fault in check.close():
        raise AlteredLogError(fault.text)
    if tree.size != head.position or last != (head.position, head.digest):
        raise AlteredLogError(f"the log does not end at {head.position} as its head says")
    return sign(TreeHead(signer.key.name, tree.size, tree.root(), last.digest, signed_at), signer)


def sign(head: TreeHead, signer: Signer) -> Checkpoint:
    """Sign what is said of a log, as a row to keep."""
    (signature,) = signer.sign(head.text).signatures
    return Checkpoint(
        position=head.size,
        digest=head.digest,
        signed_at=head.signed_at,
        key_id=signer.key.text,
        signature=signature.coded,
        root=head.root.hex(),
    )


def note_of(row: Checkpoint) -> Note:
    """Return the signed note of a stored checkpoint.

    Raises ValueError for a row of which no note can be made. No signature is checked.
    """
    key = read_key(row.key_id)
    root = bytes.fromhex(row.root or "")
    text = TreeHead(key.name, row.position, root, row.digest, row.signed_at).text
    note = read_note(f"{text}\n{DASH}{key.name} {row.signature}\n")
    read_head(note.text)
    return note


class CheckpointCheck:
    """Compares a log with the checkpoints that are stored of it, on a walk over its events.

    ``take`` every event from the first on, then ``close``; all faults are of kind CHECKPOINT.
    With ``trusted`` keys, no other key counts, and one of them must have signed something.
    """

    def __init__(self, stored: Sequence[Checkpoint], trusted: Collection[Key] = ()) -> None:
        self._faults: list[Fault] = []
        self._trusted = trusted
        self._left = deque(sorted(stored, key=lambda one: one.position))
        self._tree = Frontier()
        signed = [self._is_signed(one) for one in self._left]
        if trusted and not any(signed):
            self._fault(0, "no checkpoint is signed with a trusted key")

    def take(self, row: EventRow | Link) -> None:
        """Take the next event in; it costs nothing once there is no checkpoint ahead."""
        if not self._left:
            return
        self._tree.push(leaf_of(row.digest))
        while self._left and self._left[0].position <= row.position:
            self._compare(self._left.popleft(), row)

    def close(self) -> Sequence[Fault]:
        """Say what was found, and which checkpoints the log does not reach."""
        for one in self._left:
            self._fault(one.position, f"the log ends before {one.position}, which was signed")
        self._left.clear()
        return self._faults

    def _compare(self, signed: Checkpoint, row: EventRow | Link) -> None:
        position = signed.position
        if position != row.position:
            self._fault(position, f"there is no event at {position}, which was signed")
        elif signed.digest != row.digest:
            self._fault(position, "another digest was signed")
        elif signed.root != self._tree.root().hex():
            self._fault(position, "another root was signed: an event before it was changed")

    def _is_signed(self, row: Checkpoint) -> bool:
        """Whether a row is signed by a key that counts; what is wrong with it is a fault."""
        try:
            key = read_key(row.key_id)
            valid = bool(signers(note_of(row), [key], signing.verify))
        except ValueError as error:
            self._fault(row.position, str(error))
            return False
        if not valid:
            self._fault(row.position, f"the signature is not one of {key.text}")
        elif self._trusted and key not in self._trusted:
            self._fault(row.position, f"the key is not trusted: {key.text}")
            return False
        return valid

    def _fault(self, position: int, text: str) -> None:
        self._faults.append(Fault(position, "CHECKPOINT", text))
