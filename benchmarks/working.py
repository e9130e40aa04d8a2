"""A process of its own that plays orders of a contender, range by range, when it is told to.

``python -m benchmarks.working CONTENDER URL SKEWED`` opens, says so, and plays the orders of every
line ``FIRST COUNT`` that it reads.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from benchmarks import scenario
from benchmarks.calling import percentile
from benchmarks.contenders.opening import joined


class Workers:
    """Processes that are ready to play."""

    def __init__(self, processes: Sequence[subprocess.Popen[str]]) -> None:
        self._processes = processes
        self.pids = [one.pid for one in processes]

    def play(self, orders: range) -> list[float]:
        """Let all play at once, each its share, until the last is done.

        Returns the seconds within which each answered 99 of 100 commands, where it knows.
        """
        share = len(orders) // len(self._processes)
        for number, one in enumerate(self._processes):
            print(orders.start + number * share, share, file=one.stdin, flush=True)
        return [float(_expect(one, "done") or "nan") for one in self._processes]


@contextmanager
def workers(name: str, url: str, processes: int, *, skewed: bool) -> Iterator[Workers]:
    """Start processes for a contender whose world is prepared, and end them."""
    command = [sys.executable, "-m", "benchmarks.working", name, url, str(int(skewed))]
    pipe = subprocess.PIPE
    with ExitStack() as stack:
        started = []
        for _ in range(processes):
            one = stack.enter_context(subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True))
            assert one.stdin is not None
            stack.callback(one.stdin.close)
            started.append(one)
        for one in started:
            _expect(one, "ready")
        yield Workers(started)


def _expect(process: subprocess.Popen[str], word: str) -> str:
    """Read a word, and return what stands behind it."""
    assert process.stdout is not None
    said, _, more = process.stdout.readline().strip().partition(" ")
    if said != word:
        raise RuntimeError(f"a worker said {said!r} instead of {word!r}")
    return more


def main(name: str, url: str, skewed: str) -> None:
    contender = joined(name, url)
    print("ready", flush=True)
    for line in sys.stdin:
        first, count = map(int, line.split())
        contender.play(list(scenario.orders(first, count, skewed=bool(int(skewed)))))
        waits = getattr(contender, "waits", [])
        print("done", percentile(waits, 0.99) if waits else "", flush=True)
        waits.clear()
    contender.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
