"""Paying out: a rebate is confirmed by finance, and settled by a red-letter note, cash or goods."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from domain.accounts.dealer_account import DealerAccount
from domain.accounts.invoice import Invoice
from domain.accounts.refusals import ItemOfOtherDealer
from domain.books.period import Period, last_day
from domain.cases.dealer_conduct import DealerConduct
from domain.flows.accounts.noting import CreditTerms, post_note
from domain.flows.accounts.referring import book_reference, booked_before
from domain.flows.books.dating import posting_day, require_open
from domain.flows.company.acting import FINANCE, only
from domain.flows.company.numbering import monthly, next_number
from domain.flows.incentives.accruing import base_until, policies_of
from domain.incentives.incentive_policy import IncentivePolicy
from domain.incentives.policy_terms import (
    GOODS_RATE,
    MAX_CASES,
    MAX_OVERDUE,
    MIN_BASE,
    PolicyTerms,
)
from domain.incentives.rebate import Rebate
from domain.incentives.refusals import (
    ExceedsConfirmed,
    GateFailed,
    PeriodNotClosed,
    PolicyNotAccepted,
    WithheldDiversion,
)
from domain.kernel.aggregate import Log, existing
from domain.kernel.money import share
from domain.kernel.refusal import Refusal
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.policies import rebates

STOP_SUPPLY = 3
"""Dunning level from which a dealer's rebates count for nothing."""
YEAR_DAYS = 365


@dataclass(frozen=True, kw_only=True)
class ConfirmRebate:
    """Confirm what a dealer has earned under a policy, net, once its last month is closed."""

    dealer_id: str
    policy: str
    amount_net: int


def confirm_rebate(log: Log, stamp: Stamp, command: ConfirmRebate) -> dict[str, Any]:
    """Confirm a rebate. For finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, POLICY_NOT_ACCEPTED, PERIOD_NOT_CLOSED, GATE_FAILED,
    VALIDATION_FAILED, ALREADY_SETTLED.
    """
    only(FINANCE, stamp)
    terms, rebate = _accepted(log, command.dealer_id, command.policy)
    findings, last = Findings(), log.get(Period, terms.months[-1])
    findings.require(last.is_closed, PeriodNotClosed(period=terms.months[-1], state=last.state))
    findings.add(*_failed_gates(log, terms, rebate, stamp))
    same = command.amount_net == rebate.accrued
    findings.field(same, "amount_net", f"what was accrued: {rebate.accrued}")
    findings.refuse()
    factor = factor_of(log, terms, rebate, stamp)
    rebate.confirm(command.amount_net, _shown(factor), stamp)
    return _standing(log, terms, rebate, stamp)


@dataclass(frozen=True, kw_only=True)
class SettleRebate:
    """Pay a confirmed rebate, or part of it (net).

    A CREDIT_NOTE names the invoice that it reduces, else those due first are; it needs the tax
    office's red-letter number. GOODS are a credit note as well, against the order they pay.
    """

    dealer_id: str
    policy: str
    amount_net: int
    method: Literal["CREDIT_NOTE", "CASH", "GOODS", "OFFSET_NEXT"] = "CREDIT_NOTE"
    invoice: str | None = None
    red_info_no: str = ""
    bank_ref: str = ""


def settle_rebate(log: Log, stamp: Stamp, command: SettleRebate) -> dict[str, Any]:
    """Settle a rebate. For finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, INVALID_STATE, ALREADY_SETTLED, WITHHELD_DIVERSION,
    EXCEEDS_CONFIRMED, ITEM_OF_OTHER_DEALER, RED_INFO_MISSING, VALIDATION_FAILED,
    DUPLICATE_BANK_REF, PERIOD_CLOSED.
    """
    only(FINANCE, stamp)
    rebate = existing(log, Rebate, command.dealer_id, command.policy)
    rebate.require_confirmed()
    terms = log.get(IncentivePolicy, command.policy).terms
    payable, held, factor = _payable(log, terms, rebate, stamp)
    findings = _form(log, command, terms)
    if command.amount_net > payable:
        kind = WithheldDiversion if held else ExceedsConfirmed
        told = {"payable": payable, "withheld": held, "confirmed": rebate.confirmed}
        findings.add(kind(amount_net=command.amount_net, cases=sorted(rebate.withheld), **told))
    findings.refuse()
    require_open(log, stamp.today, command.dealer_id, stamp)
    rate = terms.tax_rate if terms else GOODS_RATE
    vat = share(command.amount_net, int(rate * 100), 100_00)
    doc = _pay(log, command, (vat, rate), stamp)
    final = command.amount_net == payable and not held
    rebate.record(
        Rebate.Settled(
            stamp.by,
            stamp.at,
            policy=command.policy,
            doc=doc,
            method=command.method,
            net=command.amount_net,
            vat=vat,
            accounting_date=stamp.today,
            factor_pct=_shown(factor),
            final=final,
            forfeited=rebate.due - rebate.forfeited - rebate.settled - payable if final else 0,
            bank_ref=command.bank_ref if command.method == "CASH" else "",
        )
    )
    return {"doc": doc, "net": command.amount_net, "vat": vat, "state": rebate.state}


def deduct(log: Log, dealer: str, case: str, amount: int, stamp: Stamp) -> int:
    """Take a sanction out of a dealer's rebates, as far as they go: what it was."""
    left, day = amount, posting_day(log, stamp.today, dealer, stamp)
    for _, rebate in policies_of(log, dealer):
        used = min(left, max(0, rebate.outstanding))
        rebate.deduct(case, used, day, stamp)
        left -= used
    return amount - left


