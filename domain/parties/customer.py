"""A customer: the hospital, clinic or imaging centre that uses the device."""

from __future__ import annotations

from typing import ClassVar

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp


class Customer(Aggregate):
    """One customer; the stream is ``Customer/{id}``. ``region_code`` is a GB/T 2260 code."""

    CATEGORY: ClassVar[str] = "Customer"

    name: str = ""
    type: str = ""
    region_code: str = ""
    address_id: str = ""

    # What can happen to a customer. Topics and fields are stored: add, never rename.

    class Registered(Event, frozen=True, kw_only=True):
        """The customer is known."""

        TOPIC = "customer.registered"
        name: str
        type: str
        region_code: str
        address_id: str

        def apply(self, customer: Customer) -> None:
            """Set the fields."""
            customer.name, customer.type = self.name, self.type
            customer.region_code, customer.address_id = self.region_code, self.address_id

    # What may be asked of it.

    def register(self, name: str, kind: str, region: str, address: str, stamp: Stamp) -> None:
        """Make the customer known; said twice alike, it is said once."""
        if (self.name, self.type, self.region_code, self.address_id) != (
            name,
            kind,
            region,
            address,
        ):
            self.record(
                self.Registered(
                    stamp.by,
                    stamp.at,
                    name=name,
                    type=kind,
                    region_code=region,
                    address_id=address,
                )
            )
