"""The demo's month behind its door, as it stands after the last day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from demo.playing import load
from tests.api.door import signed_in
from tests.support.world import MovableClock, opened


@contextmanager
def played(folder: Path, *, follow: bool = False) -> Iterator[TestClient]:
    """Play the month on a database in a folder; with ``follow`` the read models come along."""
    month, clock = load("march_2026.json"), MovableClock()
    clock.now = datetime.fromisoformat(month["opened_at"])
    with opened(f"sqlite:///{folder / 'baton.db'}", clock, follow=follow) as engine:
        client = signed_in(engine)
        for number, one in enumerate(month["setup"]):
            send(client, f"setup-{number}", one)
        for number, one in enumerate(month["month"]):
            clock.now = datetime.fromisoformat(one["recorded_at"])
            send(client, f"month-{number}", one)
        yield client


def send(client: TestClient, key: str, one: dict[str, Any]) -> Any:
    """Send a command as the month's file writes it."""
    headers = {"Idempotency-Key": key}
    for header, name in (("On-Behalf-Of", "on_behalf_of"), ("Occurred-At", "occurred_at")):
        if one.get(name):
            headers[header] = one[name]
    return client.post(f"/v1/commands/{one['name']}", json=one["body"], headers=headers)
