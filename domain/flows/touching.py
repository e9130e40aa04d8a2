"""Touching: what a command will surely ask for, as its fields tell.

A batch loads it all by one statement before it decides. What is missing here is loaded when it is
asked for, so this changes no answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from domain.accounts.invoice import Invoice
from domain.company.unique_key import UniqueKey
from domain.flows.accounts.referring import KIND
from domain.goods.serial_number import SerialNumber
from domain.goods.shipment import Shipment
from domain.kernel.aggregate import Wanted
from domain.orders.order import Order


def touches(command: Any) -> Iterator[Wanted]:
    """Aggregates by type and key: of documents, scans and references of the bank."""
    if shp := getattr(command, "shp_id", None):
        yield Shipment, shp
    if so := getattr(command, "so", None):
        yield Order, so
    if doc := getattr(command, "doc", None):
        yield Invoice, doc
    if reference := getattr(command, "bank_ref", None):
        yield UniqueKey, KIND, reference
    for line in getattr(command, "remittance", None) or ():
        yield Order, line.doc_no
    for scan in getattr(command, "scans", None) or ():
        if scan.di and scan.serial:
            yield SerialNumber, scan.di, scan.serial