def give_back(log: Log, dealer: str, case: str, stamp: Stamp) -> None:
    """Give back what a sanction took out of a dealer's rebates."""
    day = posting_day(log, stamp.today, dealer, stamp)
    for _, rebate in policies_of(log, dealer):
        rebate.deduct(case, -rebate.deducted.get(case, 0), day, stamp)


def factor_of(log: Log, terms: PolicyTerms, rebate: Rebate, stamp: Stamp) -> Decimal:
    """Share of a rebate that counts, by how late its invoices were paid; 0 once supply stopped."""
    account = log.get(DealerAccount, rebate.dealer, stamp.currency)
    if any(item.level >= STOP_SUPPLY for item in account.items.values()):
        return Decimal(0)
    paid: dict[int, int] = {}
    for month in terms.months:
        for late, net in account.months[month].paid.items() if month in account.months else ():
            paid[late] = paid.get(late, 0) + net
    unpaid: dict[int, int] = {}
    for item in account.items.values():
        if item.period in terms.months:
            late = max(0, (stamp.today - item.due).days)
            unpaid[late] = unpaid.get(late, 0) + item.net_left
    return rebates.payment_factor(terms.payment_factors, paid, unpaid)


def _payable(
    log: Log, terms: PolicyTerms | None, rebate: Rebate, stamp: Stamp
) -> tuple[int, int, Decimal]:
    """Return what may be paid now, what is withheld, and the share that counts."""
    if terms is None:  # it was only brought along from before the log
        held, factor = 0, Decimal(100)
    else:
        held = rebates.withheld(terms, _base(log, terms, rebate, stamp), rebate.doubtful)
        factor = factor_of(log, terms, rebate, stamp)
    payable = rebates.payable(rebate.due, factor, held, rebate.settled, rebate.forfeited)
    return payable, held, factor


def _form(log: Log, command: SettleRebate, terms: PolicyTerms | None) -> Findings:
    """What is wrong with a payment in itself, however much is payable."""
    findings = Findings()
    findings.field(command.amount_net >= 1, "amount_net", "at least 1")
    if command.method == "CASH":
        findings.identifier(command.bank_ref, "bank_ref")
        findings.add(*booked_before(log, command.bank_ref))
    fits = terms is None or command.method == terms.payout
    findings.field(fits, "method", f"{terms.payout if terms else ''}, as the policy says")
    if command.invoice is not None:
        mine = existing(log, Invoice, command.invoice).known.dealer == command.dealer_id
        foreign = ItemOfOtherDealer(doc=command.invoice, dealer=command.dealer_id)
        findings.require(mine, foreign)
    return findings


def _pay(log: Log, command: SettleRebate, tax: tuple[int, Decimal], stamp: Stamp) -> str:
    """Post what pays it: the number of the document."""
    if command.method != "CASH":
        return post_note(log, _note(command, *tax), stamp)
    doc = next_number(log, monthly("RBP", stamp.today), stamp)
    book_reference(log, command.bank_ref, doc, stamp)
    return doc


def _base(log: Log, terms: PolicyTerms, rebate: Rebate, stamp: Stamp) -> int:
    """Base of a policy as it is, also where the last accrual had nothing to post."""
    return base_until(log, terms, rebate, terms.months[-1], stamp)


def _shown(factor: Decimal) -> Decimal:
    return factor.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _failed_gates(log: Log, terms: PolicyTerms, rebate: Rebate, stamp: Stamp) -> list[Refusal]:
    account = log.get(DealerAccount, rebate.dealer, stamp.currency)
    end, found = last_day(terms.months[-1]), list[Refusal]()
    overdue = sum(one.open for one in account.items.values() if one.due < min(end, stamp.today))
    cases = log.get(DealerConduct, rebate.dealer).times_confirmed(YEAR_DAYS, stamp.today)
    measured = {MIN_BASE: _base(log, terms, rebate, stamp), MAX_OVERDUE: overdue, MAX_CASES: cases}
    for gate in terms.gates:
        value = measured[gate.kind]
        fine = value >= gate.threshold if gate.kind == MIN_BASE else value <= gate.threshold
        if not fine:
            found.append(GateFailed(gate=gate.kind, threshold=gate.threshold, measured=value))
    return found


def _accepted(log: Log, dealer: str, name: str) -> tuple[PolicyTerms, Rebate]:
    policy = existing(log, IncentivePolicy, name)
    if dealer not in policy.accepted:
        raise PolicyNotAccepted(policy=name, dealer=dealer)
    return policy.known, existing(log, Rebate, dealer, name)


def _note(command: SettleRebate, vat: int, rate: Decimal) -> CreditTerms:
    return CreditTerms(
        dealer=command.dealer_id,
        kind="REBATE",
        invoice=command.invoice or "",
        net=command.amount_net,
        vat=vat,
        tax_rate=rate,
        red_info_no=command.red_info_no,
        policy=command.policy,
    )


def _standing(log: Log, terms: PolicyTerms, rebate: Rebate, stamp: Stamp) -> dict[str, Any]:
    payable, held, factor = _payable(log, terms, rebate, stamp)
    return {
        "policy": rebate.policy,
        "state": rebate.state,
        "confirmed": rebate.confirmed,
        "withheld": held,
        "payable": payable,
        "factor_pct": str(_shown(factor)),
    }
