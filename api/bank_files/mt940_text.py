"""MT940: a customer statement message as text, bare or in its SWIFT blocks.

After SWIFT's Category 9 message reference, MT 940: fields 20, 25, 28C, 60a, 61 with 86, 62a. The
library mt-940 reads the fields; messages and their pages are put together here.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

from mt940.models import Transactions
from mt940.options import Options
from mt940.processors import date_fixup_pre_processor
from mt940.tags import BalanceBase, Statement, Tag

from api.bank_files.details import Details, read_details
from api.bank_files.values import (
    MOST_LINES,
    BankFileLine,
    BankStatementFile,
    Problems,
    remittance,
)

_FIELD = re.compile(r":(13D?|20|21|25P?|28C?|34F|60[FM]|61|62[FM]|64|65|86|90[CD]|NS):")
_NEEDED = {"25": "25", "28": "28C", "60": "60F", "62": "62F"}
_NO_REFERENCE = {"NONREF", ""}
_FIRST_PAGES = {0, 1}

logging.getLogger("mt940.tags").setLevel(logging.CRITICAL)
"""What does not fit is in the answer; the library would write customers' payments to the log."""


class StatementLine(Statement):
    """Field 61, more strictly: the library's own pattern stops at a decimal point and goes on.

    What it would read of ``C1000.50NTRF`` is a thousand. References may be longer than the
    16 characters of the standard, for those of some banks are.
    """

    pattern: ClassVar[str] = r"""^
    (?P<year>\d{2})(?P<month>\d{2})(?P<day>\d{2})
    (?:(?P<entry_month>\d{2})(?P<entry_day>\d{2})|\ {4})?
    (?P<status>R?[CD])(?P<funds_code>[A-Z])?
    (?P<amount>\d{1,18}(?:,\d*)?)
    (?P<id>[A-Z][A-Z0-9 ]{3})
    (?P<customer_reference>(?:(?!//)[^\n])*)
    (?://(?P<bank_reference>[^\n]*))?
    (?:\n(?P<extra_details>[\s\S]*))?
    $"""


class Balance(BalanceBase):
    """Fields 60a and 62a, with nothing after the amount."""

    pattern: ClassVar[str] = r"""^
    (?P<status>[DC])(?P<year>\d{2})(?P<month>\d{2})(?P<day>\d{2})
    (?P<currency>[A-Z]{3})(?P<amount>\d{1,18}(?:,\d*)?)
    $"""


_TAGS: dict[int | str, Tag] = {61: StatementLine()}
_TAGS |= dict.fromkeys(("60F", "60M", "62F", "62M"), Balance())
# Where a month has thirty days, interest is booked for 30 February.
_PROCESSORS: Any = {"pre_statement_line": [date_fixup_pre_processor]}
_OPTIONS = Options(reversal_sign=True, case_insensitive_marks=True)


class Field(NamedTuple):
    """A field of a message, and the line of the file on which it begins."""

    tag: str
    line: int
    told: list[str]

    @property
    def value(self) -> str:
        """Its text, with the breaks of its lines."""
        return "\n".join(self.told)


class Ending(NamedTuple):
    """A balance at one end of a statement, in signed minor units."""

    amount: int | None
    day: date | None
    currency: str


class Page(NamedTuple):
    """One message: a statement, or one of the pages that a statement has."""

    number: str
    page: int
    goes_on: bool
    """Whether its opening balance is an intermediate one (60M)."""
    is_last: bool
    """Whether its closing balance is the final one (62F)."""
    statement: BankStatementFile


def read_mt940(raw: bytes, problems: Problems) -> tuple[BankStatementFile, ...]:
    """Read the messages of a text in UTF-8 or GB 18030; pages of one statement become one."""
    text = _decoded(raw, problems)
    for number, line in enumerate(text.split("\n"), start=1):
        if "\x00" in line:
            problems.add(f"line {number}", "a text without NUL")
    messages = list(_messages(text, problems))
    entries = sum(field.tag == "61" for fields in messages for field in fields)
    if max(entries, len(messages)) > MOST_LINES:
        problems.add("file", f"at most {MOST_LINES} lines")
        return ()
    chains: list[list[Page]] = []
    last: dict[tuple[str, str], list[Page]] = {}
    for page in [_page(fields, problems) for fields in messages]:
        key = (page.statement.account, page.number)
        chain = last.get(key)
        if chain and page.goes_on and not chain[-1].is_last and page.page == chain[-1].page + 1:
            chain.append(page)
        else:
            last[key] = [page]
            chains.append(last[key])
    return tuple(map(_joined, chains))


def _decoded(raw: bytes, problems: Problems) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    problems.add("file", "MT940 in UTF-8 or GB 18030")
    return ""


def _messages(text: str, problems: Problems) -> Iterator[list[Field]]:
    """Fields of each message; what banks write around messages is passed over."""
    fields: list[Field] = []
    is_open = False
    for number, told in enumerate(text.split("\n"), start=1):
        line = told.rstrip("\r")
        if line.startswith(("{", "-}")) or line.strip() == "-":
            is_open, line = False, line.partition("{4:")[2]
        found = _FIELD.match(line)
        if found and found[1] == "20":
            if fields:
                yield fields
            fields, is_open = [], True
        if found and is_open:
            fields.append(Field(found[1], number, [line[found.end() :]]))
        elif found:
            problems.add(f"line {number}", f"a field :{found[1]}: before :20:")
        elif is_open:
            fields[-1].told.append(line)
    if fields:
        yield fields


