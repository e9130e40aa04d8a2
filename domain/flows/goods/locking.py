"""Locking: stopping the sale of a product for reasons of quality, and letting it go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from domain.cases.open_recalls import OpenRecalls
from domain.flows.goods.securing import only_quality
from domain.flows.goods.shelving import RECALL
from domain.flows.orders.confirming import recheck_room
from domain.goods.product import Product
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.refusals import RecallBlock


@dataclass(frozen=True, kw_only=True)
class LockProduct:
    """Stop the sale of a product, for its quality or for a recall. For the quality manager."""

    sku: str
    reason: str
    code: Literal["QUALITY_LOCK", "RECALL_BLOCK"] = "QUALITY_LOCK"


@dataclass(frozen=True, kw_only=True)
class UnlockProduct(LockProduct):
    """Let a product be sold again. For the quality manager."""


def lock_product(log: Log, stamp: Stamp, command: LockProduct) -> dict[str, Any]:
    """Lock a product: its orders are held, and nothing of it is shipped.

    Refuses NOT_FOUND, VALIDATION_FAILED, QC_ROLE_REQUIRED, INVALID_STATE.
    """
    product = _locking(log, command, stamp)
    product.lock(command.code, command.reason, stamp)
    return {"sku": product.key, "locks": sorted(product.locks)}


def unlock_product(log: Log, stamp: Stamp, command: UnlockProduct) -> dict[str, Any]:
    """Unlock a product.

    Refuses NOT_FOUND, VALIDATION_FAILED, QC_ROLE_REQUIRED, INVALID_STATE, RECALL_BLOCK,
    MASTER_DATA_MISSING.
    """
    product = _locking(log, command, stamp)
    recall = log.get(OpenRecalls, product.key).of_product()
    if recall is not None and command.code == RECALL:
        raise RecallBlock(sku=product.key, recall=recall)
    product.unlock(command.code, command.reason, stamp)
    orders = recheck_room(log, command.code, "quality-recheck", stamp)
    return {"sku": product.key, "locks": sorted(product.locks), "orders": orders}


def _locking(log: Log, command: LockProduct, stamp: Stamp) -> Product:
    product, findings = existing(log, Product, command.sku), Findings()
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    findings.refuse()
    only_quality(stamp)
    return product
