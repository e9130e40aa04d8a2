"""The credit limit of a dealer, had it been another: which decisions would have differed."""

from __future__ import annotations

import msgspec

from domain.accounts.credit_line import CreditLine
from domain.kernel.aggregate import Aggregate, existing
from domain.kernel.money import LARGEST_AMOUNT, text
from domain.orders.check import Evidence
from domain.parties.dealer import Dealer
from domain.policies.checks.deals import credit_exposure
from replays.whatif.inquiry import Inquiry
from replays.whatif.orders import Orders, Scope
from replays.whatif.overlay import Overlay
from replays.whatif.report import Report, Supposition
from replays.whatif.retaking import retake

ASSUMPTIONS = (
    "Of the limit only the amount differs, from the beginning: its validity stays as it was.",
    "Amounts that were granted on top of the limit for a time stay as they were.",
)


def credit_limit(inquiry: Inquiry, dealer: str, currency: str, amount: int) -> Report:
    """Take all checks, releases and shipments again that looked at a dealer's limit (K11).

    ``amount`` in minor units. Raises NotFound, ValidationFailed, DateRange.
    """
    findings = inquiry.findings()
    findings.field(0 <= amount <= LARGEST_AMOUNT, "amount", f"from 0 to {LARGEST_AMOUNT:,}")
    findings.refuse()
    existing(inquiry.today, Dealer, dealer)
    if currency != inquiry.currency:
        existing(inquiry.today, CreditLine, dealer, currency)
    changed = CreditLine.of(dealer, currency).stream

    def change(one: Aggregate) -> Aggregate:
        if isinstance(one, CreditLine) and one.stream == changed:
            limit = msgspec.structs.replace(one.limit, amount=amount)
            return msgspec.structs.replace(one, limit=limit)
        return one

    scope = Scope(
        at_placement=(credit_exposure,),
        at_shipment=(credit_exposure,),
        dealer=dealer,
        concerns=lambda _, order: order.known.currency == currency,
    )
    judge = Orders(inquiry, Overlay(inquiry.reader, inquiry.codec, change), scope)
    about: Evidence = {"dealer": dealer, "currency": currency, "amount": amount}
    said = f"the credit limit of {dealer} had been {text(amount)} {currency}"
    return retake(inquiry, (judge,), Supposition("CREDIT_LIMIT", about, said), ASSUMPTIONS)
