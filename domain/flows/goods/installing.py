"""Installing: planning a device's installation, testing it, and the hospital's acceptance.

That a device stands somewhere is an observation, recorded by ``flows.cases.observing``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from domain.company.unique_key import UniqueKey
from domain.flows.accounts.earning import earn
from domain.flows.accounts.invoicing import bill
from domain.flows.company.numbering import document_number
from domain.goods import serial_events
from domain.goods.installation import Installation
from domain.goods.product import Product
from domain.goods.refusals import (
    AcceptanceDocRequired,
    NotInstalled,
    SerialMismatch,
    SerialNotOnOrder,
)
from domain.goods.serial_events import INSTALLED
from domain.goods.serial_number import SerialNumber
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import FutureDated
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.contract import Contract
from domain.orders.line_events import LineAccepted
from domain.orders.order import Order
from domain.orders.order_terms import AT_ACCEPTANCE
from domain.parties.customer import Customer

BY_UNIT = "installation"
"""Kind of key under which a device's installation is found."""


@dataclass(frozen=True, kw_only=True)
class ScheduleInstallation:
    """Plan the installation of a device that was shipped under an order."""

    so_id: str
    serial: str
    hospital_id: str
    planned_at: date
    install_id: str | None = None


def schedule_installation(log: Log, stamp: Stamp, command: ScheduleInstallation) -> dict[str, Any]:
    """Schedule an installation.

    Refuses NOT_FOUND, VALIDATION_FAILED, SERIAL_NOT_ON_ORDER, NUMBER_TAKEN, INVALID_STATE,
    ALREADY_EXISTS.
    """
    order, findings = existing(log, Order, command.so_id), Findings()
    findings.known(log, Customer, command.hospital_id, "hospital_id")
    if command.install_id is not None:
        findings.identifier(command.install_id, "install_id")
    findings.refuse()
    unit = unit_of(log, order, command.serial)
    key = log.get(UniqueKey, BY_UNIT, f"{unit.di}/{unit.serial}")
    known = log.get(Installation, key.owner) if key.owner else None
    if known is not None and known.so == order.so:
        number = known.key
    else:
        number = document_number(log, "INS", command.install_id, stamp)
        key.pass_on(number, stamp)
    installation = log.get(Installation, number)
    installation.schedule(
        Installation.Scheduled(
            stamp.by,
            stamp.at,
            so=order.so,
            di=unit.di,
            serial=unit.serial,
            hospital=command.hospital_id,
            planned_at=command.planned_at,
        )
    )
    if unit.state == INSTALLED and unit.hospital == command.hospital_id:
        installation.finish(stamp.today, unit.region or "", stamp)
    return _standing(installation)


@dataclass(frozen=True, kw_only=True)
class ConfirmSiteReady:
    """Say that the site (场地) is ready."""

    install_id: str
    document_hash: str


def confirm_site_ready(log: Log, stamp: Stamp, command: ConfirmSiteReady) -> dict[str, Any]:
    """Confirm the site.

    Refuses NOT_FOUND, INVALID_STATE.
    """
    installation = existing(log, Installation, command.install_id)
    installation.confirm_site(command.document_hash, stamp)
    return _standing(installation)


@dataclass(frozen=True, kw_only=True)
class StartInstallation:
    """Begin to install."""

    install_id: str
    engineer_id: str


def start_installation(log: Log, stamp: Stamp, command: StartInstallation) -> dict[str, Any]:
    """Start an installation.

    Refuses NOT_FOUND, SITE_NOT_READY, INVALID_STATE, VALIDATION_FAILED.
    """
    installation, findings = existing(log, Installation, command.install_id), Findings()
    findings.identifier(command.engineer_id, "engineer_id")
    findings.refuse()
    installation.start(command.engineer_id, stamp)
    return _standing(installation)


@dataclass(frozen=True, kw_only=True)
class RecordTests:
    """Enter the tests of an installed device. ``protocol`` is the hash of their protocol."""

    install_id: str
    protocol: str
    passed: bool


def record_tests(log: Log, stamp: Stamp, command: RecordTests) -> dict[str, Any]:
    """Record tests.

    Refuses NOT_FOUND, NOT_INSTALLED, INVALID_STATE, VALIDATION_FAILED.
    """
    installation, findings = existing(log, Installation, command.install_id), Findings()
    findings.field(command.protocol.strip(), "protocol", "the protocol of the tests")
    findings.refuse()
    installation.test(command.protocol, stamp, passed=command.passed)
    return _standing(installation)


@dataclass(frozen=True, kw_only=True)
class RecordAcceptance:
    """Enter the hospital's signed acceptance. The warranty begins."""

    install_id: str
    so_id: str
    serial: str
    document_hash: str
    hospital_signatory: str
    accepted_at: date


