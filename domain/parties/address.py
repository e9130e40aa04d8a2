"""An address: where goods may be sent, and who signs there."""

from __future__ import annotations

from typing import ClassVar

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp


class Address(Aggregate):
    """Where goods may be sent; the stream is ``Address/{id}``.

    ``receiving_entity`` is the dealer or customer that signs there.
    """

    CATEGORY: ClassVar[str] = "Address"

    region_code: str = ""
    receiving_entity: str = ""
    kind: str = ""

    # What can happen to an address. Topics and fields are stored: add, never rename.

    class Registered(Event, frozen=True, kw_only=True):
        """The address is known."""

        TOPIC = "address.registered"
        region_code: str
        receiving_entity: str
        kind: str

        def apply(self, address: Address) -> None:
            """Set the fields."""
            address.region_code = self.region_code
            address.receiving_entity = self.receiving_entity
            address.kind = self.kind

    # What may be asked of it.

    def register(self, region_code: str, entity: str, kind: str, stamp: Stamp) -> None:
        """Make the address known; said twice alike, it is said once."""
        if (self.region_code, self.receiving_entity, self.kind) != (region_code, entity, kind):
            self.record(
                self.Registered(
                    stamp.by,
                    stamp.at,
                    region_code=region_code,
                    receiving_entity=entity,
                    kind=kind,
                )
            )
