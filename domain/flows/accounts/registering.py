"""Registering: the tax office's number of an invoice or a red-letter note, as finance gives it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.accounts.invoice import Invoice
from domain.accounts.refusals import FapiaoDuplicate
from domain.company.unique_key import UniqueKey
from domain.flows.company.acting import FINANCE, only
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import FutureDated
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings


@dataclass(frozen=True, kw_only=True)
class RegisterTaxInvoice:
    """Enter the number of the tax invoice (发票号码) of a document, and its gross amount."""

    doc_no: str
    fapiao_no: str
    issued_at: date
    amount: int


def register_tax_invoice(log: Log, stamp: Stamp, command: RegisterTaxInvoice) -> dict[str, Any]:
    """Register a tax invoice. For finance; entering it again alike records nothing.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, FUTURE_DATED, FAPIAO_DUPLICATE,
    AMOUNT_MISMATCH.
    """
    only(FINANCE, stamp)
    invoice, findings = existing(log, Invoice, command.doc_no), Findings()
    findings.identifier(command.fapiao_no, "fapiao_no")
    ahead = command.issued_at > stamp.entered
    findings.require(not ahead, FutureDated(field="issued_at", day=command.issued_at))
    findings.refuse()
    number = log.get(UniqueKey, "fapiao", command.fapiao_no)
    free = not number.exists or number.owner == invoice.doc
    findings.require(free, FapiaoDuplicate(fapiao_no=command.fapiao_no, owner=number.owner))
    findings.add(*invoice.unfit(command.fapiao_no, command.amount))
    findings.refuse()
    number.claim(invoice.doc, FapiaoDuplicate, stamp)
    invoice.register(command.fapiao_no, command.issued_at, command.amount, stamp)
    return {"doc": invoice.doc, "fapiao_no": command.fapiao_no}
