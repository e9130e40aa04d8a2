"""The general ledger: its journal, its periods, and the batches that finance gets."""

from __future__ import annotations

from itertools import chain
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.engine import Engine
from api.keys import Reader
from api.problems import Problem
from api.reading import Page, Reads, row_model
from domain.books.roll import Roll
from domain.company.company_policy import COMPANY, CompanyPolicy
from projections.money.journal import account_totals, journal, journal_batches, periods
from replays.journal.batch import ControlsDifferError, batch
from replays.journal.beancount import as_beancount
from replays.journal.entries import entries
from replays.journal.formats import as_csv, as_json_lines
from replays.journal.hledger import as_hledger
from replays.past import Past

router = APIRouter(tags=["books"])

LineRow: Any = row_model(journal)
TotalRow: Any = row_model(account_totals)
PeriodRow: Any = row_model(periods)
BatchRow: Any = row_model(journal_batches)


@router.get("/v1/journal", response_model=Page[LineRow])
def every_line(
    reads: Reads,
    _: Reader,
    period: str | None = None,
    account: str | None = None,
    dealer: str | None = None,
    doc: str | None = None,
) -> Any:
    """Every line of double entry, in the order in which it was posted."""
    filters = {"period": period, "account": account, "dealer": dealer, "doc": doc}
    return reads.page(journal, filters)


@router.get("/v1/account-totals", response_model=Page[TotalRow])
def totals(reads: Reads, _: Reader, period: str | None = None, account: str | None = None) -> Any:
    """Debits and credits of every account and period."""
    return reads.page(account_totals, {"period": period, "account": account})


@router.get("/v1/periods", response_model=Page[PeriodRow])
def every_period(reads: Reads, _: Reader, state: str | None = None) -> Any:
    """Accounting periods, whether they are open, and their control totals."""
    return reads.page(periods, {"state": state})


@router.get("/v1/journal-batches", response_model=Page[BatchRow])
def batches(reads: Reads, _: Reader, period: str | None = None, state: str | None = None) -> Any:
    """Batches of entries that were handed over to finance."""
    return reads.page(journal_batches, {"period": period, "state": state})


@router.get(
    "/v1/journal-batches/{period}/{seq}",
    response_class=Response,
    responses={200: {"content": {"application/x-ndjson": {}, "text/csv": {}}}},
)
def one_batch(
    reads: Reads,
    _: Reader,
    period: str,
    seq: int,
    form: Annotated[str, Query(alias="format", pattern="^(jsonl|csv)$")] = "jsonl",
) -> Response:
    """A batch as finance's system takes it: the same bytes, however often it is asked for."""
    engine = reads.engine
    try:
        found = batch(engine.reader, engine.codec, period, seq, engine.settings.currency)
    except ControlsDifferError as error:
        title = "A batch of the journal is not what was handed over."
        raise Problem(500, "CONTROLS_DIFFER", title, str(error)) from error
    if form == "csv":
        return Response(as_csv(found), media_type="text/csv")
    return Response(as_json_lines(found), media_type="application/x-ndjson")


@router.get(
    "/v1/journal-export",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}}},
)
def whole_journal(
    reads: Reads,
    _: Reader,
    form: Annotated[str, Query(alias="format", pattern="^(beancount|hledger)$")] = "beancount",
) -> Response:
    """The whole journal in plain text, as beancount or hledger take it, with balances to check."""
    return Response(plain_text(reads.engine, form), media_type="text/plain; charset=utf-8")


def plain_text(engine: Engine, form: str) -> bytes:
    """Write the whole journal for beancount or hledger."""
    past, currency = Past(engine.reader, engine.codec), engine.settings.currency
    months = sorted(past.get(Roll, currency).periods)
    posted = chain.from_iterable(entries(engine.reader, engine.codec, one) for one in months)
    if form == "hledger":
        return as_hledger(posted, currency)
    identity = past.get(CompanyPolicy, COMPANY).identity
    return as_beancount(posted, currency, identity.legal_name if identity else "Baton")
