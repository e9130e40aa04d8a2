"""Serving: what is seen of devices in service, and what was entered wrongly about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from domain.flows.cases.detecting import ON_USE, judge, judge_service
from domain.flows.cases.observing import form_of, told, unit_of, weight_of
from domain.flows.company.numbering import document_number
from domain.goods import serial_events
from domain.goods.refusals import SerialRequired
from domain.goods.serial_number import SerialNumber
from domain.goods.sighting import Sighting
from domain.goods.udi import Scan
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import FutureDated
from domain.kernel.stamp import Stamp
from domain.parties.customer import Customer
from domain.policies.diversion.seen import seen_unit

SERVICE, REGISTRATION = "SERVICE_REQUEST", "WARRANTY_REGISTRATION"


@dataclass(frozen=True, kw_only=True)
class RequestService:
    """Ask for service of a device, for the hospital where it stands."""

    scan: Scan
    hospital_id: str
    region_code: str
    kind: Literal["CONSULT", "REPAIR", "COMPLAINT", "MAINTENANCE", "ADVERSE_EVENT"]
    sr_id: str | None = None
    gps: str | None = None


def request_service(log: Log, stamp: Stamp, command: RequestService) -> dict[str, Any]:
    """Take a request for service, and answer whether warranty pays.

    A hospital is served whatever we know of the device and its dealer: no case, no recall and no
    unknown serial number refuses it. The request is a sighting, and is judged as one.

    Refuses NUMBER_TAKEN, SERIAL_REQUIRED, VALIDATION_FAILED and UDI codes.
    """
    findings, scan = form_of(log, command.scan, SERVICE, command.region_code)
    named = findings.found or scan.serial
    findings.require(named, SerialRequired(field="scan"))
    findings.known(log, Customer, command.hospital_id, "hospital_id")
    if command.sr_id is not None:
        findings.identifier(command.sr_id, "sr_id")
    findings.refuse()
    number = document_number(log, "SR", command.sr_id, stamp)
    unit, sku = unit_of(log, scan)
    sighting = Sighting(
        raw=scan.raw,
        region_code=command.region_code,
        source=SERVICE,
        weight=weight_of(log, SERVICE),
        hospital=command.hospital_id,
        observer=stamp.by.user,
        gps=command.gps,
        at=stamp.at,
    )
    seen = seen_unit(log, unit, sku, sighting, stamp.today, stamp)
    covered = unit.under_warranty(stamp.today)
    if not unit.in_register:
        unit.observe(sku, sighting, stamp)
    unit.record(
        serial_events.ServiceAsked(
            stamp.by,
            stamp.at,
            request=number,
            kind=command.kind,
            sighting=sighting,
            under_warranty=covered,
        )
    )
    answer = told(unit, judge_service(log, seen, stamp))
    return answer | {"request": number, "under_warranty": covered, "warranty_to": unit.warranty_to}


@dataclass(frozen=True, kw_only=True)
class RegisterWarranty:
    """Register a device for warranty, as the hospital does that uses it."""

    scan: Scan
    hospital_id: str
    region_code: str
    registered_at: date


def register_warranty(log: Log, stamp: Stamp, command: RegisterWarranty) -> dict[str, Any]:
    """Register for warranty: a sighting of use, whose territory is judged. Never refused for it.

    Refuses SERIAL_REQUIRED, FUTURE_DATED, VALIDATION_FAILED and UDI codes.
    """
    findings, scan = form_of(log, command.scan, REGISTRATION, command.region_code)
    named = findings.found or scan.serial
    findings.require(named, SerialRequired(field="scan"))
    findings.known(log, Customer, command.hospital_id, "hospital_id")
    ahead = command.registered_at > stamp.today
    findings.require(not ahead, FutureDated(field="registered_at", day=command.registered_at))
    findings.refuse()
    unit, sku = unit_of(log, scan)
    sighting = Sighting(
        raw=scan.raw,
        region_code=command.region_code,
        source=REGISTRATION,
        weight=weight_of(log, REGISTRATION),
        hospital=command.hospital_id,
        observer=command.hospital_id,
    )
    seen = seen_unit(log, unit, sku, sighting, command.registered_at, stamp)
    unit.observe(sku, sighting, stamp, seen.at)
    return told(unit, judge(log, ON_USE, seen, stamp))


@dataclass(frozen=True, kw_only=True)
class RelocateDevice:
    """Enter that its owner moved a device to another hospital, with the document that says so."""

    scan: Scan
    hospital_id: str
    region_code: str
    moved_on: date
    document_hash: str


def relocate_device(log: Log, stamp: Stamp, command: RelocateDevice) -> dict[str, Any]:
    """Relocate a device; whether its dealer might have sold it there is judged.

    A move that is told after it was moved again is kept as a sighting, and moves nothing.

    Refuses SERIAL_REQUIRED, SERIAL_NOT_AVAILABLE, FUTURE_DATED, VALIDATION_FAILED and UDI codes.
    """
    findings, scan = form_of(log, command.scan, SERVICE, command.region_code)
    named = findings.found or scan.serial
    findings.require(named, SerialRequired(field="scan"))
    findings.known(log, Customer, command.hospital_id, "hospital_id")
    findings.field(command.document_hash.strip(), "document_hash", "the document of the move")
    ahead = command.moved_on > stamp.today
    findings.require(not ahead, FutureDated(field="moved_on", day=command.moved_on))
    findings.refuse()
    unit, sku = unit_of(log, scan)
    sighting = Sighting(
        raw=command.document_hash,
        region_code=command.region_code,
        source=SERVICE,
        weight=weight_of(log, SERVICE),
        hospital=command.hospital_id,
        observer=stamp.by.user,
    )
    if unit.moved_after(stamp.moment_of(command.moved_on)):
        seen = seen_unit(log, unit, sku, sighting, command.moved_on, stamp)
        unit.observe(sku, sighting, stamp, seen.at)
    else:
        unit.relocate(
            serial_events.Relocated(
                stamp.by,
                unit.moment_of(command.moved_on, stamp),
                source=unit.hospital or "",
                target=command.hospital_id,
                region_code=command.region_code,
                document_hash=command.document_hash,
                moved_on=command.moved_on,
            )
        )
        seen = seen_unit(log, unit, sku, sighting, command.moved_on, stamp)
    return told(unit, judge(log, (ON_USE[-1],), seen, stamp))


@dataclass(frozen=True, kw_only=True)
class MarkWarrantyExpired:
    """Note that the warranty of a device is over. For the scheduler."""

    di: str
    serial: str


def mark_warranty_expired(log: Log, stamp: Stamp, command: MarkWarrantyExpired) -> dict[str, Any]:
    """Mark an expired warranty; a warranty that runs is left alone.

    Refuses NOT_FOUND.
    """
    unit = existing(log, SerialNumber, command.di, command.serial)
    unit.expire_warranty(stamp.automatic("warranty"))
    return {"di": unit.di, "serial": unit.serial, "over": unit.warranty_over}
