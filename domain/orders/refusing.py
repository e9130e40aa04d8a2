"""The refusal that a hold becomes where an order can no longer be held: at the warehouse's door."""

from __future__ import annotations

from domain.kernel.refusal import Refusal
from domain.orders import refusals

_BY_CODE: dict[str, type[Refusal]] = {
    one.code: one
    for one in vars(refusals).values()
    if isinstance(one, type) and issubclass(one, Refusal)
}


def refusal_of(code: str) -> type[Refusal]:
    """Return the refusal of the same code as a hold."""
    return _BY_CODE[code]
