"""The journal (凭证): every line of double entry, and what finance has got of it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import BigInteger, Column, Date, Index

from domain.books.chart import CHART
from domain.books.journal_batch import ACCEPTED, EXPORTED, REJECTED, JournalBatch
from domain.books.period import CLOSED, REOPENED, SOFT_CLOSED, Period
from domain.books.period import EXPORTED as ALL_EXPORTED
from domain.books.roll import Roll
from projections.columns import count, key, movement_table, state_table, text
from projections.effects import Add, Append, Change, Fact, Projection, Put, events_in

journal = movement_table(
    "journal",
    "Every line of every entry of the general ledger. Debits equal credits. Minor units.",
    text("entry_no", "Number of the entry: period and its place there, without gaps."),
    text("period", "Period (YYYY-MM)."),
    Column("number", BigInteger, comment="Number of the entry within its period."),
    Column("accounting_date", Date, comment="Date that decides the period."),
    Column("effective_date", Date, comment="Day of an earlier, closed period that it concerns."),
    text("account", "Account."),
    text("account_name", "Name of the account."),
    count("debit", "Debit."),
    count("credit", "Credit."),
    text("dealer", "Dealer, where it concerns one."),
    text("doc", "Document."),
    text("cause", "Topic of the fact that was posted."),
    text("source", "Stream and version of that fact."),
    Index("ix_journal_period", "period", "number"),
    Index("ix_journal_account", "account", "period"),
)

account_totals = state_table(
    "account_totals",
    "Debits and credits of every account and period. Minor units.",
    key("period", "Period (YYYY-MM)."),
    key("account", "Account."),
    count("debit", "Sum of debits."),
    count("credit", "Sum of credits."),
)

periods = state_table(
    "periods",
    "Accounting periods, and whether they are open.",
    key("period", "Period (YYYY-MM)."),
    text("state", "OPEN, SOFT_CLOSED, CLOSED, REOPENED or EXPORTED."),
    count("entries", "Entries of the journal."),
    count("revision", "How often it was closed."),
    Column("closed_debit", BigInteger, comment="Control total of debits at the last closing."),
    Column("closed_credit", BigInteger, comment="Control total of credits at the last closing."),
    Column("receivables", BigInteger, comment="What dealers owed at its end, when it was closed."),
    text("closed_by", "Who closed it last."),
    text("reason", "Why it was opened again."),
)

journal_batches = state_table(
    "journal_batches",
    "Batches of entries that were handed over to finance. Minor units.",
    key("batch", "Batch: period and number, joined by a slash."),
    text("period", "Period (YYYY-MM)."),
    text("state", "EXPORTED, ACCEPTED or REJECTED."),
    Column("first", BigInteger, comment="First entry."),
    Column("last", BigInteger, comment="Last entry."),
    count("debit", "Control total of debits."),
    count("credit", "Control total of credits."),
    text("voucher_no", "Finance's own number."),
    text("faults", "Entries that finance did not take, with the codes of the reasons."),
)


def effects(fact: Fact) -> Iterable[Change]:
    """All that this read model believes, and nothing else."""
    event = fact.event
    if fact.stream.startswith("JournalBatch/"):
        yield from _batched(fact)
        return
    if isinstance(event, Roll.PeriodBegun):
        yield Put(periods, {"period": event.period}, {"state": "OPEN"})
        return
    row = {"period": fact.key[0]}
    match event:
        case Period.EntryPosted():
            yield from _posted(fact)
        case Period.SoftClosed():
            yield Put(periods, row, {"state": SOFT_CLOSED})
        case Period.Closed(control=control):
            totals = {"closed_debit": control.debit, "closed_credit": control.credit}
            told = {"state": CLOSED, "revision": event.revision, "closed_by": event.by.user}
            yield Put(periods, row, totals | told | {"receivables": control.receivables})
        case Period.Reopened(reason=reason):
            yield Put(periods, row, {"state": REOPENED, "reason": reason})
        case Period.Exported():
            yield Put(periods, row, {"state": ALL_EXPORTED})


def _posted(fact: Fact) -> Iterable[Change]:
    event, period = fact.event, fact.key[0]
    yield Put(periods, {"period": period}, {"entries": event.number})
    head = {
        "entry_no": f"{period}-{event.number:06}",
        "period": period,
        "number": event.number,
        "accounting_date": event.day,
        "effective_date": event.effective,
        "doc": event.doc,
        "cause": event.cause,
        "source": event.source,
    }
    for seq, one in enumerate(event.lines):
        amounts = {"debit": one.debit, "credit": one.credit}
        named = {"account": one.account, "account_name": CHART.get(one.account, one.account)}
        named |= {"dealer": one.dealer or event.dealer or None}
        yield Append(journal, head | named | amounts, seq)
        yield Add(account_totals, {"period": period, "account": one.account}, amounts)


def _batched(fact: Fact) -> Iterable[Change]:
    event = fact.event
    row = {"batch": "/".join(fact.key)}
    match event:
        case JournalBatch.Exported():
            span = {"first": event.first, "last": event.last, "period": event.period}
            totals = {"debit": event.debit, "credit": event.credit, "state": EXPORTED}
            yield Put(journal_batches, row, span | totals)
        case JournalBatch.Accepted(voucher_no=voucher):
            yield Put(journal_batches, row, {"state": ACCEPTED, "voucher_no": voucher})
        case JournalBatch.Rejected(faults=faults):
            told = ", ".join(f"{one.entry}: {one.code}" for one in faults)
            yield Put(journal_batches, row, {"state": REJECTED, "faults": told})


PROJECTION = Projection(
    name="journal",
    version=1,
    tables=(journal, account_totals, periods, journal_batches),
    reads=frozenset(
        {
            *events_in(JournalBatch),
            Period.EntryPosted,
            Period.SoftClosed,
            Period.Closed,
            Period.Reopened,
            Period.Exported,
            Roll.PeriodBegun,
        }
    ),
    effects=effects,
)
