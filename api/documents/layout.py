"""What all renderings of a statement have in common: the order of its parts and their texts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from api.documents.words import FACTS, KINDS, Word
from domain.accounts.entry import OPENING
from replays.statements.values import DetailLine, Document, Head, Memo

NONE = "\N{EN DASH}"
"""Stands where there is nothing to say."""

MINUS = "\N{MINUS SIGN}"
PENDING = (
    "unapplied_deposits",
    "unapplied_money",
    "security_deposit",
    "shipped_not_signed",
    "delivered_not_invoiced",
    "claims_in_review",
    "disputed",
)
CREDIT = ("credit_limit", "exposure", "available")
"""Amounts of the memo in two groups: what is pending, and what room is left."""


class Step(NamedTuple):
    """A line of part A: its number, its sign in the sum, its figure, and its words."""

    number: str
    sign: str
    field: str
    word: Word


IDENTITY = (
    Step("1", "", "opening", Word("期初余额", "Opening balance")),
    Step("2", "+", "invoices", Word("本期开票", "Invoices")),
    Step("3", MINUS, "returns", Word("退货红字", "Credit notes: returns")),
    Step(
        "4", MINUS, "price_credits", Word("价格及短少红字", "Credit notes: price, short delivery")
    ),
    Step("5", MINUS, "rebates", Word("返利红字", "Credit notes: rebates")),
    Step("6", MINUS, "claims", Word("索赔抵扣", "Claims offset")),
    Step("7", MINUS, "deposits", Word("预付款抵扣", "Deposits applied")),
    Step("8", MINUS, "payments", Word("回款", "Payments")),
    Step("9a", MINUS, "write_offs", Word("核销", "Write-offs")),
    Step("9b", "\N{PLUS-MINUS SIGN}", "adjustments", Word("调整", "Adjustments")),
    Step("10", "+", "penalties", Word("违约金", "Penalties")),
    Step("11", "=", "closing", Word("期末余额", "Closing balance")),
)
"""Part A as one sum: the steps up to the tenth come to the eleventh."""


class Told(NamedTuple):
    """A line of part B as it is shown; its document's balance stands on the last of its lines."""

    line: DetailLine
    continues: bool
    balance: int | None


def number(head: Head) -> str:
    """Return the number of an issued statement, as the next one names it."""
    return f"{head.period}/{head.version}" if head.version is not None else NONE


def facts(head: Head) -> list[tuple[Word, date | str]]:
    """Return what the head says beside its parties."""
    told: dict[str, date | str] = {
        "number": number(head),
        "period": head.period,
        "currency": head.currency,
        "version": str(head.version) if head.version is not None else NONE,
        "issued_on": head.issued_on or NONE,
        "confirm_by": head.confirm_by or NONE,
        "previous": head.previous or NONE,
        "log_position": str(head.log_position),
    }
    return [(word, told[name]) for name, word in FACTS.items()]


def told(lines: tuple[DetailLine, ...]) -> Iterator[Told]:
    """Yield lines of a block with what belongs to their place among the others."""
    before: tuple[str, int] | None = None
    for place, line in enumerate(lines):
        mine = (line.doc, line.balance)
        after = lines[place + 1] if place + 1 < len(lines) else None
        last = after is None or (after.doc, after.balance) != mine
        yield Told(line, mine == before, line.balance if last else None)
        before = mine


def brought_forward(document: Document) -> int:
    """Return the balance before the first line.

    The opening balance of part A includes opening items of the month, which part B lists.
    """
    items = (*document.lines, *document.prior)
    return document.figures.opening - sum(one.gross for one in items if one.type == OPENING)


def kind(name: str) -> Word:
    """Return the word of a kind of entries; one that is not known speaks for itself."""
    return KINDS.get(name, Word("", name))


def price(value: Decimal | None) -> str:
    """Write a unit price with at least two decimals, and all that it has."""
    if value is None:
        return ""
    exponent = value.as_tuple().exponent
    two = isinstance(exponent, int) and exponent > -len("00")
    return f"{value:,.2f}" if two else f"{value:,f}"


def count(value: int | None) -> str:
    """Write a quantity."""
    return "" if value is None else f"{value:,}"


def ageing_total(memo: Memo) -> int:
    """Sum the buckets up."""
    one = memo.ageing
    late = one.overdue_1_30 + one.overdue_31_60 + one.overdue_61_90 + one.overdue_over_90
    return one.not_due + late
