"""What must be true of the ledger, the dealers' accounts and their statements, whatever happened."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date
from typing import Any

from domain.accounts import account_events, statement_events
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.deposit_account import DepositAccount
from domain.accounts.entry import Entry
from domain.accounts.security_deposit import SecurityDeposit
from domain.accounts.statement import Statement
from domain.books import chart
from domain.books.period import Period, before, last_day
from domain.incentives.claim import Claim
from domain.policies import stating
from projections.money.ageing import ageing
from tests.domain.laws import all_of
from tests.domain.support import MemoryLog


def totals(log: MemoryLog) -> Counter[str]:
    """Debits less credits by account, over all periods."""
    found = Counter[str]()
    for one in all_of(log, Period):
        for account in {*one.debits, *one.credits}:
            found[account] += one.balance(account)
    return found


def posted(log: MemoryLog) -> list[tuple[str, Period.EntryPosted]]:
    """Entries with their periods, in the order in which they were posted."""
    return [
        (stream.partition("/")[2], event)
        for stream, _, event in log.journal
        if isinstance(event, Period.EntryPosted)
    ]


def entries_of(log: MemoryLog, dealer: str, upto: int | None = None) -> list[Entry]:
    """Entries of a dealer's account by its facts alone, up to a place of the journal."""
    mine = f"{DealerAccount.CATEGORY}/{dealer}/CNY"
    journal = log.journal if upto is None else log.journal[:upto]
    return [one for stream, _, event in journal if stream == mine for one in event.entries()]


def entries_balance_and_are_numbered(log: MemoryLog) -> None:
    """INV-AC-1: every entry balances, and no number is missing."""
    last = Counter[str]()
    for period, event in posted(log):
        assert sum(one.debit for one in event.lines) == sum(one.credit for one in event.lines) > 0
        assert all((one.debit > 0) != (one.credit > 0) for one in event.lines)
        assert all(one.debit >= 0 <= one.credit for one in event.lines)
        assert period == f"{event.day:%Y-%m}"
        assert event.effective is None or event.effective < event.day
        last[period] += 1
        assert event.number == last[period]


def trial_balance_is_zero(log: MemoryLog) -> None:
    """INV-AC-1."""
    assert sum(totals(log).values()) == 0


def control_accounts_are_their_sub_ledgers(log: MemoryLog) -> None:
    """INV-AC-4 and 4.8: receivables, advances, security deposits and claims."""
    balance, accounts = totals(log), all_of(log, DealerAccount)
    held = [one.held for one in all_of(log, DepositAccount)]
    deposits = sum(
        amount for orders in held for docs in orders.values() for amount in docs.values()
    )
    unapplied = sum(sum(one.unapplied.values()) for one in accounts)
    secured = sum(one.held for one in all_of(log, SecurityDeposit))
    claims = sum(one.approved - one.settled for one in all_of(log, Claim))

    assert balance[chart.RECEIVABLES] == sum(one.open() for one in accounts)
    assert balance[chart.ADVANCES] == -(unapplied + deposits)
    assert balance[chart.SECURITY_DEPOSITS] == -secured
    assert balance[chart.CLAIMS_PAYABLE] == -claims


def receivables_of_each_dealer_are_its_account(log: MemoryLog) -> None:
    """4.8: 1122 by dealer."""
    found = Counter[str]()
    for _, event in posted(log):
        for one in event.lines:
            if one.account == chart.RECEIVABLES:
                found[event.dealer] += one.debit - one.credit
    assert +found == +Counter({one.dealer: one.open() for one in all_of(log, DealerAccount)})


def accounts_are_what_their_entries_come_to(log: MemoryLog) -> None:
    """INV-AC-2 and INV-AC-3: open items, entries, months and ageing agree."""
    for account in all_of(log, DealerAccount):
        by_item = Counter[str]()
        for one in entries_of(log, account.dealer):
            by_item[one.item] += one.amount
        open_ = {doc: item.open for doc, item in account.items.items()}
        assert {doc: amount for doc, amount in by_item.items() if amount} == open_
        assert all(0 < item.open <= item.gross for item in account.items.values())
        assert all(amount > 0 for amount in account.unapplied.values())
        assert account.open() == sum(item.open for item in account.items.values())
        assert account.dues == Counter(item.due for item in account.items.values())
        told = [{"due": item.due, "open": item.open} for item in account.items.values()]
        aged = ageing(told, date(2026, 5, 1))
        assert sum(one for name, one in aged.items() if name != "on") == account.open()


