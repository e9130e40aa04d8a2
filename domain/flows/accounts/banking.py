"""Banking: statements of the bank, line by line: known payers' money is booked at once.

Lines that look alike are kept, each for itself; a line that came before, with this statement or
another, adds nothing. What was entered by hand before the bank told it is not booked twice.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

import msgspec

from domain.accounts.bank_statement import BankLine, BankStatement
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.refusals import (
    CurrencyMismatch,
    DuplicateStatement,
    FootingWrong,
)
from domain.books.roll import Roll
from domain.flows.accounts import bank_lines
from domain.flows.accounts.settling import RecordPayment, RemittanceLine, record_payment
from domain.flows.books.dating import is_open
from domain.flows.company.acting import FINANCE, only
from domain.kernel.aggregate import Log, existing
from domain.kernel.money import LARGEST_AMOUNT
from domain.kernel.refusal import FutureDated
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.parties.dealer import Dealer

_WORD = re.compile(r"[A-Za-z]+-[0-9A-Za-z-]*[0-9]")


@dataclass(frozen=True, kw_only=True)
class StatedBankLine:
    """A line as the bank's file has it; ``amount`` in minor units, money out below 0."""

    value_date: date
    amount: int
    bank_ref: str = ""
    payer: str = ""
    payer_account: str = ""
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class ImportBankStatement:
    """Take a bank statement in. Balances in minor units, where the file tells them."""

    account: str
    reference: str
    currency: str
    lines: list[StatedBankLine]
    opening: int | None = None
    closing: int | None = None


def import_bank_statement(log: Log, stamp: Stamp, command: ImportBankStatement) -> dict[str, Any]:
    """Import a statement; importing it again adds nothing. For finance.

    Refuses FORBIDDEN_ROLE, VALIDATION_FAILED, CURRENCY_MISMATCH, FOOTING_WRONG, FUTURE_DATED,
    DUPLICATE_STATEMENT.
    """
    only(FINANCE, stamp)
    findings = Findings()
    findings.identifier(command.account, "account")
    findings.identifier(command.reference, "reference")
    ours = command.currency == stamp.currency
    findings.require(ours, CurrencyMismatch(currency=command.currency, account=stamp.currency))
    for place, line in enumerate(command.lines):
        fine = 0 < abs(line.amount) <= LARGEST_AMOUNT
        findings.field(fine, f"lines[{place}].amount", "not 0, and within bounds")
        ahead = line.value_date > stamp.entered
        findings.require(not ahead, FutureDated(field=f"lines[{place}].value_date"))
    _check_footing(command, findings)
    findings.refuse()
    statement = log.get(BankStatement, command.account, command.reference)
    told = msgspec.json.encode((command.account, command.opening, command.closing, command.lines))
    digest = sha256(told).hexdigest()
    if statement.exists:
        if statement.digest != digest:
            raise DuplicateStatement(account=command.account, reference=command.reference)
        bank_lines.book_by_hand(log, statement, stamp.automatic("banking"))
        return _standing(statement, 0, [], [])
    return _take_in(log, statement, command, digest, stamp)


@dataclass(frozen=True, kw_only=True)
class AssignBankLine:
    """Say whose money a line is that nobody could be found for, and book it.

    A third party's payment needs a ``mandate``.
    """

    account: str
    reference: str
    line: str
    dealer_id: str
    mandate: str | None = None
    remittance: list[RemittanceLine] = field(default_factory=list)


def assign_bank_line(log: Log, stamp: Stamp, command: AssignBankLine) -> dict[str, Any]:
    """Assign a line to a dealer. For finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, LINE_ASSIGNED, PAYER_MISMATCH, VALIDATION_FAILED,
    DUPLICATE_BANK_REF, ITEM_CLOSED, OVERALLOCATED.
    """
    only(FINANCE, stamp)
    statement = existing(log, BankStatement, command.account, command.reference)
    line = statement.open_line(command.line)
    findings = Findings()
    findings.field(line.amount > 0, "line", "money that came in")
    findings.refuse()
    told = _book(
        log, statement, line, command.dealer_id, command.remittance, command.mandate, stamp
    )
    return {"line": line.ref} | told


def _check_footing(command: ImportBankStatement, findings: Findings) -> None:
    if command.opening is None or command.closing is None:
        return
    comes_to = command.opening + sum(one.amount for one in command.lines)
    fits = comes_to == command.closing
    findings.require(fits, FootingWrong(comes_to=comes_to, closing=command.closing))


