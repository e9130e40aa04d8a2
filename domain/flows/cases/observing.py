"""Observing: where devices are found. An observation is recorded whatever it says, and judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from domain.channel.book import Movement
from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.flows.cases.detecting import ON_LOT_SCAN, ON_SCAN, ON_USE, judge
from domain.flows.channel.keeping import keep_use
from domain.flows.goods.installing import installation_of
from domain.goods.installation import Installation
from domain.goods.lot import Lot
from domain.goods.serial_events import UNUSED
from domain.goods.serial_number import SerialNumber
from domain.goods.sighting import Sighting
from domain.goods.udi import Scan, sku_of, understand
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import FutureDated
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.line_events import LineInstalled
from domain.orders.order import Order
from domain.parties.customer import Customer
from domain.policies.diversion.seen import seen_lot, seen_unit


@dataclass(frozen=True, kw_only=True)
class RecordInstallation:
    """Say that a device was found installed at a hospital. The scan names it.

    ``source`` is a source of observations that the company has weighed.
    """

    scan: Scan
    hospital_id: str
    region_code: str
    source: str
    installed_at: date
    engineer_id: str | None = None
    gps: str | None = None
    photos: tuple[str, ...] = ()
    install_id: str | None = None
    """The planned installation; another device than the planned one blocks its acceptance."""


def record_installation(log: Log, stamp: Stamp, command: RecordInstallation) -> dict[str, Any]:
    """Record an installation; one that our register contradicts is kept as an observation.

    One that comes late, after the device has moved on, is judged by what was true on its day, and
    moves nothing.

    Refuses NOT_FOUND, VALIDATION_FAILED, FUTURE_DATED and UDI codes: errors of form, never
    what was seen.
    """
    findings, scan = form_of(log, command.scan, command.source, command.region_code)
    if not findings.found:
        findings.field(scan.serial is not None, "scan", "a serial number")
    findings.known(log, Customer, command.hospital_id, "hospital_id")
    ahead = command.installed_at > stamp.today
    findings.require(not ahead, FutureDated(field="installed_at", day=command.installed_at))
    findings.refuse()
    sighting = Sighting(
        raw=scan.raw,
        region_code=command.region_code,
        source=command.source,
        weight=weight_of(log, command.source),
        hospital=command.hospital_id,
        observer=command.engineer_id or stamp.by.user,
        gps=command.gps,
        photos=command.photos,
        at=stamp.at if command.installed_at == stamp.today else None,
    )
    unit, sku = unit_of(log, scan)
    seen = seen_unit(log, unit, sku, sighting, command.installed_at, stamp)
    _compare(log, unit, command, stamp)
    late = unit.moved_after(seen.at)
    if unit.state in UNUSED and not late:
        unit.install(command.hospital_id, command.installed_at, sighting, stamp)
        keep_use(log, unit, command.hospital_id, command.installed_at, stamp)
        _tell_order(log, unit, command, stamp)
    else:
        unit.observe(sku, sighting, stamp, seen.at)
    return told(unit, judge(log, ON_USE, seen, stamp))


@dataclass(frozen=True, kw_only=True)
class ObserveScan:
    """Say that a device, or ``qty`` base units of a lot, was seen somewhere."""

    scan: Scan
    region_code: str
    source: str
    observer: str
    hospital: str | None = None
    gps: str | None = None
    photo_hash: str | None = None
    qty: int = 1


def observe_scan(log: Log, stamp: Stamp, command: ObserveScan) -> dict[str, Any]:
    """Record a sighting of a known, unknown or impossible device, and judge it in the same append.

    Refuses VALIDATION_FAILED and UDI codes: errors of form, never what was seen.
    """
    findings, scan = form_of(log, command.scan, command.source, command.region_code)
    findings.field(command.qty >= 1, "qty", "at least 1")
    findings.refuse()
    sighting = Sighting(
        raw=scan.raw,
        region_code=command.region_code,
        source=command.source,
        weight=weight_of(log, command.source),
        hospital=command.hospital,
        observer=command.observer,
        gps=command.gps,
        photos=(command.photo_hash,) if command.photo_hash else (),
        at=stamp.at,
    )
    if scan.serial is None:
        return _observe_lot(log, scan, command.qty, sighting, stamp)
    unit, sku = unit_of(log, scan)
    seen = seen_unit(log, unit, sku, sighting, stamp.today, stamp)
    unit.observe(sku, sighting, stamp)
    return told(unit, judge(log, ON_SCAN, seen, stamp))


def _observe_lot(
    log: Log, scan: Scan, packages: int, sighting: Sighting, stamp: Stamp
) -> dict[str, Any]:
    """Record a sighting of goods of a lot; a scanned carton counts for what it contains."""
    sku, lot, qty = sku_of(log, scan.di or ""), scan.lot or "", packages * scan.contains
    seen = seen_lot(log, Movement(sku, qty, stamp.today, lot), sighting, stamp)
    log.get(Lot, sku, lot).observe(sighting, qty, stamp)
    cases = judge(log, ON_LOT_SCAN, seen, stamp)
    return {"sku": sku, "lot": lot, "qty": qty, "case": _first(cases), "cases": cases}


def form_of(log: Log, said: Scan, source: str, region_code: str) -> tuple[Findings, Scan]:
    """What is wrong with the form of an observation, and what its label means."""
    findings = Findings()
    scan, wrong = understand(log, said, "scan")
    findings.add(*wrong)
    weights = log.get(CompanyPolicy, COMPANY).weights
    findings.field(source in weights, "source", f"one of {', '.join(sorted(weights))}")
    findings.region(region_code, "region_code")
    return findings, scan


def weight_of(log: Log, source: str) -> Decimal:
    """How far a source of observations is to be believed, 0 to 1."""
    return log.get(CompanyPolicy, COMPANY).weights[source]


def unit_of(log: Log, scan: Scan) -> tuple[SerialNumber, str]:
    """Return the device that a scan names, and its product; refuses UDI_UNKNOWN_DI."""
    di, serial = scan.di or "", scan.serial or ""
    return log.get(SerialNumber, di, serial), sku_of(log, di)


def _tell_order(log: Log, unit: SerialNumber, command: RecordInstallation, stamp: Stamp) -> None:
    if unit.passport is None:
        return
    order = existing(log, Order, unit.passport.so)
    installation = installation_of(log, unit)
    if installation is not None and installation.hospital == command.hospital_id:
        installation.finish(command.installed_at, command.region_code, stamp)
    if order.lines[unit.passport.so_line].terms.installation_required:
        order.record(
            LineInstalled(
                stamp.by,
                stamp.at,
                line_no=unit.passport.so_line,
                serial=unit.serial,
                hospital=command.hospital_id,
                region_code=command.region_code,
            )
        )


def _compare(log: Log, unit: SerialNumber, command: RecordInstallation, stamp: Stamp) -> None:
    """Note on the planned installation that another device was scanned than the shipped one."""
    if command.install_id is None:
        return
    installation = existing(log, Installation, command.install_id)
    if (installation.di, installation.serial) != (unit.di, unit.serial):
        installation.mismatch_found(unit.serial, command.hospital_id, stamp)
    else:
        installation.right_device_found(unit.serial, stamp)


def told(unit: SerialNumber, cases: list[str]) -> dict[str, Any]:
    """What an observation of a device is answered with."""
    return {
        "di": unit.di,
        "serial": unit.serial,
        "state": unit.state or "UNKNOWN",
        "case": _first(cases),
        "cases": cases,
    }


def _first(cases: list[str]) -> str | None:
    return cases[0] if cases else None
