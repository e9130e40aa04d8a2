"""Referring: a reference of the bank stands for one movement of money, in or out (INV-AC-8)."""

from __future__ import annotations

from domain.accounts.refusals import DuplicateBankRef
from domain.company.unique_key import UniqueKey
from domain.kernel.aggregate import Log
from domain.kernel.stamp import Stamp

KIND = "bank-ref"


def booked_before(log: Log, bank_ref: str) -> list[DuplicateBankRef]:
    """Say whether a reference was booked, and as which document."""
    booked = log.get(UniqueKey, KIND, bank_ref)
    return [DuplicateBankRef(bank_ref=bank_ref, receipt=booked.owner)] if booked.exists else []


def book_reference(log: Log, bank_ref: str, doc: str, stamp: Stamp) -> None:
    """Book a reference as a document; raises DuplicateBankRef."""
    log.get(UniqueKey, KIND, bank_ref).claim(doc, DuplicateBankRef, stamp)
