"""What a work order is to make, and the components that production took for it."""

from __future__ import annotations

from datetime import date

import msgspec


class WorkOrderTerms(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is made, for which warehouse, until when; ``so`` and ``line_no`` say why, if for one."""

    sku: str
    warehouse: str
    qty: int
    due: date
    so: str = ""
    line_no: int = 0


class Issued(msgspec.Struct, frozen=True):
    """A quantity of a component that production took."""

    item: str
    qty: int
