"""A refusal, an error and a dry run undo their own command and nothing else."""

from __future__ import annotations

import pytest

from eventlog.chain import GENESIS, digest_of
from eventlog.jobs import VersionConflictError
from tests.eventlog.bins import Bin, count, pick, reject, stock
from tests.eventlog.support import body_of, request, statuses


def broken(*names):
    """A flow with a fault: it records on several bins before it breaks."""

    def decide(log):
        for name in names:
            log.get(Bin, name).stock(50)
        raise ZeroDivisionError

    return decide


def refused_after(*names):
    """A flow that records on several bins before it is refused."""

    def decide(log):
        for name in names:
            log.get(Bin, name).stock(10)
        log.get(Bin, names[-1]).pick(1_000)

    return decide


def test_a_refused_command_leaves_nothing_but_its_receipt(desk):
    outcome = desk.do(pick("A", 3), command_id="c-1")

    assert body_of(outcome) == {
        "outcome": "refused",
        "code": "TOO_FEW",
        "facts": {"available": 0},
        "streams": {},
        "position": 0,
    }
    assert (outcome.receipt.first_position, outcome.receipt.last_position) == (0, 0)
    assert desk.reader.receipt("c-1") == outcome.receipt
    assert desk.reader.refusals() == [outcome.receipt]
    assert desk.rows() == []
    assert desk.counted("A") == 0


@pytest.mark.parametrize(
    ("faulty", "word"), [(refused_after, "refused"), (broken, "ZeroDivisionError")]
)
def test_what_fails_in_a_batch_is_undone_and_its_neighbours_stay(desk, faulty, word):
    desk.do(stock("A", 1))
    desk.do(stock("B", 1))

    answers = desk.together(
        stock("A", 2), stock("C", 2), faulty("A", "B", "C", "D"), stock("A", 4), stock("D", 4)
    )

    assert statuses(answers) == ["accepted", "accepted", word, "accepted", "accepted"]
    assert desk.told()[2:] == [
        ("Bin/A", 2, "bin.stocked", 2),
        ("Bin/C", 1, "bin.stocked", 2),
        ("Bin/A", 3, "bin.stocked", 4),
        ("Bin/D", 1, "bin.stocked", 4),
    ]
    assert [desk.counted(name) for name in "ABCD"] == [7, 1, 2, 4]


def test_a_bin_touched_by_several_failures_of_one_batch_is_true_after_each(desk):
    answers = desk.together(
        stock("A", 1),
        refused_after("A"),
        count("A"),
        stock("A", 2),
        broken("A"),
        count("A"),
        refused_after("A", "B"),
        stock("A", 4),
        count("A"),
    )

    seen = [body_of(answers[place])["result"] for place in (2, 5, 8)]
    assert seen == [1, 3, 7]
    assert [version for _, version, _, _ in desk.told()] == [1, 2, 3]
    assert desk.counted("A") == 7


def test_positions_stay_dense_and_chained_around_what_was_undone(desk):
    desk.together(stock("A"), refused_after("A", "B"), stock("B"), broken("A"), stock("A"))

    rows = desk.rows()
    assert [row.position for row in rows] == [1, 2, 3]
    digest = GENESIS
    for row in rows:
        digest = digest_of(digest, row)
        assert row.digest == digest


def test_each_event_of_a_batch_names_the_command_that_recorded_it(desk):
    desk.together(
        request(stock("A"), command_id="c-1"),
        request(refused_after("A"), command_id="c-2"),
        request(broken("A"), command_id="c-3"),
        request(stock("A"), command_id="c-4"),
    )

    assert [row.command_id for row in desk.rows()] == ["c-1", "c-4"]


def test_an_unexpected_error_reaches_its_caller_and_leaves_no_receipt(desk):
    with pytest.raises(ZeroDivisionError):
        desk.do(broken("A"), key="k")

    assert desk.rows() == []
    assert desk.receipts() == 0
    assert desk.do(stock("A"), key="k").receipt.status == "accepted"


def test_a_refusal_that_leaves_a_trace_keeps_its_events(desk):
    answers = desk.together(stock("A"), reject("A", 7), count("A"))

    assert statuses(answers) == ["accepted", "refused", "accepted"]
    assert desk.told()[1] == ("Bin/A", 2, "bin.pick_rejected", 7)
    assert (answers[1].receipt.first_position, answers[1].receipt.last_position) == (2, 2)
    assert body_of(answers[1])["streams"] == {"Bin/A": 2}
    assert body_of(answers[1])["code"] == "NOT_FOR_YOU"


def test_a_dry_run_shows_what_would_be_and_keeps_nothing(desk):
    desk.do(stock("A", 5))

    dry = desk.do(pick("A", 2), dry_run=True)
    refused = desk.do(pick("A", 9), dry_run=True)
    traced = desk.do(reject("A"), dry_run=True)

    assert body_of(dry) == {
        "outcome": "accepted",
        "result": None,
        "streams": {"Bin/A": 2},
        "position": 2,
    }
    assert body_of(refused)["code"] == "TOO_FEW"
    assert body_of(traced)["streams"] == {"Bin/A": 2}
    assert len(desk.rows()) == 1
    assert desk.receipts() == 1
    assert desk.counted("A") == 5


def test_a_dry_run_within_a_batch_is_not_seen_by_the_next_command(desk):
    answers = desk.together(stock("A", 5), request(pick("A", 5), dry_run=True), pick("A", 5))

    assert statuses(answers) == ["accepted"] * 3
    assert [version for _, version, _, _ in desk.told()] == [1, 2]


def test_a_command_that_relies_on_a_version_runs_while_it_is_true(desk):
    desk.do(stock("A"))

    answers = desk.together(
        request(stock("A"), expected={"Bin/A": 1, "Bin/B": 0, "Nothing/X": 0}),
        request(stock("A"), expected={"Bin/A": 2}),
    )

    assert statuses(answers) == ["accepted", "accepted"]


def test_a_version_that_moved_on_is_a_conflict_with_the_facts(desk):
    desk.do(stock("A"))
    desk.do(stock("A"))

    with pytest.raises(VersionConflictError) as refused:
        desk.do(stock("A"), key="k", expected={"Bin/A": 1, "Bin/B": 3, "Nothing/X": 1})

    assert refused.value.conflicts == {"Bin/A": (1, 2), "Bin/B": (3, 0), "Nothing/X": (1, 0)}
    assert len(desk.rows()) == 2
    assert not desk.do(stock("A"), key="k", expected={"Bin/A": 2}).repeated
