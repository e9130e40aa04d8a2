"""What becomes of the goods is counted; a recall is closed once it was found effective."""

import pytest

from domain.cases.recall import Recall
from domain.kernel.refusal import InvalidState, NotFound, ValidationFailed
from tests.domain.diversion.steps import LOT, bought, boxes, report, sale
from tests.domain.recalls.steps import (
    SECOND,
    check,
    close,
    closed,
    notify,
    of_lot,
    of_range,
    opened,
    recall,
    recover,
)
from tests.domain.support import like

ACTIONS = ["RECOVERED", "CORRECTED", "DESTROYED", "USED", "LOST"]
U = [f"US80-26-000{number}" for number in range(1, 10)]


def running():
    """D05 has 50 boxes, and a hospital bought 10 of it."""
    past = boxes(60)
    report(past, "D05", sale("H-NJ-02", lot=LOT, qty=10)).accepted()
    return opened(past, **of_lot(LOT))


@pytest.mark.parametrize("action", ACTIONS)
def test_whatever_becomes_of_goods_is_not_outstanding_any_more(action):
    done = recover(running(), "D05", 20, action, document="sha256:doc")

    assert done.answer["outstanding"] == 30
    done.then(
        like(
            Recall.UnitsHandled,
            consignee="D05",
            action=action,
            qty=20,
            sku="INJ",
            lot=LOT,
            document="sha256:doc",
        )
    )


def test_outstanding_is_what_a_consignee_had_less_all_that_became_of_it():
    past, left = running(), []
    for qty, action in zip((5, 4, 3, 2, 1), ACTIONS, strict=True):
        left.append(recover(past, "D05", qty, action).answer["outstanding"])

    assert left == [45, 41, 38, 36, 35]
    assert recall(past).done["D05"] == dict(zip(ACTIONS, (5, 4, 3, 2, 1), strict=True))


def test_parts_of_one_kind_add_up():
    past = running()
    recover(past, "D05", 10).accepted()

    assert recover(past, "D05", 15).answer["outstanding"] == 25
    assert recall(past).done["D05"] == {"RECOVERED": 25}


def test_each_consignee_is_counted_by_itself():
    past = running()

    recover(past, "H-NJ-02", 10, "USED").accepted()

    assert [recall(past).outstanding(one) for one in ("D05", "H-NJ-02")] == [50, 0]


def test_what_was_sold_on_is_outstanding_at_its_buyer_alone():
    past = boxes(60)
    report(past, "D05", sale("H-NJ-02", lot=LOT, qty=60)).accepted()
    opened(past, **of_lot(LOT))

    assert [recall(past).outstanding(one) for one in ("D05", "H-NJ-02")] == [0, 60]


def test_devices_are_counted_by_number():
    past = opened(bought(*U[:3]), **of_range(U[0], U[3]))

    done = recover(past, "D05", 2, sku="US80", serials=(U[0], U[1]))

    assert done.answer["outstanding"] == 1
    assert done.recorded(Recall.UnitsHandled)[0].serials == (U[0], U[1])


@pytest.mark.parametrize(("action", "state"), [("CORRECTED", "CORRECTING"), ("USED", "COLLECTING")])
def test_the_recall_says_what_is_being_done(action, state):
    assert recover(running(), "D05", 1, action).answer["state"] == state


def test_a_recall_goes_from_locking_to_its_end():
    past = running()
    assert recall(past).state == "STOCK_LOCKED"

    steps = (
        notify(past, "D05"),
        recover(past, "D05", 1),
        recover(past, "D05", 1, "CORRECTED"),
        check(past),
        close(past),
    )

    assert [done.answer["state"] for done in steps] == [
        "NOTIFYING",
        "COLLECTING",
        "CORRECTING",
        "EFFECTIVENESS_CHECK",
        "CLOSED",
    ]


def test_a_recall_is_not_closed_before_it_was_checked():
    past = running()

    close(past).refuses(InvalidState, required="EFFECTIVENESS_CHECK")
    recover(past, "D05", 50).accepted()
    close(past).refuses(InvalidState, state="COLLECTING")


