"""Bank lines by name: which have come before, and under which reference their money is booked."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from hashlib import sha256
from itertools import count

import msgspec

from domain.accounts.bank_statement import BankLine, BankStatement
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.refusals import LineAssigned
from domain.books.roll import Roll
from domain.company.unique_key import UniqueKey
from domain.flows.accounts.referring import KIND as REFERENCE
from domain.kernel.aggregate import Log
from domain.kernel.stamp import Stamp

LINE, RECEIPT = "bank-line", "bank-line-receipt"
"""Kinds of unique keys: a line of an account, the account of a document, what is booked."""

_MOST_NAME, _MOST_REFERENCE, _DIGEST = 56, 64, 16


def short(name: str, most: int = _MOST_NAME) -> str:
    """Shorten a name, so that what differs stays different; there is room for a number."""
    if len(name) <= most:
        return name
    digest = sha256(name.encode()).hexdigest()[:_DIGEST]
    return f"{name[: most - _DIGEST - 1]}~{digest}"


def told_apart(log: Log, account: str, lines: list[BankLine]) -> list[tuple[BankLine, bool]]:
    """Give every line a name of its own, and say whether it has come before.

    Look-alikes are numbered in their order. A name alone is no proof: what came before was of the
    same day and amount.
    """
    given = {line.ref for line in lines}
    used: set[str] = set()
    found = []
    for line in lines:
        named, known = _named(log, account, line, used | (given - {line.ref}))
        used.add(named.ref)
        found.append((named, known))
    return found


def enter(log: Log, account: str, statement: str, line: BankLine, stamp: Stamp) -> None:
    """Say which statement brought a line."""
    _key_of_line(log, account, line.ref).claim(statement, LineAssigned, stamp)


def reference(log: Log, account: str, ref: str) -> tuple[str, str]:
    """Reference under which a line is booked, and the document that has been booked under it.

    References of receipts are everybody's, those of lines their account's: where another account's
    line took it, ours carries the account.
    """
    doc = log.get(UniqueKey, REFERENCE, ref).owner
    whose = log.get(UniqueKey, RECEIPT, doc).owner if doc else ""
    if not whose or whose == account:
        return ref, doc
    carried = short(f"{ref}@{account}", _MOST_REFERENCE)
    return carried, log.get(UniqueKey, REFERENCE, carried).owner


def book(
    log: Log, statement: BankStatement, line: BankLine, dealer: str, doc: str, stamp: Stamp
) -> None:
    """Say what a line became, and of which account the document is."""
    log.get(UniqueKey, RECEIPT, doc).claim(statement.account, LineAssigned, stamp)
    statement.book(line.ref, dealer, doc, stamp)


def book_by_hand(log: Log, statement: BankStatement, stamp: Stamp) -> None:
    """Say of lines that wait what they became, where somebody entered them without the bank.

    A receipt of another amount is not the line's: it waits for a person.
    """
    for line in statement.waiting:
        doc = reference(log, statement.account, line.ref)[1]
        if doc:
            dealer, amount = _receipt(log, doc, stamp)
            if amount in {line.amount, None}:
                statement.book(line.ref, dealer, doc, stamp)


def _named(log: Log, account: str, line: BankLine, taken: Collection[str]) -> tuple[BankLine, bool]:
    for ref in _numbered(line.ref):
        if ref in taken:
            continue
        named = msgspec.structs.replace(line, ref=ref)
        before = _before(log, account, ref)
        if before is None:
            return named, False
        if (before.value_date, before.amount) == (line.value_date, line.amount):
            return named, True
    raise AssertionError(line.ref)  # numbers do not come to an end


def _numbered(ref: str) -> Iterator[str]:
    yield ref
    for number in count(2):
        yield f"{ref}#{number}"


def _before(log: Log, account: str, ref: str) -> BankLine | None:
    key = _key_of_line(log, account, ref)
    return log.get(BankStatement, account, key.owner).lines.get(ref) if key.exists else None


def _key_of_line(log: Log, account: str, ref: str) -> UniqueKey:
    return log.get(UniqueKey, LINE, f"{account}|{ref}")


def _receipt(log: Log, doc: str, stamp: Stamp) -> tuple[str, int | None]:
    """Whose receipt a document is, and its amount; nobody's, where it is of another kind."""
    for dealer in log.get(Roll, stamp.currency).dealers:
        receipts = log.get(DealerAccount, dealer, stamp.currency).receipts
        if doc in receipts:
            return dealer, receipts[doc]
    return "", None
