"""Collecting: telling the consignees of a recall, and following what becomes of the goods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from domain.cases.open_recalls import OpenRecalls
from domain.cases.recall import Recall
from domain.cases.recall_terms import OVER
from domain.flows.cases.recalling import standing
from domain.flows.company.acting import only
from domain.flows.goods.devices import devices
from domain.flows.goods.securing import only_quality
from domain.flows.goods.shelving import RECALL
from domain.flows.orders.confirming import recheck_room
from domain.goods.holders import Holders
from domain.goods.lot import Lot
from domain.goods.product import Product
from domain.goods.serial_number import SerialNumber
from domain.goods.serial_register import SerialRegister
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import FutureDated, NotFound
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings

ANSWERING = ("DLR", "QA", "SERVICE")
HANDLING = ("QA", "SE")


@dataclass(frozen=True, kw_only=True)
class NotifyConsignee:
    """Tell a consignee of a recall; ``channel`` says how."""

    recall_id: str
    consignee: str
    channel: str
    sent_on: date


def notify_consignee(log: Log, stamp: Stamp, command: NotifyConsignee) -> dict[str, Any]:
    """Notify a consignee. For the quality manager.

    Refuses NOT_FOUND, QC_ROLE_REQUIRED, INVALID_STATE, FUTURE_DATED, VALIDATION_FAILED.
    """
    recall, findings = existing(log, Recall, command.recall_id), Findings()
    findings.identifier(command.channel, "channel")
    ahead = command.sent_on > stamp.today
    findings.require(not ahead, FutureDated(field="sent_on", day=command.sent_on))
    findings.refuse()
    only_quality(stamp)
    recall.notify(command.consignee, command.sent_on, command.channel, stamp)
    return standing(log, recall.key)


@dataclass(frozen=True, kw_only=True)
class AcknowledgeRecall:
    """Confirm as a consignee that one knows of a recall."""

    recall_id: str
    consignee: str


def acknowledge_recall(log: Log, stamp: Stamp, command: AcknowledgeRecall) -> dict[str, Any]:
    """Acknowledge a recall. A dealer's own user does so for it alone; quality for everybody.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, INVALID_STATE.
    """
    recall = existing(log, Recall, command.recall_id)
    if stamp.by.role == "DLR" and stamp.by.dealer != command.consignee:
        raise NotFound(kind="Recall", id=command.recall_id)
    only(ANSWERING, stamp)
    recall.acknowledge(command.consignee, stamp)
    return standing(log, recall.key)


@dataclass(frozen=True, kw_only=True)
class RecordRecovery:
    """Say what became of a consignee's goods: RECOVERED, CORRECTED, DESTROYED, USED or LOST."""

    recall_id: str
    consignee: str
    sku: str
    qty: int
    action: Literal["RECOVERED", "CORRECTED", "DESTROYED", "USED", "LOST"]
    lot: str | None = None
    serials: tuple[str, ...] = ()
    document: str = ""


def record_recovery(log: Log, stamp: Stamp, command: RecordRecovery) -> dict[str, Any]:
    """Record what became of goods. For quality, and for the engineers who see to it.

    Devices that were dealt with are not flagged any more; what came back stays locked all the same
    while the recall is open.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, INVALID_STATE, VALIDATION_FAILED.
    """
    recall, findings = existing(log, Recall, command.recall_id), Findings()
    findings.field(command.qty >= 1, "qty", "at least 1")
    covered = command.sku in recall.scope.products()
    findings.field(covered, "sku", "a product of the recall")
    named = not command.serials or len(set(command.serials)) == command.qty
    findings.field(named, "serials", "as many as the quantity, each once")
    if command.lot is not None:
        meant = recall.scope.covers_lot(command.sku, command.lot)
        findings.field(meant, "lot", "a lot of the recall")
    strange = [one for one in command.serials if not recall.scope.covers_unit(command.sku, one)]
    findings.field(not strange, "serials", f"devices of the recall, not {', '.join(strange)}")
    findings.refuse()
    only(HANDLING, stamp)
    recall.handle(
        Recall.UnitsHandled(
            stamp.by,
            stamp.at,
            consignee=command.consignee,
            action=command.action,
            qty=command.qty,
            sku=command.sku,
            lot=command.lot or "",
            serials=command.serials,
            document=command.document,
        )
    )
    for unit in devices(log, command.sku, command.serials):
        unit.unflag(recall.key, command.action, stamp)
        _flag_for_another(log, unit, stamp)
    left = recall.outstanding(command.consignee)
    return standing(log, recall.key) | {"outstanding": left}


