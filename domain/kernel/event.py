"""What an event is."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import msgspec

from domain.kernel.stamp import Actor


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    """A fact: who, when in business time, and what.

    ``TOPIC`` and the field names are the storage format: add, never rename. Fields that hold
    their default are left out of the stored text, so a default is part of the format as well.
    """

    TOPIC: ClassVar[str] = ""

    by: Actor
    occurred_at: datetime

    def apply(self, aggregate: Any) -> None:
        """Assign what the fact changes. Never refuses: history is not on trial."""
