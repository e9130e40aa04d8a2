"""The log passes the eventsourcing library's own conformance cases, on both databases."""

from __future__ import annotations

import unittest
from typing import ClassVar

import pytest
from eventsourcing.persistence import InfrastructureFactory
from eventsourcing.tests import persistence as cases
from eventsourcing.utils import Environment

from eventlog.library import LogFactory
from eventlog.recorder import LogRecorder, LogTracking, SideRecorder


class OnTheLog(unittest.TestCase):
    """A case with a database of its own. Not collected: each method is run by the test below."""

    __test__ = False
    env: ClassVar[Environment]

    def opened(self) -> LogFactory:
        factory = InfrastructureFactory.construct(self.env)
        assert isinstance(factory, LogFactory)
        self.addCleanup(factory.close)
        return factory


class SideRecords(OnTheLog, cases.AggregateRecorderTestCase):
    def create_recorder(self):
        return self.opened().aggregate_recorder()


class RecordsOfTheLog(OnTheLog, cases.ApplicationRecorderTestCase):
    def create_recorder(self):
        return self.opened().application_recorder()


class TrackedPositions(OnTheLog, cases.TrackingRecorderTestCase):
    def create_recorder(self):
        return self.opened().tracking_recorder()


class RecordsWithTrackedPositions(OnTheLog, cases.ProcessRecorderTestCase):
    def create_recorder(self):
        return self.opened().process_recorder()


class PositionsDoNotInterleave(OnTheLog, cases.NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self):
        return self.opened().application_recorder()


class TrackingOfSomebodyElse(LogTracking):
    """A view that keeps its position here."""


class Factories(OnTheLog, cases.InfrastructureFactoryTestCase[LogFactory]):
    def expected_factory_class(self):
        return LogFactory

    def expected_aggregate_recorder_class(self):
        return SideRecorder

    def expected_application_recorder_class(self):
        return LogRecorder

    def expected_tracking_recorder_class(self):
        return LogTracking

    def tracking_recorder_subclass(self):
        return TrackingOfSomebodyElse

    def expected_process_recorder_class(self):
        return LogRecorder


CASES = (
    SideRecords,
    RecordsOfTheLog,
    TrackedPositions,
    RecordsWithTrackedPositions,
    PositionsDoNotInterleave,
    Factories,
)


def methods_of(case):
    names = unittest.defaultTestLoader.getTestCaseNames(case)
    return [*names, *(name for name in dir(case) if name.startswith("optional_test_"))]


@pytest.mark.parametrize(
    ("case", "method"),
    [
        pytest.param(case, method, id=f"{case.__name__}-{method}")
        for case in CASES
        for method in methods_of(case)
    ],
)
def test_the_library_finds_what_it_expects(case, method, database_url, templates, monkeypatch):
    templates.begin(database_url)
    environment = Environment(
        env={
            "PERSISTENCE_MODULE": "eventlog.library",
            "BATON_DATABASE_URL": database_url,
            "ORIGINATOR_ID_TYPE": "uuid",
        }
    )
    monkeypatch.setattr(case, "env", environment, raising=False)

    case(method).debug()


def test_every_conformance_case_of_the_recorders_is_run():
    abstract = {cases.RecorderTestCase, cases.TranscoderTestCase}
    theirs = (
        {
            case
            for case in vars(cases).values()
            if isinstance(case, type) and issubclass(case, unittest.TestCase)
        }
        - abstract
        - {unittest.TestCase}
    )

    assert {base for case in CASES for base in case.__mro__} >= theirs
    assert "optional_test_insert_subscribe" in methods_of(RecordsOfTheLog)
