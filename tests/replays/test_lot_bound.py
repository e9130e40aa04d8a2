"""What dealers had of a lot against where it was seen, by the books and by the log."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.engine import Engine
from domain.kernel.refusal import NotFound
from replays.lot_bound import COUNTS_TRUSTED, lot_bound
from tests.domain.diversion.steps import (
    HANGZHOU,
    LOT,
    SUZHOU,
    boxes,
    count,
    leave,
    report,
    sale,
    see_lot,
)
from tests.domain.support import Given, day
from tests.support.world import BOX, SECRET
from tests.support.world import LOT as SOLD

ON = day("2026-03-31")


def bound(past: Given, **more: bool):
    return lot_bound(past.log, "INJ", LOT, ON, **more)


def test_goods_seen_where_no_holder_has_a_right_were_diverted():
    past = boxes(100)
    past = see_lot(past, HANGZHOU[1], 3, hospital=HANGZHOU[0]).accepted()
    past = see_lot(past, SUZHOU[1], 5).accepted()

    found = bound(past)

    assert (found.proof.seen, found.proof.explained, found.proof.diverted) == (8, 5, 3)
    assert found.proof.places == ("330100/H-HZ-03",)
    assert found.proof.candidates == ("D05",)


def test_scans_and_reports_of_one_hospital_may_be_of_the_same_units():
    past = boxes(100)
    past = report(past, "D05", sale(HANGZHOU[0], qty=4, lot=LOT)).accepted()
    past = see_lot(past, HANGZHOU[1], 3, hospital=HANGZHOU[0]).accepted()

    (seen,) = bound(past).seen

    assert (seen.scanned, seen.reported, seen.units) == (3, 4, 4)
    assert bound(past).proof.diverted == 4


def test_what_was_seen_at_home_beyond_what_came_was_not_all_from_there():
    past = see_lot(boxes(10), SUZHOU[1], 17).accepted()

    found = bound(past)

    assert found.proof.diverted == 7
    assert (found.proof.places, found.proof.exhausted) == (("320500/",), ("D05",))


def test_a_leave_explains_as_many_as_it_names():
    past = leave(boxes(100), qty=2, sku="INJ", product_line=None)
    past = see_lot(past, HANGZHOU[1], 3, hospital=HANGZHOU[0]).accepted()

    assert bound(past).proof.diverted == 1


def test_what_a_dealer_counted_cannot_have_been_seen_elsewhere_if_it_is_believed():
    past = count(boxes(10), "D05", 8).accepted()
    past = see_lot(past, SUZHOU[1], 6).accepted()

    assert bound(past).proof.diverted == 0
    assert bound(past, trust_counts=True).proof.diverted == 4
    assert COUNTS_TRUSTED in bound(past, trust_counts=True).assumptions
    assert COUNTS_TRUSTED not in bound(past).assumptions


def test_of_a_lot_that_nobody_had_and_nobody_saw_nothing_is_known():
    with pytest.raises(NotFound):
        lot_bound(boxes(10).log, "INJ", "INJ9999", ON)


def test_the_bound_of_a_lot_is_asked_for_with_all_that_it_rests_on(told: Engine):
    with TestClient(create_app(told), headers={"Authorization": f"Bearer {SECRET}"}) as client:
        answer = client.get(f"/v1/lots/{BOX}/{SOLD}/diversion-bound").json()
        missing = client.get(f"/v1/lots/{BOX}/NONE/diversion-bound")

    assert (answer["seen"], answer["diverted"]) == (0, 0)
    assert answer["supplies"] == [
        {"dealer": "D01", "received": 2, "returned": 0, "adjusted": 0, "counted": None, "supply": 2}
    ]
    assert len(answer["assumptions"]) == 5
    assert (missing.status_code, missing.json()["code"]) == (404, "NOT_FOUND")


def test_what_was_not_known_yet_proves_nothing(told: Engine):
    with TestClient(create_app(told), headers={"Authorization": f"Bearer {SECRET}"}) as client:
        path = f"/v1/lots/{BOX}/{SOLD}/diversion-bound"
        early = client.get(path, params={"known_at": "2026-03-04T00:00:00Z"}).json()

    assert [one["received"] for one in early["supplies"]] == [0]
