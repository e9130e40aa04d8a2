"""What was seen of a product in the market: prices that were quoted, offers on the net."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

from domain.goods.sighting import Sighting
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp


class MarketWatch(Aggregate):
    """The market of one product; the stream is ``Market/{sku}``."""

    CATEGORY: ClassVar[str] = "Market"

    # What can happen. Topics and fields are stored: add, never rename.

    class PriceSeen(Event, frozen=True, kw_only=True):
        """Somebody was quoted, or awarded, a net price per base unit."""

        TOPIC = "market.price_seen"
        sighting: Sighting
        price: Decimal
        seen_on: date

    class ListingSeen(Event, frozen=True, kw_only=True):
        """Goods were offered on the net."""

        TOPIC = "market.listing_seen"
        sighting: Sighting
        address: str
        seen_on: date
        price: Decimal | None = None

    # What may be asked of it.

    def price(self, sighting: Sighting, price: Decimal, seen_on: date, stamp: Stamp) -> None:
        """Note a price."""
        self.record(
            self.PriceSeen(stamp.by, stamp.at, sighting=sighting, price=price, seen_on=seen_on)
        )

    def listing(
        self, sighting: Sighting, address: str, price: Decimal | None, seen_on: date, stamp: Stamp
    ) -> None:
        """Note an offer, with what is asked for it if that is told."""
        offer = self.ListingSeen(
            stamp.by, stamp.at, sighting=sighting, address=address, price=price, seen_on=seen_on
        )
        self.record(offer)
