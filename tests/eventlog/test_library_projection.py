"""A stock projection of the eventsourcing library follows Baton's log while Baton writes."""

from __future__ import annotations

import msgspec
import pytest
from eventsourcing.application import Application
from eventsourcing.persistence import NotSupportedError, StoredEvent
from eventsourcing.popo import POPOTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner

from eventlog.library import LogFactory, LoggedFact
from eventlog.recorder import LogTracking
from tests.eventlog.support import PATIENCE
from tests.support.world import done, opened

FOLLOWS = {
    "PERSISTENCE_MODULE": "eventlog.library",
    "MAPPER_TOPIC": "eventlog.library:LogMapper",
}


class Baton(Application[str]):
    """Somebody else's application that reads Baton's log."""


class Heard:
    """What a view has heard, in order."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.facts = []


class HeardInMemory(Heard, POPOTrackingRecorder):
    """A view in memory."""


class HeardBesideTheLog(Heard, LogTracking):
    """A view that keeps its position in Baton's own database."""


class Everything(Projection):
    def process_event(self, domain_event, tracking):
        self.view.facts.append((tracking.notification_id, domain_event))
        self.view.insert_tracking(tracking)


class Users(Everything):
    topics = ("user.registered",)


VIEWS = {
    HeardInMemory: {"EVERYTHING_PERSISTENCE_MODULE": "eventsourcing.popo"},
    HeardBesideTheLog: {},
}


@pytest.fixture
def engine(database_url, templates):
    templates.begin(database_url)
    with opened(database_url, follow=False) as engine:
        yield engine


def register(engine, *names):
    for name in names:
        body = {"user_id": name, "role": "REP", "scope": "EAST"}
        done(engine, "register-user", f"register-{name}", body)


def following(database_url, view, projection=Everything):
    return ProjectionRunner(
        application_class=Baton,
        projection_class=projection,
        view_class=view,
        env={**FOLLOWS, **VIEWS[view], "BATON_DATABASE_URL": database_url},
    )


def logged(engine, after=0, topics=()):
    return [
        (
            row.position,
            LoggedFact(row.stream, row.version, row.topic, msgspec.json.decode(row.data)),
        )
        for row in engine.reader.after(after, topics=topics)
    ]


@pytest.mark.parametrize("view", VIEWS)
def test_a_foreign_view_has_every_event_in_order(engine, database_url, view):
    register(engine, "a", "b")
    with following(database_url, view) as runner:
        register(engine, *"cdefghij")
        head = engine.reader.head().position

        runner.wait(head, PATIENCE)

        assert head == 11
        assert runner.view.facts == logged(engine)


def test_a_foreign_view_goes_on_where_it_was(engine, database_url):
    register(engine, "a", "b")
    with following(database_url, HeardBesideTheLog) as runner:
        runner.wait(3, PATIENCE)
    register(engine, "c", "d")
    with following(database_url, HeardBesideTheLog) as runner:
        runner.wait(5, PATIENCE)

        assert runner.view.facts == logged(engine, after=3)


def test_a_foreign_view_may_ask_for_some_topics_only(engine, database_url):
    register(engine, "a", "b")
    with following(database_url, HeardBesideTheLog, Users) as runner:
        runner.wait(3, PATIENCE)

        assert runner.view.facts == logged(engine, topics=Users.topics)
        assert [position for position, _ in runner.view.facts] == [2, 3]


def test_a_foreign_application_cannot_write_through_the_mapper(engine, database_url):
    application = Baton(env={**FOLLOWS, "BATON_DATABASE_URL": database_url})

    with pytest.raises(NotSupportedError):
        application.mapper.to_stored_event(LoggedFact("User/x", 1, "user.registered", {}))

    application.close()


def test_what_another_application_appends_is_in_the_same_dense_log(engine, database_url):
    factory = LogFactory({"BATON_DATABASE_URL": database_url})
    recorder = factory.application_recorder()
    register(engine, "a")

    positions = recorder.insert_events([StoredEvent("Other/1", 1, "other.said", b"{}")])
    register(engine, "b")

    assert positions == [3]
    assert [(row.position, row.stream) for row in engine.reader.after(1)] == [
        (2, "User/a"),
        (3, "Other/1"),
        (4, "User/b"),
    ]
    factory.close()