def test_a_recall_that_did_not_reach_everybody_goes_on():
    past = running()
    check(past, effective=False).accepted()

    close(past).refuses(InvalidState)
    notify(past, "D05").accepted()
    recover(past, "D05", 5).accepted()
    check(past).accepted()
    close(past).accepted()


def test_what_becomes_known_after_the_check_asks_for_another_one():
    past = running()
    check(past).accepted()
    recover(past, "D05", 5).accepted()

    close(past).refuses(InvalidState, state="COLLECTING")
    closed(past)


def test_the_end_says_what_was_never_found():
    past = running()
    recover(past, "D05", 45).accepted()
    recover(past, "H-NJ-02", 10, "USED").accepted()
    check(past).accepted()

    (told,) = close(past).recorded(Recall.Closed)
    assert (told.outstanding, told.document_hash) == (5, "sha256:end")


def test_the_check_says_what_shows_it():
    check(running()).then(
        like(Recall.EffectivenessChecked, effective=True, document_hash="sha256:check")
    )


def test_a_closed_recall_is_over():
    past = closed(running())

    recover(past, "D05", 1).refuses(InvalidState, state="CLOSED")
    check(past).refuses(InvalidState, state="CLOSED")
    close(past).refuses(InvalidState, state="CLOSED")
    assert not recall(past).open


def test_only_of_those_that_are_listed_anything_is_said():
    recover(running(), "D06", 1).refuses(NotFound, kind="Consignee", id="D06")


def test_what_is_said_is_possible_all_that_is_wrong_at_once():
    past = running()

    recover(past, "D05", 0).refuses(ValidationFailed, field="qty")
    recover(past, "D05", 1, sku="GEL", lot=None).refuses(ValidationFailed, field="sku")
    assert wrong(recover(past, "D05", 2, sku="US80", serials=(U[0],))) == [
        "sku",
        "serials",
        "serials",
    ]
    every = recover(past, "D05", -1, sku="GEL", lot=LOT, serials=("X", "Y"))
    assert wrong(every) == ["qty", "sku", "serials", "lot", "serials"]


def wrong(done):
    """Fields that were found wrong, in order."""
    done.refuses(*[ValidationFailed] * len(done.refusal.violations))
    return [one.facts["field"] for one in done.refusal.violations]


@pytest.mark.parametrize("other", [SECOND, "GHOST", ""])
def test_of_a_lot_that_is_not_recalled_nothing_is_said(other):
    recover(running(), "D05", 1, lot=other).refuses(ValidationFailed, field="lot")


def test_of_a_device_that_is_not_recalled_nothing_is_said():
    past = opened(bought(*U[:3]), **of_range(U[0], U[1]))

    both = recover(past, "D05", 2, sku="US80", serials=(U[1], U[2]))

    both.refuses(ValidationFailed, field="serials", reason=f"devices of the recall, not {U[2]}")


def test_a_device_is_named_once():
    past = opened(bought(*U[:3]), **of_range(U[0], U[2]))

    twice = recover(past, "D05", 2, sku="US80", serials=(U[0], U[0]))

    twice.refuses(ValidationFailed, field="serials")


def test_outstanding_is_below_nothing_where_more_turns_up_than_was_listed():
    past = running()

    assert recover(past, "D05", 53).answer["outstanding"] == -3
    recover(past, "H-NJ-02", 8, "USED").accepted()
    check(past).accepted()

    assert recall(past).outstanding("D05") == -3
    assert close(past).recorded(Recall.Closed)[0].outstanding == -1


def test_what_a_book_was_short_of_is_outstanding_below_nothing():
    past = boxes(60)
    report(past, "D05", sale("H-NJ-02", lot=LOT, qty=70)).accepted()
    opened(past, **of_lot(LOT))

    assert [recall(past).outstanding(one) for one in ("D05", "H-NJ-02")] == [-10, 70]


def test_a_report_belongs_to_a_check_and_to_an_end():
    past = running()

    check(past, document_hash=" ").refuses(ValidationFailed, field="document_hash")
    check(past).accepted()
    close(past, document_hash="").refuses(ValidationFailed, field="document_hash")
