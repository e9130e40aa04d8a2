"""Steps of reconciling: what is owed, what the dealer wrote down, what the bank says."""

from __future__ import annotations

from typing import Any

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.dealer_lines import DealerLines
from domain.books.roll import Roll
from domain.flows import run
from domain.flows.accounts.banking import AssignBankLine, ImportBankStatement, StatedBankLine
from domain.flows.accounts.matching import (
    AcceptMatch,
    MatchStatement,
    ReverseMatch,
    SubmitDealerLines,
)
from domain.flows.accounts.stating import IssueStatement
from domain.kernel.stamp import Actor
from domain.policies.matching import StatedLine
from tests.domain.company import company
from tests.domain.support import Fact, Given, When, day, fact, given
from tests.domain.world import BY, CHANNEL, FINANCE

D05, D06 = "D05", "D06"
MARCH, APRIL = "2026-03", "2026-04"
IN_APRIL = "2026-04-02"
DEALER_6 = Actor("dlr-d06", "DLR", dealer=D06)
STOREKEEPER = Actor("wh-sh-1", "WH", "WH-SH")
JINLING = CHANNEL[D05][0]


def invoiced(doc: str, gross: int, on: str = "2026-03-10", **more: Any) -> Fact:
    """An invoice of ours, posted on a day."""
    dealer = more.pop("dealer", D05)
    terms: dict[str, Any] = {
        "so": "",
        "shp": "",
        "milestone": "",
        "lines": (),
        "net": gross,
        "vat": 0,
    } | more
    posted = account_events.InvoicePosted(
        *BY, doc=doc, gross=gross, due=day("2026-05-01"), accounting_date=day(on), **terms
    )
    return fact(DealerAccount, dealer, "CNY", posted)


def has_account(*dealers: str) -> list[Fact]:
    return [fact(Roll, "CNY", Roll.AccountOpened(*BY, dealer=one)) for one in dealers]


def owing(*facts: Fact, dealers: tuple[str, ...] = (D05, D06)) -> Given:
    """Dealers who owe us documents."""
    return given(company(), has_account(*dealers), facts)


def stated(*facts: Fact, period: str = MARCH, on: str = IN_APRIL) -> Given:
    """The same, and D05's statement of the month is issued."""
    return issued(owing(*facts), period=period, on=on)


def issued(past: Given, dealer: str = D05, period: str = MARCH, on: str = IN_APRIL) -> Given:
    return past.when(
        run, IssueStatement(dealer_id=dealer, period=period), by=FINANCE, on=on
    ).accepted()


def theirs(line_id: str, gross: int, doc: str = "", on: str = "2026-03-10", **more: Any) -> Any:
    """A line of the dealer's own books."""
    return StatedLine(
        line_id=line_id, doc=doc, day=day(on), gross=gross, **{"kind": "INVOICE"} | more
    )


def submit(
    past: Given, *lines: StatedLine, file: str = "F-1", by: Actor = FINANCE, **more: Any
) -> When:
    place = {"dealer_id": D05, "period": MARCH} | {
        name: more.pop(name) for name in ("dealer_id", "period") if name in more
    }
    command = SubmitDealerLines(file_hash=file, lines=list(lines), **place)
    return past.when(run, command, by=by, on=more.get("on", IN_APRIL))


def match_again(past: Given, by: Actor = FINANCE, period: str = MARCH) -> When:
    return past.when(run, MatchStatement(dealer_id=D05, period=period), by=by, on=IN_APRIL)


def accept(past: Given, match: str, by: Actor = FINANCE, period: str = MARCH) -> When:
    command = AcceptMatch(dealer_id=D05, period=period, match_id=match)
    return past.when(run, command, by=by, on=IN_APRIL)


def reverse(
    past: Given,
    match: str,
    reason: str = "wrong goods",
    by: Actor = FINANCE,
    period: str = MARCH,
) -> When:
    command = ReverseMatch(dealer_id=D05, period=period, match_id=match, reason=reason)
    return past.when(run, command, by=by, on=IN_APRIL)


def kept(past: Given, period: str = MARCH) -> DealerLines:
    return past.get(DealerLines, D05, period)


def matches(past: Given, period: str = MARCH) -> list[str]:
    """Matches that stand, as ``M-0001: M1 INV-1 = a``."""
    return _said(kept(past, period).matches)


def suggestions(past: Given) -> list[str]:
    return _said(kept(past).suggestions)


def _said(found: dict[str, Any]) -> list[str]:
    return [
        f"{name}: {one.rule} {','.join(one.ours)} = {','.join(one.theirs)}"
        for name, one in found.items()
    ]


def differences(past: Given, period: str = MARCH) -> list[tuple[str, str, int]]:
    """What is different: lines, category, amount."""
    return [
        (",".join(one.lines), one.category, one.amount) for one in kept(past, period).differences
    ]


def bank_line(amount: int, ref: str = "", on: str = "2026-03-09", **more: Any) -> StatedBankLine:
    """A line of the bank, D05's money unless something else is said."""
    told = {"payer": JINLING} | more
    return StatedBankLine(value_date=day(on), amount=amount, bank_ref=ref, **told)


def importing(*lines: StatedBankLine, **more: Any) -> ImportBankStatement:
    head = {"account": "6222-01", "reference": "S-1", "currency": "CNY"} | more
    return ImportBankStatement(lines=list(lines), **head)


def imported(
    past: Given, *lines: StatedBankLine, by: Actor = FINANCE, day_: str = "2026-03-20", **more: Any
) -> When:
    return past.when(run, importing(*lines, **more), by=by, on=day_)


def assign(past: Given, line: str, dealer: str = D05, by: Actor = FINANCE, **more: Any) -> When:
    place: dict[str, Any] = {"account": "6222-01", "reference": "S-1"}
    place |= {name: more.pop(name) for name in ("account", "reference") if name in more}
    command = AssignBankLine(**place, line=line, dealer_id=dealer, **more)
    return past.when(run, command, by=by, on="2026-03-20")


def fields(told: When) -> list[str]:
    """Fields that a refusal names."""
    assert told.refusal is not None
    return [one.facts["field"] for one in told.refusal.violations]


def account(past: Given, dealer: str = D05) -> tuple[dict[str, int], dict[str, int]]:
    """What is open by document, and what money is not applied by receipt."""
    found = past.get(DealerAccount, dealer, "CNY")
    return {doc: item.open for doc, item in found.items.items()}, found.unapplied
