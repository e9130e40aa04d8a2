"""Cataloguing: products, lots and price lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from domain.company.unique_key import UniqueKey
from domain.goods.lot import Lot
from domain.goods.product import LOT, NONE, SERIAL, Product, ProductTerms
from domain.goods.refusals import DiDuplicate, UnknownSku
from domain.goods.udi import DI_KIND, is_gtin
from domain.kernel.aggregate import Log
from domain.kernel.money import TAX_EXCLUSIVE, TAX_INCLUSIVE
from domain.kernel.refusal import Refusal
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.price_list import ALL, Listing, PriceBook, PriceList, PriceRow
from domain.orders.refusals import PriceAmbiguous
from domain.policies.pricing import ambiguous


@dataclass(frozen=True, kw_only=True)
class RegisterProduct:
    """Make a product known, or change its terms. ``list_price`` per unit, ``std_cost`` in fen."""

    sku: str
    terms: ProductTerms


def register_product(log: Log, stamp: Stamp, command: RegisterProduct) -> dict[str, Any]:
    """Register a product.

    Refuses VALIDATION_FAILED, DATE_RANGE, DI_DUPLICATE.
    """
    terms, findings = command.terms, Findings()
    findings.identifier(command.sku, "sku")
    findings.identifier(terms.product_line, "terms.product_line")
    findings.field(terms.tracking in (SERIAL, LOT, NONE), "terms.tracking", "SERIAL, LOT or NONE")
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
    for one in terms.identifiers:
        log.get(UniqueKey, DI_KIND, one.di).claim(command.sku, DiDuplicate, stamp)
    log.get(Product, command.sku).register(terms, stamp)
    return {"sku": command.sku}


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


@dataclass(frozen=True, kw_only=True)
class PublishPriceList:
    """Put a price list, or a new edition of it, in force for its dates (both inclusive).

    Rows name a region code or ALL, a tier or ALL, and the smallest quantity they are for.
    """

    price_list: str
    currency: str
    valid_from: date
    valid_to: date
    author: str
    approver: str
    rows: tuple[PriceRow, ...]
    basis: Literal["TAX_EXCLUSIVE", "TAX_INCLUSIVE"] = "TAX_EXCLUSIVE"


def publish_price_list(log: Log, stamp: Stamp, command: PublishPriceList) -> dict[str, Any]:
    """Publish a list.

    Refuses VALIDATION_FAILED, UNKNOWN_SKU, DATE_RANGE, PRICE_AMBIGUOUS.
    """
    findings = Findings()
    findings.identifier(command.price_list, "price_list")
    findings.identifier(command.currency, "currency")
    findings.dates(command.valid_from, command.valid_to, "valid_to")
    findings.field(command.author != command.approver, "approver", "not the author")
    findings.field(command.rows, "rows", "at least one row")
    for place, row in enumerate(command.rows):
        findings.add(*_row_violations(row, f"rows[{place}]"))
    for sku in sorted({row.sku for row in command.rows}):
        findings.require(log.get(Product, sku).exists, UnknownSku(sku=sku))
    for sku, region, tier, min_qty in ambiguous(command.rows):
        findings.add(PriceAmbiguous(sku=sku, region=region, tier=tier, min_qty=min_qty))
    findings.add(*_clashes(log, command))
    prices = log.get(PriceList, command.price_list)
    same = not prices.exists or prices.currency == command.currency
    findings.field(same, "currency", f"a list keeps its currency, {prices.currency}")
    findings.refuse()
    if prices.says(command.basis, command.valid_from, command.valid_to, command.rows):
        return {"price_list": command.price_list, "edition": prices.edition}
    edition = prices.edition + 1
    prices.activate(
        PriceList.Activated(
            stamp.by,
            stamp.at,
            currency=command.currency,
            basis=command.basis,
            valid_from=command.valid_from,
            valid_to=command.valid_to,
            edition=edition,
            author=command.author,
            approver=command.approver,
            rows=command.rows,
        )
    )
    listing = Listing(command.price_list, command.valid_from, command.valid_to)
    log.get(PriceBook, command.currency).enter(listing, stamp)
    return {"price_list": command.price_list, "edition": edition}


def _row_violations(row: PriceRow, field: str) -> list[Refusal]:
    findings = Findings()
    for name in ("price", "floor", "ceiling"):
        findings.price(getattr(row, name), f"{field}.{name}")
    if row.region != ALL:
        findings.region(row.region, f"{field}.region")
    findings.field(row.min_qty >= 1, f"{field}.min_qty", "at least 1")
    if not findings.found:
        ordered = row.floor <= row.price <= row.ceiling
        findings.field(ordered, field, "floor <= price <= ceiling")
    return findings.found


def _clashes(log: Log, command: PublishPriceList) -> list[PriceAmbiguous]:
    """Rows that another list in force answers as well, on some day."""
    mine = {(row.sku, row.region, row.tier, row.min_qty) for row in command.rows}
    clashes = []
    for listing in log.get(PriceBook, command.currency).listings.values():
        apart = listing.valid_to < command.valid_from or command.valid_to < listing.valid_from
        if listing.price_list == command.price_list or apart:
            continue
        clashes += [
            PriceAmbiguous(sku=row.sku, price_list=listing.price_list)
            for rows in log.get(PriceList, listing.price_list).rows.values()
            for row in rows
            if (row.sku, row.region, row.tier, row.min_qty) in mine
        ]
    return clashes
