"""Callers over HTTP: each has a connection of its own, and one request at a time on it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Iterable
from typing import Any, Self

import msgspec
import uvloop

from benchmarks import scenario
from benchmarks.contenders.baton_commands import Step, steps
from benchmarks.scenario import Order
from benchmarks.serving import SECRET


class Caller:
    """One connection that is kept open."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.seconds: list[float] = []
        """How long each answer took."""

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()

    async def post(self, path: str, body: Any, key: str = "") -> Any:
        """Post JSON and return the answer; raises for any but a success."""
        content, begun = msgspec.json.encode(body), time.perf_counter()
        self._writer.write(
            f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {SECRET}\r\n"
            f"Idempotency-Key: {key}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(content)}\r\n\r\n".encode()
            + content
        )
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        answer = await self._reader.readexactly(length)
        self.seconds.append(time.perf_counter() - begun)
        if b" 200 " not in head[:16]:
            raise RuntimeError(answer.decode())
        return msgspec.json.decode(answer)


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run callers to their end."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


async def play(port: int, orders: Iterable[Order], callers: int) -> list[float]:
    """Orders through their commands, one command a request; seconds of every answer."""
    fresh = iter(list(orders))

    async def work(caller: Caller) -> None:
        for order in fresh:
            course, answer = steps(order), None
            for name in scenario.STEPS:
                command, body = course.send(answer)
                key = f"{order.number}-{name}"
                answer = await caller.post(f"/v1/commands/{command}", body, key)

    return await _together(port, callers, work)


async def play_batches(port: int, orders: Iterable[Order], size: int) -> list[float]:
    """The same, with the commands of many orders in one request."""
    fresh = iter(list(orders))

    async def work(caller: Caller) -> None:
        while together := [order for order, _ in zip(fresh, range(size), strict=False)]:
            courses = [(order, steps(order)) for order in together]
            answers: list[Any] = [None] * len(courses)
            for name in scenario.STEPS:
                batch = [
                    _envelope(order, name, course.send(answer))
                    for (order, course), answer in zip(courses, answers, strict=True)
                ]
                answers = await caller.post("/v1/commands", batch)
                if any(one["outcome"] != "accepted" for one in answers):
                    raise RuntimeError(answers)

    return await _together(port, 2, work)


async def ask_nothing(port: int, requests: int, callers: int) -> list[float]:
    """Empty typed POSTs, with the body of an order."""
    order = next(scenario.orders(0, 1))
    _, body = next(steps(order))
    left = iter(range(requests))

    async def work(caller: Caller) -> None:
        for _ in left:
            await caller.post("/empty", body)

    return await _together(port, callers, work)


async def _together(port: int, callers: int, work: Any) -> list[float]:
    async def one() -> list[float]:
        async with Caller(port) as caller:
            await work(caller)
            return caller.seconds

    each = await asyncio.gather(*(one() for _ in range(callers)))
    return [seconds for found in each for seconds in found]


def _envelope(order: Order, name: str, step: Step) -> dict[str, Any]:
    command, body = step
    return {"name": command, "key": f"{order.number}-{name}", "body": body}


def percentile(seconds: list[float], share: float) -> float:
    """Value that a share of the seconds does not exceed."""
    ranked = sorted(seconds)
    return ranked[min(len(ranked) - 1, int(len(ranked) * share))]
