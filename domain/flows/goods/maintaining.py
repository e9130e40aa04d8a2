"""Maintaining: what changes in a known product: certificates, identifiers, life, tracking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.company.unique_key import UniqueKey
from domain.flows.goods.cataloguing import look_again, tracking_kept
from domain.flows.orders.confirming import recheck_room
from domain.goods.product import Product
from domain.goods.product_terms import LIVES, LOT, NONE, SERIAL, Identifier, Registration
from domain.goods.refusals import DiDuplicate, TrackingChangeWithStock, UnknownSku
from domain.goods.udi import DI_KIND, is_gtin
from domain.kernel.aggregate import Log
from domain.kernel.refusal import NotFound
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings


@dataclass(frozen=True, kw_only=True)
class AddRegistration:
    """Enter a registration or filing that was granted for a product."""

    sku: str
    registration: Registration


def add_registration(log: Log, stamp: Stamp, command: AddRegistration) -> dict[str, Any]:
    """Add a certificate; orders that waited for it go on in the same append.

    Refuses UNKNOWN_SKU, VALIDATION_FAILED, DATE_RANGE, MASTER_DATA_MISSING.
    """
    product = _product(log, command.sku)
    _check(command.registration)
    product.add_registration(command.registration, "", stamp)
    return {"sku": command.sku, "orders": look_again(log, stamp)}


@dataclass(frozen=True, kw_only=True)
class FileRenewal:
    """Say that a renewal was applied for in time: the certificate goes on until it is decided."""

    sku: str
    no: str


def file_renewal(log: Log, stamp: Stamp, command: FileRenewal) -> dict[str, Any]:
    """Let a certificate go on (renewal pending).

    Refuses UNKNOWN_SKU, NOT_FOUND, MASTER_DATA_MISSING.
    """
    product = _product(log, command.sku)
    _known(product, command.no)
    product.file_renewal(command.no, stamp)
    return {"sku": command.sku, "orders": look_again(log, stamp)}


@dataclass(frozen=True, kw_only=True)
class RenewRegistration:
    """Enter the certificate that follows another one, which is no longer pending then."""

    sku: str
    renews: str
    registration: Registration


def renew_registration(log: Log, stamp: Stamp, command: RenewRegistration) -> dict[str, Any]:
    """Renew a certificate; orders that waited for it go on in the same append.

    Refuses UNKNOWN_SKU, NOT_FOUND, VALIDATION_FAILED, DATE_RANGE, MASTER_DATA_MISSING.
    """
    product = _product(log, command.sku)
    _known(product, command.renews)
    _check(command.registration)
    product.add_registration(command.registration, command.renews, stamp)
    return {"sku": command.sku, "orders": look_again(log, stamp)}


@dataclass(frozen=True, kw_only=True)
class AddDi:
    """Give a packaging level of a product its device identifier."""

    sku: str
    identifier: Identifier


def add_di(log: Log, stamp: Stamp, command: AddDi) -> dict[str, Any]:
    """Add an identifier.

    Refuses UNKNOWN_SKU, VALIDATION_FAILED, DI_DUPLICATE.
    """
    product, findings = _product(log, command.sku), Findings()
    findings.field(is_gtin(command.identifier.di), "identifier.di", "a GTIN-14")
    findings.identifier(command.identifier.level, "identifier.level")
    holds = command.identifier.contains_qty
    same = command.identifier in product.known.identifiers
    findings.field(holds > 1 or same, "identifier.contains_qty", "more than the base unit")
    used = not same and command.identifier.di in [one.di for one in product.known.identifiers]
    findings.require(not used, DiDuplicate(value=command.identifier.di, owner=product.key))
    findings.refuse()
    log.get(UniqueKey, DI_KIND, command.identifier.di).claim(product.key, DiDuplicate, stamp)
    product.identify(command.identifier, stamp)
    return {"sku": command.sku}


@dataclass(frozen=True, kw_only=True)
class SetLife:
    """Let a product enter another stage of its life: INTRO, ACTIVE, PHASE_OUT or END."""

    sku: str
    life: str
    reason: str


def set_life(log: Log, stamp: Stamp, command: SetLife) -> dict[str, Any]:
    """Set the stage. At its END a product is neither made nor bought; what is there is sold.

    Orders that nothing could supply go on in the same append, if it is made again.

    Refuses UNKNOWN_SKU, VALIDATION_FAILED, MASTER_DATA_MISSING.
    """
    product, findings = _product(log, command.sku), Findings()
    findings.field(command.life in LIVES, "life", f"one of {', '.join(LIVES)}")
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    findings.refuse()
    product.set_life(command.life, command.reason, stamp)
    orders = recheck_room(log, "NO_SUPPLY", "life", stamp)
    return {"sku": command.sku, "life": product.known.life, "orders": orders}


@dataclass(frozen=True, kw_only=True)
class ChangeTracking:
    """Track a product by serial number, by lot or not at all. Nothing of it may be in stock."""

    sku: str
    tracking: str


def change_tracking(log: Log, stamp: Stamp, command: ChangeTracking) -> dict[str, Any]:
    """Change the tracking.

    Refuses UNKNOWN_SKU, VALIDATION_FAILED, TRACKING_CHANGE_WITH_STOCK.
    """
    product, findings = _product(log, command.sku), Findings()
    known = command.tracking in (SERIAL, LOT, NONE)
    findings.field(known, "tracking", "SERIAL, LOT or NONE")
    kept = tracking_kept(log, product, command.tracking)
    findings.require(kept, TrackingChangeWithStock(sku=command.sku))
    findings.refuse()
    product.track(command.tracking, stamp)
    return {"sku": command.sku, "tracking": product.known.tracking}


def _product(log: Log, sku: str) -> Product:
    product = log.get(Product, sku)
    if not product.exists:
        raise UnknownSku(sku=sku)
    return product


def _known(product: Product, no: str) -> None:
    if not any(one.no == no for one in product.known.registrations):
        raise NotFound(kind="Registration", id=no)


def _check(registration: Registration) -> None:
    findings = Findings()
    findings.identifier(registration.no, "registration.no")
    findings.identifier(registration.kind, "registration.kind")
    findings.field(registration.holder.strip(), "registration.holder", "a name must be given")
    findings.dates(registration.valid_from, registration.valid_to, "registration.valid_to")
    findings.refuse()