def record_acceptance(log: Log, stamp: Stamp, command: RecordAcceptance) -> dict[str, Any]:
    """Record an acceptance, and invoice what it makes due.

    Refuses NOT_FOUND, ACCEPTANCE_DOC_REQUIRED, VALIDATION_FAILED, FUTURE_DATED,
    SERIAL_NOT_ON_ORDER, SERIAL_MISMATCH, NOT_INSTALLED, TESTS_INCOMPLETE, INVALID_STATE.
    """
    order, findings = existing(log, Order, command.so_id), Findings()
    installation = existing(log, Installation, command.install_id)
    given = command.document_hash.strip()
    findings.require(given, AcceptanceDocRequired(install=command.install_id))
    findings.field(command.hospital_signatory.strip(), "hospital_signatory", "who signed")
    ahead = command.accepted_at > stamp.today
    findings.require(not ahead, FutureDated(field="accepted_at", day=command.accepted_at))
    findings.refuse()
    unit = unit_of(log, order, command.serial)
    same = (installation.so, installation.serial) == (order.so, unit.serial)
    if not same or installation.mismatch:
        scanned = installation.mismatch or unit.serial
        raise SerialMismatch(install=installation.key, shipped=installation.serial, scanned=scanned)
    installation.check_acceptable()
    if unit.state != INSTALLED:
        raise NotInstalled(serial=unit.serial, state=unit.state)
    since, until = _warranty(log, order, unit, command.accepted_at)
    installation.accept(
        Installation.Accepted(
            stamp.by,
            stamp.at,
            document_hash=command.document_hash,
            signatory=command.hospital_signatory,
            accepted_at=command.accepted_at,
            warranty_from=since,
            warranty_to=until,
        )
    )
    unit.accept(
        serial_events.Accepted(
            stamp.by,
            stamp.at,
            document=installation.key,
            accepted_at=command.accepted_at,
            signatory=command.hospital_signatory,
            warranty_from=since,
            warranty_to=until,
        )
    )
    invoice = _tell_order(log, order, unit, command, (since, until), stamp)
    return _standing(installation) | {"warranty_to": until, "invoice": invoice}


@dataclass(frozen=True, kw_only=True)
class RejectAcceptance:
    """Enter what the hospital will not accept."""

    install_id: str
    issues: tuple[str, ...]


def reject_acceptance(log: Log, stamp: Stamp, command: RejectAcceptance) -> dict[str, Any]:
    """Record a refused acceptance; the tests have to be run again.

    Refuses NOT_FOUND, INVALID_STATE, VALIDATION_FAILED.
    """
    installation, findings = existing(log, Installation, command.install_id), Findings()
    findings.field(command.issues, "issues", "at least one issue")
    findings.refuse()
    installation.reject(command.issues, stamp)
    return _standing(installation)


def unit_of(log: Log, order: Order, serial: str) -> SerialNumber:
    """Return the device of an order with a serial number; refuses SERIAL_NOT_ON_ORDER."""
    for line in order.lines.values():
        di = existing(log, Product, line.terms.sku).base_di
        unit = log.get(SerialNumber, di, serial)
        if unit.passport is not None and unit.passport.so == order.so:
            return unit
    raise SerialNotOnOrder(so=order.so, serial=serial)


def installation_of(log: Log, unit: SerialNumber) -> Installation | None:
    """Return the installation that is planned or done for a device, or None."""
    key = log.get(UniqueKey, BY_UNIT, f"{unit.di}/{unit.serial}")
    return log.get(Installation, key.owner) if key.exists else None


def _warranty(
    log: Log, order: Order, unit: SerialNumber, accepted: date
) -> tuple[date | None, date | None]:
    """Return the days of warranty (INV-SN-5): months from acceptance, less a day.

    Where the contract says so it begins some days after delivery at the latest.
    """
    months = existing(log, Product, unit.sku).known.warranty_months
    if not months:
        return None, None
    since = accepted
    contract = log.get(Contract, order.known.contract).terms if order.known.contract else None
    if contract and contract.warranty_after_delivery_days is not None and order.delivered_on:
        latest = order.delivered_on + timedelta(days=contract.warranty_after_delivery_days)
        since = min(accepted, latest)
    return since, _months_later(since, months) - timedelta(days=1)


def _months_later(day: date, months: int) -> date:
    """Return the same day some months later, or the last one of a shorter month."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return date(year, month, min(day.day, last))


def _tell_order(
    log: Log,
    order: Order,
    unit: SerialNumber,
    command: RecordAcceptance,
    warranty: tuple[date | None, date | None],
    stamp: Stamp,
) -> str | None:
    assert unit.passport is not None  # noqa: S101 - it is of this order
    line_no = unit.passport.so_line
    order.record(
        LineAccepted(
            stamp.by,
            stamp.at,
            line_no=line_no,
            serial=unit.serial,
            certificate_ref=command.document_hash,
            accepted_at=command.accepted_at,
            warranty_from=warranty[0],
            warranty_to=warranty[1],
        )
    )
    before = order.lines[line_no].deferred.value
    invoice = bill(log, order, AT_ACCEPTANCE, {line_no: 1}, None, stamp)
    earn(log, order, line_no, before, command.install_id, stamp)
    return invoice


def _standing(installation: Installation) -> dict[str, Any]:
    return {"install_id": installation.key, "state": installation.state}
