"""A crew of writers, each in a process of its own, on one database at a time."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]
Command = tuple[str, str, Any]
"""Name, idempotency key and body."""


class Crew:
    """Writers that begin together; all have ended when the crew is left."""

    def __init__(self, size: int = 4) -> None:
        command = [sys.executable, "-m", "tests.processes.racer"]
        pipe = subprocess.PIPE
        self._members = [
            subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT)
            for _ in range(size)
        ]

    def __enter__(self) -> Self:
        self._hear("ready")
        return self

    def __exit__(self, *_: object) -> None:
        for member in self._members:
            member.stdin.close()  # the end of what comes in ends the process
        for member in self._members:
            assert member.wait(timeout=60) == 0
            member.stdout.close()

    @contextmanager
    def on(self, url: str) -> Iterator[Self]:
        """Let every member open a database, and close it at the end."""
        self._say(*[url] * len(self._members))
        self._hear("open")
        yield self
        self._say(*[None] * len(self._members))
        self._hear("closed")

    def race(self, *shares: Sequence[Command]) -> list[dict[str, Any]]:
        """Give each member its share at once; all outcomes, in the order of the shares."""
        self._say(*shares)
        return [outcome for member in self._members for outcome in _read(member)]

    def deal(self, commands: Sequence[Command]) -> list[dict[str, Any]]:
        """Deal commands out like cards, and give all outcomes."""
        size = len(self._members)
        return self.race(*(commands[place::size] for place in range(size)))

    def _say(self, *words: Any) -> None:
        for member, word in zip(self._members, words, strict=True):
            member.stdin.write(json.dumps(word) + "\n")
            member.stdin.flush()

    def _hear(self, word: str) -> None:
        assert [_read(one) for one in self._members] == [word] * len(self._members)


def _read(member: subprocess.Popen[str]) -> Any:
    line = member.stdout.readline()
    assert line, "a writer ended early"
    return json.loads(line)
