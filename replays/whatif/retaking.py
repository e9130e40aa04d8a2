"""Retaking: going through the log once, and taking decisions again where they were taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from domain.kernel.refusal import Refusal
from replays.whatif.inquiry import Fact, Inquiry
from replays.whatif.report import Outcome, Report, Retaken, Supposition, Tally


class Judge(Protocol):
    """Takes one kind of decision again."""

    @property
    def topics(self) -> frozenset[str]:
        """What it has to hear of."""
        ...

    def take(self, fact: Fact, command: Sequence[Fact]) -> Iterable[Retaken]:
        """Take the decisions again that an event records.

        ``command`` has all events of these topics that were appended with it, in order.
        """
        ...


def retake(
    inquiry: Inquiry,
    judges: Sequence[Judge],
    supposed: Supposition,
    assumptions: tuple[str, ...],
) -> Report:
    """Report which decisions would have gone another way."""
    head, tally = inquiry.reader.head().position, Tally()
    for one in _retaken(inquiry, judges, head):
        if inquiry.asks(one.fact.event):
            tally.add(one)
    return tally.report(supposed, head, inquiry, assumptions)


def _retaken(inquiry: Inquiry, judges: Sequence[Judge], head: int) -> Iterator[Retaken]:
    topics = frozenset[str]().union(*(judge.topics for judge in judges))
    for command in inquiry.commands(topics, head):
        for fact in command:
            for judge in judges:
                if fact.row.topic in judge.topics:
                    yield from _taken(judge, fact, command)


def _taken(judge: Judge, fact: Fact, command: Sequence[Fact]) -> Iterator[Retaken]:
    """Take decisions again; one that today's rules cannot take at all is not explained by them."""
    try:
        yield from judge.take(fact, command)
    except Refusal as refusal:
        repeated = Outcome(refusal.code)
        yield Retaken(
            fact=fact,
            decision=fact.row.topic,
            document=fact.key,
            dealer="",
            amount=0,
            recorded=Outcome("RECORDED"),
            repeated=repeated,
            supposed=repeated,
        )
