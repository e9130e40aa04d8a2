"""No command that is accepted may leave an event that the read models cannot store."""

from __future__ import annotations

import pytest

from api.engine import Engine
from tests.api.door import Door
from tests.support.world import RICH, order

POISON = {
    "a quantity past 64 bits": ("place-order", order(qty=10**30)),
    "an amount past 64 bits": ("place-order", order(qty=10**17)),
    "a limit past 64 bits": (
        "set-credit-limit",
        {"dealer_id": RICH, "limit": 10**30, "valid_from": "2020-01-01", "valid_to": "2099-01-01"},
    ),
    "a text with a NUL": ("place-order", order(external_ref="a\x00b")),
    "an id with a NUL": ("recheck-order", {"so_id": "a\x00b"}),
}


@pytest.mark.parametrize("name", POISON)
def test_nothing_that_is_accepted_stops_the_projections(door: Door, engine: Engine, name: str):
    command, body = POISON[name]
    engine.runner.stop()

    answer = door.command(command, "one", body)

    assert answer.status_code in (200, 400, 404, 422), answer.text
    while engine.runner.catch_up():
        pass  # raises where a row cannot be stored
