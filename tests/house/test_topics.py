"""Topics are the storage format: unique, well formed, and each claimed or waved through."""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location

from domain.catalogue import AGGREGATES, EVENTS
from domain.flows import FLOWS
from projections.catalogue import PROJECTIONS, WAVED_THROUGH
from tests.house.test_arrows import ROOT


def test_every_topic_is_an_aggregate_and_a_participle():
    odd = [event.TOPIC for event in EVENTS if not re.fullmatch(r"[a-z_]+\.[a-z_]+", event.TOPIC)]

    assert odd == []


def test_no_two_events_share_a_topic():
    topics = [event.TOPIC for event in EVENTS]

    assert len(set(topics)) == len(topics)


def test_no_two_aggregates_share_a_category():
    categories = [aggregate.CATEGORY for aggregate in AGGREGATES]

    assert len(set(categories)) == len(categories)


def test_every_event_is_read_by_a_projection_or_waved_through_by_name():
    read = frozenset().union(*(projection.reads for projection in PROJECTIONS))

    assert frozenset(EVENTS) - read - WAVED_THROUGH == frozenset()


def test_nothing_that_is_read_is_also_waved_through():
    read = frozenset().union(*(projection.reads for projection in PROJECTIONS))

    assert read & WAVED_THROUGH == frozenset()


def test_no_two_projections_write_to_one_table():
    tables = [table.name for projection in PROJECTIONS for table in projection.tables]

    assert len(set(tables)) == len(tables)


def test_every_column_of_a_read_model_says_what_it_holds():
    silent = [
        f"{table.name}.{column.name}"
        for projection in PROJECTIONS
        for table in projection.tables
        for column in table.columns
        if not column.comment
    ]

    assert silent == []


def test_every_command_says_what_it_does_and_its_flow_what_it_refuses():
    silent = [
        command.__name__
        for command, flow in FLOWS.items()
        if not command.__doc__ or "Refuses" not in (flow.__doc__ or "")
    ]

    assert silent == []


def test_the_data_dictionary_is_that_of_the_code():
    spec = spec_from_file_location("tables", ROOT / "docs" / "tables.py")
    tables = module_from_spec(spec)
    spec.loader.exec_module(tables)

    assert (ROOT / "docs" / "tables.md").read_text(encoding="utf-8") == tables.dictionary()
