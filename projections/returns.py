"""Returns, counts and installations: what comes back, what was found, what stands where."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Column, Date

from domain.goods.count_sheet import CountSheet
from domain.goods.goods_return import GoodsReturn
from domain.goods.installation import Installation
from projections.columns import count, key, state_table, text
from projections.effects import Change, Fact, Projection, Put, events_in

returns = state_table(
    "returns",
    "Every return, with what became of it.",
    key("rma", "Return."),
    text("dealer", "Dealer that sends the goods back."),
    text("shipment", "Shipment that the goods came with."),
    text("reason", "Why they come back."),
    text("state", "State of the return."),
    text("wh", "Warehouse that took them in."),
    text("items", "What comes back: quantity, product, lot or serial."),
    text("dispositions", "What became of it, as quality decided."),
    text("credit_note", "Credit note."),
)

stock_counts = state_table(
    "stock_counts",
    "Every count sheet, with its differences.",
    key("sheet", "Count sheet."),
    text("wh", "Warehouse."),
    text("state", "State of the sheet."),
    text("counter", "Who counted."),
    text("recounted_by", "Who counted again."),
    text("approved_by", "Who accepted the differences."),
    text("differences", "Differences: signed quantity, product, lot."),
    count("value", "Sum of the absolute values of the differences, minor units."),
)

installations = state_table(
    "installations",
    "Every installation, with where it stands.",
    key("install", "Installation."),
    text("so", "Order."),
    text("serial", "Serial number of the device."),
    text("hospital", "Hospital."),
    text("state", "State of the installation."),
    Column("planned_at", Date, comment="Day agreed with the hospital."),
    Column("installed_on", Date, comment="Day on which the device was found installed."),
    Column("accepted_at", Date, comment="Day on which the hospital accepted."),
    Column("warranty_to", Date, comment="Last day of warranty."),
    text("mismatch", "Serial number that was scanned instead, if any."),
)

STATES: dict[type, str] = {
    GoodsReturn.Requested: "REQUESTED",
    GoodsReturn.Authorized: "APPROVED",
    GoodsReturn.Refused: "REFUSED",
    GoodsReturn.Received: "RECEIVED",
    GoodsReturn.Inspected: "INSPECTED",
    GoodsReturn.Credited: "CREDITED",
    GoodsReturn.Closed: "CLOSED",
    CountSheet.BookFrozen: "FROZEN",
    CountSheet.Submitted: "COUNTED",
    CountSheet.Approved: "APPROVED",
    CountSheet.Discarded: "DISCARDED",
    Installation.Scheduled: "SCHEDULED",
    Installation.SiteConfirmed: "SITE_READY",
    Installation.Started: "IN_PROGRESS",
    Installation.Finished: "INSTALLED",
    Installation.Accepted: "ACCEPTED",
    Installation.AcceptanceRejected: "REJECTED_BY_HOSPITAL",
}
TABLES = {"RMA": (returns, "rma"), "Count": (stock_counts, "sheet")}
TABLES |= {"Install": (installations, "install")}


def effects(fact: Fact) -> Iterable[Change]:
    """All that this read model believes, and nothing else."""
    table, name = TABLES[fact.stream.partition("/")[0]]
    values = _values(fact)
    if type(fact.event) in STATES:
        values["state"] = STATES[type(fact.event)]
    if values:
        yield Put(table, {name: fact.key[0]}, values)


def _values(fact: Fact) -> dict[str, object]:
    event = fact.event
    match event:
        case GoodsReturn.Requested(items=items):
            said = ", ".join(f"{one.qty} {one.sku} {one.part}" for one in items)
            head: dict[str, object] = {
                "dealer": event.dealer,
                "shipment": event.shipment,
                "reason": event.reason,
            }
            return head | {"items": said}
        case GoodsReturn.Received(warehouse=wh):
            return {"wh": wh}
        case GoodsReturn.Inspected(items=items):
            decided = (f"{one.qty} {one.serial or one.lot} {one.disposition}" for one in items)
            return {"dispositions": ", ".join(decided)}
        case GoodsReturn.Credited(credit_note=note):
            return {"credit_note": note}
        case CountSheet.BookFrozen(warehouse=wh):
            return {"wh": wh}
        case CountSheet.Submitted(lines=lines, counter=counter, recounted_by=again):
            told = ", ".join(f"{one.delta:+d} {one.sku} {one.lot or ''}".strip() for one in lines)
            worth = sum(one.absolute for one in lines)
            counted = {"counter": counter, "recounted_by": again, "differences": told}
            return counted | {"value": worth}
        case CountSheet.Approved():
            return {"approved_by": event.by.user}
        case _:
            return _installed(fact)


def _installed(fact: Fact) -> dict[str, object]:
    event = fact.event
    match event:
        case Installation.Scheduled():
            where = {"so": event.so, "serial": event.serial, "hospital": event.hospital}
            return where | {"planned_at": event.planned_at}
        case Installation.Finished(installed_on=day):
            return {"installed_on": day, "mismatch": None}
        case Installation.Mismatched(scanned=scanned):
            return {"mismatch": scanned}
        case Installation.MismatchCleared():
            return {"mismatch": None}
        case Installation.TestsRecorded(passed=passed):
            return {"state": "TESTED" if passed else "INSTALLED"}
        case Installation.Accepted(accepted_at=day, warranty_to=until):
            return {"accepted_at": day, "warranty_to": until}
    return {}


PROJECTION = Projection(
    name="returns",
    version=2,
    tables=(returns, stock_counts, installations),
    reads=frozenset({*events_in(GoodsReturn), *events_in(CountSheet), *events_in(Installation)}),
    effects=effects,
)
