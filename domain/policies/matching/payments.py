"""M6: payments of the same amount within a few days, where the amount can be no other payment."""

from __future__ import annotations

from collections import Counter

from domain.policies.matching.codes import M6, PAYMENT
from domain.policies.matching.lines import StatedLine
from domain.policies.matching.pairing import Pair
from domain.policies.matching.round import Lines, Round


def same_payment(round_: Round) -> None:
    """M6: a payment whose amount occurs once on each side in the whole period.

    Matched payments count, too: of two equal ones, the one that is left may be either.
    """
    pairs = payment_pairs(round_, round_.ours.free)
    ours, theirs = amounts(round_.ours.lines), amounts(round_.theirs.lines)
    only = [pair for pair in pairs if ours[pair[0].gross] == theirs[pair[0].gross] == 1]
    for one, other in only:
        round_.accept(M6, [one], [other])
    round_.suggest_pairs(M6, [pair for pair in pairs if pair not in only])


def payment_pairs(round_: Round, ours: Lines) -> list[Pair]:
    """Payments of ours and free ones of theirs, of one amount and few days apart.

    One side must call it a payment; the other may say nothing.
    """
    return [
        (one, other)
        for one in ours
        for other in round_.theirs.free
        if one.gross == other.gross
        and _paid(one)
        and _paid(other)
        and PAYMENT in {one.kind, other.kind}
        and abs((other.day - one.day).days) <= round_.terms.window_days
        and not round_.contradict(one, other)
    ]


def amounts(lines: Lines) -> Counter[int]:
    """How often each amount occurs among payments."""
    return Counter(line.gross for line in lines if _paid(line))


def _paid(line: StatedLine) -> bool:
    return line.kind in {PAYMENT, ""}
