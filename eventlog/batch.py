"""One batch: commands decided one after the other against the same locked head."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from eventlog.chain import chained
from eventlog.codec import Codec
from eventlog.jobs import KeyReusedError, Outcome, Request, VersionConflictError
from eventlog.loading import Wanted
from eventlog.protocols import A, LoggedAggregate, stream_of
from eventlog.rows import EventRow, Head, Receipt
from eventlog.shelf import Shelf

Name = tuple[type[LoggedAggregate], tuple[str, ...]]
"""An aggregate's type and key."""

Journal = list[tuple[str, int, Any]]
"""Stream, version and event, in the order in which they were recorded."""


class Batch:
    """Runs requests in order. A later one sees what an earlier one recorded.

    A refusal, a dry run and an unexpected error undo their own request and nothing else.
    """

    def __init__(  # noqa: PLR0913 - everything that a batch decides against, said by name
        self,
        connection: Connection,
        shelf: Shelf,
        codec: Codec,
        head: Head,
        recorded_at: str,
        *,
        refused: type[Exception],
        describe: Callable[[Exception], dict[str, Any]],
        categories: Mapping[str, type[LoggedAggregate]],
        stored: Iterable[Receipt],
    ) -> None:
        self._connection = connection
        self._shelf = shelf
        self._codec = codec
        self._head = head
        self._recorded_at = recorded_at
        self._refused = refused
        self._describe = describe
        self._categories = categories
        self._stored = {(one.principal, one.key): one for one in stored}
        self._at_hand: dict[Name, Any] = {}
        """What this batch has asked for, so that asking again costs one look-up."""
        self._journal: Journal = []
        self._texts: list[tuple[str, str, str]] = []
        """Topic, text and command of each event in the journal."""
        self._undone: set[str] = set()
        self.receipts: list[Receipt] = []

    @property
    def journal(self) -> Journal:
        """Everything that the batch has recorded so far."""
        return self._journal

    def get(self, aggregate_type: type[A], *key: str) -> A:
        """Return an aggregate as the batch has left it so far (the log that flows see)."""
        found: A | None = self._at_hand.get((aggregate_type, key))
        return self._find(aggregate_type, key) if found is None else found

    def begin(self, aggregate_type: type[A], *key: str) -> A:
        """Return an aggregate at version 0 without looking; an append to a known one fails."""
        self._shelf.begin(aggregate_type, stream_of(aggregate_type.CATEGORY, *key))
        return self.get(aggregate_type, *key)

    def expect(self, wanted: Iterable[tuple[Any, ...]]) -> None:
        """Load what will be asked for, each a type and the parts of its key, by one statement."""
        streams = [(kind, stream_of(kind.CATEGORY, *key)) for kind, *key in wanted]
        self._load([one for one in streams if self._shelf.kept(one[1]) is None])

    def _find(self, aggregate_type: type[A], key: tuple[str, ...]) -> A:
        stream = stream_of(aggregate_type.CATEGORY, *key)
        if self._shelf.kept(stream) is None:
            self._load([(aggregate_type, stream)])
        found: A = self._shelf.use(stream)
        found.journal = self._journal
        self._at_hand[aggregate_type, key] = found
        return found

    def _load(self, wanted: Sequence[Wanted]) -> None:
        self._shelf.load(self._connection, wanted)
        undone = self._undone.intersection(stream for _, stream in wanted)
        for stream, _, event in self._journal if undone else ():
            # What earlier requests of this batch recorded on it is not stored yet.
            if stream in undone:
                self._shelf.use(stream).fold(event)

    def run(self, request: Request) -> Outcome:
        """Decide one request. Raises what the flow raised, if that is not a refusal."""
        earlier = self._stored.get((request.principal, request.key))
        if earlier is not None:
            if earlier.request_digest != request.digest:
                raise KeyReusedError(earlier)
            return Outcome(earlier, repeated=True)
        mark = len(self._journal)
        try:
            return self._decide(request, mark)
        except BaseException:
            self._undo(mark)
            raise

    def _decide(self, request: Request, mark: int) -> Outcome:
        self._check_versions(request.expected)
        try:
            result = request.decide(self)
        except self._refused as refusal:
            if not getattr(refusal, "leaves_trace", False):
                self._undo(mark)
            return self._close(request, mark, "refused", self._describe(refusal))
        return self._close(request, mark, "accepted", {"result": result})

    def rows(self) -> list[EventRow]:
        """Return the recorded events as rows of the log, chained to the head."""
        recorded = zip(self._journal, self._texts, strict=True)
        rows = (
            (position, stream, version, topic, text, self._recorded_at, command_id)
            for position, ((stream, version, _), (topic, text, command_id)) in enumerate(
                recorded, self._head.position + 1
            )
        )
        return list(chained(self._head.digest, rows))

    def _check_versions(self, expected: Mapping[str, int]) -> None:
        conflicts = {}
        for stream, version in expected.items():
            category, _, key = stream.partition("/")
            aggregate_type = self._categories.get(category)
            actual = self.get(aggregate_type, key).version if aggregate_type else 0
            if actual != version:
                conflicts[stream] = (version, actual)
        if conflicts:
            raise VersionConflictError(conflicts)

    def _undo(self, mark: int) -> None:
        for stream, _, _ in self._journal[mark:]:
            self._shelf.forget(stream)
            self._undone.add(stream)
        del self._journal[mark:]
        self._at_hand.clear()

    def _close(self, request: Request, mark: int, status: str, body: dict[str, Any]) -> Outcome:
        first = self._head.position + mark + 1
        last = self._head.position + len(self._journal)
        count = len(self._journal) - mark
        # Encoded here, so that an event that cannot be stored fails its own command alone.
        texts = [
            (event.TOPIC, self._codec.encode(event), request.command_id)
            for _, _, event in self._journal[mark:]
        ]
        streams = {stream: version for stream, version, _ in self._journal[mark:]}
        body = {"outcome": status, **body, "streams": streams, "position": last}
        receipt = Receipt(
            principal=request.principal,
            key=request.key,
            request_digest=request.digest,
            status=status,
            body=msgspec.json.encode(body).decode(),
            first_position=first if count else 0,
            last_position=last if count else 0,
            recorded_at=self._recorded_at,
            command_id=request.command_id,
            command=request.command,
            actor=request.actor,
        )
        if request.dry_run:
            self._undo(mark)
            return Outcome(receipt)
        self._texts.extend(texts)
        self.receipts.append(receipt)
        self._stored[request.principal, request.key] = receipt
        return Outcome(receipt)