def months_follow_each_other(log: MemoryLog) -> None:
    """INV-RC-1: the next month opens with what this one closes with, figure by figure."""
    for account in all_of(log, DealerAccount):
        every = entries_of(log, account.dealer)
        months = sorted({*account.months, "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"})
        closing = 0
        for month in months:
            opening = account.balance_before(month)
            assert opening == closing
            mine = [one for one in every if f"{one.day:%Y-%m}" == month]
            told = stating.figures(opening, mine)
            closing = told.closing
            more = told.invoices + told.adjustments + told.penalties
            credited = told.returns + told.price_credits + told.rebates + told.claims
            less = credited + told.deposits + told.payments + told.write_offs
            assert told.opening + more - less == closing
        assert closing == account.open()


def documents_are_numbered_without_gaps(log: MemoryLog) -> None:
    """INV-AC-7."""
    docs: dict[str, dict[int, bool]] = defaultdict(dict)
    for _, _, event in log.journal:
        if isinstance(event, account_events.AccountEvent | Claim.Settled):
            doc = str(getattr(event, "doc", ""))
            if re.fullmatch(r"(INV|CN|ADJ|BDW|CS|PEN)-[0-9]{4}-[0-9]{3}", doc):
                series, _, number = doc.rpartition("-")
                docs[series][int(number)] = True
                assert series.endswith(f"{event.accounting_date:%y%m}") or "applied" in event.TOPIC
    for numbers in docs.values():
        assert list(numbers) == list(range(1, len(numbers) + 1))


def closed_periods_stay_as_they_were(log: MemoryLog) -> None:
    """INV-AC-5: totals of a closed period are those of its closing."""
    last: dict[str, Period.Closed] = {}
    for stream, _, event in log.journal:
        if isinstance(event, Period.Closed):
            last[stream.partition("/")[2]] = event
    for period in all_of(log, Period):
        if period.is_closed:
            told = last[period.key].control
            assert period.control(told.receivables) == told
            until = [one for one in all_of(log, Period) if one.key <= period.key]
            assert told.receivables == sum(one.balance(chart.RECEIVABLES) for one in until)
            for account in all_of(log, DealerAccount):
                assert account.is_locked(period.key)


def signed_statements_stand(log: MemoryLog) -> None:
    """INV-RC-1 and INV-RC-2: what was signed is what the next month opens with."""
    for one in all_of(log, Statement):
        if one.signed_version:
            account = log.get(DealerAccount, one.dealer, "CNY")
            following = f"{last_day(one.period).toordinal() + 1}"
            month = date.fromordinal(int(following))
            assert before(f"{month:%Y-%m}") == one.period
            assert one.closing == account.balance_before(f"{month:%Y-%m}")
            assert one.signed_version == one.version_no
        alive = sum(each.amount for each in one.disputes.values() if each.state != "REJECTED")
        assert one.confirmed_amount == one.closing - alive


def statements_can_be_drawn_up_again(log: MemoryLog) -> None:
    """INV-RC-3: by the facts before its issue, each version has the content it was issued with."""
    for place, (stream, _, event) in enumerate(log.journal):
        if isinstance(event, statement_events.Issued):
            dealer, period = stream.split("/")[1:]
            found = entries_of(log, dealer, upto=place)
            opening = sum(one.amount for one in found if f"{one.day:%Y-%m}" < period)
            mine = [one for one in found if f"{one.day:%Y-%m}" == period]
            assert stating.digest(dealer, period, "CNY", opening, mine) == event.digest
            assert stating.figures(opening, mine) == event.figures
            assert stating.documents(mine) == event.documents


AT_EVERY_STEP: tuple[Any, ...] = (
    trial_balance_is_zero,
    control_accounts_are_their_sub_ledgers,
    receivables_of_each_dealer_are_its_account,
    accounts_are_what_their_entries_come_to,
    months_follow_each_other,
    closed_periods_stay_as_they_were,
    signed_statements_stand,
)
IN_THE_END: tuple[Any, ...] = (
    entries_balance_and_are_numbered,
    documents_are_numbered_without_gaps,
    statements_can_be_drawn_up_again,
)
