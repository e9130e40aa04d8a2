"""Merkle trees (RFC 6962 section 2.1, RFC 9162 section 2.1): roots, and the check of proofs.

A leaf is hashed behind a byte 0, two nodes behind a byte 1, always with SHA-256; the left part of
a tree of n leaves is the largest power of two below n.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence


def leaf_hash(data: bytes) -> bytes:
    """Hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of the node over two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """A tree that grows by a leaf at a time, and keeps the roots of its complete parts alone.

    ``peaks`` are these roots from left to right: one for each power of two in ``size``. Raises
    ValueError where they are not as many.
    """

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size, self.peaks = size, list(peaks)
        if len(self.peaks) != sum(map(int, f"{size:b}")):
            raise ValueError(f"{len(self.peaks)} complete parts do not make {size} leaves")

    def push(self, data: bytes) -> None:
        """Add a leaf."""
        node, end, width = leaf_hash(data), self.size + 1, 1
        while self.size & width:
            left = self.peaks.pop()
            self.joined(end - 2 * width, end - width, end, (left, node))
            node = node_hash(left, node)
            width *= 2
        self.peaks.append(node)
        self.size = end

    def root(self) -> bytes:
        """Root of the tree as it is; that of no leaves is the hash of nothing."""
        if not self.peaks:
            return hashlib.sha256(b"").digest()
        node = self.peaks[-1]
        for left in self.peaks[-2::-1]:
            node = node_hash(left, node)
        return node

    def joined(self, start: int, middle: int, end: int, parts: tuple[bytes, bytes]) -> None:
        """Learn that leaves ``[start, middle)`` and ``[middle, end)`` came under one node."""


def check_inclusion(
    data: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether a proof leads from a leaf to a root (RFC 9162, section 2.1.3.2).

    ``size`` gives the path its shape and nothing else: believe it with the root that it came with.
    """
    if not 0 <= index < size:
        return False
    node, place, last = leaf_hash(data), index, size - 1
    for sibling in proof:
        if last == 0:
            return False
        if place % 2 or place == last:
            node = node_hash(sibling, node)
            while place and not place % 2:
                place, last = place // 2, last // 2
        else:
            node = node_hash(node, sibling)
        place, last = place // 2, last // 2
    return last == 0 and node == root


def check_consistency(
    sizes: tuple[int, int], roots: tuple[bytes, bytes], proof: Sequence[bytes]
) -> bool:
    """Whether a tree begins with all leaves of an older one (RFC 9162, section 2.1.4.2).

    ``sizes`` and ``roots`` are those of the older and of the newer tree.
    """
    if not 0 < sizes[0] <= sizes[1]:
        return False
    if sizes[0] == sizes[1]:
        return not proof and roots[0] == roots[1]
    path = list(proof)
    if sizes[0] & (sizes[0] - 1) == 0:
        path.insert(0, roots[0])
    if not path:
        return False
    place, last = sizes[0] - 1, sizes[1] - 1
    while place % 2:
        place, last = place // 2, last // 2
    older = newer = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place % 2 or place == last:
            older, newer = node_hash(sibling, older), node_hash(sibling, newer)
            while place and not place % 2:
                place, last = place // 2, last // 2
        else:
            newer = node_hash(newer, sibling)
        place, last = place // 2, last // 2
    return last == 0 and (older, newer) == roots
