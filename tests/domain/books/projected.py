"""Read models folded from a log in memory, and compared with the aggregates of that log."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import Table

from domain.accounts.credit_line import CreditLine
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.deposit_account import DepositAccount
from domain.accounts.security_deposit import SecurityDeposit
from domain.accounts.statement import Statement
from domain.books import chart
from domain.books.journal_batch import JournalBatch
from domain.books.period import OPEN, Period
from projections.effects import Fact
from projections.folding import Fold
from projections.money import dealer_statements, journal, reconciliation, sales
from tests.domain.books.laws import entries_of, totals
from tests.domain.laws import all_of
from tests.domain.support import MemoryLog, instant

READ = [one.PROJECTION for one in (journal, reconciliation, dealer_statements, sales)]
KNOWN = instant("2026-06-01")


class Tables:
    """Rows of the read models of money, as a log makes them."""

    def __init__(self, log: MemoryLog) -> None:
        self.fold = Fold()
        for position, (stream, version, event) in enumerate(log.journal, 1):
            for projection in READ:
                self.fold.take(projection, Fact(position, stream, version, KNOWN, "", event))

    def rows(self, table: Table) -> dict[tuple[Any, ...], dict[str, Any]]:
        """Rows of a state table by their key; what was never said counts as nothing."""
        names = [column.name for column in table.columns]
        keys = [column.name for column in table.primary_key]
        return {
            key: {name: row.puts.get(name, row.adds.get(name, 0)) for name in names}
            | dict(zip(keys, key, strict=True))
            for key, row in self.fold.rows.get(table, {}).items()
            if not row.gone
        }

    def moved(self, table: Table) -> list[dict[str, Any]]:
        """Rows of a table of movements, with nothing where nothing was said."""
        amounts = dict.fromkeys(("debit", "credit", "net", "cost", "gross"), 0)
        return [amounts | row for row in self.fold.appended.get(table, [])]


def ledgers_agree(log: MemoryLog, tables: Tables) -> None:
    """Journal, account totals, periods and batches."""
    debit, credit = Counter[Any](), Counter[Any]()
    for row in tables.moved(journal.journal):
        key = row["period"], row["account"]
        debit[key] += row["debit"]
        credit[key] += row["credit"]
        assert row["entry_no"] == f"{row['period']}-{row['number']:06}"
        assert row["account_name"] == chart.CHART[row["account"]]
    known = tables.rows(journal.account_totals)
    mine, theirs = Counter[Any](), Counter[Any]()
    for one in all_of(log, Period):
        mine.update({(one.key, account): amount for account, amount in one.debits.items()})
        theirs.update({(one.key, account): amount for account, amount in one.credits.items()})
    assert +debit == +mine == +Counter({key: row["debit"] for key, row in known.items()})
    assert +credit == +theirs == +Counter({key: row["credit"] for key, row in known.items()})
    told = tables.rows(journal.periods)
    begun = [one for one in all_of(log, Period) if one.entries or one.state != OPEN]
    for one in begun:
        row = told[one.key,]
        stands = (row["state"], row["entries"], row["revision"])
        assert stands == (one.state, one.entries, one.revision)
    batches = tables.rows(journal.journal_batches)
    for one in all_of(log, JournalBatch):
        row = batches[one.key,]
        assert (row["state"], row["first"], row["last"]) == (one.state, one.first, one.last)


def accounts_agree(log: MemoryLog, tables: Tables) -> None:
    """Balances, open items and entries."""
    balances = tables.rows(reconciliation.dealer_balance)
    items = tables.rows(reconciliation.open_items)
    entered: dict[str, Counter[str]] = {}
    for row in tables.moved(reconciliation.ledger_entries):
        of_dealer = entered.setdefault(row["dealer"], Counter())
        of_dealer[row["item"]] += row["debit"] - row["credit"]
        assert (row["debit"] > 0) != (row["credit"] > 0)
        assert row["period"] == f"{row['accounting_date']:%Y-%m}"
    for one in all_of(log, DealerAccount):
        row = balances[one.dealer, "CNY"]
        held = log.get(DepositAccount, one.dealer, "CNY").held.values()
        credit = log.get(CreditLine, one.dealer, "CNY")
        assert row["open"] == one.open()
        assert row["unapplied"] == sum(one.unapplied.values())
        assert row["deposits"] == sum(amount for docs in held for amount in docs.values())
        assert row["security_deposit"] == log.get(SecurityDeposit, one.dealer, "CNY").held
        for bucket in ("ORDERED", "SHIPPED"):
            assert row[bucket.lower()] == sum(credit.buckets.get(bucket, {}).values())
        mine = {key[0]: item for key, item in items.items() if item["dealer"] == one.dealer}
        open_ = {doc: item["open"] for doc, item in mine.items() if item["open"]}
        by_entries = entered.get(one.dealer, Counter())
        assert open_ == {doc: amount for doc, amount in by_entries.items() if amount}
        assert open_ == {doc: item.open for doc, item in one.items.items()}
        for doc, item in one.items.items():
            assert (mine[doc]["gross"], mine[doc]["due"]) == (item.gross, item.due)
    for dealer, by_item in entered.items():
        assert sum(by_item.values()) == sum(one.amount for one in entries_of(log, dealer))


def deposits_agree(log: MemoryLog, tables: Tables) -> None:
    found = tables.rows(reconciliation.order_deposits)
    for one in all_of(log, DepositAccount):
        mine = [row for row in found.values() if row["dealer"] == one.key.partition("/")[0]]
        open_ = {(row["so"], row["doc"]): row["open"] for row in mine if row["open"]}
        held = [(so, docs) for so, docs in one.held.items()]
        assert open_ == {(so, doc): left for so, docs in held for doc, left in docs.items()}
        assert all(0 <= row["open"] <= row["received"] for row in mine)


def statements_agree(log: MemoryLog, tables: Tables) -> None:
    """The latest version stands as the aggregate does; all before it are superseded."""
    rows, disputes = (
        tables.rows(table)
        for table in (dealer_statements.dealer_statements, dealer_statements.statement_disputes)
    )
    for one in all_of(log, Statement):
        for number in range(1, one.version_no + 1):
            row = rows[one.dealer, one.period, number]
            latest = number == one.version_no
            assert row["state"] == (one.state if latest else "SUPERSEDED")
            stream = log.journal[row["issued_position"] - 1][0]
            assert stream == one.stream
        assert (row["digest"], row["closing"]) == (one.digest, one.closing)
        for line, dispute in one.disputes.items():
            told = disputes[one.dealer, one.period, line]
            assert (told["state"], told["amount"]) == (dispute.state, dispute.amount)


def sales_agree(log: MemoryLog, tables: Tables) -> None:
    """10.7: revenue by the ledger is that of the sales report."""
    balance = totals(log)
    facts = [row for row in tables.moved(sales.sales_facts) if row["basis"] == sales.RECOGNISED]
    assert sum(row["net"] for row in facts) == -balance[chart.REVENUE]
    assert sum(row["cost"] for row in facts) == balance[chart.COST_OF_SALES]


AGREEMENTS = (ledgers_agree, accounts_agree, deposits_agree, statements_agree, sales_agree)


def all_agree(log: MemoryLog) -> None:
    tables = Tables(log)
    for agreement in AGREEMENTS:
        agreement(log, tables)
