"""Telling: the parts of which EPCIS events are made: steps, places, parties, papers.

Custody and ownership are told apart: who has the goods is ``possessing_party``, whose they are is
``owning_party``.
"""

from __future__ import annotations

from typing import Any

from domain.channel.book import Buyer
from domain.goods.sighting import Sighting
from replays.epcis.identifiers import ours

Said = dict[str, Any]
US = ours("party", "maker")


def step(
    step: str | None,
    disposition: str | None,
    *,
    at: str | None = None,
    stays: str | None = None,
    papers: tuple[tuple[str, str], ...] = (),
    action: str = "OBSERVE",
) -> Said:
    """Fields of an event: what is done, the state after it, where, and under which documents."""
    said: Said = {"action": action, "bizStep": step, "disposition": disposition}
    said["readPoint"] = {"id": at} if at else None
    said["bizLocation"] = {"id": stays} if stays else None
    said["bizTransactionList"] = [
        {"type": kind, "bizTransaction": ours("document", number)}
        for kind, number in papers
        if number
    ]
    return {name: value for name, value in said.items() if value}


def warehouse(name: str) -> str:
    """URI of a warehouse of ours."""
    return ours("warehouse", name)


def site(seen: Sighting) -> str:
    """URI of where something was seen: a hospital, or at least a region."""
    hospital = seen.hospital
    return ours("hospital", hospital) if hospital else ours("region", seen.region_code or "unknown")


def moved(said: Said, source: str, target: str, *, owned: bool) -> Said:
    """Goods go from one party to another: into its hands, and where ``owned`` into its property."""
    kinds = ("possessing_party", "owning_party") if owned else ("possessing_party",)
    sources = [{"type": kind, "source": source} for kind in kinds]
    targets = [{"type": kind, "destination": target} for kind in kinds]
    return said | {"sourceList": sources, "destinationList": targets}


def bought(said: Said, seller: str, buyer: Buyer) -> Said:
    """Goods go from a dealer to its buyer: another dealer, a hospital, or somebody by name."""
    if buyer.dealer is not None:
        there = ours("dealer", buyer.dealer)
    elif buyer.hospital is not None:
        there = ours("hospital", buyer.hospital)
    else:
        there = ours("party", buyer.name or "unknown")
    return moved(said, seller, there, owned=True)


def sale(seller: str, buyer: Buyer) -> Said:
    """What a dealer says that it sold."""
    if buyer.dealer is not None:
        return bought(step("shipping", "in_transit", at=seller), seller, buyer)
    return bought(step("retail_selling", "retail_sold", at=seller), seller, buyer)
