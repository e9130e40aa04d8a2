"""Names that beancount and hledger take: accounts of the chart, dealers, links."""

from __future__ import annotations

import re

from domain.books import chart

NAMES = {
    chart.OPENING: "Equity:Opening-0000",
    chart.BANK: "Assets:Bank-1002",
    chart.RECEIVABLES: "Assets:Receivables-1122",
    chart.BAD_DEBT_ALLOWANCE: "Assets:Bad-Debt-Allowance-1231",
    chart.FINISHED_GOODS: "Assets:Finished-Goods-1405",
    chart.GOODS_DISPATCHED: "Assets:Goods-Dispatched-1406",
    chart.PENDING_LOSS: "Assets:Pending-Loss-1901",
    chart.GOODS_RECEIVED: "Liabilities:Goods-Received-2202",
    chart.ADVANCES: "Liabilities:Advances-2203",
    chart.CONTRACT_LIABILITIES: "Liabilities:Contracts-2205",
    chart.OUTPUT_VAT: "Liabilities:Output-VAT-2221",
    chart.ACCRUED_REBATES: "Liabilities:Accrued-Rebates-2241-01",
    chart.CLAIMS_PAYABLE: "Liabilities:Claims-Payable-2241-02",
    chart.SECURITY_DEPOSITS: "Liabilities:Security-Deposits-2241-03",
    chart.PRODUCTION_COST: "Expenses:Production-Cost-5001",
    chart.REVENUE: "Income:Revenue-6001",
    chart.REBATE_REDUCTION: "Income:Rebate-Reduction-6001-R",
    chart.OTHER_INCOME: "Income:Other-Income-6301",
    chart.COST_OF_SALES: "Expenses:Cost-Of-Sales-6401",
    chart.SELLING_EXPENSE: "Expenses:Selling-6601",
    chart.ADMIN_EXPENSE: "Expenses:Administration-6602",
    chart.FINANCE_EXPENSE: "Expenses:Finance-6603",
}
"""Name of each account of the chart: its kind, a word, its number."""

BY_DEALER = frozenset({chart.RECEIVABLES, chart.ADVANCES})
"""Accounts with one below them for each dealer: what dealers owe, and what they have paid ahead."""

PART = re.compile(r"(?!X-)[A-Z0-9][A-Za-z0-9-]*")
"""A dealer's id that can stand in the name of an account as it is."""
LINK = re.compile(r"(?!X-)[A-Za-z0-9_/.-]+")
"""A document that can be a link of beancount as it is."""


def account_name(number: str, dealer: str = "") -> str:
    """Name of an account, or of a dealer's below it: ``Assets:Receivables-1122:D05``.

    A number that is not in the chart is a KeyError.
    """
    return f"{NAMES[number]}:{escaped(dealer, PART)}" if dealer else NAMES[number]


def escaped(text: str, plain: re.Pattern[str]) -> str:
    """Return a text as it is where it is ``plain``; else ``X-`` and no sign but ``A-Za-z0-9-``.

    Signs that may not stand there are written as their hex code between dashes. No two texts
    get the same name.
    """
    if plain.fullmatch(text):
        return text
    return "X-" + "".join(
        sign if sign.isascii() and sign.isalnum() else f"-{ord(sign):X}-" for sign in text
    )
