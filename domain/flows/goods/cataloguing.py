"""Cataloguing: products and lots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.company.unique_key import UniqueKey
from domain.flows.goods.revaluing import revalue
from domain.flows.orders.confirming import recheck_room
from domain.goods.holders import Holders
from domain.goods.lot import Lot
from domain.goods.product import Product
from domain.goods.product_terms import LIVES, LOT, NONE, SERIAL, ProductTerms
from domain.goods.refusals import DiDuplicate, TrackingChangeWithStock, UnknownSku
from domain.goods.stock_item import StockItem
from domain.goods.udi import DI_KIND, is_gtin
from domain.kernel.aggregate import Log
from domain.kernel.money import TAX_EXCLUSIVE, TAX_INCLUSIVE
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings


@dataclass(frozen=True, kw_only=True)
class RegisterProduct:
    """Make a product known, or change its terms. ``list_price`` per unit, ``std_cost`` in fen."""

    sku: str
    terms: ProductTerms


def register_product(log: Log, stamp: Stamp, command: RegisterProduct) -> dict[str, Any]:
    """Register a product.

    Refuses VALIDATION_FAILED, DATE_RANGE, DI_DUPLICATE, TRACKING_CHANGE_WITH_STOCK,
    MASTER_DATA_MISSING.
    """
    terms, findings = command.terms, Findings()
    findings.identifier(command.sku, "sku")
    findings.identifier(terms.product_line, "terms.product_line")
    findings.field(terms.tracking in (SERIAL, LOT, NONE), "terms.tracking", "SERIAL, LOT or NONE")
    findings.field(terms.life in LIVES, "terms.life", f"one of {', '.join(LIVES)}")
    findings.field(terms.device_class in ("I", "II", "III"), "terms.device_class", "I, II or III")
    basis = terms.price_basis in (TAX_EXCLUSIVE, TAX_INCLUSIVE)
    findings.field(basis, "terms.price_basis", f"{TAX_EXCLUSIVE} or {TAX_INCLUSIVE}")
    findings.price(terms.list_price, "terms.list_price")
    findings.field(terms.std_cost >= 0, "terms.std_cost", "at least 0")
    findings.field(terms.pack_qty >= 1, "terms.pack_qty", "at least 1")
    findings.field(terms.moq >= 1, "terms.moq", "at least 1")
    base = [one for one in terms.identifiers if one.contains_qty == 1]
    findings.field(len(base) == 1, "terms.identifiers", "exactly one level of one base unit")
    for place, one in enumerate(terms.identifiers):
        where = f"terms.identifiers[{place}].di"
        findings.field(is_gtin(one.di), where, "a GTIN-14 with a right check digit")
    for place, registration in enumerate(terms.registrations):
        where = f"terms.registrations[{place}]"
        findings.dates(registration.valid_from, registration.valid_to, where)
    findings.refuse()
    product = log.get(Product, command.sku)
    dis = [one.di for one in terms.identifiers]
    for di in dict.fromkeys(one for one in dis if dis.count(one) > 1):
        findings.add(DiDuplicate(value=di, owner=command.sku))
    new = product.terms is None or product.terms.tracking != SERIAL
    reason = "the base unit's as it is: devices are known by it"
    findings.field(new or product.base_di == base[0].di, "terms.identifiers", reason)
    findings.refuse()
    for one in terms.identifiers:
        log.get(UniqueKey, DI_KIND, one.di).claim(command.sku, DiDuplicate, stamp)
    findings.require(
        tracking_kept(log, product, terms.tracking), TrackingChangeWithStock(sku=command.sku)
    )
    findings.refuse()
    before = product.terms.std_cost if product.terms else terms.std_cost
    product.register(terms, stamp)
    revalue(log, product, before, stamp)
    orders = look_again(log, stamp)
    answer: dict[str, Any] = {"sku": command.sku}
    return answer | {"orders": orders} if orders else answer


def look_again(log: Log, stamp: Stamp) -> list[dict[str, Any]]:
    """Look again at the orders that wait for a certificate: how they stand."""
    return [
        one
        for code in ("REGISTRATION_EXPIRED", "REGISTRATION_MISSING")
        for one in recheck_room(log, code, "registration-recheck", stamp)
    ]


def tracking_kept(log: Log, product: Product, tracking: str) -> bool:
    """Whether tracking stays, or nothing of the product lies in any warehouse."""
    if product.terms is None or product.terms.tracking == tracking:
        return True
    warehouses = log.get(Holders, product.key).warehouses
    return not any(log.get(StockItem, one, product.key).shelf.on_hand for one in warehouses)


@dataclass(frozen=True, kw_only=True)
class CreateLot:
    """Make a lot known: made on a day, usable through its expiry date."""

    sku: str
    lot: str
    manufacture_date: date
    expiry: date
    registration_no: str


def create_lot(log: Log, stamp: Stamp, command: CreateLot) -> dict[str, Any]:
    """Create a lot.

    Refuses UNKNOWN_SKU, VALIDATION_FAILED, DATE_RANGE, ALREADY_EXISTS.
    """
    findings = Findings()
    product = log.get(Product, command.sku)
    findings.require(product.exists, UnknownSku(sku=command.sku))
    if product.exists:
        tracked = product.known.tracking == LOT
        findings.field(tracked, "sku", "a product that is tracked by lot")
    findings.identifier(command.lot, "lot")
    findings.dates(command.manufacture_date, command.expiry, "expiry")
    findings.refuse()
    lot = log.get(Lot, command.sku, command.lot)
    lot.create(command.manufacture_date, command.expiry, command.registration_no, stamp)
    return {"sku": command.sku, "lot": command.lot}
