"""M7: what the dealer booked in this month stands in the month before or after with us.

Nothing is wrong with it: it clears by itself, so both lines match and the category says ``TIMING``.
Documents other than money are all ``TIMING_GOODS``. In its own month such a line of ours is a
difference that explains itself.
"""

from __future__ import annotations

from domain.policies.matching.codes import CASH, M7, TIMING_CASH, TIMING_GOODS, UNKNOWN
from domain.policies.matching.lines import StatedLine
from domain.policies.matching.pairing import Pair, sure
from domain.policies.matching.payments import amounts, payment_pairs
from domain.policies.matching.round import REFERENCES, Round, keyed

MONTHS = 12


def other_month(round_: Round) -> None:
    """M7: the same document and amount in an adjacent month, else the same payment there."""
    _settle(
        round_,
        [
            (one, other)
            for one in round_.others.free
            for other in round_.theirs.free
            if one.gross == other.gross and _adjacent(one, other) and _same_document(one, other)
        ],
    )
    theirs = amounts(round_.theirs.lines)
    _settle(
        round_,
        [
            (one, other)
            for one, other in payment_pairs(round_, round_.others.free)
            if _adjacent(one, other) and theirs[other.gross] == 1
        ],
    )


def booked_elsewhere(round_: Round) -> None:
    """Put down what the dealer's list of another month has used: it is late, and not missing."""
    for line in list(round_.ours.rest.values()):
        took = round_.took[line.month]
        if line.line_id in took:
            booked, ours = took[line.line_id], (line.line_id,)
            round_.put_down(M7, ours, (), _timing(line), -booked)
            if line.gross != booked:
                round_.put_down(M7, ours, (), UNKNOWN, booked - line.gross)
            round_.ours.take([line])


def _settle(round_: Round, pairs: list[Pair]) -> None:
    found, left = sure(pairs)
    for one, other in found:
        round_.accept(M7, [one], [other], _timing(one, other))
    round_.suggest_pairs(M7, left)


def _timing(*lines: StatedLine) -> str:
    return TIMING_CASH if CASH & {one.kind for one in lines} else TIMING_GOODS


def _same_document(one: StatedLine, other: StatedLine) -> bool:
    return any(keyed(one, ref) == keyed(other, ref) is not None for ref in REFERENCES)


def _adjacent(one: StatedLine, other: StatedLine) -> bool:
    return abs(_number(one.month) - _number(other.month)) == 1


def _number(month: str) -> int:
    return int(month[:4]) * MONTHS + int(month[5:7])
