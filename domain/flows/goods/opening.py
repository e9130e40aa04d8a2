"""Opening: the serials, stock and open invoices that were there when the log began."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.accounts.dealer_account import DealerAccount
from domain.accounts.invoice import Invoice, TaxDocument
from domain.accounts.refusals import DuplicateDocument
from domain.company.refusals import AlreadyPosted
from domain.flows.books.dating import require_open
from domain.flows.company.numbering import document_number
from domain.flows.goods.devices import devices
from domain.flows.goods.registering import register
from domain.flows.goods.shelving import hold_back
from domain.goods import stock_events
from domain.goods.holders import Holders
from domain.goods.lot import Lot
from domain.goods.product import Product
from domain.goods.product_terms import LOT, SERIAL
from domain.goods.refusals import (
    LotNotSellable,
    LotRequired,
    QtySerialMismatch,
    SerialDuplicate,
    SerialNotAvailable,
    SerialRequired,
    UnknownSku,
)
from domain.goods.serial_events import MADE
from domain.goods.shelf import Goods
from domain.goods.stock_item import StockItem
from domain.goods.warehouse import Warehouse
from domain.kernel.aggregate import Log, existing
from domain.kernel.money import LARGEST_AMOUNT
from domain.kernel.refusal import AlreadyExists, Refusal, ValidationFailed
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.parties.dealer import Dealer


@dataclass(frozen=True, kw_only=True)
class RegisterSerials:
    """Enter devices into the register, all made on one day under one registration."""

    sku: str
    serials: list[str]
    manufacture_date: date
    registration_no: str


def register_serials(log: Log, stamp: Stamp, command: RegisterSerials) -> dict[str, Any]:
    """Register devices.

    Refuses UNKNOWN_SKU, VALIDATION_FAILED, SERIAL_DUPLICATE.
    """
    findings = Findings()
    product = log.get(Product, command.sku)
    findings.require(product.exists, UnknownSku(sku=command.sku))
    findings.field(command.serials, "serials", "at least one serial number")
    for place, serial in enumerate(command.serials):
        findings.identifier(serial, f"serials[{place}]")
    findings.refuse()
    tracked = product.known.tracking == SERIAL
    findings.field(tracked, "sku", "a product that is tracked by serial number")
    findings.add(*repeated(command.serials))
    findings.refuse()
    di = product.base_di
    known = [one for one in devices(log, command.sku, command.serials) if one.in_register]
    findings.add(*(SerialDuplicate(di=di, serial=one.serial) for one in known))
    findings.refuse()
    made, paper = command.manufacture_date, command.registration_no
    register(log, product, tuple(command.serials), made, paper, stamp)
    return {"di": di, "registered": len(command.serials)}


@dataclass(frozen=True, kw_only=True)
class SetOpeningStock:
    """Set what lay in a warehouse when the log began. Serials and lots must be registered."""

    wh: str
    sku: str
    qty: int
    lot: str | None = None
    serials: tuple[str, ...] = ()


def set_opening_stock(log: Log, stamp: Stamp, command: SetOpeningStock) -> dict[str, Any]:
    """Set opening stock.

    Refuses UNKNOWN_SKU, VALIDATION_FAILED, LOT_REQUIRED, SERIAL_REQUIRED, QTY_SERIAL_MISMATCH,
    SERIAL_DUPLICATE, SERIAL_NOT_AVAILABLE, LOT_NOT_SELLABLE, ALREADY_POSTED, ALREADY_EXISTS.
    """
    findings = Findings()
    findings.known(log, Warehouse, command.wh, "wh")
    product = log.get(Product, command.sku)
    findings.require(product.exists, UnknownSku(sku=command.sku))
    findings.field(command.qty >= 1, "qty", "at least 1")
    findings.refuse()
    item = log.get(StockItem, command.wh, command.sku)
    value = command.qty * product.known.std_cost
    findings.field(value <= LARGEST_AMOUNT, "qty", "a value at cost beyond any warehouse")
    findings.require(not item.posted, AlreadyPosted(wh=command.wh, sku=command.sku))
    findings.add(*form_violations(product, command.qty, command.lot, command.serials))
    findings.refuse()
    units = devices(log, command.sku, command.serials)
    strangers = [one for one in units if one.state != MADE]
    findings.add(
        *(SerialNotAvailable(serial=one.serial, state=one.state or None) for one in strangers)
    )
    lot = log.get(Lot, command.sku, command.lot) if command.lot else None
    if lot is not None:
        findings.require(lot.known, LotNotSellable(lot=command.lot, sku=command.sku))
    findings.refuse()
    made = units[0].manufacture_date if units else (lot.manufacture_date if lot else None)
    again = not units and (command.lot or "") in item.shelf.lots
    findings.require(not again, AlreadyExists(kind="Opening stock", id=item.key, lot=command.lot))
    findings.refuse()
    goods = Goods(command.qty, command.lot, command.serials, lot.expiry if lot else None, made)
    item.open(goods, product.known.std_cost, stamp)
    log.get(Holders, product.key).stock(command.wh, stamp.automatic("holders"))
    for unit in units:
        unit.stock(command.wh, "OPENING", stamp)
    hold_back(log, command.wh, product, goods, stamp)
    return {"wh": command.wh, "sku": command.sku, "qty": command.qty}


def form_violations(
    product: Product, qty: int, lot: str | None, serials: tuple[str, ...]
) -> list[Refusal]:
    """What is wrong with how goods are named, given how the product is tracked."""
    found: list[Refusal] = []
    tracking = product.known.tracking
    if tracking == SERIAL:
        if not serials:
            found.append(SerialRequired(sku=product.key))
        elif len(serials) != qty:
            found.append(QtySerialMismatch(qty=qty, serials=len(serials)))
        found.extend(repeated(serials))
    elif serials:
        found.append(QtySerialMismatch(sku=product.key, serials=len(serials)))
    if tracking == LOT and lot is None:
        found.append(LotRequired(sku=product.key))
    if tracking != LOT and lot is not None:
        found.append(ValidationFailed(field="lot", reason=f"{product.key} has no lots"))
    return found


def repeated(serials: tuple[str, ...] | list[str]) -> list[Refusal]:
    """Serials that are named more than once."""
    seen: set[str] = set()
    twice: list[Refusal] = []
    for serial in serials:
        if serial in seen:
            twice.append(SerialDuplicate(serial=serial))
        seen.add(serial)
    return twice


@dataclass(frozen=True, kw_only=True)
class SetStockParameters:
    """Decide safety stock, reorder point and highest level of a product in a warehouse (units)."""

    wh: str
    sku: str
    safety_stock: int
    rop: int | None = None
    max_level: int | None = None
    review_days: int | None = None


def set_stock_parameters(log: Log, stamp: Stamp, command: SetStockParameters) -> dict[str, Any]:
    """Set parameters.

    Refuses UNKNOWN_SKU, VALIDATION_FAILED.
    """
    findings = Findings()
    findings.known(log, Warehouse, command.wh, "wh")
    findings.require(log.get(Product, command.sku).exists, UnknownSku(sku=command.sku))
    findings.field(command.safety_stock >= 0, "safety_stock", "at least 0")
    for name in ("rop", "max_level", "review_days"):
        value = getattr(command, name)
        findings.field(value is None or value >= 0, name, "at least 0")
    findings.refuse()
    parameters = stock_events.ParametersSet(
        stamp.by,
        stamp.at,
        safety_stock=command.safety_stock,
        valid_from=stamp.today,
        rop=command.rop,
        max_level=command.max_level,
        review_days=command.review_days,
    )
    log.get(StockItem, command.wh, command.sku).plan(parameters)
    return {"wh": command.wh, "sku": command.sku}


@dataclass(frozen=True, kw_only=True)
class SetOpeningItem:
    """Set an invoice that was open when the log began. ``gross`` in minor units."""

    dealer_id: str
    doc: str
    gross: int
    due: date


def set_opening_item(log: Log, stamp: Stamp, command: SetOpeningItem) -> dict[str, Any]:
    """Set an open item.

    A document of one of our own series takes its number there, so that no later one gets it. A
    number is one document's, whoever owes it.

    Refuses NOT_FOUND, VALIDATION_FAILED, DUPLICATE_DOCUMENT, ALREADY_POSTED, NUMBER_TAKEN,
    PERIOD_CLOSED.
    """
    findings = Findings()
    existing(log, Dealer, command.dealer_id)
    findings.identifier(command.doc, "doc")
    findings.field(command.gross >= 1, "gross", "at least 1")
    account = log.get(DealerAccount, command.dealer_id, stamp.currency)
    findings.require(not account.posted, AlreadyPosted(dealer_id=command.dealer_id))
    invoice = log.get(Invoice, command.doc)
    findings.require(not invoice.exists, DuplicateDocument(doc=command.doc))
    findings.refuse()
    require_open(log, stamp.today, command.dealer_id, stamp)
    account.open_item(command.doc, command.gross, command.due, stamp)
    terms = TaxDocument(dealer=command.dealer_id, gross=command.gross, due=command.due)
    invoice.issue(terms, stamp)
    document_number(log, command.doc.rpartition("-")[0], command.doc, stamp)
    return {"dealer_id": command.dealer_id, "doc": command.doc}
