"""Settling: money comes in, settles invoices, and may let waiting orders go on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.ledger import Allocation
from domain.accounts.refusals import CurrencyMismatch, DuplicateBankRef, PayerMismatch
from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.company.unique_key import UniqueKey
from domain.flows.company.numbering import monthly, next_number
from domain.flows.orders.confirming import CREDIT_HOLDS, recheck_waiting
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import FutureDated
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.parties.dealer import Dealer
from domain.policies import cash


@dataclass(frozen=True, kw_only=True)
class RemittanceLine:
    """What the payer says an amount (minor units) is for."""

    doc_no: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class RecordPayment:
    """Enter a payment from the bank. ``amount`` in minor units; it settles open items at once."""

    dealer_id: str
    bank_ref: str
    value_date: date
    amount: int
    currency: str
    payer_name: str
    instrument: Literal["TRANSFER", "BANK_DRAFT"] = "TRANSFER"
    remittance: list[RemittanceLine] = field(default_factory=list)


def record_payment(log: Log, stamp: Stamp, command: RecordPayment) -> dict[str, Any]:
    """Record a payment.

    Refuses NOT_FOUND, DUPLICATE_BANK_REF, CURRENCY_MISMATCH, PAYER_MISMATCH, FUTURE_DATED,
    ITEM_CLOSED, OVERALLOCATED, VALIDATION_FAILED.
    """
    dealer, findings = existing(log, Dealer, command.dealer_id), Findings()
    findings.identifier(command.bank_ref, "bank_ref")
    findings.field(command.amount >= 1, "amount", "at least 1")
    ours = command.currency == stamp.currency
    findings.require(ours, CurrencyMismatch(currency=command.currency, account=stamp.currency))
    itself = command.payer_name == dealer.known.legal_name
    findings.require(itself, PayerMismatch(payer=command.payer_name, dealer=dealer.key))
    ahead = command.value_date > stamp.today
    findings.require(not ahead, FutureDated(field="value_date", value_date=command.value_date))
    for place, line in enumerate(command.remittance):
        findings.field(line.amount >= 1, f"remittance[{place}].amount", "at least 1")
    findings.refuse()
    booked = log.get(UniqueKey, "bank-ref", command.bank_ref)
    findings.require(
        not booked.exists, DuplicateBankRef(bank_ref=command.bank_ref, receipt=booked.owner)
    )
    findings.refuse()
    receipt = next_number(log, "RCPT", stamp)
    booked.claim(receipt, DuplicateBankRef, stamp)
    account = log.get(DealerAccount, command.dealer_id, command.currency)
    account.receive(
        account_events.PaymentReceived(
            stamp.by,
            stamp.at,
            receipt=receipt,
            bank_ref=command.bank_ref,
            value_date=command.value_date,
            accounting_date=command.value_date,
            amount=command.amount,
            payer=command.payer_name,
            instrument=command.instrument,
        )
    )
    _apply(log, account, receipt, command, stamp.automatic("cash-application"))
    orders = recheck_waiting(log, command.dealer_id, CREDIT_HOLDS, "credit-recheck", stamp)
    unapplied = account.unapplied.get(receipt, 0)
    return {"receipt": receipt, "unapplied": unapplied, "orders": orders}


def _apply(
    log: Log, account: DealerAccount, receipt: str, command: RecordPayment, stamp: Stamp
) -> None:
    policy = log.get(CompanyPolicy, COMPANY).small_difference
    day = command.value_date
    if command.remittance:
        named = tuple(Allocation(line.doc_no, line.amount) for line in command.remittance)
        account.apply_cash(receipt, named, "REMITTANCE", day, stamp)
        return
    month = day.isoformat()[:7]
    let_off = account.written_off.get(month, 0)
    found = cash.apply(account.items, command.amount, policy, let_off)
    account.apply_cash(receipt, found.allocations, found.rule, day, stamp)
    if found.difference:
        doc = next_number(log, monthly("ADJ", day), stamp)
        account.write_off(doc, found.allocations[0].doc, found.difference, day, stamp)
