"""Two products may have devices with the same serial number; their histories stay apart."""

from __future__ import annotations

from api.engine import Engine
from replays.histories.subjects import SERIALS, Subject, history
from tests.support.story import SERIAL
from tests.support.world import DEVICE_DI, done, setup

TWIN, TWIN_DI = "US90", "06970012340071"


def test_the_history_of_a_device_has_nothing_of_another_one_with_its_number(told: Engine):
    before = _positions(told, DEVICE_DI)
    terms = next(body["terms"] for name, body in setup() if name == "register-product")
    done(
        told,
        "register-product",
        "twin",
        {"sku": TWIN, "terms": terms | {"identifiers": [{"di": TWIN_DI}]}},
    )
    made = {"sku": TWIN, "serials": [SERIAL], "manufacture_date": "2026-01-05"}
    done(told, "register-serials", "twins", made | {"registration_no": "REG-US80"})

    assert _positions(told, DEVICE_DI) == before
    twin = history(
        told.reader,
        told.codec,
        Subject(SERIALS, (TWIN_DI, SERIAL)),
        upto=told.reader.head().position,
    )
    # An order's line names the number alone, so that nobody can say whose it is.
    told_of_both = {"order.line_reserved"}
    assert {line.topic for line in twin} - told_of_both == {"serial.registered", "register.entered"}


def _positions(told: Engine, di: str) -> list[int]:
    subject, upto = Subject(SERIALS, (di, SERIAL)), told.reader.head().position
    return [line.position for line in history(told.reader, told.codec, subject, upto=upto)]
