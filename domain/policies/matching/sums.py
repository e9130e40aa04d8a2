"""M4 and M5: one side booked one sum for several lines of the other.

The lines must share something with the sum: it names them in its text, or it is of the same
document, the same order or the same day. The strongest of these that yields an answer decides;
order and day are equally strong. Beyond doubt is only the single answer of a sum, and only if no
other sum could be made of its lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from domain.policies.matching.codes import M4, M5
from domain.policies.matching.lines import StatedLine, named_in
from domain.policies.matching.round import REFERENCES, Lines, Round
from domain.policies.matching.subsets import subsets
from domain.policies.matching.terms import MatchTerms

Relation = Callable[[StatedLine, StatedLine], bool]


class Answer(msgspec.Struct, frozen=True):
    """A sum and the different sets of lines that add up to it."""

    whole: StatedLine
    parts: tuple[Lines, ...]

    @property
    def lines(self) -> set[str]:
        """Ids of all lines that any set uses."""
        return {line.line_id for lines in self.parts for line in lines}


def one_to_many(round_: Round) -> None:
    """M4: the dealer booked one sum for several of our lines."""
    wholes, parts = round_.theirs.free, round_.ours.free
    answers = _answers(round_, wholes, parts, lambda whole, part: round_.contradict(part, whole))
    sure, alternatives = _sorted_out(answers)
    for whole, lines in sure:
        round_.accept(M4, lines, [whole])
    round_.suggest(M4, [(lines, [whole]) for whole, lines in alternatives])


def many_to_one(round_: Round) -> None:
    """M5: the dealer booked several lines for one of ours."""
    wholes, parts = round_.ours.free, round_.theirs.free
    answers = _answers(round_, wholes, parts, round_.contradict)
    sure, alternatives = _sorted_out(answers)
    for whole, lines in sure:
        round_.accept(M5, [whole], lines)
    round_.suggest(M5, [([whole], lines) for whole, lines in alternatives])


def _answers(round_: Round, wholes: Lines, parts: Lines, contradict: Relation) -> list[Answer]:
    found = []
    for whole in wholes:
        along = [
            part
            for part in parts
            if part.direction == whole.direction and _related(round_.terms, whole, part)
        ]
        possible = [part for part in along if not contradict(whole, part)]
        answers = (_different(round_.terms, whole, possible, row) for row in _STRENGTHS)
        sets = next((answer for answer in answers if answer), ())
        if sets:
            found.append(Answer(whole, sets))
    return found


def _different(
    terms: MatchTerms, whole: StatedLine, lines: Lines, relations: Sequence[Relation]
) -> tuple[Lines, ...]:
    """Different sets of lines, each with one relation to a sum, that add up to it.

    None, if only single lines have its amount: that is for other rules. Otherwise such a line a few
    days off is as good an answer.
    """
    sets = [
        one
        for related in relations
        for one in _adding_up(terms, whole, [part for part in lines if related(whole, part)])
    ]
    if all(len(one) == 1 for one in sets):
        return ()
    if _same_day in relations:
        sets += [[part] for part in lines if _near(terms, whole, part)]
    return tuple({tuple(line.line_id for line in one): one for one in sets}.values())


def _adding_up(terms: MatchTerms, whole: StatedLine, lines: Lines) -> list[Lines]:
    """Sets of lines that add up to a sum, two at most.

    None of more lines than may be searched: an answer could not be known to be the only one.
    """
    if len(lines) > terms.most_candidates:
        return []
    places = subsets([line.gross for line in lines], whole.gross, terms.most_lines)
    return [[lines[place] for place in one] for one in places]


def _sorted_out(
    answers: Sequence[Answer],
) -> tuple[list[tuple[StatedLine, Lines]], list[tuple[StatedLine, Lines]]]:
    """Split answers into what is beyond doubt and alternatives, each a sum with its lines."""
    wanted = Counter(line_id for answer in answers for line_id in answer.lines)
    sure: list[tuple[StatedLine, Lines]] = []
    alternatives: list[tuple[StatedLine, Lines]] = []
    for answer in answers:
        alone = len(answer.parts) == 1 and all(wanted[one] == 1 for one in answer.lines)
        (sure if alone else alternatives).extend((answer.whole, lines) for lines in answer.parts)
    return sure, alternatives


def _named(whole: StatedLine, part: StatedLine) -> bool:
    return bool(part.doc and part.doc in named_in(whole.text)) or bool(
        whole.doc and whole.doc in named_in(part.text)
    )


def _same_document(whole: StatedLine, part: StatedLine) -> bool:
    return any(getattr(whole, ref) == getattr(part, ref) != "" for ref in REFERENCES)


def _same_order(whole: StatedLine, part: StatedLine) -> bool:
    return whole.so == part.so != "" or whole.shp == part.shp != ""


def _same_day(whole: StatedLine, part: StatedLine) -> bool:
    return whole.day == part.day


def _near(terms: MatchTerms, whole: StatedLine, part: StatedLine) -> bool:
    days = abs((part.day - whole.day).days)
    return part.gross == whole.gross and days <= terms.window_days


_STRENGTHS: tuple[tuple[Relation, ...], ...] = (
    (_named,),
    (_same_document,),
    (_same_order, _same_day),
)
"""Relations, the strongest first; those in one row are equally strong."""


def _related(terms: MatchTerms, whole: StatedLine, part: StatedLine) -> bool:
    """Say whether a line has anything to do with a sum, before more is asked about it."""
    return _near(terms, whole, part) or any(
        related(whole, part) for row in _STRENGTHS for related in row
    )
