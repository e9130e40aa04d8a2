"""Books in a few words: commands that are posted, the lines they post, and what all lines come to."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from domain.accounts.dealer_account import DealerAccount
from domain.accounts.deposit_account import DepositAccount
from domain.books.period import Period
from domain.flows import run
from domain.flows.accounts.settling import RemittanceLine
from domain.flows.goods.opening import SetOpeningItem
from domain.kernel.stamp import Actor
from domain.orders.order_terms import Milestone
from domain.orders.price_list import PriceRow
from domain.parties.user import User
from tests.domain.company import company
from tests.domain.support import SERVICE, TODAY, Fact, Given, When, day, fact, given
from tests.domain.world import BY, price_list, row

OPENED = "2026-02-28"
PARTNER = Actor("fin-2", "FIN")

Line = tuple[str, int, int]


def does(past: Given, command: Any, on: str = TODAY, by: Actor = SERVICE) -> When:
    """A command with everything that follows from it: its facts and the lines they post."""
    return past.when(run, command, on=on, by=by)


def debit(account: str, amount: int) -> Line:
    return account, amount, 0


def credit(account: str, amount: int) -> Line:
    return account, 0, amount


def entries(done: When) -> list[Any]:
    return done.recorded(Period.EntryPosted)


def posts(done: When, *lines: Line) -> Given:
    """Exactly these lines were posted, whatever their order and their entries."""
    told = [(one.account, one.debit, one.credit) for entry in entries(done) for one in entry.lines]
    assert sorted(told) == sorted(lines)
    return done.past


def moves(done: When) -> dict[str, int]:
    """Debits less credits of what was posted, by account."""
    found: Counter[str] = Counter()
    for entry in entries(done):
        for one in entry.lines:
            found[one.account] += one.debit - one.credit
    return {account: amount for account, amount in found.items() if amount}


def all_entries(past: Given) -> list[Any]:
    return [event for _, _, event in past.log.journal if isinstance(event, Period.EntryPosted)]


def balances(past: Given, dealer: str | None = None) -> Counter[str]:
    """Debits less credits by account, of one dealer or of all."""
    found: Counter[str] = Counter()
    for entry in all_entries(past):
        for one in entry.lines:
            if dealer in (None, one.dealer or entry.dealer):
                found[one.account] += one.debit - one.credit
    return found


def ledger(past: Given, dealer: str = "D05") -> DealerAccount:
    return past.get(DealerAccount, dealer, "CNY")


def held(past: Given, dealer: str = "D05") -> int:
    """Deposits of a dealer, and its money that is not applied."""
    deposits = past.get(DepositAccount, dealer, "CNY").held.values()
    waiting = sum(ledger(past, dealer).unapplied.values())
    return waiting + sum(sum(one.values()) for one in deposits)


def opening(doc: str, gross: int, due: str, dealer: str = "D05") -> SetOpeningItem:
    return SetOpeningItem(dealer_id=dealer, doc=doc, gross=gross, due=day(due))


def opened(*gross: int, dealer: str = "D05", past: Given | None = None) -> Given:
    """INV-1, INV-2 ... (of D06: D06-1 ...) were open, each due a day after the one before."""
    people = [person("fin-1", "FIN"), person("fin-2", "FIN"), person("rep-1", "REP")]
    past = past or given(company(), people)
    for number, one in enumerate(gross, 1):
        name = "INV" if dealer == "D05" else dealer
        item = opening(f"{name}-{number}", one, f"2026-03-{number + 19}", dealer)
        does(past, item, on=OPENED).accepted()
    return past


def person(user: str, role: str) -> Fact:
    return fact(User, user, User.Registered(*BY, role=role))


def told(*parts: tuple[str, int]) -> list[RemittanceLine]:
    return [RemittanceLine(doc_no=doc, amount=amount) for doc, amount in parts]


def sold_at(sku: str, price: str, basis: str = "TAX_EXCLUSIVE") -> list[Fact]:
    """A price list that sells one product at one price."""
    rows: tuple[PriceRow, ...] = (row(sku, "A", price, price, "999999"),)
    return price_list("PL-2026-1", rows, basis)


def pct(*parts: tuple[str, int, int]) -> tuple[Any, ...]:
    """A billing plan: milestone, per cent, days to pay."""
    return tuple(Milestone(name, Decimal(share), days) for name, share, days in parts)
