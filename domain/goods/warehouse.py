"""A warehouse of ours, in a region, serving a sales region."""

from __future__ import annotations

from typing import ClassVar

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event


class Warehouse(Aggregate):
    """One warehouse; the stream is ``Warehouse/{wh}``."""

    CATEGORY: ClassVar[str] = "Warehouse"

    region_code: str = ""
    sales_region: str = ""
    plant: bool = False
    cold: bool = False

    # What can happen to a warehouse. Topics and fields are stored: add, never rename.

    class Registered(Event, frozen=True, kw_only=True):
        """The warehouse is known."""

        TOPIC = "warehouse.registered"
        region_code: str
        sales_region: str
        plant: bool = False
        cold: bool = False

        def apply(self, warehouse: Warehouse) -> None:
            """Set the fields."""
            warehouse.region_code = self.region_code
            warehouse.sales_region = self.sales_region
            warehouse.plant, warehouse.cold = self.plant, self.cold

    # What may be asked of it.

    def register(self, registered: Registered) -> None:
        """Make the warehouse known; said twice alike, it is said once."""
        said = (registered.region_code, registered.sales_region, registered.plant, registered.cold)
        if (self.region_code, self.sales_region, self.plant, self.cold) != said:
            self.record(registered)