@dataclass(frozen=True, kw_only=True)
class CheckEffectiveness:
    """Say whether a recall reached everybody, and what shows it."""

    recall_id: str
    effective: bool
    document_hash: str


def check_effectiveness(log: Log, stamp: Stamp, command: CheckEffectiveness) -> dict[str, Any]:
    """Check a recall's effectiveness. For the quality manager.

    Refuses NOT_FOUND, QC_ROLE_REQUIRED, INVALID_STATE, VALIDATION_FAILED.
    """
    recall, findings = existing(log, Recall, command.recall_id), Findings()
    findings.field(command.document_hash.strip(), "document_hash", "the report's document")
    findings.refuse()
    only_quality(stamp)
    recall.check(command.document_hash, stamp, effective=command.effective)
    return standing(log, recall.key)


@dataclass(frozen=True, kw_only=True)
class CloseRecall:
    """Be done with a recall that was found effective."""

    recall_id: str
    document_hash: str


def close_recall(log: Log, stamp: Stamp, command: CloseRecall) -> dict[str, Any]:
    """Close a recall. What it locked stays locked, until quality decides about it.

    Refuses NOT_FOUND, QC_ROLE_REQUIRED, INVALID_STATE, VALIDATION_FAILED, MASTER_DATA_MISSING.
    """
    recall, findings = existing(log, Recall, command.recall_id), Findings()
    findings.field(command.document_hash.strip(), "document_hash", "the closing report")
    findings.refuse()
    only_quality(stamp)
    recall.close(command.document_hash, stamp)
    if not recall.drill:
        _unflag(log, recall, stamp.automatic("recall"))
    return standing(log, recall.key)


def _flag_for_another(log: Log, unit: SerialNumber, stamp: Stamp) -> None:
    """Let an open recall flag a device that it covers and of which it was told nothing yet."""
    for name, scope in log.get(OpenRecalls, unit.sku).scopes.items():
        told = f"{unit.sku}/{unit.serial}" in log.get(Recall, name).handled
        if scope.covers_unit(unit.sku, unit.serial) and not told:
            unit.flag(name, stamp)
            return


def _unflag(log: Log, recall: Recall, stamp: Stamp) -> None:
    """Let the recall cover nothing more; what another open recall covers goes over to that."""
    for sku in recall.scope.products():
        others = log.get(OpenRecalls, sku)
        others.end(recall.key, stamp)
        for unit in devices(log, sku, log.get(SerialRegister, sku).serials):
            if unit.recall == recall.key:
                unit.unflag(recall.key, OVER, stamp)
                _flag_for_another(log, unit, stamp)
        named = (one.lot for one in recall.scope.lots if one.sku == sku)
        for name in (*log.get(Holders, sku).lots, *named):
            lot, other = log.get(Lot, sku, name), others.of_lot(name)
            if lot.recall == recall.key and other is not None:
                lot.cover(other, stamp)
            lot.uncover(recall.key, stamp)
        product, left = existing(log, Product, sku), others.of_product()
        if product.locks.get(RECALL, "").startswith(f"{recall.key}:"):
            product.unlock(RECALL, recall.key, stamp)
            if left is not None:
                product.lock(RECALL, f"{left}: {recall.key} was closed", stamp)
    recheck_room(log, RECALL, "recall-closed", stamp)
