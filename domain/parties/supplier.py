"""A supplier: who has passed its first review (首营企业审核), and for which items."""

from __future__ import annotations

from typing import ClassVar

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp


class Supplier(Aggregate):
    """One supplier; the stream is ``Supplier/{id}``."""

    CATEGORY: ClassVar[str] = "Supplier"

    name: str = ""
    items: tuple[str, ...] = ()

    # What can happen to a supplier. Topics and fields are stored: add, never rename.

    class Qualified(Event, frozen=True, kw_only=True):
        """Its review was passed for these items, and no others."""

        TOPIC = "supplier.qualified"
        name: str
        items: tuple[str, ...]
        document_hash: str

        def apply(self, supplier: Supplier) -> None:
            """Set the items."""
            supplier.name, supplier.items = self.name, self.items

    # What is asked about it.

    def may_deliver(self, item: str) -> bool:
        """Whether it has passed its review for an item."""
        return item in self.items

    # What may be asked of it.

    def qualify(self, name: str, items: tuple[str, ...], document: str, stamp: Stamp) -> None:
        """Enter a review; entering it again alike records nothing."""
        if (self.name, self.items) != (name, items):
            self.record(
                self.Qualified(stamp.by, stamp.at, name=name, items=items, document_hash=document)
            )
