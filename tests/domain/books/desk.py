"""A finance desk: commands that run with their postings, on any day and entered on another."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from domain.accounts.dealer_account import DealerAccount
from domain.accounts.entry import Entry
from domain.accounts.statement import Statement
from domain.books.period import Period
from domain.books.posting import Posting
from domain.flows import run
from domain.flows.accounts.disputing import AcceptDispute, DisputeLine
from domain.flows.accounts.noting import NotedLine, PostCreditNote
from domain.flows.accounts.putting_right import PostAdjustment
from domain.flows.accounts.securing import ReceiveSecurityDeposit
from domain.flows.accounts.signing import ConfirmStatement, SignOffStatement
from domain.flows.accounts.stating import IssueStatement, IssueStatements
from domain.flows.books.closing import ClosePeriod, ReopenPeriod
from domain.flows.goods.opening import SetOpeningItem
from domain.flows.orders.ordering import PlaceOrder
from domain.goods.stock_item import StockItem
from domain.kernel.stamp import Actor, Stamp
from domain.parties.user import User
from tests.domain.company import company
from tests.domain.story import (
    goods,
    of,
    order,
    paying,
    pick,
    plan,
    review,
    scan,
    sending,
    signing,
)
from tests.domain.support import SERVICE, Fact, Given, MemoryLog, When, day, fact, given, instant
from tests.domain.world import BY, DEALER_5, FINANCE

SECOND = Actor("fin-2", "FIN")
ADMIN = Actor("adm-1", "ADM")
MARCH, APRIL = "2026-03", "2026-04"
OPENED = "2026-02-28"
VAT = Decimal(13)
CLOSING_DAY = "2026-04-05"
PEOPLE = {"fin-1": "FIN", "fin-2": "FIN", "adm-1": "ADM", "adm-2": "ADM", "mgr-east": "MGR"}


def people() -> list[Fact]:
    return [fact(User, name, User.Registered(*BY, role=role)) for name, role in PEOPLE.items()]


def desk(*more: Any) -> Given:
    """The company with its people: nobody owes anything yet."""
    return given(company(), people(), *more)


def ask(
    past: Given, command: Any, *, by: Actor = FINANCE, on: str, entered: str | None = None
) -> When:
    """Run a command and post the ledger; ``entered`` is the day on which it came in."""
    came_in = day(entered) if entered else None
    made = Stamp(by, instant(on), day(on), recorded_on=came_in)
    return past.when(lambda log: run(log, made, command))


def do(past: Given, command: Any, **more: Any) -> Any:
    """Run a command that must be accepted: its answer."""
    done = ask(past, command, **more)
    done.accepted()
    return done.answer


def owe(past: Given, doc: str, gross: int, dealer: str = "D05", due: str = "2026-06-30") -> Given:
    """An invoice that was open when the log began."""
    opened = SetOpeningItem(dealer_id=dealer, doc=doc, gross=gross, due=day(due))
    do(past, opened, on=OPENED)
    return past


def owing(gross: int = 452_000_00, dealer: str = "D05") -> Given:
    return owe(desk(), "INV-2602-011", gross, dealer)


def pay(past: Given, amount: int, *named: tuple[str, int], **more: Any) -> When:
    """Money of a value date, entered on a day."""
    on = more.pop("on")
    value = day(more.pop("value", on))
    terms = {"bank_ref": f"BK-{amount}-{value}", "value_date": value} | more
    dealer = terms.pop("dealer", "D05")
    by = terms.pop("by", FINANCE)
    return ask(past, paying(dealer, amount, *named, **terms), on=on, by=by)


def sold(past: Given, qty: int = 10, *, on: str, dealer: str = "D05", shp: str = "SHP-1") -> str:
    """Boxes were ordered, sent and signed for on a day: the invoice."""
    sent_out(past, qty, on=on, dealer=dealer, shp=shp)
    do(past, signing(shp, on), on=on, by=SERVICE)
    return invoice_of(past)


def sent_out(past: Given, qty: int, *, on: str, dealer: str = "D05", shp: str = "SHP-1") -> str:
    """Boxes were ordered and sent on a day: the order."""
    so = str(do(past, bought(dealer, qty), on=on, by=SERVICE)["so"])
    assert ship_all(past, so, shp, on), "nothing was reserved"
    return so


def ship_all(past: Given, so: str, shp: str, on: str, numbers: tuple[int, ...] = ()) -> bool:
    """Send what the warehouse in Shanghai holds for an order, line by line."""
    held = past.get(StockItem, "WH-SH", "INJ").shelf.reservations.get(so, [])
    places = numbers or (1,) * len(held)
    parts = zip(places, held, strict=True)
    lines = [goods(so, line, "INJ", str(one.lot), qty=one.qty) for line, one in parts]
    scans = [scan("INJ", lot=one.lot) for one in held]
    steps = (plan(shp, *lines), pick(shp, *scans), review(shp), sending(shp))
    return bool(held) and all(ask(past, one, by=SERVICE, on=on).refusal is None for one in steps)


def bought(dealer: str, qty: int) -> PlaceOrder:
    return order(dealer, of("INJ", qty), requested_date=day("2026-12-01"))


def invoice_of(past: Given) -> str:
    """The last invoice that was posted."""
    posted = [one for _, _, one in past.log.journal if one.TOPIC == "account.invoice_posted"]
    return str(posted[-1].doc)


def credit(doc: str, net: int, dealer: str = "D05") -> PostCreditNote:
    """A note for a price that was wrong, on an invoice's first line."""
    line = NotedLine(so_line=1, net=net)
    return PostCreditNote(
        dealer_id=dealer, kind="PRICE", invoice=doc, red_info_no="R", lines=[line]
    )


