"""A value that only one thing may have: a bank reference, a credit code, a device identifier."""

from __future__ import annotations

from typing import ClassVar

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import Refusal
from domain.kernel.stamp import Stamp


class UniqueKey(Aggregate):
    """One value of one kind; the stream is ``Unique/{kind}/{value}``."""

    CATEGORY: ClassVar[str] = "Unique"

    owner: str = ""

    # What can happen to a key. Topics and fields are stored: add, never rename.

    class Claimed(Event, frozen=True, kw_only=True):
        """The value belongs to ``owner`` from now on."""

        TOPIC = "unique_key.claimed"
        owner: str

        def apply(self, key: UniqueKey) -> None:
            """Name the owner."""
            key.owner = self.owner

    # What may be asked of it.

    def claim(self, owner: str, taken: type[Refusal], stamp: Stamp) -> None:
        """Give the value to an owner; raises ``taken`` where another has it."""
        if self.owner == owner:
            return
        if self.exists:
            raise taken(value=self.key.partition("/")[2], owner=self.owner)
        self.record(self.Claimed(stamp.by, stamp.at, owner=owner))

    def pass_on(self, owner: str, stamp: Stamp) -> None:
        """Give the value to its next owner; the caller has asked the one before."""
        if self.owner != owner:
            self.record(self.Claimed(stamp.by, stamp.at, owner=owner))
