"""Dealers' money: balances, open items, entries and statements."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field, create_model
from sqlalchemy import select

from api.reading import Answer, Page, Reads, row_model
from projections.reconciliation import dealer_balance, ledger_entries, open_items
from projections.statements import ageing, statement

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

Period = Annotated[str, Path(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", description="YYYY-MM.")]


class StatementLine(BaseModel):
    """One document of a statement, with the balance after it. Amounts in minor units."""

    accounting_date: date
    doc: str
    type: str
    text: str
    debit: int
    credit: int
    balance: int


class Statement(Answer):
    """A dealer's statement of a month; ``opening + debits - credits = closing = open items``."""

    dealer: str
    period: str
    currency: str
    known_at: datetime | None = Field(description="Only what was recorded by then is in it.")
    opening: int
    invoices: int
    credit_notes: int
    deposits: int
    payments: int
    write_offs: int
    penalties: int
    adjustments: int
    closing: int
    lines: list[StatementLine]


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
def items(reads: Reads, dealer: str | None = None) -> Any:
    """Every invoice with what is still open of it."""
    return reads.page(open_items, {"dealer": dealer})


@router.get("/v1/ledger-entries", response_model=Page[EntryRow])
def entries(reads: Reads, dealer: str | None = None, period: str | None = None) -> Any:
    """Every entry of the dealers' accounts, oldest first."""
    return reads.page(ledger_entries, {"dealer": dealer, "period": period})


@router.get("/v1/dealers/{dealer}/statements/{period}", response_model=Statement)
def dealer_statement(
    reads: Reads,
    dealer: str,
    period: Period,
    known_at: Annotated[datetime | None, Query(description="Record time; now if none.")] = None,
) -> Any:
    """A dealer's statement of a month, as it was known at a record time."""
    currency = reads.engine.settings.currency
    entry = ledger_entries.c
    query = select(ledger_entries).where(
        entry.dealer == dealer, entry.currency == currency, entry.period <= period
    )
    if known_at is not None:
        query = query.where(entry.recorded_at <= reads.moment(known_at))
    order = (entry.accounting_date, entry.position, entry.seq)
    made = statement(reads.rows(query.order_by(*order)), period)
    head = {"dealer": dealer, "period": period, "currency": currency, "known_at": known_at}
    return {**reads.state(), **head, **made}
