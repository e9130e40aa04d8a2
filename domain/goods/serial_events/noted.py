"""What is noted of a device without moving it. Topics and fields are stored: add, never rename."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from domain.goods.sighting import Sighting
from domain.goods.trail import Stay
from domain.kernel.event import Event

if TYPE_CHECKING:
    from domain.goods.serial_number import SerialNumber


class Observed(Event, frozen=True, kw_only=True):
    """The device was seen somewhere. It changes no state; it is evidence."""

    TOPIC = "serial.observed"
    sku: str
    sighting: Sighting
    register_state: str

    def apply(self, unit: SerialNumber) -> None:
        """Know the product, at least."""
        unit.sku = unit.sku or self.sku
        unit.keep_sight(self.sighting, self.occurred_at)


class CaseLinked(Event, frozen=True, kw_only=True):
    """A diversion case speaks of this device."""

    TOPIC = "serial.case_linked"
    family: str
    case: str

    def apply(self, unit: SerialNumber) -> None:
        """Remember the case."""
        unit.cases[self.family] = self.case


class ReturnCredited(Event, frozen=True, kw_only=True):
    """The money of the returned device was given back: who returned it, under which documents."""

    TOPIC = "serial.return_credited"
    rma: str
    credit_note: str
    dealer: str

    def apply(self, unit: SerialNumber) -> None:
        """Remember who gave it back."""
        unit.credited_to = self.dealer


class ServiceAsked(Event, frozen=True, kw_only=True):
    """A hospital asked for service; whether warranty pays for it was answered."""

    TOPIC = "serial.service_asked"
    request: str
    kind: str
    sighting: Sighting
    under_warranty: bool

    def apply(self, unit: SerialNumber) -> None:
        """Know where it is."""
        unit.keep_sight(self.sighting, self.occurred_at)


class RecallFlagged(Event, frozen=True, kw_only=True):
    """A recall covers the device."""

    TOPIC = "serial.recall_flagged"
    recall: str

    def apply(self, unit: SerialNumber) -> None:
        """Flag it."""
        unit.recall = self.recall


class RecallActionDone(Event, frozen=True, kw_only=True):
    """What the recall asked for was done to the device: by ``action``; or it was closed."""

    TOPIC = "serial.recall_action_done"
    recall: str
    action: str

    def apply(self, unit: SerialNumber) -> None:
        """Take the flag away."""
        unit.recall = None


class ErrorDeclared(Event, frozen=True, kw_only=True):
    """An earlier event of the device was wrong: it did not occur, or its data were incorrect.

    ``corrects`` is that event's version in the stream. ``standing`` is where the device was before
    it, where nothing has moved it since; the wrong event itself stays in the log.
    """

    TOPIC = "serial.error_declared"
    corrects: int
    reason: str
    document_hash: str
    standing: Stay | None = None
    declared_on: date | None = None

    def apply(self, unit: SerialNumber) -> None:
        """Go back to where it was, and forget the sighting."""
        unit.sights = [one for one in unit.sights if one.version != self.corrects]
        unit.trail = [one for one in unit.trail if one.version != self.corrects]
        if self.standing is not None:
            unit.stand(self.standing)
            unit.sold_by = unit.sold_by if unit.hospital is not None else None
