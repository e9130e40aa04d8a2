"""Loading a server from several threads until it dies, and keeping what it acknowledged."""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.processes.serving import Server
from tests.support.world import BOX, DEVICE, POOR, RICH, order

BATCH = 8
SAME = ("outcome", "result", "streams", "position")


@dataclass
class Load:
    """Orders that were sent, by key, alone or together with others, and what was answered."""

    alone: dict[str, dict[str, Any]] = field(default_factory=dict)
    together: dict[str, dict[str, Any]] = field(default_factory=dict)
    acknowledged: dict[str, dict[str, Any]] = field(default_factory=dict)
    _enough: threading.Event = field(default_factory=threading.Event)

    def until_killed(self, server: Server, name: str, acknowledgements: int) -> None:
        """Load the server, and kill it in the middle, after so many acknowledgements or more."""
        self._enough.clear()
        goal = len(self.acknowledged) + acknowledgements
        senders = [
            threading.Thread(target=work, args=(server, f"{name}-{place}", goal))
            for place, work in enumerate([self._singles] * 3 + [self._batches] * 2)
        ]
        for one in senders:
            one.start()
        assert self._enough.wait(60)
        server.kill()
        for one in senders:
            one.join(60)
            assert not one.is_alive()

    def knows(self, key: str) -> bool:
        """Whether the command was acknowledged before the kill."""
        return key in self.acknowledged

    def assert_same(self, key: str, answer: dict[str, Any]) -> None:
        """What was acknowledged is answered the same again."""
        before = self.acknowledged.get(key, answer)
        assert {name: answer[name] for name in SAME} == {name: before[name] for name in SAME}

    def _singles(self, server: Server, name: str, goal: int) -> None:
        with server.client() as client:
            for number in itertools.count():
                key, body = f"{name}-{number}", _body(number)
                self.alone[key] = body
                try:
                    answer = place(client, key, body)
                except httpx.TransportError:
                    return
                self._acknowledge(key, answer.json(), goal)

    def _batches(self, server: Server, name: str, goal: int) -> None:
        with server.client() as client:
            for number in itertools.count():
                keys = [f"{name}-{number}-{one}" for one in range(BATCH)]
                bodies = {key: _body(one) for one, key in enumerate(keys)}
                self.together |= bodies
                try:
                    outcomes = place_many(client, bodies)
                except httpx.TransportError:
                    return
                for outcome in outcomes:
                    self._acknowledge(outcome["key"], outcome, goal)

    def _acknowledge(self, key: str, answer: dict[str, Any], goal: int) -> None:
        self.acknowledged[key] = answer
        if len(self.acknowledged) >= goal:
            self._enough.set()


def place(client: httpx.Client, key: str, body: dict[str, Any]) -> httpx.Response:
    """Place an order under a key."""
    answer = client.post("/v1/commands/place-order", json=body, headers={"Idempotency-Key": key})
    answer.raise_for_status()
    return answer


def place_many(client: httpx.Client, bodies: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Place orders in one request, each under its key."""
    batch = [{"name": "place-order", "key": key, "body": body} for key, body in bodies.items()]
    answer = client.post("/v1/commands", json=batch)
    answer.raise_for_status()
    return answer.json()


def _body(number: int) -> dict[str, Any]:
    """Orders that are confirmed, and orders that are held for want of credit or of stock."""
    kinds = (order(RICH, BOX, 2), order(POOR, BOX), order(RICH, DEVICE), order(RICH, BOX, 100_000))
    return kinds[number % len(kinds)]
