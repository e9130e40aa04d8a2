"""The fewest units that must have left their territory, whatever way they took.

Supplies flow to the places where goods were seen, along the rights to sell there. What cannot be
explained by any such flow was diverted (Hall's theorem, max-flow min-cut): with maximum flow F,
at least ``sum(seen) - F`` units. It holds when only some goods were ever scanned; seeing more can
only raise it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import networkx as nx

Node = tuple[str, str]
_SOURCE, _SINK = ("", "source"), ("", "sink")


class Right(msgspec.Struct, frozen=True):
    """A dealer may sell at places, as many as it likes or, under a leave, at most ``most``."""

    dealer: str
    places: tuple[str, ...]
    most: int | None = None
    leave: str = ""


class Proof(msgspec.Struct, frozen=True):
    """A lower bound, and the cut that proves it.

    ``explained`` units may all have been sold lawfully; at least ``diverted`` were not. At the
    ``places`` more was seen than the ``exhausted`` dealers, who alone had the right to sell there,
    ever had; the ``candidates`` have supply that no lawful sale is known to have used.
    """

    seen: int
    explained: int
    places: tuple[str, ...]
    exhausted: tuple[str, ...]
    candidates: tuple[str, ...]

    @property
    def diverted(self) -> int:
        """Units that must have been diverted, at least."""
        return self.seen - self.explained


def least_diverted(
    supplies: Mapping[str, int], seen: Mapping[str, int], rights: Iterable[Right]
) -> Proof:
    """Prove how many units were diverted, at least.

    ``supplies`` are units by dealer, ``seen`` distinct units by place.
    """
    graph: Any = nx.DiGraph()
    for dealer, qty in supplies.items():
        graph.add_edge(_SOURCE, ("dealer", dealer), capacity=max(0, qty))
    for place, qty in seen.items():
        graph.add_edge(("place", place), _SINK, capacity=qty)
    for right in rights:
        giver: Node = ("dealer", right.dealer)
        if right.most is not None:
            giver = ("leave", f"{right.dealer}/{right.leave}")
            graph.add_edge(("dealer", right.dealer), giver, capacity=right.most)
        for place in right.places:
            if place in seen:
                graph.add_edge(giver, ("place", place), capacity=sum(seen.values()))
    graph.add_nodes_from((_SOURCE, _SINK))
    flow = nx.algorithms.flow.edmonds_karp(graph, _SOURCE, _SINK)
    left: Any = nx.DiGraph()
    left.add_nodes_from(graph)
    left.add_edges_from(
        (one, other)
        for one, other, edge in flow.edges(data=True)
        if edge["flow"] < edge["capacity"]
    )
    short, free = nx.ancestors(left, _SINK), nx.descendants(left, _SOURCE)
    return Proof(
        seen=sum(seen.values()),
        explained=flow.graph["flow_value"],
        places=_named("place", short),
        exhausted=_named("dealer", short),
        candidates=_named("dealer", free),
    )


def _named(kind: str, nodes: Iterable[Node]) -> tuple[str, ...]:
    return tuple(sorted(name for what, name in nodes if what == kind))
