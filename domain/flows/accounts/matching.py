"""Matching: a dealer's own lines are compared with our statement of the same month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from domain.accounts.dealer_account import DealerAccount
from domain.accounts.dealer_lines import DealerLines
from domain.accounts.entry import CREDIT_PRICE, CREDIT_REBATE, CREDIT_RETURN, Entry
from domain.accounts.invoice import Invoice
from domain.accounts.statement import Statement
from domain.books.period import after, before
from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.flows.accounts.stating import own_statement
from domain.flows.company.acting import FINANCE, only
from domain.kernel.aggregate import Log, existing
from domain.kernel.money import LARGEST_AMOUNT
from domain.kernel.refusal import ReasonRequired
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.policies import matching
from domain.policies.matching.codes import M7
from domain.policies.matching.earlier import taken
from domain.policies.matching.lines import StatedLine

KINDS = {CREDIT_RETURN: "CREDIT_NOTE", CREDIT_PRICE: "CREDIT_NOTE", CREDIT_REBATE: "CREDIT_NOTE"}
"""Our kinds of lines in the words of matching, where they are others."""


@dataclass(frozen=True, kw_only=True)
class SubmitDealerLines:
    """Give a dealer's own lines of a month (YYYY-MM), to be compared with ours.

    ``gross`` is signed, minor units: above 0 is owed to us. ``file_hash`` names the list: the same
    list again adds nothing.
    """

    dealer_id: str
    period: str
    file_hash: str
    lines: list[StatedLine]


def submit_dealer_lines(log: Log, stamp: Stamp, command: SubmitDealerLines) -> dict[str, Any]:
    """Submit lines, and compare them at once; for the dealer's own users, and for finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED.
    """
    own_statement(log, command.dealer_id, command.period, stamp, "FIN")
    dealer_lines, findings = log.get(DealerLines, command.dealer_id, command.period), Findings()
    findings.identifier(command.file_hash, "file_hash")
    findings.field(command.lines, "lines", "at least one line")
    seen: set[str] = set()
    for place, one in enumerate(command.lines):
        field = f"lines[{place}]"
        findings.identifier(one.line_id, f"{field}.line_id")
        again = one.line_id in seen or (
            one.line_id in dealer_lines.lines and command.file_hash not in dealer_lines.files
        )
        findings.field(not again, f"{field}.line_id", "each line once")
        fine = abs(one.gross) <= LARGEST_AMOUNT
        findings.field(fine, f"{field}.gross", f"at most {LARGEST_AMOUNT} either way")
        seen.add(one.line_id)
    findings.refuse()
    new = dealer_lines.submit(command.file_hash, tuple(command.lines), stamp)
    return {"lines": new} | _compare(log, dealer_lines, stamp)


@dataclass(frozen=True, kw_only=True)
class MatchStatement:
    """Compare a dealer's lines of a month with ours again, after something has changed."""

    dealer_id: str
    period: str


def match_statement(log: Log, stamp: Stamp, command: MatchStatement) -> dict[str, Any]:
    """Match again; matches that stand are left alone, and nothing new records nothing.

    Refuses NOT_FOUND, FORBIDDEN_ROLE.
    """
    only((*FINANCE, "SYSTEM"), stamp)
    return _compare(log, existing(log, DealerLines, command.dealer_id, command.period), stamp)


@dataclass(frozen=True, kw_only=True)
class AcceptMatch:
    """Choose one of several matches that were suggested."""

    dealer_id: str
    period: str
    match_id: str


def accept_match(log: Log, stamp: Stamp, command: AcceptMatch) -> dict[str, Any]:
    """Accept a suggestion; accepting it again records nothing. For finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, ALREADY_MATCHED.
    """
    only(FINANCE, stamp)
    dealer_lines = existing(log, DealerLines, command.dealer_id, command.period)
    dealer_lines.accept(command.match_id, _elsewhere(log, dealer_lines), stamp)
    return _compare(log, dealer_lines, stamp)


@dataclass(frozen=True, kw_only=True)
class ReverseMatch:
    """Take a match back, for a reason: it is not made again, only suggested."""

    dealer_id: str
    period: str
    match_id: str
    reason: str


def reverse_match(log: Log, stamp: Stamp, command: ReverseMatch) -> dict[str, Any]:
    """Reverse a match; its lines are compared again at once. For finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, REASON_REQUIRED.
    """
    only(FINANCE, stamp)
    dealer_lines, findings = (
        existing(log, DealerLines, command.dealer_id, command.period),
        Findings(),
    )
    findings.require(command.reason.strip(), ReasonRequired(match=command.match_id))
    findings.refuse()
    dealer_lines.reverse(command.match_id, command.reason, stamp)
    told = _compare(log, dealer_lines, stamp)
    return {"match": command.match_id, "open_difference": told["open_difference"]}


