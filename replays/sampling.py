"""Samples for auditors, which anybody can draw again: a seed and a hash decide, nothing else.

Items are ranked by SHA-256 of the seed, a slash and the item's key; a simple random sample is the
first of that ranking, a stratified one the first of each stratum. Monetary unit sampling (ISA 530,
appendix 4) takes every item that holds a selected unit: one in each interval of the whole amount,
from a start that the seed decides, so that large items are surely chosen.
"""

from __future__ import annotations

import hashlib
import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple


class Item(NamedTuple):
    """A row with its key as a text; ``stratum`` and ``amount`` where the method needs them."""

    key: str
    row: Sequence[Any]
    stratum: str = ""
    amount: int = 0


class Sample(NamedTuple):
    """What was drawn, of how many, in the order in which it was drawn.

    ``hits`` is how many selected units an item holds; ``interval`` is the distance between them
    (rounded down), both for monetary units only. ``strata`` are sizes: of a stratum, and of its
    sample.
    """

    population: int
    items: tuple[Item, ...]
    total: int | None = None
    interval: int | None = None
    hits: tuple[int, ...] = ()
    strata: dict[str, tuple[int, int]] = {}  # noqa: RUF012 - a tuple's default is never changed


def random(items: Iterable[Item], size: int, seed: str) -> Sample:
    """Draw a simple random sample. Items are looked at one by one, and only the first are kept."""
    ranking = _Ranking(size, seed)
    for item in items:
        ranking.take(item)
    return Sample(ranking.seen, tuple(ranking.first(size)))


def stratified(items: Iterable[Item], size: int, seed: str) -> Sample:
    """Draw from each stratum in proportion to it, and at least one of each.

    Shares are rounded by largest remainder; with more strata than ``size`` one of each is drawn.
    """
    strata: dict[str, _Ranking] = {}
    for item in items:
        strata.setdefault(item.stratum, _Ranking(size, seed)).take(item)
    sizes = Counter({name: ranking.seen for name, ranking in strata.items()})
    shares = _shares(sizes, size)
    drawn = [item for name in sorted(strata) for item in strata[name].first(shares[name])]
    told = {name: (sizes[name], shares[name]) for name in sorted(strata)}
    return Sample(sizes.total(), tuple(drawn), strata=told)


def monetary(items: Iterable[Item], size: int, seed: str) -> Sample:
    """Draw items by their amounts, whatever their sign: one unit in every interval.

    Items are passed in the order of their keys. What is nothing is never drawn.
    """
    known = sorted(items, key=lambda item: item.key)
    total = sum(abs(item.amount) for item in known)
    start = _number(seed, "start") % max(1, total)
    drawn, hits, passed, selected = [], [], 0, 0
    for item in known:
        passed += abs(item.amount)
        # The k-th selected unit is (k * total + start) // size, counted from 0: so many are below.
        reached = min(size, max(0, -((start - passed * size) // max(1, total))))
        if reached > selected:
            drawn.append(item)
            hits.append(reached - selected)
        selected = reached
    return Sample(len(known), tuple(drawn), total, total // size, tuple(hits))


class _Ranking:
    """The first items by the hash of seed and key, of those that were seen."""

    def __init__(self, size: int, seed: str) -> None:
        self._size, self._seed = size, seed
        self._heap: list[tuple[int, Item]] = []
        self.seen = 0

    def take(self, item: Item) -> None:
        self.seen += 1
        ranked = (-_number(self._seed, item.key), item)
        if len(self._heap) < self._size:
            heapq.heappush(self._heap, ranked)
        else:
            heapq.heappushpop(self._heap, ranked)

    def first(self, count: int) -> list[Item]:
        return [item for _, item in sorted(self._heap, reverse=True)[:count]]


def _number(seed: str, key: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}/{key}".encode()).digest(), "big")


def _shares(sizes: Counter[str], size: int) -> dict[str, int]:
    whole = sizes.total()
    size = min(size, whole)
    shares = {name: max(1, count * size // whole) for name, count in sizes.items()}
    rest = [name for name, count in sizes.items() if shares[name] * whole < count * size]
    rest.sort(key=lambda name: (-(sizes[name] * size % whole), name))
    for name in rest[: max(0, size - sum(shares.values()))]:
        shares[name] += 1
    return shares