def _page(fields: list[Field], problems: Problems) -> Page:
    told: dict[str, Field] = {"20": fields[0]}
    for field in fields[1:]:
        if field.tag[:2] in _NEEDED and field.tag[:2] in told:
            problems.add(f"line {field.line}", f"a second field :{field.tag}:")
        told.setdefault(field.tag[:2], field)
    for tag, name in _NEEDED.items():
        if tag not in told:
            problems.add(f"line {fields[0].line}", f"a message needs a field :{name}:")
    account, reference = (_named(problems, told.get(tag)) for tag in ("25", "20"))
    number = _parsed(told.get("28"), problems)
    opening = _ending(told.get("60"), "", problems)
    lines = tuple(_lines(fields, opening.currency, problems))
    closing = _ending(told.get("62"), opening.currency, problems)
    named = number.get("statement_number") or ""
    return Page(
        number=named if named.strip("0") else reference,
        page=int(number.get("sequence_number") or 0),
        goes_on="60" in told and told["60"].tag == "60M",
        is_last="62" in told and told["62"].tag == "62F",
        statement=BankStatementFile(
            account=account,
            reference=reference,
            currency=opening.currency,
            opening=opening.amount,
            closing=closing.amount,
            opening_day=opening.day,
            closing_day=closing.day,
            lines=lines,
        ),
    )


def _ending(field: Field | None, currency: str, problems: Problems) -> Ending:
    """A balance, which must be in the currency of the one before it, if there is one."""
    balance = _parsed(field, problems).get("balance")
    if field is None or balance is None:
        return Ending(None, None, "")
    told = balance.amount.currency.upper()
    if currency and told != currency:
        problems.add(f"line {field.line}", f"a balance in {currency}")
    return Ending(_signed(problems, field, balance.amount.amount), _day(balance.date), told)


def _joined(chain: list[Page]) -> BankStatementFile:
    """A statement of its pages, under its number, and under its page if that is not the first."""
    first, last = chain[0], chain[-1].statement
    page = "" if first.page in _FIRST_PAGES else f"/{first.page}"
    return BankStatementFile(
        account=last.account,
        reference=f"{first.number}{page}",
        currency=last.currency,
        opening=first.statement.opening,
        closing=last.closing,
        opening_day=first.statement.opening_day,
        closing_day=last.closing_day,
        lines=tuple(line for page in chain for line in page.statement.lines),
        is_numbered=True,
    )


def _lines(fields: list[Field], currency: str, problems: Problems) -> Iterator[BankFileLine]:
    """Entries with the details that follow them; those after the balances are no entry's."""
    for place, field in enumerate(fields):
        if field.tag != "61":
            continue
        details: list[str] = []
        for other in fields[place + 1 :]:
            if other.tag not in {"86", "NS"}:
                break
            details += [other.value] if other.tag == "86" else []
        line = _line(field, read_details(details), currency, problems)
        if line is not None:
            yield line


def _line(field: Field, details: Details, currency: str, problems: Problems) -> BankFileLine | None:
    entry = _parsed(field, problems)
    if not entry:
        return None
    place = f"line {field.line}"
    theirs, ours = (
        "" if (entry[key] or "").strip().upper() in _NO_REFERENCE else entry[key]
        for key in ("customer_reference", "bank_reference")
    )
    return BankFileLine(
        bank_ref=problems.name(place, ours),
        value_date=_day(entry["date"]),
        booking_date=_day(entry.get("entry_date") or entry["date"]),
        amount=_signed(problems, field, entry["amount"].amount),
        currency=currency,
        payer=problems.name(place, details.payer),
        payer_account=problems.name(place, details.account),
        text=remittance([details.text, entry["extra_details"] or "", theirs]),
    )


def _parsed(field: Field | None, problems: Problems) -> dict[str, Any]:
    """What the library reads of one field; nothing for a problem."""
    if field is None:
        return {}
    scope = Transactions(_PROCESSORS, _TAGS, options=_OPTIONS)
    try:
        scope.parse(f":{field.tag}:{field.value}")
    except (RuntimeError, ValueError, ArithmeticError):
        problems.add(f"line {field.line}", f"no :{field.tag}: reads {field.value.strip()[:40]!r}")
        return {}
    return scope.transactions[0].data if scope.transactions else scope.data


def _signed(problems: Problems, field: Field, amount: Decimal) -> int:
    minor = problems.minor(f"line {field.line}", f"{abs(amount):f}")
    return -minor if amount < 0 else minor


def _named(problems: Problems, field: Field | None) -> str:
    return problems.name(f"line {field.line}", field.value) if field else ""


def _day(told: date) -> date:
    """A plain day: the library's is a subclass of its own."""
    return date(told.year, told.month, told.day)