def our_lines(log: Log, dealer: str, period: str, stamp: Stamp) -> list[StatedLine]:
    """Our own lines of a month, in the words of matching: one a document."""
    account = log.get(DealerAccount, dealer, stamp.currency)
    found: dict[str, list[Entry]] = {}
    for entry in account.lines(period):
        found.setdefault(entry.doc, []).append(entry)
    return [_line(log, doc, entries, period) for doc, entries in found.items()]


def _line(log: Log, doc: str, entries: list[Entry], period: str) -> StatedLine:
    first, invoice = entries[0], log.get(Invoice, doc)
    goods = [one for entry in entries for one in entry.goods]
    alone = goods[0] if len(goods) == 1 else None
    return StatedLine(
        line_id=doc,
        kind=KINDS.get(first.kind, first.kind),
        doc=doc,
        day=first.day,
        gross=sum(one.amount for one in entries),
        fapiao=invoice.fapiao if invoice.exists else "",
        so=first.so,
        shp=first.shp,
        sku=alone.sku if alone else "",
        qty=abs(alone.qty) if alone else 0,
        period=period,
        text=first.text,
    )


def _compare(log: Log, dealer_lines: DealerLines, stamp: Stamp) -> dict[str, Any]:
    """Compare a month, and those beside it where it has used other lines of theirs than before."""
    _run(log, dealer_lines, stamp)
    dealer, _, period = dealer_lines.key.partition("/")
    for month in (before(period), after(period)):
        beside = log.get(DealerLines, dealer, month)
        late = {line_id for one in beside.differences if one.rule == M7 for line_id in one.ours}
        if beside.exists and late != set(taken(_elsewhere(log, beside).values(), month)):
            _run(log, beside, stamp)
    return {
        "matched": len(dealer_lines.matches),
        "suggested": len(dealer_lines.suggestions),
        "differences": len(dealer_lines.differences),
        "open_difference": dealer_lines.open_difference,
    }


def _run(log: Log, dealer_lines: DealerLines, stamp: Stamp) -> None:
    """Compare a month; of one that has ended our lines are forgotten, and what was found stands."""
    dealer, _, period = dealer_lines.key.partition("/")
    if log.get(DealerAccount, dealer, stamp.currency).has_ended(period):
        return
    automatic = stamp.automatic("matching")
    outcome = matching.match(
        our_lines(log, dealer, period, stamp),
        # The list that a line stands in decides, not its day.
        [msgspec.structs.replace(one, period=period) for one in dealer_lines.lines.values()],
        _terms(log),
        matching.Earlier(
            settled=tuple(dealer_lines.matches.values()),
            elsewhere=tuple(_elsewhere(log, dealer_lines).values()),
            reversed=tuple(dealer_lines.reversed),
        ),
        [
            line
            for one in (before(period), after(period))
            for line in our_lines(log, dealer, one, stamp)
        ],
    )
    for one in outcome.matches:
        dealer_lines.propose(one, automatic)
    suggested = {dealer_lines.propose(one, automatic) for one in outcome.suggestions}
    dropped = tuple(sorted(set(dealer_lines.suggestions) - suggested))
    statement = log.get(Statement, dealer, period)
    same = list(outcome.differences) == dealer_lines.differences and not dropped
    if not (same and dealer_lines.compared_with(statement.version_no)):
        dealer_lines.record(
            DealerLines.Compared(
                automatic.by,
                automatic.at,
                digest=statement.digest,
                version_no=statement.version_no,
                differences=outcome.differences,
                before=len(dealer_lines.differences),
                dropped=dropped,
            )
        )


def _terms(log: Log) -> matching.MatchTerms:
    small = log.get(CompanyPolicy, COMPANY).small_difference
    return matching.MatchTerms(
        max_item=small.max_item,
        pct=small.pct,
        floor=small.floor,
        per_dealer_month=small.per_dealer_month,
    )


def _elsewhere(log: Log, dealer_lines: DealerLines) -> dict[str, matching.Match]:
    """Matches of other months' lists that may have used lines of this month or beside it."""
    dealer, _, period = dealer_lines.key.partition("/")
    months = (before(before(period)), before(period), after(period), after(after(period)))
    return {
        f"{month}/{name}": msgspec.structs.replace(one, ours_period=_month_of(one, month))
        for month in months
        for name, one in log.get(DealerLines, dealer, month).matches.items()
    }


def _month_of(one: matching.Match, month: str) -> str:
    """Month of our lines in a match of a month's list; nobody knew it of the first ones of M7."""
    return one.ours_period if one.rule == M7 else month
