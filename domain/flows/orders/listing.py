"""Listing: price lists, from a draft that a second person approves to prices in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import msgspec

from domain.flows.incentives.protecting import prices_until, protect
from domain.flows.orders.confirming import recheck_room
from domain.goods.product import Product
from domain.goods.refusals import UnknownSku
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import ForbiddenRole, InvalidState, Refusal, ValidationFailed, refuse
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.price_list import ALL, Draft, Listing, PriceBook, PriceList, PriceRow
from domain.orders.refusals import PriceAmbiguous
from domain.parties.api_key import SERVICE
from domain.policies.pricing import ambiguous, rising

APPROVERS = frozenset({"MGR", "FIN"})


@dataclass(frozen=True, kw_only=True)
class DraftPriceList:
    """Write a price list, or a new edition of it, for its dates (both inclusive).

    Rows name a region code or ALL, a tier or ALL, and the smallest quantity they are for.
    """

    price_list: str
    currency: str
    valid_from: date
    valid_to: date
    rows: tuple[PriceRow, ...]
    basis: Literal["TAX_EXCLUSIVE", "TAX_INCLUSIVE"] = "TAX_EXCLUSIVE"


def draft_price_list(log: Log, stamp: Stamp, command: DraftPriceList) -> dict[str, Any]:
    """Draft a list.

    Refuses VALIDATION_FAILED, UNKNOWN_SKU, DATE_RANGE, PRICE_AMBIGUOUS.
    """
    _check(log, command).refuse()
    prices = log.get(PriceList, command.price_list)
    prices.write(_draft(command, stamp.by.user), stamp)
    return {"price_list": prices.key, "rows": len(command.rows)}


@dataclass(frozen=True, kw_only=True)
class ApprovePriceList:
    """Agree to the draft of a list. For sales and finance, and never one's own."""

    price_list: str


def approve_price_list(log: Log, stamp: Stamp, command: ApprovePriceList) -> dict[str, Any]:
    """Approve a draft.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, APPROVER_IS_AUTHOR, INVALID_STATE.
    """
    prices = existing(log, PriceList, command.price_list)
    if stamp.by.role not in APPROVERS:
        raise ForbiddenRole(role=stamp.by.role, required=sorted(APPROVERS))
    prices.approve(stamp)
    return {"price_list": prices.key, "approver": stamp.by.user}


@dataclass(frozen=True, kw_only=True)
class ActivatePriceList:
    """Put the approved draft of a list in force."""

    price_list: str


def activate_price_list(log: Log, stamp: Stamp, command: ActivatePriceList) -> dict[str, Any]:
    """Activate a list; orders that waited for a price are looked at again.

    Refuses NOT_FOUND, INVALID_STATE, PRICE_AMBIGUOUS, MASTER_DATA_MISSING.
    """
    prices = existing(log, PriceList, command.price_list)
    draft = prices.draft
    if draft is None or not draft.approver:
        raise InvalidState(price_list=prices.key, approved=False)
    refuse(_clashes(log, prices.key, draft))
    return _activate(log, prices, draft, stamp)


@dataclass(frozen=True, kw_only=True)
class PublishPriceList(DraftPriceList):
    """Put a list in force that was written and approved elsewhere. For taking over only.

    An edition of a list that is kept here is drafted, approved and activated by persons.
    """

    author: str
    approver: str


def publish_price_list(log: Log, stamp: Stamp, command: PublishPriceList) -> dict[str, Any]:
    """Publish a list.

    Refuses VALIDATION_FAILED, UNKNOWN_SKU, DATE_RANGE, PRICE_AMBIGUOUS, FORBIDDEN_ROLE,
    MASTER_DATA_MISSING.
    """
    findings = _check(log, command)
    findings.field(command.author != command.approver, "approver", "not the author")
    findings.refuse()
    if stamp.by.role != SERVICE:
        raise ForbiddenRole(role=stamp.by.role, required=SERVICE)
    prices = log.get(PriceList, command.price_list)
    if prices.says(command.basis, command.valid_from, command.valid_to, command.rows):
        return {"price_list": command.price_list, "edition": prices.edition}
    draft = msgspec.structs.replace(_draft(command, command.author), approver=command.approver)
    return _activate(log, prices, draft, stamp)


def _draft(command: DraftPriceList, author: str) -> Draft:
    return Draft(
        command.currency,
        command.basis,
        command.valid_from,
        command.valid_to,
        command.rows,
        author,
    )


def _activate(log: Log, prices: PriceList, draft: Draft, stamp: Stamp) -> dict[str, Any]:
    """Put an edition in force, and look again at the orders that waited for a price.

    Where prices fall at once, dealers with the clause get their claims in the same append.
    """
    skus = {row.sku for row in draft.rows}
    old = prices_until(log, skus, stamp.today, draft.currency)
    before = {row for rows in prices.rows.values() for row in rows}
    after = set(draft.rows)
    prices.activate(
        PriceList.Activated(
            stamp.by,
            stamp.at,
            currency=draft.currency,
            basis=draft.basis,
            valid_from=draft.valid_from,
            valid_to=draft.valid_to,
            edition=prices.edition + 1,
            author=draft.author,
            approver=draft.approver,
            rows=draft.rows,
            added=len(after - before),
            removed=len(before - after),
        )
    )
    listing = Listing(prices.key, draft.valid_from, draft.valid_to)
    log.get(PriceBook, draft.currency).enter(listing, stamp)
    answer: dict[str, Any] = {"price_list": prices.key, "edition": prices.edition}
    if draft.valid_from <= stamp.today:
        claims = protect(log, prices, old, stamp.today, stamp)
        answer |= {"claims": claims} if claims else {}
    orders = recheck_room(log, "PRICE_MISSING", "price-recheck", stamp)
    return answer | {"orders": orders} if orders else answer


def _check(log: Log, command: DraftPriceList) -> Findings:
    findings = Findings()
    findings.identifier(command.price_list, "price_list")
    findings.identifier(command.currency, "currency")
    findings.dates(command.valid_from, command.valid_to, "valid_to")
    findings.field(command.rows, "rows", "at least one row")
    for place, row in enumerate(command.rows):
        findings.add(*_row_violations(row, f"rows[{place}]"))
    for sku in sorted({row.sku for row in command.rows}):
        findings.require(log.get(Product, sku).exists, UnknownSku(sku=sku))
    for row in ambiguous(command.rows):
        findings.add(
            PriceAmbiguous(sku=row.sku, region=row.region, tier=row.tier, min_qty=row.min_qty)
        )
    for row in rising(command.rows):
        reason = "more units may not cost more each (all-units breaks)"
        findings.add(ValidationFailed(field=f"rows.{row.sku}.{row.min_qty}", reason=reason))
    findings.add(*_clashes(log, command.price_list, _draft(command, "")))
    prices = log.get(PriceList, command.price_list)
    same = not prices.exists or prices.currency == command.currency
    findings.field(same, "currency", f"a list keeps its currency, {prices.currency}")
    return findings


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


def _clashes(log: Log, price_list: str, draft: Draft) -> list[PriceAmbiguous]:
    """Rows that another list in force answers as well, on some day."""
    mine = {row.key for row in draft.rows}
    clashes = []
    for listing in log.get(PriceBook, draft.currency).listings.values():
        apart = listing.valid_to < draft.valid_from or draft.valid_to < listing.valid_from
        if listing.price_list == price_list or apart:
            continue
        clashes += [
            PriceAmbiguous(sku=row.sku, price_list=listing.price_list)
            for rows in log.get(PriceList, listing.price_list).rows.values()
            for row in rows
            if row.key in mine
        ]
    return clashes