def _take_in(
    log: Log,
    statement: BankStatement,
    command: ImportBankStatement,
    digest: str,
    stamp: Stamp,
) -> dict[str, Any]:
    named = bank_lines.told_apart(log, command.account, [_line(one) for one in command.lines])
    fresh = [line for line, known in named if not known]
    known = [line.ref for line, known in named if known]
    automatic = stamp.automatic("banking")
    for line in fresh:
        bank_lines.enter(log, command.account, command.reference, line, automatic)
    statement.record(
        BankStatement.Imported(
            stamp.by,
            stamp.at,
            account=command.account,
            reference=command.reference,
            opening=command.opening,
            closing=command.closing,
            digest=digest,
            lines=tuple(fresh),
            known=tuple(known),
        )
    )
    bank_lines.book_by_hand(log, statement, automatic)
    payers, receipts = _payers(log, stamp), []
    for line in statement.waiting:
        dealer = payers.get(_plain(line.payer))
        if dealer and not bank_lines.reference(log, command.account, line.ref)[1]:
            told = _book(
                log, statement, line, dealer, _named_in(log, dealer, line, stamp), None, stamp
            )
            receipts.append({"line": line.ref, "dealer": dealer, "receipt": told["receipt"]})
    return _standing(statement, len(fresh), known, receipts)


def _line(line: StatedBankLine) -> BankLine:
    return BankLine(
        ref=_reference(line),
        value_date=line.value_date,
        amount=line.amount,
        payer=line.payer,
        payer_account=line.payer_account,
        text=line.text,
    )


def _reference(line: StatedBankLine) -> str:
    """The bank's own reference of a line, or one that is made of what it says."""
    name = line.bank_ref.strip()
    if not name:
        told = (line.value_date, line.amount, line.payer, line.payer_account, line.text)
        name = f"LINE-{sha256(msgspec.json.encode(told)).hexdigest()[:16]}"
    return bank_lines.short(name.replace("/", "|"))


def _book(  # noqa: PLR0913 - which line, whose money, for what, by whose leave
    log: Log,
    statement: BankStatement,
    line: BankLine,
    dealer: str,
    remittance: list[RemittanceLine],
    mandate: str | None,
    stamp: Stamp,
) -> dict[str, Any]:
    late = not is_open(log, line.value_date, dealer, stamp)
    told = record_payment(
        log,
        stamp,
        RecordPayment(
            dealer_id=dealer,
            bank_ref=bank_lines.reference(log, statement.account, line.ref)[0],
            value_date=line.value_date,
            amount=line.amount,
            currency=stamp.currency,
            payer_name=_as_known(log, dealer, line.payer),
            remittance=remittance,
            accounting_date=stamp.entered if late else None,
            mandate=mandate,
        ),
    )
    doc = told["receipt"] or told["deposits"][0]
    bank_lines.book(log, statement, line, dealer, doc, stamp.automatic("banking"))
    return {"dealer": dealer, "receipt": doc, "unapplied": told["unapplied"]}


def _named_in(log: Log, dealer: str, line: BankLine, stamp: Stamp) -> list[RemittanceLine]:
    """Documents that a text names, where what is open of them is what was paid."""
    items = log.get(DealerAccount, dealer, stamp.currency).items
    named = dict.fromkeys(word for word in _WORD.findall(line.text) if word in items)
    whole = sum(items[doc].open for doc in named)
    if not named or whole != line.amount:
        return []
    return [RemittanceLine(doc_no=doc, amount=items[doc].open) for doc in named]


def _payers(log: Log, stamp: Stamp) -> dict[str, str]:
    """Dealers with an account by their legal name; a name that two have is nobody's."""
    names = Counter[str]()
    found = {}
    for dealer in log.get(Roll, stamp.currency).dealers:
        name = _plain(existing(log, Dealer, dealer).known.legal_name)
        names[name] += 1
        found[name] = dealer
    return {name: dealer for name, dealer in found.items() if names[name] == 1}


def _as_known(log: Log, dealer: str, payer: str) -> str:
    """A payer's name as we write it, where the bank only spells it differently."""
    legal = existing(log, Dealer, dealer).known.legal_name
    return legal if _plain(payer) == _plain(legal) else payer


def _plain(name: str) -> str:
    """Names are compared without case, width and spaces."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _standing(
    statement: BankStatement, fresh: int, known: list[str], receipts: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "statement": statement.key,
        "new": fresh,
        "known": len(known),
        "receipts": receipts,
        "unassigned": [line.ref for line in statement.waiting],
    }
