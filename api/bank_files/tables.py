"""Bank statements as tables: CSV or XLSX, one row an entry, as online banks export them."""

from __future__ import annotations

import re

from api.bank_files.cells import amount_of, day_of, is_workbook, place_of, text_of
from api.bank_files.values import BankFileLine, BankStatementFile, Problems, remittance
from api.tabular import Row, read_table

_COLUMNS: dict[str, tuple[str, ...]] = {
    "value_date": (
        "日期", "交易日期", "交易日", "起息日", "交易时间",
        "date", "value date", "transaction date",
    ),
    "booking_date": ("记账日期", "记账日", "入账日期", "booking date"),
    "amount": ("金额", "交易金额", "发生额"),
    "credit": ("贷方", "收入", "贷方(收入)", "贷方发生额", "贷方金额", "收入金额", "credit amount"),
    "debit": ("借方", "支出", "借方(支出)", "借方发生额", "借方金额", "支出金额", "debit amount"),
    "payer": ("对方户名", "对方名称", "对方单位", "付款人", "counterparty"),
    "payer_account": ("对方账号", "对方账户", "付款人账号", "counterparty account"),
    "bank_ref": (
        "流水号", "交易流水号", "银行流水号", "交易流水", "reference", "bank reference",
    ),
    "text": ("摘要", "交易摘要", "description", "remittance"),
    "note": ("附言", "用途", "备注", "交易附言", "memo"),
    "currency": ("币种", "币别", "ccy"),
    "account": ("账号", "本方账号", "own account"),
    "balance": ("余额", "账户余额", "交易后余额"),
}  # fmt: skip
_WIDE = str.maketrans("()", "\uff08\uff09")
COLUMNS = {
    name: (*aliases, *(alias.translate(_WIDE) for alias in aliases if "(" in alias))
    for name, aliases in _COLUMNS.items()
}
"""Columns of a statement, with other names that a header may have for them.

A running balance may be there and is not read: whether rows go up or down in time is the
bank's own choice. Without an account, all rows are one statement of an account that the file
does not name.
"""

_MONEY = ("amount", "credit", "debit")
_SHORTENED = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+?[0-9]+")
_CURRENCY = re.compile(r"[A-Z]{3}|")
_CURRENCIES = {"人民币": "CNY", "人民币元": "CNY", "RMB": "CNY"}


def read_rows(raw: bytes, problems: Problems) -> tuple[BankStatementFile, ...]:
    """Read a table into one statement for each account and currency, without balances.

    Raises Misfit for what is no table and for a header that does not fit, as api.tabular does;
    cells that do not fit are problems by row and column.
    """
    rows = read_table(raw, COLUMNS, {"value_date"})
    if rows and not any(name in told for _, told in rows for name in _MONEY):
        problems.add("row 1", "a column amount, or credit and debit, is needed")
        return ()
    is_double = is_workbook(raw)
    statements: dict[tuple[str, str], list[BankFileLine]] = {}
    for row in rows:
        line = _line(row, problems, is_double=is_double)
        account = _name(row, "account", problems)
        statements.setdefault((account, line.currency), []).append(line)
    return tuple(
        BankStatementFile(
            account=account,
            reference="",
            currency=currency,
            opening=None,
            closing=None,
            opening_day=None,
            closing_day=None,
            lines=tuple(lines),
        )
        for (account, currency), lines in statements.items()
    )


def _line(row: Row, problems: Problems, *, is_double: bool) -> BankFileLine:
    value_date = day_of(row, "value_date", problems)
    told = _name(row, "currency", problems).upper()
    currency = _CURRENCIES.get(told, told)
    if not _CURRENCY.fullmatch(currency):
        problems.add(place_of(row, "currency"), f"not a currency: {told[:40]}")
    return BankFileLine(
        bank_ref=_name(row, "bank_ref", problems),
        value_date=value_date,
        booking_date=day_of(row, "booking_date", problems)
        if "booking_date" in row[1]
        else value_date,
        amount=_amount(row, problems, is_double=is_double),
        currency=currency,
        payer=_name(row, "payer", problems),
        payer_account=_name(row, "payer_account", problems),
        text=remittance([text_of(row, "text", problems), text_of(row, "note", problems)]),
    )


def _amount(row: Row, problems: Problems, *, is_double: bool) -> int:
    """Money in less money out: of one signed column, or of two."""
    money = {
        name: amount_of(row, name, problems, is_double=is_double)
        for name in _MONEY
        if name in row[1]
    }
    if not money:
        problems.add(place_of(row, "amount"), "is missing")
    elif sum(minor != 0 for minor in money.values()) > 1:
        problems.add(place_of(row, next(iter(money))), "one amount, not several")
    return money.get("amount", 0) + money.get("credit", 0) - money.get("debit", 0)


def _name(row: Row, name: str, problems: Problems) -> str:
    """A name, a number or a reference; of a shortened number, nobody knows the rest."""
    text = problems.name(place_of(row, name), text_of(row, name, problems))
    if _SHORTENED.fullmatch(text):
        problems.add(place_of(row, name), f"a number that a spreadsheet has shortened: {text}")
    return text
