"""Handing over: journal entries in batches to finance's system, and what it says to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.accounts.dealer_account import DealerAccount
from domain.books.journal_batch import ACCEPTED, Faulty, JournalBatch
from domain.books.period import CLOSED, Period
from domain.books.refusals import NothingToExport
from domain.books.roll import Roll
from domain.flows.company.acting import FINANCE, only
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings


@dataclass(frozen=True, kw_only=True)
class ExportJournal:
    """Put every entry of a period (YYYY-MM) that finance has not got yet into a batch."""

    period: str


def export_journal(log: Log, stamp: Stamp, command: ExportJournal) -> dict[str, Any]:
    """Export the journal. The batch is read, byte for byte and as often as needed, by its number.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, NOTHING_TO_EXPORT.
    """
    only(FINANCE, stamp)
    period = existing(log, Period, command.period)
    first, last, seq = period.exported + 1, period.entries, period.batches + 1
    if first > last:
        raise NothingToExport(period=period.key, entries=period.entries)
    before = log.get(JournalBatch, period.key, str(seq - 1))
    debit, credit = sum(period.debits.values()), sum(period.credits.values())
    exported = JournalBatch.Exported(
        stamp.by,
        stamp.at,
        period=period.key,
        seq=seq,
        first=first,
        last=last,
        debit=debit - before.debit_so_far,
        credit=credit - before.credit_so_far,
        debit_so_far=debit,
        credit_so_far=credit,
    )
    log.get(JournalBatch, period.key, str(seq)).record(exported)
    period.record(Period.BatchMade(stamp.by, stamp.at, seq=seq, last=last))
    return {
        "batch": f"{period.key}/{seq}",
        "first": first,
        "last": last,
        "debit": exported.debit,
        "credit": exported.credit,
    }


@dataclass(frozen=True, kw_only=True)
class AcknowledgeJournal:
    """Say that finance's system took a batch, under its own voucher number."""

    period: str
    seq: int
    voucher_no: str


def acknowledge_journal(log: Log, stamp: Stamp, command: AcknowledgeJournal) -> dict[str, Any]:
    """Acknowledge a batch; with the last one of a closed period the period is exported.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED.
    """
    only(FINANCE, stamp)
    batch, findings = existing(log, JournalBatch, command.period, str(command.seq)), Findings()
    findings.identifier(command.voucher_no, "voucher_no")
    findings.refuse()
    batch.accept(command.voucher_no, stamp)
    period = existing(log, Period, command.period)
    end_when_taken(log, period, stamp.automatic("closing"))
    return {"batch": batch.key, "state": batch.state, "period_state": period.state}


def end_when_taken(log: Log, period: Period, stamp: Stamp) -> None:
    """End a closed period of which finance has accepted every entry, and its dealers' month."""
    seqs = range(1, period.batches + 1)
    taken = all(log.get(JournalBatch, period.key, str(seq)).state == ACCEPTED for seq in seqs)
    if period.state != CLOSED or not taken or period.exported != period.entries:
        return
    period.end(stamp)
    for dealer in log.get(Roll, stamp.currency).dealers:
        log.get(DealerAccount, dealer, stamp.currency).end_month(period.key, stamp)


@dataclass(frozen=True, kw_only=True)
class RejectJournal:
    """Say which entries of a batch finance's system did not take, and why.

    They are corrected by entries of their own: nothing that was posted is changed.
    """

    period: str
    seq: int
    faults: list[Faulty]


def reject_journal(log: Log, stamp: Stamp, command: RejectJournal) -> dict[str, Any]:
    """Reject entries of a batch.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, INVALID_STATE.
    """
    only(FINANCE, stamp)
    batch, findings = existing(log, JournalBatch, command.period, str(command.seq)), Findings()
    findings.field(command.faults, "faults", "at least one entry")
    for place, one in enumerate(command.faults):
        inside = batch.first <= one.entry <= batch.last
        findings.field(inside, f"faults[{place}].entry", f"{batch.first} to {batch.last}")
        findings.field(one.code.strip(), f"faults[{place}].code", "a code")
    findings.refuse()
    batch.reject(tuple(command.faults), stamp)
    return {"batch": batch.key, "state": batch.state}