def adjusting(amount: int, dealer: str = "D05", **more: Any) -> PostAdjustment:
    return PostAdjustment(dealer_id=dealer, amount=amount, reason="put right", **more)


def issuing(dealer: str = "D05", period: str = MARCH, **more: Any) -> IssueStatement:
    return IssueStatement(dealer_id=dealer, period=period, **more)


def issued(past: Given, dealer: str = "D05", period: str = MARCH, on: str = "2026-04-01") -> Any:
    return do(past, issuing(dealer, period), on=on)


def confirming(version: int = 1, dealer: str = "D05", period: str = MARCH) -> ConfirmStatement:
    return ConfirmStatement(dealer_id=dealer, period=period, version=version, e_seal="seal")


def signing_off(version: int = 1, dealer: str = "D05", period: str = MARCH) -> SignOffStatement:
    return SignOffStatement(dealer_id=dealer, period=period, version=version)


def signed(past: Given, version: int = 1, on: str = "2026-04-04", period: str = MARCH) -> Any:
    """D05 confirms its statement, and finance signs it."""
    do(past, confirming(version, period=period), by=DEALER_5, on=on)
    return do(past, signing_off(version, period=period), by=SECOND, on=on)


def closing(period: str = MARCH, **more: Any) -> ClosePeriod:
    return ClosePeriod(period=period, **more)


def closed(past: Given, period: str = MARCH, on: str = CLOSING_DAY) -> Any:
    """Statements go out to whoever has none, and the period is closed."""
    do(past, IssueStatements(period=period), on=on)
    return do(past, closing(period), on=on)


def account(past: Given, dealer: str = "D05") -> DealerAccount:
    return past.get(DealerAccount, dealer, "CNY")


def statement(past: Given, dealer: str = "D05", period: str = MARCH) -> Statement:
    return past.get(Statement, dealer, period)


def period(past: Given, name: str = MARCH) -> Period:
    return past.get(Period, name)


def entries(past: Given, name: str | None = None) -> list[Period.EntryPosted]:
    """Entries of a period, or of all, in the order in which they were posted."""
    found = [one for _, _, one in past.log.journal if isinstance(one, Period.EntryPosted)]
    return [one for one in found if name in (None, f"{one.day:%Y-%m}")]


def last_entry(past: Given) -> Period.EntryPosted:
    return entries(past)[-1]


def told(lines: tuple[Posting, ...]) -> dict[str, int]:
    """Debits less credits by account."""
    return {one.account: one.debit - one.credit for one in lines}


def after(text: str, days: int) -> str:
    return (day(text) + timedelta(days=days)).isoformat()


def securing(dealer: str = "D05", *, value: str) -> ReceiveSecurityDeposit:
    return ReceiveSecurityDeposit(
        dealer_id=dealer, bank_ref=f"SEC-{dealer}-{value}", value_date=day(value), amount=5_00
    )


def copy(past: Given) -> Given:
    """The same log again, whose aggregates are folded anew."""
    log = MemoryLog()
    log.journal = list(past.log.journal)
    return Given(log)


def month_of(when: date) -> str:
    return f"{when:%Y-%m}"


def reopening(period: str = MARCH, second: str = "adm-1", reason: str = "late") -> ReopenPeriod:
    return ReopenPeriod(period=period, reason=reason, second_approver=second)


def renamed(entry: Entry, doc: str) -> Entry:
    return msgspec.structs.replace(entry, doc=doc)


def disputing(
    line: str, amount: int, code: str = "PRICE_DIFF", version: int = 1, **more: Any
) -> DisputeLine:
    told = {"dealer_id": "D05", "period": MARCH, "evidence": "mail"} | more
    return DisputeLine(line_id=line, amount=amount, code=code, version=version, **told)


def accepting(line: str, **more: Any) -> AcceptDispute:
    told = {"dealer_id": "D05", "period": MARCH, "red_info_no": "RED-1"} | more
    return AcceptDispute(line_id=line, **told)
