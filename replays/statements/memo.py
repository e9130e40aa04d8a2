"""Part C: what stands beside the balance, as it was known at the cut-off."""

from __future__ import annotations

from datetime import date

from domain.accounts.credit_line import SHIPPED, CreditLine
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.deposit_account import DepositAccount
from domain.accounts.security_deposit import SecurityDeposit
from domain.accounts.statement import Statement
from domain.accounts.statement_terms import REJECTED
from domain.incentives.incentive_book import IncentiveBook
from domain.incentives.incentive_policy import IncentivePolicy
from domain.incentives.rebate import Rebate
from domain.orders.order import Order
from domain.policies import credit as credit_policy
from domain.policies import rebates
from replays.past import Past
from replays.statements.lines import aged
from replays.statements.values import Memo, OpenDocument, RebateMemo


def memo(  # noqa: PLR0913 - whose, of which month, in which currency, as of when
    past: Past,
    dealer: str,
    period: str,
    currency: str,
    on: date,
    today: date,
    documents: list[OpenDocument],
) -> Memo:
    """Draw the memo up; ``on`` is the last day of the month, ``today`` that of the cut-off."""
    account = past.get(DealerAccount, dealer, currency)
    credit = past.get(CreditLine, dealer, currency)
    deposits = sum(
        amount
        for docs in past.get(DepositAccount, dealer, currency).held.values()
        for amount in docs.values()
    )
    unsigned, uninvoiced = _on_the_way(past, credit)
    limit = credit.limit_on(today)
    exposure = credit_policy.exposure(account, credit) - deposits
    disputes = past.get(Statement, dealer, period).disputes.values()
    return Memo(
        unapplied_deposits=deposits,
        unapplied_money=sum(account.unapplied.values()),
        security_deposit=past.get(SecurityDeposit, dealer, currency).held,
        shipped_not_signed=unsigned,
        delivered_not_invoiced=uninvoiced,
        rebates=_rebates(past, dealer),
        claims_in_review=sum(past.get(IncentiveBook, dealer).pending.values()),
        disputed=sum(one.amount for one in disputes if one.state != REJECTED),
        credit_limit=limit,
        exposure=exposure,
        available=limit - exposure,
        ageing=aged(documents, on),
        open_documents=tuple(documents),
    )


def _on_the_way(past: Past, credit: CreditLine) -> tuple[int, int]:
    """Gross amounts shipped and not signed for, and signed for and not invoiced."""
    unsigned = 0
    shipped = credit.buckets.get(SHIPPED, {})
    for so in shipped:
        lines = past.get(Order, so).lines.values()
        unsigned += sum(line.amounts(line.delivered, line.shipped).gross for line in lines)
    return unsigned, max(0, sum(shipped.values()) - unsigned)


def _rebates(past: Past, dealer: str) -> tuple[RebateMemo, ...]:
    found = []
    for name in past.get(IncentiveBook, dealer).policies:
        rebate, terms = past.get(Rebate, dealer, name), past.get(IncentivePolicy, name).terms
        left = rebate.accrued - rebate.settled
        held = rebates.withheld(terms, rebate.base, rebate.doubtful) if terms else 0
        if left:
            found.append(RebateMemo(policy=name, accrued=left, withheld=held))
    return tuple(found)
