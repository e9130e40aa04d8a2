"""A dealer's own lines of a month, and how they were matched with ours.

Every match names its rule and the lines of both sides, and can be taken back by a fact of its own.
A new run never takes lines away from a match that stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import msgspec

from domain.accounts.refusals import AlreadyMatched
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import NotFound
from domain.kernel.stamp import Stamp
from domain.policies.matching.lines import StatedLine
from domain.policies.matching.outcome import Difference, Match

TIMING = ("TIMING_GOODS", "TIMING_CASH", "DEPOSIT_TREATMENT")
"""Categories that clear by themselves, or are only shown otherwise: nobody must explain them."""


class DealerLines(Aggregate):
    """One dealer's lines of one month; the stream is ``DealerLines/{dealer}/{period}``."""

    CATEGORY: ClassVar[str] = "DealerLines"

    files: dict[str, int] = msgspec.field(default_factory=dict)
    """Number of lines by the hash of their file."""
    lines: dict[str, StatedLine] = msgspec.field(default_factory=dict)
    matches: dict[str, Match] = msgspec.field(default_factory=dict)
    """Matches that stand, by id."""
    suggestions: dict[str, Match] = msgspec.field(default_factory=dict)
    """Alternatives that a person may choose from, by id."""
    passed: dict[str, Match] = msgspec.field(default_factory=dict)
    """Alternatives that no run makes any more, by id."""
    reversed: list[Match] = msgspec.field(default_factory=list)
    """Matches that a person took back: no run decides them again."""
    differences: list[Difference] = msgspec.field(default_factory=list)
    made: int = 0
    """Number of the last match or suggestion."""
    compared_version: int = 0
    """Version of our statement at the last run that found something new."""

    # What can happen to the lines. Topics and fields are stored: add, never rename.

    class Submitted(Event, frozen=True, kw_only=True):
        """The dealer gave lines of its books, in a file or one by one."""

        TOPIC = "dealer_lines.submitted"
        file_hash: str
        lines: tuple[StatedLine, ...]

        def apply(self, dealer_lines: DealerLines) -> None:
            """Keep them."""
            dealer_lines.files[self.file_hash] = len(self.lines)
            dealer_lines.lines.update({one.line_id: one for one in self.lines})

    class MatchProposed(Event, frozen=True, kw_only=True):
        """A run found a match: it stands at once where it is beyond doubt."""

        TOPIC = "dealer_lines.match_proposed"
        match_id: str
        match: Match

        def apply(self, dealer_lines: DealerLines) -> None:
            """Keep it."""
            dealer_lines.made += 1
            kept = dealer_lines.matches if self.match.accepted else dealer_lines.suggestions
            kept[self.match_id] = self.match

    class MatchAccepted(Event, frozen=True, kw_only=True):
        """A person chose a suggestion."""

        TOPIC = "dealer_lines.match_accepted"
        match_id: str

        def apply(self, dealer_lines: DealerLines) -> None:
            """Let it stand."""
            chosen = dealer_lines.suggestions.pop(self.match_id)
            dealer_lines.matches[self.match_id] = msgspec.structs.replace(chosen, accepted=True)

    class MatchReversed(Event, frozen=True, kw_only=True):
        """A match does not stand any more; its lines are free."""

        TOPIC = "dealer_lines.match_reversed"
        match_id: str
        reason: str

        def apply(self, dealer_lines: DealerLines) -> None:
            """Take it back."""
            dealer_lines.reversed.append(dealer_lines.matches.pop(self.match_id))

    class Compared(Event, frozen=True, kw_only=True):
        """What is different after a run, by category; ``before`` counts those of the last one."""

        TOPIC = "dealer_lines.compared"
        digest: str
        version_no: int
        differences: tuple[Difference, ...]
        before: int = 0
        dropped: tuple[str, ...] = ()

        def apply(self, dealer_lines: DealerLines) -> None:
            """Set them; suggestions that the run did not make again are over."""
            dealer_lines.compared_version = self.version_no
            dealer_lines.differences = list(self.differences)
            for one in self.dropped:
                if one in dealer_lines.suggestions:
                    dealer_lines.passed[one] = dealer_lines.suggestions.pop(one)

    # What is asked about it.

    @property
    def open_difference(self) -> int:
        """Sum of the amounts that somebody must explain, without their signs; minor units."""
        return sum(abs(one.amount) for one in self.differences if one.category not in TIMING)

    def compared_with(self, version_no: int) -> bool:
        """Say whether the last run knew a version of our statement; without lines there is none."""
        return not self.lines or self.compared_version >= version_no

    # What may be asked of it.

    def submit(self, file_hash: str, lines: tuple[StatedLine, ...], stamp: Stamp) -> int:
        """Keep lines; a file that came before adds nothing: how many are new."""
        if file_hash in self.files:
            return 0
        self.record(self.Submitted(stamp.by, stamp.at, file_hash=file_hash, lines=lines))
        return len(lines)

    def propose(self, match: Match, stamp: Stamp) -> str:
        """Enter a match of a run; one that is there already is not entered again: its id."""
        kept = self.matches if match.accepted else self.suggestions
        for name, one in kept.items():
            if one.content == match.content:
                return name
        name = f"M-{self.made + 1:04}"
        self.record(self.MatchProposed(stamp.by, stamp.at, match_id=name, match=match))
        return name

    def accept(self, match_id: str, elsewhere: Mapping[str, Match], stamp: Stamp) -> None:
        """Choose a suggestion; choosing it again records nothing; raises NotFound, AlreadyMatched.

        ``elsewhere`` are matches of other months' lists, by their names.
        """
        if match_id in self.matches:
            return
        chosen = self.suggestions.get(match_id) or self.passed.get(match_id)
        if chosen is None:
            raise NotFound(kind="Suggestion", id=match_id)
        self._require_free(chosen, elsewhere)
        if match_id not in self.suggestions:
            raise NotFound(kind="Suggestion", id=match_id)
        self.record(self.MatchAccepted(stamp.by, stamp.at, match_id=match_id))

    def _require_free(self, chosen: Match, elsewhere: Mapping[str, Match]) -> None:
        """Raise AlreadyMatched where a match has a line of another; each side has its own ids."""
        month = self.key.partition("/")[2]
        for name, one in (*self.matches.items(), *elsewhere.items()):
            shared = set(one.theirs) & set(chosen.theirs) if name in self.matches else set()
            if (one.ours_period or month) == (chosen.ours_period or month):
                shared |= set(one.ours) & set(chosen.ours)
            if shared:
                raise AlreadyMatched(match=name, lines=sorted(shared))

    def reverse(self, match_id: str, reason: str, stamp: Stamp) -> None:
        """Take a match back; raises NotFound."""
        if match_id not in self.matches:
            raise NotFound(kind="Match", id=match_id)
        self.record(self.MatchReversed(stamp.by, stamp.at, match_id=match_id, reason=reason))
