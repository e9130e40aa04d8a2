"""Revoking: taking back what was entered wrongly of a device. What was written stays written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from domain.channel.book import Movement
from domain.channel.dealer_stock import DealerStock
from domain.company.unique_key import UniqueKey
from domain.flows.cases.detecting import withdraw
from domain.flows.cases.observing import told
from domain.goods import serial_events
from domain.goods.serial_number import SerialNumber
from domain.goods.trail import Sight, Stay
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings


@dataclass(frozen=True, kw_only=True)
class DeclareError:
    """Declare that an event of a device was entered wrongly: ``version`` in the device's stream.

    ``document_hash`` says what shows it. The event stays in the log, and nothing relies on it.
    """

    di: str
    serial: str
    version: int
    reason: Literal["DID_NOT_OCCUR", "INCORRECT_DATA"]
    document_hash: str


def declare_error(log: Log, stamp: Stamp, command: DeclareError) -> dict[str, Any]:
    """Declare an error of an observation, a sale or an installation; what we did stays done.

    A device that nothing moved since stands again where it stood before; cases no longer count the
    sighting.

    Refuses NOT_FOUND, VALIDATION_FAILED.
    """
    unit, findings = existing(log, SerialNumber, command.di, command.serial), Findings()
    findings.field(command.document_hash.strip(), "document_hash", "what shows the error")
    once = log.get(UniqueKey, "serial-error", f"{unit.key}@{command.version}")
    findings.field(not once.exists, "version", "an event that was not declared wrong before")
    wrong = next((one for one in unit.sights if one.version == command.version), None)
    findings.field(wrong is not None, "version", "a sighting, a sale or an installation")
    findings.refuse()
    assert wrong is not None  # noqa: S101 - it was asked for
    once.pass_on(unit.key, stamp)
    take_back(log, unit, wrong, command.reason, command.document_hash, stamp)
    return told(unit, [])


def take_back(
    log: Log, unit: SerialNumber, wrong: Sight, reason: str, document: str, stamp: Stamp
) -> None:
    """Rely no more on a sighting: the device stands where it stood, if nothing moved it since."""
    last = unit.trail[-1] if unit.trail else None
    moved = last is not None and last.version == wrong.version
    before = unit.trail[-2] if moved and len(unit.trail) > 1 else None
    unit.record(
        serial_events.ErrorDeclared(
            stamp.by,
            stamp.at,
            corrects=wrong.version,
            reason=reason,
            document_hash=document,
            standing=before,
            declared_on=stamp.today,
        )
    )
    if before is not None:
        _put_back(log, unit, before, document, stamp)
    withdraw(log, unit, wrong.sighting, reason, stamp.automatic("diversion"))


def _put_back(log: Log, unit: SerialNumber, before: Stay, document: str, stamp: Stamp) -> None:
    """Let the dealer have the device in its book again, whose use or sale was no fact."""
    if before.dealer is None or before.state != serial_events.AT_DEALER:
        return
    stock, name = log.get(DealerStock, before.dealer), f"{unit.sku}/{unit.serial}"
    if name in stock.used:
        moved = Movement(unit.sku, 1, stamp.today, serials=(unit.serial,))
        stock.adjust(moved, "ERROR_DECLARED", document, stamp.automatic("channel"))
