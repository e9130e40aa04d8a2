"""Papers of a shipment, as they were known on its day and as they are known now."""

from __future__ import annotations

from typing import Any

import pytest

from api.engine import Engine
from domain.kernel.refusal import NotFound
from replays.standing import Standing, standing
from tests.support.world import DEVICE, done, setup


def judged(engine: Engine) -> Standing:
    return standing(engine.reader, engine.codec, "SHP-1", engine.zone)


def terms() -> dict[str, Any]:
    """Terms with which the device was registered."""
    return next(
        body["terms"]
        for name, body in setup()
        if name == "register-product" and body["sku"] == DEVICE
    )


def test_papers_that_were_in_order_stay_so(told: Engine):
    found = judged(told)

    assert [(one.check, one.hold) for one in found.known_then] == [("K03", ""), ("K04", "")]
    assert not found.changed


def test_a_registration_that_was_put_right_later_changes_what_is_known_now_alone(told: Engine):
    (paper,) = terms()["registrations"]
    later = terms() | {"registrations": [paper | {"valid_from": "2026-04-01"}]}
    done(told, "register-product", "again", {"sku": DEVICE, "terms": later})

    found = judged(told)

    assert found.changed
    assert [one.hold for one in found.known_then] == ["", ""]
    assert [one.hold for one in found.known_now] == ["", "REGISTRATION_EXPIRED"]
    assert found.known_now[1].inputs["made_on"] == "2026-01-05"


def test_what_became_of_a_dealer_later_says_nothing_of_that_day(told: Engine):
    done(
        told,
        "suspend-dealer",
        "stop",
        {"dealer_id": "D01", "reason": "fraud"},
        on_behalf_of="mgr-east",
    )

    assert not judged(told).changed


def test_a_shipment_that_did_not_leave_has_no_such_day(told: Engine):
    with pytest.raises(NotFound):
        standing(told.reader, told.codec, "SHP-9", told.zone)
