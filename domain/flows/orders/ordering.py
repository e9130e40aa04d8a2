"""Ordering: placing an order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from domain.flows.company.numbering import next_number
from domain.flows.orders.confirming import check_and_confirm, standing
from domain.flows.orders.quoting import OrderedLine, line_check, line_terms
from domain.goods.product import Product
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.order import Order
from domain.orders.order_book import OrderBook
from domain.orders.order_terms import Milestone, OrderTerms, ShipTo
from domain.orders.refusals import DealerTerminated, DuplicateOrder
from domain.parties.address import Address
from domain.parties.customer import Customer
from domain.parties.dealer import TERMINATED, Dealer

POD_IN_FULL = "POD"
REFERENCE_LENGTH = 100


@dataclass(frozen=True, kw_only=True)
class PlaceOrder:
    """Send an order. It is checked, held where a person must decide, and else confirmed at once.

    ``external_ref`` is the dealer's own number; ``min_shelf_days`` replaces the products' own.
    """

    dealer_id: str
    ship_to: str
    requested_date: date
    lines: list[OrderedLine]
    channel: Literal["DEALER", "DIRECT_HOSPITAL", "INTERNAL_SAMPLE", "LOAN"] = "DEALER"
    delivery_policy: Literal["SHIP_COMPLETE", "LINE_COMPLETE", "ALLOW_PARTIAL"] = "ALLOW_PARTIAL"
    external_ref: str | None = None
    end_customer_id: str | None = None
    min_shelf_days: int | None = None


def place_order(log: Log, stamp: Stamp, command: PlaceOrder) -> dict[str, Any]:
    """Place an order (K01, then all other checks).

    Refuses VALIDATION_FAILED, UNKNOWN_SKU, PACK_MULTIPLE, BELOW_MOQ, DUPLICATE_ORDER,
    DEALER_TERMINATED, MASTER_DATA_MISSING.
    """
    _data_check(log, stamp, command).refuse()
    dealer = existing(log, Dealer, command.dealer_id)
    terms = _order_terms(log, stamp, command, dealer)
    lines = tuple(
        line_terms(log, place, one, terms, dealer) for place, one in enumerate(command.lines, 1)
    )
    order = log.get(Order, next_number(log, "SO", stamp))
    order.place(terms, lines, stamp)
    book = log.get(OrderBook, command.dealer_id)
    book.enter(order.so, terms.currency, command.external_ref, stamp)
    check_and_confirm(log, order, "place", stamp)
    return standing(order)


def _data_check(log: Log, stamp: Stamp, command: PlaceOrder) -> Findings:
    findings = Findings()
    if findings.known(log, Dealer, command.dealer_id, "dealer_id"):
        dealer = log.get(Dealer, command.dealer_id)
        ended = dealer.status == TERMINATED
        findings.require(not ended, DealerTerminated(dealer_id=command.dealer_id))
        known = log.get(OrderBook, command.dealer_id).references
        if command.external_ref in known:
            findings.add(
                DuplicateOrder(external_ref=command.external_ref, so=known[command.external_ref])
            )
    findings.known(log, Address, command.ship_to, "ship_to")
    if command.end_customer_id is not None:
        findings.known(log, Customer, command.end_customer_id, "end_customer_id")
    ref = command.external_ref
    fine = ref is None or (0 < len(ref) <= REFERENCE_LENGTH and ref.isprintable())
    findings.field(fine, "external_ref", f"1 to {REFERENCE_LENGTH} printable characters")
    in_time = command.requested_date >= stamp.today
    findings.field(in_time, "requested_date", "not before the order date")
    shelf = command.min_shelf_days
    findings.field(shelf is None or shelf >= 0, "min_shelf_days", "at least 0")
    findings.field(command.lines, "lines", "at least one line")
    for place, line in enumerate(command.lines):
        findings.add(*line_check(log, line, f"lines[{place}]").found)
        product = log.get(Product, line.sku)
        if product.exists and product.known.installation_required:
            named = command.end_customer_id is not None
            findings.field(named, "end_customer_id", f"needed for {line.sku}, which is installed")
    return findings


def _order_terms(log: Log, stamp: Stamp, command: PlaceOrder, dealer: Dealer) -> OrderTerms:
    address = existing(log, Address, command.ship_to)
    due_days = dealer.known.payment_terms_days
    return OrderTerms(
        channel=command.channel,
        dealer=command.dealer_id,
        sales_region=dealer.known.sales_region,
        ship_to=ShipTo(command.ship_to, address.region_code, address.receiving_entity),
        order_date=stamp.today,
        requested_date=command.requested_date,
        currency=stamp.currency,
        delivery_policy=command.delivery_policy,
        billing_plan=(Milestone(POD_IN_FULL, Decimal(100), due_days),),
        external_ref=command.external_ref,
        end_customer=command.end_customer_id,
        min_shelf_days=command.min_shelf_days,
    )
