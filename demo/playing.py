"""Playing the month: a server in this process, on a clock that the demo moves."""

from __future__ import annotations

import json
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from api.app import create_app
from api.engine import Engine
from api.settings import Settings

HERE = Path(__file__).parent
STARTED_WITHIN_SECONDS = 30


class DemoFailed(RuntimeError):  # noqa: N818 - the demo's own last word
    """The demo could not be played, or did not give what it must."""


@dataclass
class MovableClock:
    """A clock that shows what it is set to. Only a server in this process can have one."""

    now: datetime

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now


@dataclass(frozen=True)
class Step:
    """A command of the month and what the server answered."""

    command: dict[str, Any]
    status: int
    answer: dict[str, Any]

    @property
    def refused(self) -> str | None:
        """Code of the refusal, if it was refused."""
        return self.answer["code"] if self.status != httpx.codes.OK else None


@dataclass(frozen=True)
class Played:
    """A month that was played: its steps, and the server that can still be asked."""

    company: str
    steps: list[Step]
    client: httpx.Client
    engine: Engine
    key: str
    clock: MovableClock
    late: list[dict[str, Any]]
    """What is recorded after the month was closed."""

    def go_on(self) -> None:
        """Play what comes late."""
        for command in self.late:
            self.clock.now = datetime.fromisoformat(command["recorded_at"])
            self.steps.append(_send(self.client, len(self.steps) + 1, command))

    def ask(self, path: str, **params: Any) -> Any:
        """Query the server for what is known at the end of the month."""
        position = self.engine.reader.head().position
        answer = self.client.get(path, params={"min_position": position, "limit": 500, **params})
        answer.raise_for_status()
        return answer.json()

    def ask_as(self, user: str, path: str, name: str) -> str:
        """Query for one row on behalf of a user: a value of it, or the code of the problem."""
        answer = self.client.get(path, headers={"On-Behalf-Of": user})
        told = answer.json()
        return str(told["item"][name] if answer.is_success else told["code"])

    def try_out(self, name: str, who: str, body: dict[str, Any]) -> dict[str, Any]:
        """Run a command that keeps nothing: what it would have come to."""
        headers = {"Idempotency-Key": f"try-{name}", "On-Behalf-Of": who}
        params = {"dry_run": "true"}
        answer = self.client.post(f"/v1/commands/{name}", json=body, headers=headers, params=params)
        answer.raise_for_status()
        result: dict[str, Any] = answer.json()["result"]
        return result


def load(name: str) -> dict[str, Any]:
    """Read a file of the demo."""
    document: dict[str, Any] = json.loads((HERE / name).read_text(encoding="utf-8"))
    return document


@contextmanager
def played(url: str, progress: Callable[[int, int], None]) -> Iterator[Played]:
    """Play the month on an empty log. Raises DemoFailed for a log that is not."""
    month = load("march_2026.json")
    clock = MovableClock(datetime.fromisoformat(month["opened_at"]))
    key = secrets.token_urlsafe(24)
    engine = Engine(Settings(database_url=url, bootstrap_key=key), clock)
    if engine.reader.head().position > 0:
        engine.database.close()
        raise DemoFailed(
            f"the log of {engine.database.url!r} is not empty; the demo needs a new one"
        )
    with engine, _served(engine) as address:
        headers = {"Authorization": f"Bearer {key}"}
        with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
            _set_up(client, month["setup"])
            steps = []
            for number, command in enumerate(month["month"], 1):
                clock.now = datetime.fromisoformat(command["recorded_at"])
                steps.append(_send(client, number, command))
                progress(number, len(month["month"]))
            yield Played(month["company"], steps, client, engine, key, clock, month["late"])


def _set_up(client: httpx.Client, commands: list[dict[str, Any]]) -> None:
    batch = [
        {"name": one["name"], "key": f"setup-{number}", "body": one["body"]}
        for number, one in enumerate(commands, 1)
    ]
    answer = client.post("/v1/commands", json=batch)
    answer.raise_for_status()
    for command, outcome in zip(commands, answer.json(), strict=True):
        if outcome["status"] != httpx.codes.OK:
            raise DemoFailed(f"{command['name']} was refused: {outcome}")


def _send(client: httpx.Client, number: int, command: dict[str, Any]) -> Step:
    if command.get("key_of_the_one_before"):
        number -= 1
    headers = {"Idempotency-Key": f"march-{number}", "Occurred-At": command["occurred_at"]}
    if command["on_behalf_of"]:
        headers["On-Behalf-Of"] = command["on_behalf_of"]
    path = f"/v1/commands/{command['name']}"
    answer = client.post(path, json=command["body"], headers=headers)
    step = Step(command, answer.status_code, answer.json())
    if step.refused != command.get("refused"):
        raise DemoFailed(f"{command['name']} answered {step.answer}")
    return step


@contextmanager
def _served(engine: Engine) -> Iterator[str]:
    """Serve an engine on a free port of the loopback address."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(create_app(engine), log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + STARTED_WITHIN_SECONDS
    while not server.started:
        if time.monotonic() > deadline or not thread.is_alive():
            raise DemoFailed("the server did not start")
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
