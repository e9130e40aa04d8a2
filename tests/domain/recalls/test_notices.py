"""Consignees are told by a day that the class of the recall sets, and say that they know."""

import pytest

from domain.cases.recall import Recall, deadline
from domain.kernel.refusal import FutureDated, InvalidState, NotFound, ValidationFailed
from domain.kernel.stamp import Actor
from tests.domain.diversion.steps import LOT, boxes, report, sale
from tests.domain.recalls.steps import (
    OPENED_ON,
    acknowledge,
    check,
    close,
    closed,
    notify,
    of_lot,
    open_it,
    opened,
    recall,
    recover,
)
from tests.domain.supply.steps import QUALITY
from tests.domain.support import day, like
from tests.domain.world import DEALER_5

DEALER_6 = Actor("dlr-d06", "DLR", dealer="D06")
DEALER_12 = Actor("dlr-d12", "DLR", dealer="D12")


def told_of(**more):
    """D05 and D06 have goods of a recalled lot, and so has a hospital."""
    past = boxes(20, dealer="D06", past=boxes(60))
    report(past, "D05", sale("H-NJ-02", lot=LOT, qty=10)).accepted()
    return opened(past, **of_lot(LOT), **more)


@pytest.mark.parametrize(
    ("level", "decided", "last"),
    [
        (1, "2026-03-24", "2026-03-25"),
        (2, "2026-03-24", "2026-03-27"),
        (3, "2026-03-24", "2026-03-31"),
        (3, "2026-03-20", "2026-03-27"),
        (1, "2026-03-20", "2026-03-21"),
    ],
)
def test_the_class_sets_the_last_day_from_the_day_of_the_decision(level, decided, last):
    done = open_it(boxes(60), level=level, decided_at=day(decided), **of_lot(LOT))

    assert done.answer["deadline"] == day(last)
    assert recall(done.past).deadline == day(last)
    (told,) = done.recorded(Recall.Opened)
    assert (told.decided_at, told.deadline) == (day(decided), day(last))


def test_the_days_go_over_the_end_of_a_month():
    assert [deadline(level, day("2026-03-31")) for level in (1, 2, 3)] == [
        day("2026-04-01"),
        day("2026-04-03"),
        day("2026-04-07"),
    ]


def test_a_notice_says_how_when_and_until_when():
    done = notify(told_of(), "D05", on="2026-03-25", channel="PORTAL")

    done.then(
        like(
            Recall.ConsigneeNotified,
            consignee="D05",
            channel="PORTAL",
            sent_on=day("2026-03-25"),
            deadline=day("2026-03-27"),
        )
    )


def test_the_answer_says_who_was_not_told_yet():
    past = told_of()

    first = notify(past, "D05")
    second = notify(past, "H-NJ-02")

    assert (first.answer["state"], set(first.answer["to_notify"])) == (
        "NOTIFYING",
        {"D06", "H-NJ-02"},
    )
    assert second.answer["to_notify"] == ["D06"]
    assert recall(past).notified == dict.fromkeys(("D05", "H-NJ-02"), day(OPENED_ON))


def test_who_was_told_is_not_told_again():
    past = told_of()
    notify(past, "D05").accepted()

    notify(past, "D05", on="2026-03-25").then()

    assert recall(past).notified == {"D05": day(OPENED_ON)}


def test_a_notice_may_be_entered_later_and_after_its_last_day():
    past = told_of(level=1)

    notify(past, "D05", on="2026-04-10", sent_on=day("2026-04-02")).accepted()

    assert recall(past).notified == {"D05": day("2026-04-02")}


@pytest.mark.parametrize(
    ("action", "state"), [("RECOVERED", "COLLECTING"), ("CORRECTED", "CORRECTING")]
)
def test_a_notice_that_comes_late_does_not_take_the_recall_back(action, state):
    past = told_of()
    recover(past, "D05", 1, action).accepted()

    done = notify(past, "D06")

    done.then(like(Recall.ConsigneeNotified, consignee="D06", state=state))
    assert (done.answer["state"], recall(past).state) == (state, state)


def test_a_notice_after_the_check_asks_for_no_other_check():
    past = told_of()
    check(past).accepted()

    assert notify(past, "D06").answer["state"] == "EFFECTIVENESS_CHECK"
    close(past).accepted()


def test_nobody_is_told_who_is_not_on_the_list():
    notify(told_of(), "D04").refuses(NotFound, kind="Consignee", id="D04")


def test_a_notice_is_not_sent_in_the_future_and_says_how_all_told_at_once():
    past = told_of()

    notify(past, "D05", sent_on=day("2026-03-25")).refuses(FutureDated, day=day("2026-03-25"))
    wrong = {"channel": "", "sent_on": day("2026-03-25")}
    notify(past, "D05", **wrong).refuses(ValidationFailed, FutureDated)


def test_a_dealers_own_user_says_that_it_knows():
    past = told_of()
    notify(past, "D05").accepted()

    done = acknowledge(past, "D05", DEALER_5, on="2026-03-26")

    done.then(like(Recall.Acknowledged, consignee="D05", on=day("2026-03-26")))
    assert done.events[0].by.user == "dlr-d05"
    assert recall(past).acknowledged == {"D05": day("2026-03-26")}


def test_another_dealers_user_learns_nothing():
    past = told_of()

    acknowledge(past, "D05", DEALER_6).refuses(NotFound, kind="Recall")
    acknowledge(past, "D06", DEALER_5).refuses(NotFound, kind="Recall")
    acknowledge(past, "H-NJ-02", DEALER_5).refuses(NotFound, kind="Recall")
    acknowledge(past, "D06", DEALER_6).accepted()


def test_a_dealer_that_is_not_on_the_list_has_nothing_to_say():
    acknowledge(told_of(), "D12", DEALER_12).refuses(NotFound)


def test_quality_notes_for_a_hospital_that_it_knows():
    past = told_of()

    acknowledge(past, "H-NJ-02", QUALITY).accepted()

    assert set(recall(past).acknowledged) == {"H-NJ-02"}


def test_it_says_so_once():
    past = told_of()
    acknowledge(past, "D05", DEALER_5).accepted()

    acknowledge(past, "D05", DEALER_5, on="2026-03-27").then()

    assert recall(past).acknowledged == {"D05": day(OPENED_ON)}


def test_that_a_consignee_knows_does_not_say_that_it_was_told_by_us():
    past = told_of()

    done = acknowledge(past, "D05", DEALER_5)

    assert "D05" in done.answer["to_notify"]
    assert recall(past).state == "STOCK_LOCKED"


def test_a_closed_recall_tells_nobody_and_hears_nothing():
    past = closed(told_of())

    notify(past, "D05").refuses(InvalidState, state="CLOSED")
    acknowledge(past, "D05", DEALER_5).refuses(InvalidState, state="CLOSED")
