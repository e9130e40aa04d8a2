"""Dealers' money: balances, open items, entries, deposits, tax documents, bank lines."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, create_model
from sqlalchemy import func, select

from api.keys import Reader
from api.reading import Page, Reads, row_model
from projections.money.ageing import ageing
from projections.money.documents import bank_lines, tax_documents
from projections.money.reconciliation import (
    dealer_balance,
    dealer_statement_lines,
    ledger_entries,
    open_items,
    order_deposits,
)

router = APIRouter(tags=["accounts"])


class Ageing(BaseModel):
    """Open items by days overdue on a day, in minor units."""

    on: date
    not_due: int
    overdue_1_30: int
    overdue_31_60: int
    overdue_61_90: int
    overdue_over_90: int


BalanceRow: Any = create_model(
    "Balance",
    __base__=row_model(dealer_balance),
    __doc__=dealer_balance.comment,
    ageing=(Ageing, ...),
)
ItemRow: Any = row_model(open_items)
EntryRow: Any = row_model(ledger_entries)
DetailRow: Any = row_model(dealer_statement_lines)
DepositRow: Any = row_model(order_deposits)
TaxRow: Any = row_model(tax_documents)
BankRow: Any = row_model(bank_lines)

KnownAt = Annotated[datetime | None, Query(description="Record time; now if none.")]
AsOf = Annotated[date | None, Query(description="Accounting date; today if none.")]


@router.get("/v1/dealer-balances", response_model=Page[BalanceRow])
def balances(
    reads: Reads,
    dealer: str | None = None,
    on: Annotated[date | None, Query(description="Day of the ageing; today if none.")] = None,
) -> Any:
    """What each dealer owes, how long it is overdue, and what credit it uses."""
    page = reads.page(dealer_balance, {"dealer": dealer})
    item, names = open_items.c, [row["dealer"] for row in page["items"]]
    wanted = select(item.dealer, item.currency, item.due, item.open)
    found = reads.rows(wanted.where(item.dealer.in_(names), item.open != 0))
    for row in page["items"]:
        same = (row["dealer"], row["currency"])
        mine = [one for one in found if (one["dealer"], one["currency"]) == same]
        row["ageing"] = ageing(mine, on or reads.today)
    return page


@router.get("/v1/open-items", response_model=Page[ItemRow])
def items(
    reads: Reads, dealer: str | None = None, as_of: AsOf = None, known_at: KnownAt = None
) -> Any:
    """Every document with what is still open of it, or was open on a day, as known at a time."""
    page = reads.page(open_items, {"dealer": dealer})
    if as_of is None and known_at is None:
        return page
    entry, docs = ledger_entries.c, [row["doc"] for row in page["items"]]
    sums = select(entry.item, func.sum(entry.debit - entry.credit).label("open"))
    sums = sums.where(entry.item.in_(docs)).group_by(entry.item)
    if as_of is not None:
        sums = sums.where(entry.accounting_date <= as_of)
    if known_at is not None:
        sums = sums.where(entry.recorded_at <= reads.moment(known_at))
    then = {row["item"]: int(row["open"]) for row in reads.rows(sums)}
    there = [row for row in page["items"] if row["doc"] in then]
    page["items"] = [row | {"open": then[row["doc"]]} for row in there]
    return page


@router.get("/v1/ledger-entries", response_model=Page[EntryRow])
def entries(reads: Reads, dealer: str | None = None, period: str | None = None) -> Any:
    """Every entry of the dealers' accounts, oldest first."""
    return reads.page(ledger_entries, {"dealer": dealer, "period": period})


@router.get("/v1/statement-lines", response_model=Page[DetailRow])
def detail_lines(reads: Reads, dealer: str | None = None, period: str | None = None) -> Any:
    """Every detail line of the dealers' statements: goods line by line, oldest first."""
    return reads.page(dealer_statement_lines, {"dealer": dealer, "period": period})


@router.get("/v1/order-deposits", response_model=Page[DepositRow])
def deposits(reads: Reads, dealer: str | None = None, so: str | None = None) -> Any:
    """Deposits for orders, with what no invoice has taken yet."""
    return reads.page(order_deposits, {"dealer": dealer, "so": so})


@router.get("/v1/tax-documents", response_model=Page[TaxRow])
def documents(reads: Reads, dealer: str | None = None, kind: str | None = None) -> Any:
    """Invoices and credit notes with the numbers of their tax invoices."""
    return reads.page(tax_documents, {"dealer": dealer, "kind": kind})


@router.get("/v1/bank-lines", response_model=Page[BankRow])
def lines_of_the_bank(
    reads: Reads, _: Reader, account: str | None = None, statement: str | None = None
) -> Any:
    """Lines of bank statements, and the receipts that they became."""
    return reads.page(bank_lines, {"account": account, "statement": statement})
