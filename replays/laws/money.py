"""Laws of money: double entry, and accounts that add up to it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, select

from domain.books.chart import RECEIVABLES
from projections.money.journal import account_totals, journal
from projections.money.reconciliation import (
    dealer_balance,
    dealer_statement_lines,
    ledger_entries,
    open_items,
)
from replays.laws.law import Law, Side, unequal


def _entries_balance() -> Select[Any]:
    one = journal.c
    debit, credit = func.sum(one.debit), func.sum(one.credit)
    sums = select(one.entry_no, debit.label("debit"), credit.label("credit"))
    return sums.group_by(one.entry_no).having(debit != credit)


def _totals_are_sums() -> Select[Any]:
    return unequal(_all(account_totals, "period", "account"), _all(journal, "period", "account"))


def _all(table: Table, *keys: str) -> Side:
    """Debits and credits of a table, by some of its columns."""
    return [table.c[name] for name in keys], [table.c.debit, table.c.credit], None


def _balances_are_open_items() -> Select[Any]:
    return unequal(
        _owed(dealer_balance, dealer_balance.c.open), _owed(open_items, open_items.c.open)
    )


def _balances_are_entries() -> Select[Any]:
    entry = ledger_entries.c
    return unequal(
        _owed(dealer_balance, dealer_balance.c.open),
        _owed(ledger_entries, entry.debit - entry.credit),
    )


def _owed(table: Table, amount: ColumnElement[Any]) -> Side:
    return [table.c.dealer, table.c.currency], [amount], None


def _statement_lines_are_entries() -> Select[Any]:
    entry, line = ledger_entries.c, dealer_statement_lines.c
    entered = [entry.dealer, entry.currency, entry.period], [entry.debit - entry.credit], None
    stated = [line.dealer, line.currency, line.period], [line.gross], None
    return unequal(entered, stated)


def _receivables_are_balances() -> Select[Any]:
    line, one = journal.c, dealer_balance.c
    posted = [line.dealer], [line.debit - line.credit], line.account == RECEIVABLES
    return unequal(([one.dealer], [one.open], None), posted)


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
