"""Scratch copies of read models: made in the background, kept for a while, thrown away."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from datetime import date, tzinfo
from threading import Lock

import msgspec

from eventlog.codec import Codec
from eventlog.reader import Reader
from projections.effects import Projection
from replays.tables.moment import Moment, facts_until
from replays.tables.scratch import Scratch

KEPT = 8
"""Copies that are kept for who asks again; the one that was not asked for longest goes first."""

FRESH_SECONDS = 60.0
"""How long a copy of what is known "now" serves others, if it took long to make."""

_Key = tuple[str | int | date | None, ...]


class BeingFolded(Exception):  # noqa: N818 - it is not an error to be early
    """A copy is not complete yet: how far it has come, of which position."""

    def __init__(self, position: int, of: int) -> None:
        super().__init__(f"{position} of {of}")
        self.position, self.of = position, of


def come_back(early: BeingFolded) -> tuple[dict[str, int], int, dict[str, str]]:
    """Answer who came early: the body, the status 202, and when to ask again."""
    return {"position": early.position, "of": early.of}, 202, {"Retry-After": "1"}


class _Making(msgspec.Struct):
    """A copy that is made: for which moment, how far it is, since when, and how long it took."""

    moment: Moment
    scratch: Future[Scratch]
    position: int = 0
    begun: float = 0.0
    took: float = 0.0
    forgotten: bool = False


class Scratches:
    """Makes copies one after the other, each once however often it is asked for."""

    def __init__(self, reader: Reader, codec: Codec, zone: tzinfo) -> None:
        self._reader, self._codec, self._zone = reader, codec, zone
        self._lock = Lock()
        self._made: OrderedDict[_Key, _Making] = OrderedDict()
        self._maker = ThreadPoolExecutor(1, thread_name_prefix="baton-scratch")
        self._closed = False

    def of(
        self, projections: Sequence[Projection], moment: Moment, timeout: float | None
    ) -> Scratch:
        """Return a copy of read models as of a moment; its ``position`` says of which one.

        Raises BeingFolded where it takes longer than ``timeout`` seconds (if any); ask again. While
        the log grows, whoever asks again for what is known now is given the copy that was begun
        for the first question.
        """
        names = tuple(one.name for one in projections)
        with self._lock:
            key = self._under_way(names, moment, timeout)
            key = key or (*names, moment.position, moment.as_of, moment.known)
            making = self._made.get(key)
            if making is None or (making.scratch.done() and making.scratch.exception()):
                making = self._made[key] = _Making(moment, Future(), begun=time.monotonic())
                self._maker.submit(self._make, projections, making)
            self._made.move_to_end(key)
            self._trim()
        try:
            return making.scratch.result(timeout)
        except NotYet:
            raise BeingFolded(making.position, making.moment.position) from None

    def _under_way(
        self, names: tuple[str, ...], moment: Moment, timeout: float | None
    ) -> _Key | None:
        """Return the newest copy of what was known a moment ago, if making one takes long."""
        if moment.known or timeout is None:
            return None
        for key, making in reversed(self._made.items()):
            same = key[: len(names)] == names and key[len(names) + 1 :] == (moment.as_of, False)
            age = time.monotonic() - making.begun
            slow = making.took > timeout and age < making.took + FRESH_SECONDS
            if same and (slow or (not making.scratch.done() and age > timeout)):
                return key
        return None

    def close(self) -> None:
        """Throw all of them away."""
        self._closed = True
        self._maker.shutdown(wait=True, cancel_futures=True)
        for making in self._made.values():
            if making.scratch.done() and not making.scratch.exception():
                making.scratch.result().close()
        self._made.clear()

    def _make(self, projections: Sequence[Projection], making: _Making) -> None:
        def progress(position: int) -> None:
            making.position = position
            if self._closed or making.forgotten:
                raise InterruptedError

        moment = making.moment
        try:
            progress(0)
            scratch = Scratch(projections, moment.position)
            facts = facts_until(
                self._reader, self._codec, moment, projections, self._zone, progress
            )
            scratch.fold(facts)
            making.took = time.monotonic() - making.begun
            making.scratch.set_result(scratch)
        except BaseException as error:  # noqa: BLE001 - it is told to whoever asked
            making.scratch.set_exception(error)

    def _trim(self) -> None:
        """Forget what nobody asked for lately; its file goes when its last reader has."""
        while len(self._made) > KEPT:
            _, making = self._made.popitem(last=False)
            making.forgotten = True
