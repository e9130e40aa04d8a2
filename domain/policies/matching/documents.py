"""M1 and M2: both sides name the same document, by tax invoice (发票) or document number."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from domain.policies import cash
from domain.policies.matching.codes import (
    CASH,
    CLAIM,
    CLAIM_REDUCED,
    CREDIT_NOTE,
    M1,
    M2,
    PENALTY,
    PENALTY_DISPUTED,
    PRICE_DIFF,
    QTY_EXCESS,
    QTY_SHORT,
    REBATE_DISPUTED,
    SMALL_DIFF,
    TAX_ROUNDING,
    UNKNOWN,
)
from domain.policies.matching.lines import StatedLine
from domain.policies.matching.pairing import sure
from domain.policies.matching.round import REFERENCES, Lines, Round, by, keyed, same_family, total


def same_document(round_: Round) -> None:
    """M1: the same document and the same amount, of a line or of the document as a whole.

    Lines that cannot be told apart, but are equally many on both sides, match together.
    """
    for ref in REFERENCES:
        of_amount = _with(ref, lambda line: line.gross)
        for ours, theirs in list(round_.shared(of_amount)):
            for one, other in sure((one, other) for one in ours for other in theirs)[0]:
                round_.accept(M1, [one], [other])
        for key in (of_amount, by(ref)):
            for ours, theirs in list(round_.shared(key)):
                if total(ours) == total(theirs):
                    round_.accept(M1, ours, theirs)
        for ours, theirs in list(round_.shared(of_amount)):
            round_.suggest_pairs(M1, [(one, other) for one in ours for other in theirs])


def other_amount(round_: Round) -> None:
    """M2: the same document with another amount.

    Cents of VAT and small differences are let go, of a line or of the document as a whole; more
    than that makes a pair of single lines a difference. A line is single in its document, or by its
    product. A quantity is never let go.
    """
    for ref in REFERENCES:
        for key in (by(ref), _with(ref, lambda line: line.sku or None)):
            shared = [pair for pair in round_.shared(key) if total(pair[0]) != total(pair[1])]
            for ours, theirs in sorted(shared, key=_distance):
                _weigh(round_, ours, theirs)


def pair_category(ours: Lines, theirs: Lines) -> str:
    """Propose why one document has another amount on the other side."""
    lines = (*ours, *theirs)
    kinds = {line.kind for line in lines}
    if CLAIM in kinds and abs(total(ours)) < abs(total(theirs)):
        return CLAIM_REDUCED
    if PENALTY in kinds:
        return PENALTY_DISPUTED
    if len({line.sku for line in lines if line.sku}) <= 1 and all(line.qty for line in lines):
        more = _qty(theirs) - _qty(ours)
        return PRICE_DIFF if not more else QTY_EXCESS if more > 0 else QTY_SHORT
    if CREDIT_NOTE in kinds and not any(line.sku or line.qty for line in lines):
        return REBATE_DISPUTED
    return UNKNOWN


def _weigh(round_: Round, ours: Lines, theirs: Lines) -> None:
    """Let a difference go, or put a pair of single lines down as one."""
    if not all(same_family(one, other) for one in ours for other in theirs):
        return
    found = pair_category(ours, theirs)
    if found not in {QTY_SHORT, QTY_EXCESS}:
        small = _small(round_, ours, theirs)
        if small and (small != SMALL_DIFF or _room(round_, ours, theirs)):
            round_.accept(M2, ours, theirs, small)
            return
        found = small or found
    if len(ours) == len(theirs) == 1:
        round_.differ(M2, ours, theirs, found)


def _small(round_: Round, ours: Lines, theirs: Lines) -> str:
    """Category of a difference that is small enough for its item, else nothing."""
    terms, delta = round_.terms, abs(total(theirs) - total(ours))
    taxed = not any(line.kind in CASH for line in (*ours, *theirs))
    if taxed and delta <= terms.vat_cents * max(len(ours), len(theirs)):
        return TAX_ROUNDING
    return SMALL_DIFF if delta <= cash.tolerance(terms, abs(total(ours))) else ""


def _room(round_: Round, ours: Lines, theirs: Lines) -> bool:
    """Say whether the month has room for one more small difference."""
    delta = abs(total(theirs) - total(ours))
    return round_.let_go + delta <= round_.terms.per_dealer_month


def _with(
    ref: str, more: Callable[[StatedLine], Hashable | None]
) -> Callable[[StatedLine], Hashable | None]:
    """Key of a document and of something more about the line; None where either is missing."""

    def key(line: StatedLine) -> Hashable | None:
        document, rest = keyed(line, ref), more(line)
        return None if document is None or rest is None else (document, rest)

    return key


def _distance(pair: tuple[Lines, Lines]) -> tuple[int, int, str, str]:
    """Order of candidates of one strength: amounts apart, days apart, document, line."""
    ours, theirs = pair
    days = abs((theirs[0].day - ours[0].day).days)
    return abs(total(theirs) - total(ours)), days, ours[0].doc, ours[0].line_id


def _qty(lines: Lines) -> int:
    return sum(abs(line.qty) for line in lines)
