"""What can happen to a shipment. Topics and fields are stored: add, never rename."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from domain.goods.package import Consignee, Discrepancy, Package, ShippedItem
from domain.kernel.event import Event
from domain.parties.api_key import SERVICE

if TYPE_CHECKING:
    from domain.goods.shipment import Shipment

PLANNED, PICKED, READY = "PLANNED", "PICKED", "READY"
IN_TRANSIT, DELIVERED = "IN_TRANSIT", "DELIVERED"
DELIVERED_WITH_DISCREPANCY = "DELIVERED_WITH_DISCREPANCY"
CANCELLED, LOST, RETURNING, RETURNED = "CANCELLED", "LOST", "RETURNING", "RETURNED"


class Planned(Event, frozen=True, kw_only=True):
    """It was decided what goes together."""

    TOPIC = "shipment.planned"
    warehouse: str
    packages: tuple[Package, ...]
    consignee: Consignee

    def apply(self, shipment: Shipment) -> None:
        """Plan it."""
        shipment.state, shipment.warehouse = PLANNED, self.warehouse
        shipment.packages, shipment.consignee = list(self.packages), self.consignee


class PickConfirmed(Event, frozen=True, kw_only=True):
    """Somebody took the goods off the shelf and scanned them."""

    TOPIC = "shipment.pick_confirmed"
    picker: str
    scans: tuple[str, ...]

    def apply(self, shipment: Shipment) -> None:
        """Pick it."""
        shipment.state, shipment.picker = PICKED, self.picker
        shipment.picked_by = "" if self.by.role == SERVICE else self.by.user


class OutboundReviewed(Event, frozen=True, kw_only=True):
    """Somebody else checked the goods against the papers."""

    TOPIC = "shipment.outbound_reviewed"
    reviewer: str
    result: str

    def apply(self, shipment: Shipment) -> None:
        """Let it go."""
        shipment.state = READY


class GoodsShipped(Event, frozen=True, kw_only=True):
    """The goods left. The sales record can be printed from this event alone."""

    TOPIC = "shipment.goods_shipped"
    warehouse: str
    consignee: Consignee
    items: tuple[ShippedItem, ...]
    carrier: str
    waybill: str
    packages: int
    shipped_on: date

    def apply(self, shipment: Shipment) -> None:
        """Send it."""
        shipment.state, shipment.shipped_on = IN_TRANSIT, self.shipped_on
        shipment.items = list(self.items)


class DeliveryConfirmed(Event, frozen=True, kw_only=True):
    """The receiver signed."""

    TOPIC = "shipment.delivery_confirmed"
    consignee: Consignee
    signed_at: date
    signatory: str
    region_code: str
    document_hash: str
    packages: tuple[Package, ...]
    gps: str | None = None
    missing: tuple[Package, ...] = ()
    """What did not arrive, and is given up."""

    def apply(self, shipment: Shipment) -> None:
        """Hand it over."""
        shipment.state, shipment.signed = DELIVERED, list(self.packages)
        shipment.signed_on = self.signed_at


class Billed(Event, frozen=True, kw_only=True):
    """An invoice was posted for the shipment."""

    TOPIC = "shipment.billed"
    invoice: str

    def apply(self, shipment: Shipment) -> None:
        """Remember the invoice."""
        shipment.invoice = self.invoice
        shipment.invoices.append(self.invoice)


class DiscrepancyRecorded(Event, frozen=True, kw_only=True):
    """The receiver signed for less, or for other goods, than was sent."""

    TOPIC = "shipment.delivery_discrepancy_recorded"
    discrepancies: tuple[Discrepancy, ...]

    def apply(self, shipment: Shipment) -> None:
        """Note it."""
        shipment.state = DELIVERED_WITH_DISCREPANCY


class Cancelled(Event, frozen=True, kw_only=True):
    """The shipment will not be sent; its goods stay reserved for their orders."""

    TOPIC = "shipment.cancelled"
    reason: str

    def apply(self, shipment: Shipment) -> None:
        """Forget it."""
        shipment.state = CANCELLED


class Lost(Event, frozen=True, kw_only=True):
    """The goods were lost on their way; the carrier or the insurance is asked to pay.

    ``cost`` is set where they were on their way back, and no order line stands for them any more.
    """

    TOPIC = "shipment.lost"
    claim_no: str
    reason: str
    packages: tuple[Package, ...]
    cost: int = 0

    def apply(self, shipment: Shipment) -> None:
        """Give it up."""
        shipment.state = LOST


class Refused(Event, frozen=True, kw_only=True):
    """The receiver did not take the goods; they are on their way back."""

    TOPIC = "shipment.delivery_refused"
    reason: str
    packages: tuple[Package, ...]

    def apply(self, shipment: Shipment) -> None:
        """Turn it round."""
        shipment.state = RETURNING


class CameBack(Event, frozen=True, kw_only=True):
    """Refused goods arrived in a warehouse of ours, in quarantine."""

    TOPIC = "shipment.came_back"
    warehouse: str

    def apply(self, shipment: Shipment) -> None:
        """End it."""
        shipment.state = RETURNED


class ReturnClaimed(Event, frozen=True, kw_only=True):
    """Goods of the shipment are asked to come back, by product and part."""

    TOPIC = "shipment.return_claimed"
    rma: str
    parts: dict[str, int]

    def apply(self, shipment: Shipment) -> None:
        """Count them."""
        shipment.returns[self.rma] = self.parts


class ReturnVoided(Event, frozen=True, kw_only=True):
    """They may not come back, or did not: ``parts`` by product and part, none for all."""

    TOPIC = "shipment.return_voided"
    rma: str
    parts: dict[str, int] = msgspec.field(default_factory=dict)

    def apply(self, shipment: Shipment) -> None:
        """Forget it."""
        claimed = shipment.returns.pop(self.rma, {})
        if self.parts:
            kept = {part: qty - self.parts.get(part, 0) for part, qty in claimed.items()}
            shipment.returns[self.rma] = kept
