"""Picking: taking the goods off the shelf, and the second check."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from domain.goods.product import Product
from domain.goods.refusals import UdiMissing
from domain.goods.shipment import Shipment
from domain.goods.udi import Scan, understand
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings


@dataclass(frozen=True, kw_only=True)
class ConfirmPick:
    """Say that the goods were taken and scanned: every serial once, every lot at least once."""

    shp_id: str
    picker: str
    scans: list[Scan]


def confirm_pick(log: Log, stamp: Stamp, command: ConfirmPick) -> dict[str, Any]:
    """Confirm a pick.

    Refuses NOT_FOUND, INVALID_STATE, SCAN_MISMATCH, UDI_MISSING, VALIDATION_FAILED, UDI codes.
    """
    shipment, findings = existing(log, Shipment, command.shp_id), Findings()
    findings.identifier(command.picker, "picker")
    scans = []
    for place, said in enumerate(command.scans):
        scan, wrong = understand(log, said, f"scans[{place}]")
        findings.add(*wrong)
        scans.append(scan)
    findings.refuse()
    if not scans:
        raise UdiMissing(shp=shipment.shp)
    expected = {
        (log.get(Product, package.sku).base_di, one)
        for package in shipment.packages
        for one in (package.goods.serials or (package.goods.lot,))
    }
    scanned = [(scan.di, scan.serial or scan.lot) for scan in scans]
    missing = [f"{di}/{one}" for di, one in sorted(expected - set(scanned), key=str)]
    units = [(scan.di, scan.serial) for scan in scans if scan.serial]
    twice = [unit for unit, times in Counter(units).items() if times > 1]
    extra = [f"{di}/{one}" for di, one in scanned if (di, one) not in expected]
    extra += [f"{di}/{one} twice" for di, one in sorted(twice, key=str)]
    raw = tuple(scan.raw or f"{scan.di}/{scan.serial or scan.lot}" for scan in scans)
    shipment.pick(command.picker, raw, missing, extra, stamp)
    return {"shp": shipment.shp, "state": shipment.state}


@dataclass(frozen=True, kw_only=True)
class ReviewOutbound:
    """Say that a second person has checked goods and papers."""

    shp_id: str
    reviewer: str
    result: str


def review_outbound(log: Log, stamp: Stamp, command: ReviewOutbound) -> dict[str, Any]:
    """Review a shipment.

    Refuses NOT_FOUND, INVALID_STATE, SAME_PERSON_REVIEW, VALIDATION_FAILED.
    """
    shipment, findings = existing(log, Shipment, command.shp_id), Findings()
    findings.identifier(command.reviewer, "reviewer")
    findings.field(command.result == "OK", "result", "OK; goods in doubt are not sent")
    findings.refuse()
    shipment.review(command.reviewer, command.result, stamp)
    return {"shp": shipment.shp, "state": shipment.state}
