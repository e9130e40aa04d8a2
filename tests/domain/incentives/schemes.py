"""Rebates in a few words: a policy, what a dealer buys under it, and what finance does with it.

The policy is RB-2026-Q1 of D05: 0 % to 1,000,000.00, 1 % to 2,000,000.00, 2 % to 3,000,000.00.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.invoice import Invoice, TaxDocument
from domain.accounts.ledger import Allocation, CreditedLine, InvoiceLine
from domain.books.period import Control, Period
from domain.books.roll import Roll
from domain.flows import run
from domain.flows.incentives.accruing import AccrueRebates
from domain.flows.incentives.paying_out import ConfirmRebate, SettleRebate
from domain.flows.incentives.rewarding import (
    AcceptIncentivePolicy,
    ApproveIncentivePolicy,
    DraftIncentivePolicy,
    PublishIncentivePolicy,
    SetOpeningRebate,
)
from domain.incentives.policy_terms import PaymentFactor, PolicyTerms, Tier
from domain.incentives.rebate import Rebate
from domain.kernel.money import share
from tests.domain.company import company
from tests.domain.support import Given, When, day, given, stamp
from tests.domain.world import DEALER_5, FINANCE, MGR_EAST, MGR_NATIONAL

POLICY = "RB-2026-Q1"
BASE, EARNED, HELD = 2_731_600_00, 24_632_00, 5_320_00
"""The base of the worked quarter, what it earns, and what a device of 266,000.00 earns of it."""
DEVICE = 266_000_00
TIERS = (
    Tier(0),
    Tier(1_000_000_00, Decimal(1)),
    Tier(2_000_000_00, Decimal(2)),
    Tier(3_000_000_00, Decimal(3)),
)
FACTORS = (
    PaymentFactor(0, Decimal(100)),
    PaymentFactor(15, Decimal(80)),
    PaymentFactor(30, Decimal(50)),
)
LADDER = (Tier(5_000_00, Decimal(2)), Tier(10_000_00, Decimal(4)))
"""The retrospective scale of the textbook: from 5,000.00 on 2 %, above it 4 %."""
AFTER = "2026-04-03"


def terms(**more: Any) -> PolicyTerms:
    about: dict[str, Any] = {
        "name": "quarter",
        "period": "2026-Q1",
        "dealers": ("D05",),
        "metric": "SELL_IN_NET",
    }
    return PolicyTerms(**about | {"method": "SLICED", "tiers": TIERS} | more)


def does(past: Given, command: Any, by: Any = FINANCE, on: str = AFTER) -> When:
    """Run a command and keep the books of it; it must be accepted."""
    done = tries(past, command, by, on)
    done.accepted()
    return done


def tries(past: Given, command: Any, by: Any = FINANCE, on: str = AFTER) -> When:
    return past.when(run, command, by=by, on=on)


def published(past: Given | None = None, policy: str = POLICY, **more: Any) -> Given:
    past, on = past or given(company()), "2026-01-02"
    does(past, DraftIncentivePolicy(policy_id=policy, terms=terms(**more)), MGR_EAST, on)
    does(past, ApproveIncentivePolicy(policy_id=policy), MGR_NATIONAL, on)
    does(past, PublishIncentivePolicy(policy_id=policy), MGR_EAST, on)
    return past


def accepting(policy: str = POLICY, dealer: str = "D05") -> AcceptIncentivePolicy:
    return AcceptIncentivePolicy(policy_id=policy, dealer_id=dealer, e_seal="seal-1")


def accepted(past: Given | None = None, policy: str = POLICY, **more: Any) -> Given:
    """A policy that D05 has signed."""
    past = published(past, policy, **more)
    does(past, accepting(policy), DEALER_5, "2026-01-03")
    return past


def sell(past: Given, net: int, on: str, *, sku: str = "US80", qty: int = 1, **more: Any) -> str:
    """D05 was invoiced on a day; the number of the invoice."""
    account, at = past.get(DealerAccount, "D05", "CNY"), stamp(on=on)
    number = sum(isinstance(one, account_events.InvoicePosted) for _, _, one in past.log.journal)
    doc, vat = f"INV-{number + 1}", share(net, 13, 100)
    line = InvoiceLine(1, sku, qty, Decimal(1), net, vat, Decimal(13))
    about: dict[str, Any] = {
        "doc": doc,
        "so": "SO-1",
        "shp": "SHP-1",
        "milestone": "POD",
        "lines": (line,),
    }
    days: dict[str, Any] = {"due": day(more.pop("due", "2026-04-30")), "accounting_date": at.today}
    amounts: dict[str, Any] = {"net": net, "vat": vat, "gross": net + vat}
    account.record(account_events.InvoicePosted(at.by, at.at, **about, **amounts, **days))
    told = TaxDocument(dealer="D05", gross=net + vat, due=days["due"])
    past.get(Invoice, doc).issue(told, at)
    past.get(Roll, "CNY").enter("D05", on[:7], at)
    return doc


def credit(past: Given, net: int, on: str, kind: str = "RETURN", qty: int | None = 1) -> None:
    """D05 got a credit note on a day."""
    at, vat = stamp(on=on), share(net, 13, 100)
    line = CreditedLine("US80", net, vat, Decimal(13), 1, qty)
    about: dict[str, Any] = {"doc": f"CN-{len(past.log.journal)}", "kind": kind, "invoice": "INV-1"}
    amounts: dict[str, Any] = {
        "net": net,
        "vat": vat,
        "gross": net + vat,
        "settled": 0,
        "red_info_no": "RED-1",
    }
    days: dict[str, Any] = {"accounting_date": at.today, "effective_date": at.today}
    past.get(DealerAccount, "D05", "CNY").record(
        account_events.CreditNotePosted(
            at.by, at.at, lines=(line,) if kind == "RETURN" else (), **about, **amounts, **days
        )
    )


def pay(past: Given, doc: str, on: str, amount: int | None = None) -> None:
    """An invoice of D05 was paid, or part of it."""
    account, at = past.get(DealerAccount, "D05", "CNY"), stamp(on=on)
    amount = account.items[doc].open if amount is None else amount
    receipt = f"RCPT-{len(past.log.journal)}"
    names: dict[str, Any] = {
        "receipt": receipt,
        "bank_ref": receipt,
        "payer": "x",
        "instrument": "TRANSFER",
    }
    days: dict[str, Any] = {"value_date": at.today, "accounting_date": at.today}
    account.record(account_events.PaymentReceived(at.by, at.at, amount=amount, **names, **days))
    account.apply_cash(receipt, (Allocation(doc, amount),), "HAND", at.today, at)


def accrue(past: Given, period: str, on: str) -> When:
    return does(past, AccrueRebates(period=period), on=on)


def close(past: Given, period: str = "2026-03") -> Given:
    """A period was closed."""
    closed = Period.Closed(
        FINANCE, stamp(on=AFTER).at, revision=1, control=Control(0, 0, 0, 0), exceptions=()
    )
    past.get(Period, period).record(closed)
    return past


def reopen(past: Given, period: str = "2026-03") -> Given:
    told = Period.Reopened(FINANCE, stamp(on=AFTER).at, reason="an error", second="adm-1")
    past.get(Period, period).record(told)
    return past


QUARTER = (("2026-01", 1_150_000_00), ("2026-02", 1_240_000_00), ("2026-03", 607_600_00))


def quarter(**more: Any) -> Given:
    """The worked quarter of D05: 1,150,000.00, 1,240,000.00, and 607,600.00 less a return."""
    past = accepted(**more)
    for month, net in QUARTER:
        sell(past, net, f"{month}-20")
        if month == "2026-03":
            credit(past, DEVICE, "2026-03-25")
        accrue(past, month, f"{month}-28")
    return past


def opened(past: Given | None = None) -> Given:
    """Two months of the worked quarter came before the log; D05 has signed."""
    past = accepted(past)
    told = SetOpeningRebate(dealer_id="D05", policy=POLICY, net=17_800_00, base=2_390_000_00)
    does(past, told, on="2026-02-28")
    return past


def confirming(net: int = EARNED, policy: str = POLICY) -> ConfirmRebate:
    return ConfirmRebate(dealer_id="D05", policy=policy, amount_net=net)


def settling(net: int = EARNED, **more: Any) -> SettleRebate:
    told = {"policy": POLICY, "red_info_no": "RED-9"} | more
    return SettleRebate(dealer_id="D05", amount_net=net, **told)


def confirmed(past: Given | None = None, **more: Any) -> Given:
    """The worked quarter was closed and confirmed."""
    past = close(past or quarter(**more))
    does(past, confirming(rebate(past).accrued))
    return past


def rebate(past: Given, policy: str = POLICY) -> Rebate:
    return past.get(Rebate, "D05", policy)


def open_of(past: Given) -> dict[str, int]:
    account = past.get(DealerAccount, "D05", "CNY")
    return {doc: item.open for doc, item in account.items.items()}


def booked(done: When) -> list[dict[str, int]]:
    """Entries that a command posted: debits less credits by account."""
    found = []
    for entry in done.recorded(Period.EntryPosted):
        lines: dict[str, int] = {}
        for one in entry.lines:
            lines[one.account] = lines.get(one.account, 0) + one.debit - one.credit
        found.append({account: amount for account, amount in lines.items() if amount})
    return found
