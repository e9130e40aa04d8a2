"""Execution: how far a contract has come: ordered, delivered, invoiced and paid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from domain.kernel.money import Amounts, part

Row = Mapping[str, Any]


def execution(lines: Iterable[Row], invoices: Iterable[Row]) -> dict[str, int]:
    """Amounts of a contract's orders, gross minor units; ``ordered >= delivered``.

    ``lines`` are the rows of confirmed order lines, ``invoices`` the open items and those that are
    settled: ``paid`` is what is not open of them any more, credit notes included.
    """
    ordered = delivered = 0
    for one in lines:
        whole = Amounts(one["net"], one["vat"], one["gross"])
        wanted = one["qty_ordered"] - one["qty_cancelled"]
        ordered += part(whole, 0, wanted, one["qty_ordered"]).gross
        delivered += part(whole, 0, one["qty_delivered"], one["qty_ordered"]).gross
    billed = list(invoices)
    invoiced = sum(one["gross"] for one in billed)
    paid = invoiced - sum(one["open"] for one in billed)
    return {"ordered": ordered, "delivered": delivered, "invoiced": invoiced, "paid": paid}
