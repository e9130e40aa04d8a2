"""The log as recorders of the eventsourcing library, so that its applications can share it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.persistence import (
    AggregateRecorder,
    DataError,
    IntegrityError,
    Notification,
    OperationalError,
    ProcessRecorder,
    ProgrammingError,
    StoredEvent,
    Subscription,
    Tracking,
    TrackingRecorder,
    WaitInterruptedError,
)
from sqlalchemy import Connection, Select, Table, insert, select, update
from sqlalchemy import exc as sql

from eventlog.chain import chained
from eventlog.database import Database
from eventlog.reader import read_after, read_head
from eventlog.rows import EventRow, Head, instant_text
from eventlog.schema import events, side_events, tracking
from eventlog.signal import Signal
from eventlog.subscription import LogSubscription

StreamId = Callable[[str], UUID | str]

WAIT_SECONDS = 0.02


@contextmanager
def library_errors() -> Iterator[None]:
    """Raise what the library expects in place of what SQLAlchemy raises."""
    try:
        yield
    except sql.IntegrityError as error:
        raise IntegrityError(str(error.orig)) from error
    except sql.OperationalError as error:
        raise OperationalError(str(error.orig)) from error
    except sql.SQLAlchemyError as error:
        raise ProgrammingError(str(error)) from error
    except UnicodeDecodeError as error:
        raise DataError("the log keeps readable text: use no cipher and no compressor") from error


class SideRecorder(AggregateRecorder):
    """Records outside the log, by purpose: the library keeps its own snapshots here."""

    def __init__(self, database: Database, stream_id: StreamId, purpose: str) -> None:
        self._database = database
        self._stream_id = stream_id
        self._purpose = purpose

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> None:
        """Insert all or none; raises IntegrityError where a version is taken."""
        rows = [
            {
                "purpose": self._purpose,
                "stream": str(one.originator_id),
                "version": one.originator_version,
                "topic": one.topic,
                "data": one.state.decode(),
            }
            for one in stored_events
        ]
        if rows:
            with library_errors(), self._database.writing() as connection:
                connection.execute(insert(side_events), rows)

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Return what was stored of one originator."""
        query = _of_stream(side_events, originator_id, gt, lte, desc, limit)
        query = query.where(side_events.c.purpose == self._purpose)
        return _stored(self._database, query, self._stream_id)


class LogTracking(TrackingRecorder):
    """Positions of other applications' logs that have been processed here."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def insert_tracking(self, tracking: Tracking) -> None:
        """Move a position forward; raises IntegrityError where it is not new."""
        with library_errors(), self._database.writing() as connection:
            track(connection, tracking)

    def max_tracking_id(self, application_name: str) -> int | None:
        """Return the last position that was recorded for an application, or None."""
        query = select(tracking.c.notification_id).where(
            tracking.c.application_name == application_name
        )
        with library_errors(), self._database.reading() as connection:
            return connection.scalar(query)

    def wait(
        self,
        application_name: str,
        notification_id: int | None,
        timeout: float = 1.0,
        interrupt: Event | None = None,
    ) -> None:
        """Wait for a position, looking often: a reader of its own write should not sleep 100 ms."""
        deadline = time.monotonic() + timeout
        interrupt = interrupt or Event()
        while not self.has_tracking_id(application_name, notification_id):
            if interrupt.wait(WAIT_SECONDS):
                raise WaitInterruptedError
            if time.monotonic() > deadline:
                raise TimeoutError(f"{application_name} has not reached {notification_id}")


class LogRecorder(LogTracking, ProcessRecorder):
    """Appends to the log under the same head lock as the writer, and reads it."""

    def __init__(self, database: Database, stream_id: StreamId, signal: Signal) -> None:
        super().__init__(database)
        self._stream_id = stream_id
        self.signal = signal

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Append all or none, with the tracking in the same transaction; returns positions."""
        position: Tracking | None = kwargs.get("tracking")
        with library_errors(), self._database.writing() as connection:
            if position is not None:
                track(connection, position)
            rows = self._append(connection, stored_events) if stored_events else []
        if rows:
            self.signal.set()
        return [row.position for row in rows]

    def _append(
        self, connection: Connection, stored_events: Sequence[StoredEvent]
    ) -> list[EventRow]:
        head = self._database.dialect.lock_head(connection)
        rows = _chained(head, stored_events)
        try:
            self._database.dialect.append(connection, rows, ())
        except Exception as error:
            # The rows are appended on the driver's own cursor, past SQLAlchemy's translation.
            names = {base.__name__ for base in type(error).__mro__}
            if "IntegrityError" in names:
                raise IntegrityError(str(error)) from error
            if "OperationalError" in names:
                raise OperationalError(str(error)) from error
            raise
        return rows

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Return events of one stream."""
        query = _of_stream(events, originator_id, gt, lte, desc, limit)
        return _stored(self._database, query, self._stream_id)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Return events by position."""
        after = (start or 0) - (1 if inclusive_of_start else 0)
        with library_errors(), self._database.reading() as connection:
            rows = read_after(connection, after, limit, stop, topics)
        return [
            Notification(
                originator_id=self._stream_id(row.stream),
                originator_version=row.version,
                topic=row.topic,
                state=row.data.encode(),
                id=row.position,
            )
            for row in rows
        ]

    def max_notification_id(self) -> int | None:
        """Return the last position, or None where the log is empty."""
        with library_errors(), self._database.reading() as connection:
            return read_head(connection).position or None

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[LogRecorder]:
        """Follow the log, on either database."""
        return LogSubscription(self, gt, topics)


def _chained(head: Head, stored_events: Sequence[StoredEvent]) -> list[EventRow]:
    recorded_at = max(instant_text(datetime.now(UTC)), head.recorded_at)
    command_id = str(uuid4())
    rows = (
        (
            position,
            str(one.originator_id),
            one.originator_version,
            one.topic,
            one.state.decode(),
            recorded_at,
            command_id,
        )
        for position, one in enumerate(stored_events, head.position + 1)
    )
    return list(chained(head.digest, rows))


def track(connection: Connection, position: Tracking) -> None:
    """Move a tracked position forward in the caller's transaction; raises IntegrityError."""
    moved = connection.execute(
        update(tracking)
        .where(
            tracking.c.application_name == position.application_name,
            tracking.c.notification_id < position.notification_id,
        )
        .values(notification_id=position.notification_id)
    )
    if moved.rowcount == 0:
        connection.execute(
            insert(tracking).values(
                application_name=position.application_name,
                notification_id=position.notification_id,
            )
        )


def _of_stream(
    table: Table,
    originator_id: UUID | str,
    gt: int | None,
    lte: int | None,
    desc: bool,  # noqa: FBT001
    limit: int | None,
) -> Select[Any]:
    query = select(table.c.stream, table.c.version, table.c.topic, table.c.data)
    query = query.where(table.c.stream == str(originator_id))
    if gt is not None:
        query = query.where(table.c.version > gt)
    if lte is not None:
        query = query.where(table.c.version <= lte)
    query = query.order_by(table.c.version.desc() if desc else table.c.version)
    return query if limit is None else query.limit(limit)


def _stored(database: Database, query: Select[Any], stream_id: StreamId) -> list[StoredEvent]:
    with library_errors(), database.reading() as connection:
        return [
            StoredEvent(stream_id(stream), version, topic, data.encode())
            for stream, version, topic, data in connection.execute(query)
        ]
