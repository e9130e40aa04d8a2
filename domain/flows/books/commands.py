"""What can be asked about the general ledger: closing periods, handing the journal over."""

from __future__ import annotations

from domain.flows.books import closing, handing_over
from domain.flows.flow import Flows

FLOWS: Flows = {
    closing.SoftClosePeriod: closing.soft_close_period,
    closing.ClosePeriod: closing.close_period,
    closing.ReopenPeriod: closing.reopen_period,
    handing_over.ExportJournal: handing_over.export_journal,
    handing_over.AcknowledgeJournal: handing_over.acknowledge_journal,
    handing_over.RejectJournal: handing_over.reject_journal,
}
