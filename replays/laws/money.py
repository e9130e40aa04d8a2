"""Laws of money: double entry, and accounts that add up to it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, Table, and_, func, or_, select

from domain.books.chart import RECEIVABLES
from projections.money.journal import account_totals, journal
from projections.money.reconciliation import (
    dealer_balance,
    dealer_statement_lines,
    ledger_entries,
    open_items,
)
from replays.laws.law import Law


def _entries_balance() -> Select[Any]:
    one = journal.c
    debit, credit = func.sum(one.debit), func.sum(one.credit)
    sums = select(one.entry_no, debit.label("debit"), credit.label("credit"))
    return sums.group_by(one.entry_no).having(debit != credit)


def _totals_are_sums() -> Select[Any]:
    line, total = journal.c, account_totals.c
    sums = select(
        line.period,
        line.account,
        func.sum(line.debit).label("debit"),
        func.sum(line.credit).label("credit"),
    ).group_by(line.period, line.account)
    summed = sums.subquery()
    same = and_(total.period == summed.c.period, total.account == summed.c.account)
    joined = select(total.period, total.account, total.debit, total.credit)
    joined = joined.select_from(account_totals.outerjoin(summed, same))
    return joined.where(
        or_(
            func.coalesce(summed.c.debit, 0) != total.debit,
            func.coalesce(summed.c.credit, 0) != total.credit,
        )
    )


def _receivables_are_balances() -> Select[Any]:
    line, one = journal.c, dealer_balance.c
    posted = select(line.dealer, func.sum(line.debit - line.credit).label("posted"))
    posted = posted.where(line.account == RECEIVABLES).group_by(line.dealer)
    owed = select(one.dealer, func.sum(one.open).label("open")).group_by(one.dealer)
    books, accounts = posted.subquery(), owed.subquery()
    joined = select(accounts.c.dealer, accounts.c.open, books.c.posted)
    joined = joined.select_from(accounts.outerjoin(books, accounts.c.dealer == books.c.dealer))
    return joined.where(accounts.c.open != func.coalesce(books.c.posted, 0))


def _balances_are_open_items() -> Select[Any]:
    return _sums_to(dealer_balance, "open", open_items, open_items.c.open)


def _balances_are_entries() -> Select[Any]:
    entry = ledger_entries.c
    return _sums_to(dealer_balance, "open", ledger_entries, entry.debit - entry.credit)


def _statement_lines_are_entries() -> Select[Any]:
    entry, line = ledger_entries.c, dealer_statement_lines.c
    entered = _by_month(ledger_entries, entry.debit - entry.credit)
    stated = _by_month(dealer_statement_lines, line.gross)
    same = and_(*(entered.c[name] == stated.c[name] for name in ("dealer", "currency", "period")))
    joined = select(entered, stated.c.amount.label("stated"))
    joined = joined.select_from(entered.outerjoin(stated, same))
    return joined.where(entered.c.amount != func.coalesce(stated.c.amount, 0))


def _sums_to(balances: Table, name: str, parts: Table, amount: Any) -> Select[Any]:
    """Accounts whose column is not the sum of an amount over other rows of the account."""
    place = ("dealer", "currency")
    sums = select(*(parts.c[one] for one in place), func.sum(amount).label("summed"))
    summed = sums.group_by(*(parts.c[one] for one in place)).subquery()
    same = and_(*(balances.c[one] == summed.c[one] for one in place))
    query = select(*(balances.c[one] for one in place), balances.c[name], summed.c.summed)
    query = query.select_from(balances.outerjoin(summed, same))
    return query.where(balances.c[name] != func.coalesce(summed.c.summed, 0))


def _by_month(table: Table, amount: Any) -> Any:
    names = [table.c[name] for name in ("dealer", "currency", "period")]
    return select(*names, func.sum(amount).label("amount")).group_by(*names).subquery()


LAWS = (
    Law("ENTRIES_BALANCE", "Debits of every entry equal its credits.", _entries_balance),
    Law("TOTALS_ARE_SUMS", "Account totals are the sums of the journal.", _totals_are_sums),
    Law(
        "RECEIVABLES_ARE_BALANCES",
        "Receivables of the general ledger are what dealers owe, dealer by dealer.",
        _receivables_are_balances,
    ),
    Law(
        "BALANCES_ARE_OPEN_ITEMS",
        "What a dealer owes is the sum of its open items.",
        _balances_are_open_items,
    ),
    Law(
        "BALANCES_ARE_ENTRIES",
        "What a dealer owes is the sum of its entries.",
        _balances_are_entries,
    ),
    Law(
        "STATEMENT_LINES_ARE_ENTRIES",
        "Lines of a month's statement add up to the month's entries.",
        _statement_lines_are_entries,
    ),
)
