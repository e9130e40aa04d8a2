"""The market: prices that were quoted and awarded, and offers on the net."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Column, Date, Index

from domain.goods.market_watch import MarketWatch
from projections.columns import Price, movement_table, text
from projections.effects import Append, Change, Fact, Projection, events_in

market_sightings = movement_table(
    "market_sightings",
    "Every price and every offer that somebody saw of a product.",
    text("sku", "Product."),
    text("kind", "PRICE or LISTING."),
    text("region", "Where (GB/T 2260)."),
    text("hospital", "Hospital that was quoted, if any."),
    Column("price", Price, comment="Price per base unit: quoted net, or asked."),
    text("address", "Where it is offered, for an offer."),
    text("document", "Hash of the document, or what was scanned."),
    text("source", "Where it comes from."),
    text("observer", "Who saw it, or who offers it."),
    Column("seen_on", Date, comment="Day on which it was seen."),
    Index("ix_market_sightings_sku", "sku", "region", "position"),
)


def effects(fact: Fact) -> Iterable[Change]:
    """All that this read model believes, and nothing else."""
    event, seen = fact.event, fact.event.sighting
    told = {
        "sku": fact.key[0],
        "region": seen.region_code,
        "hospital": seen.hospital,
        "document": seen.raw,
        "source": seen.source,
        "observer": seen.observer,
        "seen_on": event.seen_on,
    }
    match event:
        case MarketWatch.PriceSeen(price=price):
            yield Append(market_sightings, told | {"kind": "PRICE", "price": price})
        case MarketWatch.ListingSeen(address=address, price=price):
            offer = {"kind": "LISTING", "address": address, "price": price}
            yield Append(market_sightings, told | offer)


PROJECTION = Projection(
    name="market",
    version=2,
    tables=(market_sightings,),
    reads=frozenset(events_in(MarketWatch)),
    effects=effects,
)
