"""Ordering: drafting and placing an order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any, Literal

import msgspec

from domain.flows.company.numbering import next_number
from domain.flows.orders.confirming import check_and_confirm, standing
from domain.flows.orders.quoting import OrderedLine, line_check, line_terms
from domain.goods.product import Product
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import InvalidState
from domain.kernel.stamp import Stamp
from domain.kernel.validation import MOST_DAYS, Findings
from domain.orders.contract import Contract
from domain.orders.order import Order
from domain.orders.order_book import OrderBook
from domain.orders.order_line import LineTerms
from domain.orders.order_terms import (
    AT_ACCEPTANCE,
    AT_POD,
    DEPOSIT,
    MILESTONES,
    RETENTION,
    Milestone,
    OrderTerms,
    ShipTo,
)
from domain.orders.refusals import DealerTerminated, DuplicateOrder
from domain.parties.address import Address
from domain.parties.customer import Customer
from domain.parties.dealer import Dealer
from domain.parties.dealer_events import TERMINATED, WOUND_UP

REFERENCE_LENGTH = 100


@dataclass(frozen=True, kw_only=True)
class PlaceOrder:
    """Send an order. It is checked, held where a person must decide, and else confirmed at once.

    ``external_ref`` is the dealer's own number; ``min_shelf_days`` replaces the products' own.
    The billing plan is the contract's, or all at the proof of delivery, where none is given;
    ``accept_later`` says that the dealer takes a promise after the requested date, ``loan_until``
    is the last day of a loan.
    """

    dealer_id: str
    ship_to: str
    requested_date: date
    lines: list[OrderedLine]
    channel: Literal["DEALER", "DIRECT_HOSPITAL", "INTERNAL_SAMPLE", "LOAN"] = "DEALER"
    delivery_policy: Literal["SHIP_COMPLETE", "LINE_COMPLETE", "ALLOW_PARTIAL"] = "ALLOW_PARTIAL"
    external_ref: str | None = None
    end_customer_id: str | None = None
    contract_id: str | None = None
    min_shelf_days: int | None = None
    billing_plan: tuple[Milestone, ...] | None = None
    accept_later: bool = False
    loan_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class CreateDraft(PlaceOrder):
    """Write an order down without sending it. It takes neither goods nor credit."""


def place_order(log: Log, stamp: Stamp, command: PlaceOrder) -> dict[str, Any]:
    """Place an order (K01, then all other checks).

    Refuses VALIDATION_FAILED, UNKNOWN_SKU, PACK_MULTIPLE, BELOW_MOQ, DUPLICATE_ORDER,
    DEALER_TERMINATED, MASTER_DATA_MISSING.
    """
    _data_check(log, stamp, command).refuse()
    terms, lines = _quoted(log, stamp, command)
    order = log.begin(Order, next_number(log, "SO", stamp))
    return _send(log, order, terms, lines, stamp)


def create_draft(log: Log, stamp: Stamp, command: CreateDraft) -> dict[str, Any]:
    """Write a draft (K01 only).

    Refuses VALIDATION_FAILED, UNKNOWN_SKU, PACK_MULTIPLE, BELOW_MOQ, DUPLICATE_ORDER,
    DEALER_TERMINATED, MASTER_DATA_MISSING.
    """
    _data_check(log, stamp, command).refuse()
    terms, lines = _quoted(log, stamp, command)
    order = log.begin(Order, next_number(log, "SO", stamp))
    order.draft(terms, lines, stamp)
    return standing(order)


@dataclass(frozen=True, kw_only=True)
class PlaceDraft:
    """Send a draft. It is quoted and checked as of today."""

    so_id: str


def place_draft(log: Log, stamp: Stamp, command: PlaceDraft) -> dict[str, Any]:
    """Place a draft (K01, then all other checks).

    Refuses NOT_FOUND, INVALID_STATE, VALIDATION_FAILED, UNKNOWN_SKU, PACK_MULTIPLE, BELOW_MOQ,
    DUPLICATE_ORDER, DEALER_TERMINATED, MASTER_DATA_MISSING.
    """
    order = existing(log, Order, command.so_id)
    if order.placed or order.ended:
        raise InvalidState(so=order.so, state=order.state)
    again = _as_command(order)
    _data_check(log, stamp, again).refuse()
    terms, lines = _quoted(log, stamp, again)
    return _send(log, order, terms, lines, stamp)


def _send(
    log: Log, order: Order, terms: OrderTerms, lines: tuple[LineTerms, ...], stamp: Stamp
) -> dict[str, Any]:
    order.place(terms, lines, stamp)
    book = log.get(OrderBook, terms.dealer)
    book.enter(order.so, terms.currency, terms.external_ref, _content(lines), stamp)
    check_and_confirm(log, order, "place", stamp)
    return standing(order)


def _content(lines: tuple[LineTerms, ...]) -> str:
    """Digest of what was ordered, whatever the order of its lines."""
    wanted = sorted((line.sku, line.qty) for line in lines)
    return sha256(msgspec.json.encode(wanted)).hexdigest()


def _as_command(order: Order) -> PlaceOrder:
    terms: Any = order.known
    lines: Any = [line.terms for line in order.lines.values()]
    return PlaceOrder(
        dealer_id=terms.dealer,
        ship_to=terms.ship_to.address_id,
        requested_date=terms.requested_date,
        channel=terms.channel,
        delivery_policy=terms.delivery_policy,
        external_ref=terms.external_ref,
        end_customer_id=terms.end_customer,
        contract_id=terms.contract,
        min_shelf_days=terms.min_shelf_days,
        billing_plan=terms.billing_plan,
        accept_later=terms.accept_later,
        loan_until=terms.loan_until,
        lines=[
            OrderedLine(
                sku=one.sku,
                qty=one.qty,
                unit_price=one.unit_price if one.price_source == "AGREED" else None,
                price_basis=one.price_basis,
            )
            for one in lines
        ],
    )


def _data_check(log: Log, stamp: Stamp, command: PlaceOrder) -> Findings:
    findings = Findings()
    if findings.known(log, Dealer, command.dealer_id, "dealer_id"):
        dealer = log.get(Dealer, command.dealer_id)
        ended = dealer.status in (TERMINATED, WOUND_UP)
        findings.require(not ended, DealerTerminated(dealer_id=command.dealer_id))
        known = log.get(OrderBook, command.dealer_id).references
        if command.external_ref in known:
            findings.add(
                DuplicateOrder(external_ref=command.external_ref, so=known[command.external_ref])
            )
    findings.known(log, Address, command.ship_to, "ship_to")
    if command.end_customer_id is not None:
        findings.known(log, Customer, command.end_customer_id, "end_customer_id")
    _contract_check(log, command, findings)
    ref = command.external_ref
    fine = ref is None or (0 < len(ref) <= REFERENCE_LENGTH and ref.isprintable())
    findings.field(fine, "external_ref", f"1 to {REFERENCE_LENGTH} printable characters")
    in_time = command.requested_date >= stamp.today
    findings.field(in_time, "requested_date", "not before the order date")
    until = command.loan_until
    lent = until is None or (command.channel == "LOAN" and until >= command.requested_date)
    findings.field(lent, "loan_until", "for a loan, and not before the requested date")
    shelf = command.min_shelf_days
    findings.field(shelf is None or shelf >= 0, "min_shelf_days", "at least 0")
    if command.billing_plan is not None:
        plan_check(command.billing_plan, "billing_plan", findings)
    findings.field(command.lines, "lines", "at least one line")
    for place, line in enumerate(command.lines):
        findings.add(*line_check(log, line, f"lines[{place}]").found)
        product = log.get(Product, line.sku)
        if product.exists and product.known.installation_required:
            named = command.end_customer_id is not None
            findings.field(named, "end_customer_id", f"needed for {line.sku}, which is installed")
    return findings


def _contract_check(log: Log, command: PlaceOrder, findings: Findings) -> None:
    named = command.contract_id
    if named is None or not findings.known(log, Contract, named, "contract_id"):
        return
    contract = log.get(Contract, named)
    terms = contract.terms or contract.proposed
    mine = terms is not None and terms.dealer == command.dealer_id
    findings.field(mine, "contract_id", "a contract of this dealer")
    if terms is not None and terms.end_customer is not None:
        same = command.end_customer_id == terms.end_customer
        findings.field(same, "end_customer_id", f"the contract's, {terms.end_customer}")


def plan_check(plan: tuple[Milestone, ...], field: str, findings: Findings) -> None:
    """A billing plan names each milestone once, and its parts add up to 100 per cent."""
    names = [one.milestone for one in plan]
    for place, one in enumerate(plan):
        known = one.milestone in MILESTONES and names.count(one.milestone) == 1
        findings.field(known, f"{field}[{place}].milestone", "each milestone once")
        findings.between(one.pct, 0, 100, f"{field}[{place}].pct")
        fine = 0 <= one.due_days <= MOST_DAYS
        findings.field(fine, f"{field}[{place}].due_days", f"0 to {MOST_DAYS} days")
    whole = sum((one.pct for one in plan if one.pct.is_finite()), Decimal(0))
    findings.field(whole == 100, field, "parts that add up to 100")  # noqa: PLR2004 - per cent
    billed = set(names) - {DEPOSIT, RETENTION, AT_ACCEPTANCE}
    findings.field(billed, field, "a part that is due at shipment or delivery")


def _quoted(
    log: Log, stamp: Stamp, command: PlaceOrder
) -> tuple[OrderTerms, tuple[LineTerms, ...]]:
    dealer = existing(log, Dealer, command.dealer_id)
    terms = _order_terms(log, stamp, command, dealer)
    lines = tuple(
        line_terms(log, place, one, terms, dealer) for place, one in enumerate(command.lines, 1)
    )
    return terms, lines


def _order_terms(log: Log, stamp: Stamp, command: PlaceOrder, dealer: Dealer) -> OrderTerms:
    address = existing(log, Address, command.ship_to)
    contract = log.get(Contract, command.contract_id) if command.contract_id else None
    agreed = contract.terms.billing_plan if contract and contract.terms else ()
    at_pod = (Milestone(AT_POD, Decimal(100), dealer.known.payment_terms_days),)
    return OrderTerms(
        channel=command.channel,
        dealer=command.dealer_id,
        sales_region=dealer.known.sales_region,
        ship_to=ShipTo(command.ship_to, address.region_code, address.receiving_entity),
        order_date=stamp.today,
        requested_date=command.requested_date,
        currency=stamp.currency,
        delivery_policy=command.delivery_policy,
        billing_plan=command.billing_plan or agreed or at_pod,
        external_ref=command.external_ref,
        end_customer=command.end_customer_id,
        min_shelf_days=command.min_shelf_days,
        contract=command.contract_id,
        contract_version=contract.edition if contract else 0,
        accept_later=command.accept_later,
        loan_until=command.loan_until,
    )
