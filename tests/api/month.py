"""The demo's month behind its door, as it stands after the last day.

It is played once in a run of the tests; whoever wants it gets a copy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from api.engine import Engine
from demo.playing import load
from tests.api.door import signed_in
from tests.support.templates import copied, followed
from tests.support.world import MovableClock, opened

MONTH = "march_2026.json"


@contextmanager
def played(folder: Path, *, follow: bool = False) -> Iterator[TestClient]:
    """A service at a copy of the month, in a folder that pytest gave.

    With ``follow`` the read models have the whole month and take in what comes after it; without,
    they have heard of nothing.
    """
    clock = MovableClock(datetime.fromisoformat(load(MONTH)["opened_at"]))
    url = copied(folder, the_month_read if follow else the_month, clock)
    with opened(url, clock, follow=follow) as engine, signed_in(engine) as client:
        yield client


def the_month(engine: Engine, _: MovableClock) -> None:
    """Play the month."""
    month = load(MONTH)
    with signed_in(engine) as client:
        for number, one in enumerate(month["setup"]):
            send(client, f"setup-{number}", one)
        go_on(client, "month", month["month"])


def the_month_read(engine: Engine, clock: MovableClock) -> None:
    """Play it, and let the read models take it in."""
    the_month(engine, clock)
    followed(engine)


def go_on(client: TestClient, name: str, steps: Sequence[dict[str, Any]]) -> None:
    """Send commands of the month's file, each at the time at which it was recorded."""
    clock = client.app.state.engine.clock  # type: ignore[attr-defined]
    for number, one in enumerate(steps):
        clock.now = datetime.fromisoformat(one["recorded_at"])
        send(client, f"{name}-{number}", one)


def send(client: TestClient, key: str, one: dict[str, Any]) -> Any:
    """Send a command as the month's file writes it."""
    headers = {"Idempotency-Key": key}
    for header, name in (("On-Behalf-Of", "on_behalf_of"), ("Occurred-At", "occurred_at")):
        if one.get(name):
            headers[header] = one[name]
    return client.post(f"/v1/commands/{one['name']}", json=one["body"], headers=headers)
