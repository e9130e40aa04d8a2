"""M3: both sides name the same goods for the same amount, but not the same document."""

from __future__ import annotations

from collections.abc import Hashable

from domain.policies.matching.codes import M3
from domain.policies.matching.lines import StatedLine
from domain.policies.matching.pairing import sure
from domain.policies.matching.round import Round


def same_goods(round_: Round) -> None:
    """M3: the same serial numbers, else product and quantity of a shipment, else of an order."""
    for key in (_by_serials, _by_shipment, _by_order):
        candidates = [
            (one, other)
            for ours, theirs in round_.shared(key)
            for one in ours
            for other in theirs
            if not round_.contradict(one, other)
        ]
        found, left = sure(candidates)
        for one, other in found:
            round_.accept(M3, [one], [other])
        round_.suggest_pairs(M3, left)


def _by_serials(line: StatedLine) -> Hashable | None:
    return (line.serials, line.gross) if line.serials else None


def _by_shipment(line: StatedLine) -> Hashable | None:
    return (line.shp, line.sku, line.qty, line.gross) if line.shp and _whole(line) else None


def _by_order(line: StatedLine) -> Hashable | None:
    return (line.so, line.sku, line.qty, line.gross) if line.so and _whole(line) else None


def _whole(line: StatedLine) -> bool:
    return bool(line.sku and line.qty)
