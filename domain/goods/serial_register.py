"""The register of a product's devices: every serial number there ever was, wherever it is."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp


class SerialRegister(Aggregate):
    """Serial numbers of one product; the stream is ``Register/{sku}``."""

    CATEGORY: ClassVar[str] = "Register"

    serials: list[str] = msgspec.field(default_factory=list)

    class Entered(Event, frozen=True, kw_only=True):
        """Devices became known. The topic and its fields are stored: add, never rename."""

        TOPIC = "register.entered"
        serials: tuple[str, ...]

        def apply(self, register: SerialRegister) -> None:
            """Add them."""
            register.serials.extend(self.serials)

    def enter(self, serials: tuple[str, ...], stamp: Stamp) -> None:
        """Enter devices; none records nothing."""
        if serials:
            self.record(self.Entered(stamp.by, stamp.at, serials=serials))
