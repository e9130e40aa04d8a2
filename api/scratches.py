"""Scratch copies of read models: made in the background, kept for a while, thrown away."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from datetime import date, tzinfo
from threading import Lock
from typing import TypeVar

import msgspec

from eventlog.codec import Codec
from eventlog.reader import Reader
from projections.effects import Projection
from replays.tables.moment import Moment, facts_until
from replays.tables.scratch import Scratch

KEPT = 8
"""Copies that are kept for who asks again; the one that was not asked for longest goes first."""

_Key = tuple[str | int | date | None, ...]
ResultT = TypeVar("ResultT")


class BeingFolded(Exception):  # noqa: N818 - it is not an error to be early
    """A copy is not complete yet: how far it has come, of which position."""

    def __init__(self, position: int, of: int) -> None:
        super().__init__(f"{position} of {of}")
        self.position, self.of = position, of


def come_back(early: BeingFolded) -> tuple[dict[str, int], int, dict[str, str]]:
    """Answer who came early: the body, the status 202, and when to ask again."""
    return {"position": early.position, "of": early.of}, 202, {"Retry-After": "1"}


class _Making(msgspec.Struct):
    scratch: Future[Scratch]
    position: int = 0


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
        """Return a copy of read models as of a moment.

        Raises BeingFolded where it takes longer than ``timeout`` seconds (if any); ask again.
        """
        key = (*(one.name for one in projections), moment.position, moment.as_of)
        with self._lock:
            making = self._made.get(key)
            if making is None or (making.scratch.done() and making.scratch.exception()):
                making = self._made[key] = _Making(Future())
                self._maker.submit(self._make, projections, moment, making)
            self._made.move_to_end(key)
            self._trim()
        try:
            return making.scratch.result(timeout)
        except NotYet:
            raise BeingFolded(making.position, moment.position) from None

    def close(self) -> None:
        """Throw all of them away."""
        self._closed = True
        self._maker.shutdown(wait=True, cancel_futures=True)
        for making in self._made.values():
            if making.scratch.done() and not making.scratch.exception():
                making.scratch.result().close()
        self._made.clear()

    def _make(self, projections: Sequence[Projection], moment: Moment, making: _Making) -> None:
        def progress(position: int) -> None:
            making.position = position
            if self._closed:
                raise InterruptedError

        try:
            scratch = Scratch(projections)
            facts = facts_until(
                self._reader, self._codec, moment, projections, self._zone, progress
            )
            scratch.fold(facts)
            making.scratch.set_result(scratch)
        except BaseException as error:  # noqa: BLE001 - it is told to whoever asked
            making.scratch.set_exception(error)

    def _trim(self) -> None:
        """Forget what nobody asked for lately; its file goes when its last reader has."""
        while len(self._made) > KEPT:
            self._made.popitem(last=False)
