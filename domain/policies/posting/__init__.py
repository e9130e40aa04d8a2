"""Posting (记账): which lines of double entry each fact makes.

``RULES`` is the table of the trade: one rule a fact, each a function from the fact to balanced
lines. What is not in it moves no money.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from domain.accounts import account_events as account
from domain.accounts.deposit_account import DepositAccount
from domain.accounts.security_deposit import SecurityDeposit
from domain.books.posting import Draft
from domain.goods import shipment_events as shipment
from domain.goods import stock_events as stock
from domain.incentives.claim import Claim
from domain.incentives.rebate import Rebate
from domain.kernel.event import Event
from domain.orders.line_events import LineLost
from domain.policies.posting import of_accounts, of_goods, of_incentives
from domain.supply.transfer import Transfer

Rule = Callable[[Any], Draft | None]

RULES: dict[type[Event], Rule] = {
    stock.OpeningSet: of_goods.opened,
    stock.Received: of_goods.received,
    stock.Issued: of_goods.issued,
    stock.Withdrawn: of_goods.withdrawn,
    stock.CountPosted: of_goods.counted,
    stock.Revalued: of_goods.revalued,
    shipment.Lost: of_goods.lost,
    LineLost: of_goods.short,
    Transfer.LossConfirmed: of_goods.transfer_lost,
    account.OpenItemOpeningSet: of_accounts.opened,
    account.InvoicePosted: of_accounts.invoiced,
    account.RevenueReleased: of_accounts.released,
    account.PaymentReceived: of_accounts.paid,
    account.PaymentReversed: of_accounts.bounced,
    account.CashApplied: of_accounts.applied,
    account.CashUnapplied: of_accounts.unapplied,
    account.DepositApplied: of_accounts.deposit_applied,
    account.CreditNotePosted: of_accounts.credited,
    account.SmallDifferenceWrittenOff: of_accounts.written_off,
    account.BadDebtWrittenOff: of_accounts.bad_debt,
    account.AdjustmentPosted: of_accounts.adjusted,
    account.PenaltyCharged: of_accounts.charged,
    account.ClaimSettled: of_accounts.claim_settled,
    account.MoneyRefunded: of_accounts.refunded,
    account.MoneyNetted: of_accounts.netted,
    DepositAccount.Received: of_accounts.deposit_received,
    DepositAccount.Refunded: of_accounts.deposit_refunded,
    DepositAccount.Forfeited: of_accounts.deposit_forfeited,
    SecurityDeposit.Received: of_accounts.security_received,
    SecurityDeposit.Refunded: of_accounts.security_refunded,
    Rebate.OpeningSet: of_incentives.opened,
    Rebate.Accrued: of_incentives.accrued,
    Rebate.Reversed: of_incentives.reversed_,
    Rebate.Deducted: of_incentives.deducted,
    Rebate.Settled: of_incentives.settled,
    Claim.Reviewed: of_incentives.approved,
    Claim.Settled: of_incentives.paid,
    Claim.Expired: of_incentives.lapsed,
}
