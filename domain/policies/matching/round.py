"""One round of rules over two statements: what is free yet, and what was found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence

from domain.policies.matching.codes import (
    ACTIONS,
    CASH,
    DEPOSIT_TREATMENT,
    M7,
    SMALL_DIFF,
    UNKNOWN,
)
from domain.policies.matching.earlier import Earlier
from domain.policies.matching.lines import StatedLine
from domain.policies.matching.outcome import Difference, Match
from domain.policies.matching.pairing import Pair, order
from domain.policies.matching.terms import MatchTerms

Lines = Sequence[StatedLine]
Ids = tuple[str, ...]

REFERENCES = ("fapiao", "doc")
"""References that name a document, the stronger first."""

_TELLING = ("fapiao", "doc", "shp", "so")
"""References by which two lines contradict each other."""


class Side:
    """Lines of one side. ``free`` may be matched, ``rest`` is in no match and no difference."""

    def __init__(self, lines: Lines, used: Collection[str]) -> None:
        self.lines = lines
        self.rest = {line.line_id: line for line in lines if line.line_id not in used}
        self.open: set[str] = set()

    @property
    def free(self) -> list[StatedLine]:
        """Lines that a rule may use. What a rule leaves open is not decided by a weaker one."""
        return [line for line in self.rest.values() if line.line_id not in self.open]

    def take(self, lines: Lines) -> None:
        """Use lines up."""
        for line in lines:
            self.rest.pop(line.line_id, None)


class Round:
    """What the rules of one round share. ``others`` are our lines of other months.

    ``took`` are our lines that lists of other months have used, with the amounts there, by month.
    """

    def __init__(
        self, ours: Lines, theirs: Lines, others: Lines, terms: MatchTerms, earlier: Earlier
    ) -> None:
        settled = earlier.settled
        took = {month: earlier.took(month) for month in {one.month for one in (*ours, *others)}}
        gone = {one.line_id for one in others if one.line_id in took[one.month]}
        self.terms, self.earlier, self.took = terms, earlier, took
        self.ours = Side(ours, earlier.used(beside=False))
        self.others = Side(others, earlier.used(beside=True) | gone)
        self.theirs = Side(theirs, {line_id for one in settled for line_id in one.theirs})
        self.matches: list[Match] = []
        self.suggestions: list[Match] = []
        self.differences: list[Difference] = []
        self.let_go = sum(abs(one.residual) for one in settled if one.category == SMALL_DIFF)
        self._known = (_known((*ours, *others)), _known(theirs))
        self._compare_anew()

    def shared(
        self, key: Callable[[StatedLine], Hashable | None]
    ) -> Iterator[tuple[list[StatedLine], list[StatedLine]]]:
        """Free lines of both sides that have the same key; a line without key has none."""
        theirs = grouped(self.theirs.free, key)
        for value, ours in grouped(self.ours.free, key).items():
            if value in theirs:
                yield ours, theirs[value]

    def contradict(self, one: StatedLine, other: StatedLine) -> bool:
        """Say whether a line of ours and one of theirs cannot be the same thing.

        Money is no document, and who names another document, shipment or order that the other side
        knows does not mean this one. A reference that nobody knows is the dealer's own number.
        """
        if not same_family(one, other) or (
            one.serials and other.serials and one.serials != other.serials
        ):
            return True
        ours, theirs = self._known
        return any(
            mine
            and yours
            and mine != yours
            and (keyed(other, ref) in ours or keyed(one, ref) in theirs)
            for ref in _TELLING
            for mine, yours in [(getattr(one, ref), getattr(other, ref))]
        )

    def accept(self, rule: str, ours: Lines, theirs: Lines, category: str = "") -> None:
        """Match lines beyond doubt; what a person took back is only suggested again."""
        if not category and {one.kind for one in (*ours, *theirs)} == CASH:
            category = DEPOSIT_TREATMENT
        found = self._matched(rule, ours, theirs, category, accepted=True)
        if self.earlier.is_reversed(found):
            self.suggest(rule, [(ours, theirs)], category)
            return
        self.matches.append(found)
        self.let_go += abs(found.residual) if category == SMALL_DIFF else 0
        self._side(rule).take(ours)
        self.theirs.take(theirs)

    def suggest(
        self, rule: str, alternatives: Iterable[tuple[Lines, Lines]], category: str = ""
    ) -> None:
        """Leave lines to a person who chooses one of the alternatives, named in this order."""
        for ours, theirs in alternatives:
            self.suggestions.append(self._matched(rule, ours, theirs, category))
            self._side(rule).open |= {line.line_id for line in ours}
            self.theirs.open |= {line.line_id for line in theirs}

    def suggest_pairs(self, rule: str, pairs: Iterable[Pair]) -> None:
        """Leave pairs to a person, best first."""
        self.suggest(rule, [([one], [other]) for one, other in sorted(pairs, key=order)])

    def differ(self, rule: str, ours: Lines, theirs: Lines, category: str = UNKNOWN) -> None:
        """Put lines down as a difference, with what usually resolves it."""
        self.put_down(rule, ids(ours), ids(theirs), category, total(theirs) - total(ours))
        self.ours.take(ours)
        self.theirs.take(theirs)

    def put_down(self, rule: str, ours: Ids, theirs: Ids, category: str, amount: int) -> None:
        """Put an amount down that is different."""
        self.differences.append(
            Difference(
                rule=rule,
                ours=ours,
                theirs=theirs,
                category=category,
                amount=amount,
                note=ACTIONS[category],
            )
        )

    def _side(self, rule: str) -> Side:
        """Our side of a rule: one looks at the months beside."""
        return self.others if rule == M7 else self.ours

    def _compare_anew(self) -> None:
        """What our documents changed by since they were matched is different."""
        now = {line.line_id: line.gross for line in self.ours.lines}
        for one in self.earlier.settled:
            if one.rule == M7:
                continue
            amount = one.ours_amount - sum(now.get(line_id, 0) for line_id in one.ours)
            if amount:
                self.put_down(one.rule, one.ours, one.theirs, UNKNOWN, amount)

    def _matched(
        self, rule: str, ours: Lines, theirs: Lines, category: str = "", *, accepted: bool = False
    ) -> Match:
        """Match of lines; of ours, only those of this period have an amount in it."""
        beside = rule == M7
        amount = 0 if beside else total(ours)
        return Match(
            rule=rule,
            ours=ids(ours),
            theirs=ids(theirs),
            ours_amount=amount,
            theirs_amount=total(theirs),
            residual=total(theirs) - amount,
            category=category,
            accepted=accepted,
            unique=accepted,
            ours_period=ours[0].month if beside else "",
        )


def grouped(
    lines: Iterable[StatedLine], key: Callable[[StatedLine], Hashable | None]
) -> dict[Hashable, list[StatedLine]]:
    """Lines by key, in the order in which they come; lines without key are left out."""
    groups: dict[Hashable, list[StatedLine]] = defaultdict(list)
    for line in lines:
        value = key(line)
        if value is not None:
            groups[value].append(line)
    return dict(groups)


def by(ref: str) -> Callable[[StatedLine], Hashable | None]:
    """Key function of a reference."""
    return lambda line: keyed(line, ref)


def keyed(line: StatedLine, ref: str) -> Hashable | None:
    """Key of a reference, None for an empty one.

    What names a document has a direction: a payment that quotes an invoice is not that invoice.
    """
    value = getattr(line, ref)
    if not value:
        return None
    return (ref, value, line.direction if ref in REFERENCES else 0)


def same_family(one: StatedLine, other: StatedLine) -> bool:
    """Say whether both are money or both are documents, as far as their kinds are known."""
    return not (one.kind and other.kind) or (one.kind in CASH) == (other.kind in CASH)


def total(lines: Lines) -> int:
    """Sum of gross amounts, minor units."""
    return sum(line.gross for line in lines)


def ids(lines: Lines) -> Ids:
    """Line ids in their order."""
    return tuple(sorted(line.line_id for line in lines))


def _known(lines: Iterable[StatedLine]) -> set[Hashable | None]:
    return {keyed(line, ref) for line in lines for ref in _TELLING if getattr(line, ref)}
