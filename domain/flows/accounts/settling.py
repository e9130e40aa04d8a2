"""Settling: money comes in, settles invoices, and may let waiting orders go on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.ledger import Allocation
from domain.accounts.refusals import (
    CurrencyMismatch,
    Overallocated,
    PayerMismatch,
)
from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.flows.accounts.depositing import hold_deposit
from domain.flows.accounts.referring import book_reference, booked_before
from domain.flows.books.dating import check_days, require_open
from domain.flows.company.acting import FINANCE, only
from domain.flows.company.numbering import monthly, next_number
from domain.flows.orders.confirming import CREDIT_HOLDS, recheck_waiting
from domain.kernel.aggregate import Log, existing
from domain.kernel.money import LARGEST_AMOUNT
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.order import Order
from domain.parties.dealer import Dealer
from domain.policies import cash


@dataclass(frozen=True, kw_only=True)
class RemittanceLine:
    """What the payer says an amount (minor units) is for: a document, or an order's deposit."""

    doc_no: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class RecordPayment:
    """Enter a payment from the bank. ``amount`` in minor units; it settles open items at once.

    It is posted on its value date; ``accounting_date`` is for one that lies in a closed period.
    A third party may pay under a ``mandate``, the reference of the dealer's agreement. A draft
    (承兑汇票) has a ``maturity``.
    """

    dealer_id: str
    bank_ref: str
    value_date: date
    amount: int
    currency: str
    payer_name: str
    instrument: Literal["TRANSFER", "BANK_DRAFT"] = "TRANSFER"
    remittance: list[RemittanceLine] = field(default_factory=list)
    accounting_date: date | None = None
    mandate: str | None = None
    maturity: date | None = None


def record_payment(log: Log, stamp: Stamp, command: RecordPayment) -> dict[str, Any]:
    """Record a payment. For finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, DUPLICATE_BANK_REF, CURRENCY_MISMATCH, PAYER_MISMATCH,
    FUTURE_DATED, ITEM_CLOSED, OVERALLOCATED, VALIDATION_FAILED, PERIOD_CLOSED.
    """
    only(FINANCE, stamp)
    dealer, findings = existing(log, Dealer, command.dealer_id), Findings()
    findings.identifier(command.bank_ref, "bank_ref")
    fine = 1 <= command.amount <= LARGEST_AMOUNT
    findings.field(fine, "amount", f"1 to {LARGEST_AMOUNT}")
    ours = command.currency == stamp.currency
    findings.require(ours, CurrencyMismatch(currency=command.currency, account=stamp.currency))
    itself = command.payer_name == dealer.known.legal_name or bool((command.mandate or "").strip())
    findings.require(itself, PayerMismatch(payer=command.payer_name, dealer=dealer.key))
    draft = command.instrument == "BANK_DRAFT" or command.maturity is None
    findings.field(draft, "maturity", "only a draft has one")
    day = check_days(command.value_date, command.accounting_date, stamp, findings)
    for place, line in enumerate(command.remittance):
        findings.field(line.amount >= 1, f"remittance[{place}].amount", "at least 1")
    told = sum(line.amount for line in command.remittance)
    most = max(command.amount, 0)
    findings.require(told <= most, Overallocated(amount=told, held=command.amount))
    findings.refuse()
    findings.add(*booked_before(log, command.bank_ref))
    findings.refuse()
    require_open(log, day, command.dealer_id, stamp)
    return _book(log, command, day, stamp)


def _book(log: Log, command: RecordPayment, day: date, stamp: Stamp) -> dict[str, Any]:
    """Book the money: what is for an order's deposit there, the rest on the account."""
    deposits = [one for one in command.remittance if _is_order(log, one.doc_no, command.dealer_id)]
    for_orders, docs = sum(one.amount for one in deposits), []
    receipt = None
    if command.amount > for_orders:
        receipt = next_number(log, "RCPT", stamp)
        book_reference(log, command.bank_ref, receipt, stamp)
    for one in deposits:
        order = existing(log, Order, one.doc_no)
        terms = (command.bank_ref, command.value_date, one.amount)
        docs.append(hold_deposit(log, order, *terms, day, stamp))
        if not booked_before(log, command.bank_ref):
            book_reference(log, command.bank_ref, docs[-1], stamp)
    if receipt is None:
        orders = recheck_waiting(log, command.dealer_id, CREDIT_HOLDS, "credit-recheck", stamp)
        return {"receipt": None, "deposits": docs, "unapplied": 0, "orders": orders}
    account = log.get(DealerAccount, command.dealer_id, command.currency)
    account.record(
        account_events.PaymentReceived(
            stamp.by,
            stamp.at,
            receipt=receipt,
            bank_ref=command.bank_ref,
            value_date=command.value_date,
            accounting_date=day,
            effective_date=command.value_date if day != command.value_date else None,
            amount=command.amount - for_orders,
            payer=command.payer_name,
            instrument=command.instrument,
            maturity=command.maturity,
            remittance=tuple(Allocation(one.doc_no, one.amount) for one in command.remittance),
            mandate=command.mandate,
        )
    )
    named = [one for one in command.remittance if one not in deposits]
    _apply(log, account, receipt, named, (day, command.value_date), stamp)
    orders = recheck_waiting(log, command.dealer_id, CREDIT_HOLDS, "credit-recheck", stamp)
    unapplied = account.unapplied.get(receipt, 0)
    more = {"deposits": docs} if docs else {}
    return {"receipt": receipt, "unapplied": unapplied, "orders": orders} | more


def _apply(
    log: Log,
    account: DealerAccount,
    receipt: str,
    named: list[RemittanceLine],
    days: tuple[date, date],
    stamp: Stamp,
) -> None:
    """Settle what the payer names, or what the rules find; ``days``: when it counts, its value."""
    amount, automatic = account.unapplied[receipt], stamp.automatic("cash-application")
    (day, value), effective = days, None
    if value != day:
        effective = value
    policy = log.get(CompanyPolicy, COMPANY).small_difference
    if named:
        parts = tuple(Allocation(line.doc_no, line.amount) for line in named)
        account.apply_cash(receipt, parts, "REMITTANCE", day, automatic, effective)
        return
    month = day.isoformat()[:7]
    let_off = account.written_off.get(month, 0)
    found = cash.apply(account.items, amount, policy, let_off)
    item = found.allocations[0].doc if found.allocations else ""
    settled_on = account.counts_on(item, day)
    account.apply_cash(receipt, found.allocations, found.rule, day, automatic, effective)
    if found.difference:
        doc = next_number(log, monthly("ADJ", settled_on), automatic)
        account.require_open(item, found.difference)
        account.record(
            account_events.SmallDifferenceWrittenOff(
                automatic.by,
                automatic.at,
                doc=doc,
                item=item,
                amount=found.difference,
                accounting_date=settled_on,
                receipt=receipt,
            )
        )


def _is_order(log: Log, number: str, dealer: str) -> bool:
    order = log.get(Order, number)
    return order.exists and order.known.dealer == dealer
