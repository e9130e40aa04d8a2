"""Proofs in the Merkle tree over the digests of the log (RFC 6962 section 2.1).

All proofs that are wanted come of one walk over the leaves, which holds the proofs and as many
hashes as the tree is high.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from replays.proving.verifier.tree import (
    Frontier,
    check_consistency,
    check_inclusion,
    leaf_hash,
    node_hash,
)

__all__ = [
    "Frontier",
    "Paths",
    "check_consistency",
    "check_inclusion",
    "consistency",
    "inclusion",
    "leaf_hash",
    "leaf_of",
    "proof_from",
    "root",
    "seam",
]

Node = tuple[int, int]
"""A complete part of the tree: its first leaf, and the number of its leaves (a power of two)."""


def leaf_of(digest: str) -> bytes:
    """Leaf of a digest: its 32 bytes. A text that is no hex digest is a leaf that fits nothing."""
    try:
        return bytes.fromhex(digest)
    except ValueError:
        return digest.encode()


class Paths(Frontier):
    """A tree that remembers, for some nodes, what their paths to the root pass by.

    Push all leaves, ``close`` it, and read ``path`` and ``own``.
    """

    def __init__(self, nodes: Iterable[Node]) -> None:
        super().__init__()
        self._nodes = sorted(set(nodes))
        self._paths: dict[Node, list[bytes]] = {node: [] for node in self._nodes}
        self._own: dict[Node, bytes] = {}

    def path(self, node: Node) -> list[bytes]:
        """Hashes beside the way from a node to the root, from below."""
        return self._paths[node]

    def own(self, node: Node) -> bytes:
        """Hash of a node itself, which is not the root."""
        return self._own[node]

    def close(self) -> bytes:
        """Join the complete parts up to the root, which is returned."""
        node, middle = self.root(), self.size
        for place, peak in enumerate(reversed(self.peaks)):
            width = middle & -middle
            if place:
                self.joined(middle - width, middle, self.size, (peak, node))
                node = node_hash(peak, node)
            else:
                node = peak
            middle -= width
        return node

    def joined(self, start: int, middle: int, end: int, parts: tuple[bytes, bytes]) -> None:
        """Add to every path below one half the hash of the other."""
        place = bisect_left(self._nodes, (start, 0))
        while place < len(self._nodes) and self._nodes[place][0] < end:
            node = self._nodes[place]
            place += 1
            right = node[0] >= middle
            if sum(node) <= (end if right else middle):
                self._own.setdefault(node, parts[right])
                self._paths[node].append(parts[not right])


def root(digests: Iterable[bytes]) -> bytes:
    """Root of the tree over some leaves."""
    tree = Frontier()
    for one in digests:
        tree.push(one)
    return tree.root()


def inclusion(digests: Iterable[bytes], index: int) -> list[bytes]:
    """Prove that a leaf is in the tree: PATH(index, D[n]). Raises IndexError for one that is not.

    ``digests`` are all leaves of the tree.
    """
    tree = _walked(digests, (index, 1))
    if not 0 <= index < tree.size:
        raise IndexError(f"{tree.size} leaves have none at {index}")
    return tree.path((index, 1))


def consistency(digests: Iterable[bytes], old_size: int) -> list[bytes]:
    """Prove that a tree begins with the first ``old_size`` leaves: PROOF(old_size, D[n]).

    ``digests`` are all leaves of the newer tree. Raises IndexError where they are fewer, or where
    the older tree has none.
    """
    tree = _walked(digests, seam(old_size))
    if not 0 < old_size <= tree.size:
        raise IndexError(f"{tree.size} leaves do not begin with {old_size}")
    return proof_from(tree, old_size)


def seam(size: int) -> Node:
    """Return the node with which a tree of some size ends: its last complete part."""
    width = size & -size
    return size - width, width


def proof_from(tree: Paths, old_size: int) -> list[bytes]:
    """PROOF(old_size, D[n]), of a closed tree that was asked for the path of ``seam(old_size)``."""
    if old_size == tree.size:
        return []
    node = seam(old_size)
    alone = node[0] == 0
    return tree.path(node) if alone else [tree.own(node), *tree.path(node)]


def _walked(digests: Iterable[bytes], node: Node) -> Paths:
    tree = Paths([node])
    for one in digests:
        tree.push(one)
    tree.close()
    return tree
