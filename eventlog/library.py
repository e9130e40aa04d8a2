"""The persistence module for the eventsourcing library: ``PERSISTENCE_MODULE=eventlog.library``.

Environment: ``BATON_DATABASE_URL`` (an SQLAlchemy URL), ``CREATE_TABLE`` (default yes: migrate),
``ORIGINATOR_ID_TYPE`` (``text``, the default, or ``uuid``). With ``MAPPER_TOPIC`` set to
``eventlog.library:LogMapper`` an application reads Baton's own events as ``LoggedFact``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from eventsourcing import persistence
from eventsourcing.utils import Environment, resolve_topic, strtobool

from eventlog.database import Database
from eventlog.migrating import migrate
from eventlog.recorder import LogRecorder, LogTracking, SideRecorder
from eventlog.signal import Signal


class LogFactory(persistence.InfrastructureFactory[persistence.TrackingRecorder]):
    """Builds recorders over one database, opened at the first use."""

    def __init__(self, env: Environment | dict[str, str] | None) -> None:
        super().__init__(env)
        self._database: Database | None = None
        self._signal = Signal()

    @property
    def database(self) -> Database:
        """The open database, migrated unless CREATE_TABLE says no."""
        if self._database is None:
            url = self.env.get("BATON_DATABASE_URL")
            if not url:
                raise persistence.InfrastructureFactoryError("BATON_DATABASE_URL is not set")
            self._database = Database(url)
            if strtobool(self.env.get("CREATE_TABLE", "yes")):
                migrate(self._database)
        return self._database

    def aggregate_recorder(self, purpose: str = "events") -> SideRecorder:
        """Build a recorder of records outside the log."""
        return SideRecorder(self.database, self._stream_id(), purpose)

    def application_recorder(self) -> LogRecorder:
        """Build a recorder of the log."""
        return LogRecorder(self.database, self._stream_id(), self._signal)

    def tracking_recorder(
        self,
        tracking_recorder_class: type[persistence.TrackingRecorder] | None = None,
    ) -> Any:
        """Build a recorder of tracked positions: a given class, that of the topic, or ours."""
        topic = self.env.get(self.TRACKING_RECORDER_TOPIC)
        chosen: Any = tracking_recorder_class or (resolve_topic(topic) if topic else LogTracking)
        return chosen(self.database)

    def process_recorder(self) -> LogRecorder:
        """Build a recorder of the log with tracked positions."""
        return LogRecorder(self.database, self._stream_id(), self._signal)

    def close(self) -> None:
        """Close the database."""
        if self._database is not None:
            self._database.close()

    def _stream_id(self) -> type[UUID | str]:
        return UUID if self.env.get("ORIGINATOR_ID_TYPE", "text").lower() == "uuid" else str


@dataclass(frozen=True)
class LoggedFact:
    """One of Baton's events as a foreign application sees it: its name and its fields."""

    originator_id: str
    originator_version: int
    topic: str
    fields: dict[str, Any]


class LogMapper(persistence.Mapper[str]):
    """Reads Baton's plain JSON in place of the library's own transcoding. It only reads."""

    def to_domain_event(self, stored_event: persistence.StoredEvent) -> Any:
        """Return the fact with its fields as plain JSON values."""
        return LoggedFact(
            originator_id=str(stored_event.originator_id),
            originator_version=stored_event.originator_version,
            topic=stored_event.topic,
            fields=msgspec.json.decode(stored_event.state),
        )

    def to_stored_event(self, domain_event: Any) -> persistence.StoredEvent:
        """Refuse: Baton's events are appended by its writer."""
        raise persistence.NotSupportedError(f"{domain_event!r} is not written through LogMapper")
