"""camt.053: a bank-to-customer statement as XML, in any of its versions.

After ISO 20022, camt.053.001.02 and later. The versions differ in where they put a status, a
party's name and the amount of a detail; all of these places are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from xml.etree.ElementTree import Element

from api.bank_files.values import (
    MOST_LINES,
    BankFileLine,
    BankStatementFile,
    Problems,
    remittance,
    unfolded,
)
from api.bank_files.xml_tree import read_tree

_SIGNS = {"CRDT": 1, "DBIT": -1}
_OPENING = ("OPBD", "PRCD")
_CLOSING = ("CLBD",)
_BOOKED = {"", "BOOK"}
_NOT_BOOKED = {"PDNG", "INFO", "FUTR"}
_TRUE = {"true", "1"}
_NOT_PROVIDED = "NOTPROVIDED"
_USTRD_WIDTH = 140
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:T.*|Z|[+-]\d\d:\d\d)?")
_ZEROS = re.compile(r"(?<=\.\d\d)0+$")
"""The format has five decimals; noughts after the second say nothing."""


def read_camt053(raw: bytes, problems: Problems) -> tuple[BankStatementFile, ...]:
    """Read the statements of a document; entries that are not booked yet are left to the next."""
    root = read_tree(raw, "BkToCstmrStmt", "camt.053.", problems)
    statements = [] if root is None else root.findall("Stmt")
    entries = sum(len(one.findall("Ntry")) for one in statements)
    if max(entries, len(statements)) > MOST_LINES:
        problems.add("file", f"at most {MOST_LINES} lines")
        return ()
    return tuple(
        _statement(f"statement {number}", one, problems)
        for number, one in enumerate(statements, start=1)
    )


def _statement(place: str, told: Element, problems: Problems) -> BankStatementFile:
    account = _first(told, "Acct/Id/IBAN", "Acct/Id/Othr/Id")
    name = _first(told, "Id")
    reference = name or _first(told, "ElctrncSeqNb", "LglSeqNb")
    for needed, found in (("Acct/Id", account), ("Id", reference)):
        if not found:
            problems.add(f"{place}, {needed}", "is missing")
    currency = _first(told, "Acct/Ccy") or next((_currency(one) for one in told.iter("Amt")), "")
    opening, opening_day = _balance(place, told, _OPENING, problems)
    closing, closing_day = _balance(place, told, _CLOSING, problems)
    lines = [
        line
        for number, entry in enumerate(told.findall("Ntry"), start=1)
        if _is_booked(f"{place}, entry {number}, Sts", entry, problems)
        for line in _entry(f"{place}, entry {number}", entry, currency, problems)
    ]
    return BankStatementFile(
        account=problems.name(f"{place}, Acct/Id", account),
        reference=problems.name(f"{place}, Id", reference),
        currency=currency,
        opening=opening,
        closing=closing,
        opening_day=opening_day,
        closing_day=closing_day,
        lines=tuple(lines),
        is_numbered=not name,
    )


def _is_booked(place: str, entry: Element, problems: Problems) -> bool:
    status = _first(entry, "Sts/Cd", "Sts/Prtry", "Sts")
    if status not in _BOOKED | _NOT_BOOKED:
        problems.add(place, f"not a status: {status[:40]}")
    return status in _BOOKED


def _balance(
    place: str, told: Element, codes: tuple[str, ...], problems: Problems
) -> tuple[int | None, date | None]:
    """The first kind of balance that is there; a statement that tells two of it is unclear."""
    for code in codes:
        where = f"{place}, {code}"
        values = [
            (
                _signed(where, one, problems),
                _day(where, _first(one, "Dt/Dt", "Dt/DtTm"), problems),
            )
            for one in told.findall("Bal")
            if _first(one, "Tp/CdOrPrtry/Cd") == code
        ]
        if len({*values}) > 1:
            problems.add(where, "two balances that differ")
        if values:
            return values[0]
    return None, None


def _entry(place: str, entry: Element, currency: str, problems: Problems) -> Iterator[BankFileLine]:
    """One line of an entry, or one of each transaction that the bank booked in it."""
    booked, valued = (_first(entry, f"{name}/Dt", f"{name}/DtTm") for name in ("BookgDt", "ValDt"))
    amount = _signed(place, entry, problems)
    currency = _currency(entry.find("Amt")) or currency
    details = entry.findall("NtryDtls/TxDtls")
    shares = _shares(place, entry, details, amount, problems)
    for share, told, bank_ref in shares:
        payer, account = _other_party(entry, told)
        texts = [text for one in told for text in _texts(one)]
        yield BankFileLine(
            bank_ref=problems.name(f"{place}, AcctSvcrRef", bank_ref),
            value_date=_day(f"{place}, ValDt", valued or booked, problems),
            booking_date=_day(f"{place}, BookgDt", booked or valued, problems),
            amount=share,
            currency=currency,
            payer=problems.name(f"{place}, Nm", payer),
            payer_account=problems.name(f"{place}, Id", account),
            text=remittance(texts or [_first(entry, "AddtlNtryInf")]),
        )


Share = tuple[int, list[Element], str]


def _shares(
    place: str, entry: Element, details: list[Element], amount: int, problems: Problems
) -> list[Share]:
    """Amounts of an entry's lines, each with its details and the bank's reference.

    The entry is what the bank booked. It is divided only if each of its transactions has an
    amount in its currency and they add up to it; of charges or exchanges a detail may tell
    anything. References must differ, for the lines of a batch are no repetitions.
    """
    ours = _first(entry, "AcctSvcrRef")
    own = [_first(one, "Refs/AcctSvcrRef") for one in details]
    whole: list[Share] = [(amount, details, ours or (own[0] if len(own) == 1 else ""))]
    if len(details) <= 1:
        return whole
    parts: list[int] = []
    for number, detail in enumerate(details, start=1):
        told = [*detail.findall("Amt"), *detail.findall("AmtDtls/TxAmt/Amt")]
        booked = _currency(entry.find("Amt"))
        found = next((one for one in told if _currency(one) in {booked, ""}), None)
        if found is None:
            return whole
        where = f"{place}, transaction {number}, Amt"
        sign = _SIGNS.get(_indicator(detail) or _indicator(entry), 1)
        parts.append(sign * _minor(where, found, problems))
    if sum(parts) != amount:
        return whole
    if not all(own) or len({*own}) < len(own):
        own = [ours and f"{ours}/{number}" for number in range(1, len(own) + 1)]
    return [(part, [one], ref) for part, one, ref in zip(parts, details, own, strict=True)]


def _other_party(entry: Element, details: list[Element]) -> tuple[str, str]:
    """Name and account of the other party, if it is one: who paid what came in.

    A reversal keeps the roles of the payment that it takes back.
    """
    told: set[tuple[str, str]] = set()
    for one in details:
        came_in = (_indicator(one) or _indicator(entry)) == "CRDT"
        is_reversal = _first(entry, "RvslInd") in _TRUE
        role = "Dbtr" if came_in != is_reversal else "Cdtr"
        path = f"RltdPties/{role}"
        name = _first(one, f"{path}/Nm", f"{path}/Pty/Nm", f"{path}/Agt/FinInstnId/Nm")
        account = _first(one, f"{path}Acct/Id/IBAN", f"{path}Acct/Id/Othr/Id")
        told.add((name, account))
    return told.pop() if len(told) == 1 else ("", "")


def _texts(detail: Element) -> list[str]:
    """What the payer wrote, with the references of structured remittance information."""
    lines = [one.text or "" for one in detail.findall("RmtInf/Ustrd")]
    structured = [
        one.text or ""
        for told in detail.findall("RmtInf/Strd")
        for path in ("RfrdDocInf/Nb", "CdtrRefInf/Ref", "AddtlRmtInf")
        for one in told.findall(path)
    ]
    end_to_end = _first(detail, "Refs/EndToEndId")
    return [
        one
        for one in (
            unfolded(lines, _USTRD_WIDTH),
            *structured,
            _first(detail, "AddtlTxInf"),
            "" if end_to_end == _NOT_PROVIDED else end_to_end,
        )
        if one.strip()
    ]


def _signed(place: str, told: Element, problems: Problems) -> int:
    """Minor units of an entry or a balance. The indicator alone has the sign.

    A reversal of a credit is a debit already (ISO 20022 on RvslInd).
    """
    sign = _SIGNS.get(_indicator(told))
    if sign is None:
        problems.add(f"{place}, CdtDbtInd", "CRDT or DBIT")
    return (sign or 1) * _minor(f"{place}, Amt", told.find("Amt"), problems)


def _minor(place: str, amount: Element | None, problems: Problems) -> int:
    text = "" if amount is None else (amount.text or "").strip()
    return problems.minor(place, _ZEROS.sub("", text))


def _day(place: str, text: str, problems: Problems) -> date:
    """A day as it is written; of an instant, the day in the bank's own zone."""
    found = _DAY.fullmatch(text)
    try:
        return date.fromisoformat(found[1] if found else "")
    except ValueError:
        problems.add(place, f"not a day: {text[:40]}" if text else "is missing")
        return date.min


def _currency(amount: Element | None) -> str:
    return "" if amount is None else amount.get("Ccy", "")


def _indicator(told: Element) -> str:
    return _first(told, "CdtDbtInd")


def _first(told: Element, *paths: str) -> str:
    """Text of the first of several places that has one, or ""."""
    for path in paths:
        text = (told.findtext(path) or "").strip()
        if text:
            return text
    return ""
