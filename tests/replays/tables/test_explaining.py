"""Every figure is explained by events that sum back to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Table, select

from api.engine import Engine
from projections.catalogue import PROJECTIONS
from projections.effects import Projection
from replays.tables.explaining import ADDED, Explainer, Explanation
from replays.tables.moment import Moment, facts_until

SAMPLE = 3
"""Rows of each table that are explained: the first, one in the middle, the last."""


def rows_of(engine: Engine, table: Table) -> list[dict[str, Any]]:
    with engine.database.reading() as connection:
        query = select(table).order_by(*table.primary_key)
        found = [dict(row) for row in connection.execute(query).mappings()]
    return found[:1] + found[len(found) // 2 : len(found) // 2 + 1] + found[-1:]


def explainers(
    engine: Engine, projection: Projection
) -> Iterator[tuple[Table, dict[str, Any], Explainer]]:
    """Explainers of some rows of a read model, that have heard of everything."""
    found = []
    for table in projection.tables:
        keys = [column.name for column in table.primary_key]
        for row in rows_of(engine, table):
            key = {name: row[name] for name in keys}
            found.append((table, row, Explainer(projection, table, key)))
    moment = Moment(engine.reader.head().position)
    facts = list(facts_until(engine.reader, engine.codec, moment, [projection], engine.zone))
    for table, row, explainer in found:
        explainer.watch(facts)
        yield table, row, explainer


def adds_up(told: Explanation) -> bool:
    """Whether the contributions of a figure lead to it, step by step."""
    total = 0
    for one in told.contributions:
        if one.did == ADDED:
            total += one.value
        else:
            total = one.value
        if one.after != total:
            return False
    return all(adds_up(part) for part in told.parts)


@pytest.mark.parametrize("projection", PROJECTIONS, ids=lambda one: one.name)
def test_every_column_of_a_row_is_explained_by_what_its_events_did(
    month: Engine, projection: Projection
):
    explained = 0
    for table, row, explainer in explainers(month, projection):
        for column in table.columns:
            told = explainer.explain(column.name)
            assert told.value == row[column.name], (table.name, column.name)
            if told.contributions:
                assert told.contributions[-1].after == row[column.name]
            assert adds_up(told), (table.name, column.name)
            explained += bool(told.contributions or told.parts)
    assert explained or not any(rows_of(month, table) for table in projection.tables)


def test_a_computed_figure_is_explained_by_the_figures_it_is_reckoned_from(month: Engine):
    (projection,) = [one for one in PROJECTIONS if one.name == "reconciliation"]
    key = {"dealer": "D06", "currency": "CNY"}
    explainer = Explainer(projection, projection.tables[0], key)
    moment = Moment(month.reader.head().position)
    explainer.watch(facts_until(month.reader, month.codec, moment, [projection], month.zone))

    told = explainer.explain("exposure")

    figures = {part.column: part.value for part in told.parts}
    assert figures == {"open": 34_060_460} | dict.fromkeys(
        ("unapplied", "ordered", "shipped", "deposits"), 0
    )
    assert told.value == 34_060_460
    assert [(one.topic, one.value) for one in told.parts[0].contributions] == [
        ("account.open_item_opening_set", 22_600_000),
        ("account.invoice_posted", 29_606_000),
        ("account.invoice_posted", 4_454_460),
        ("account.cash_applied", -22_600_000),
    ]


def test_a_row_that_no_event_made_has_no_explanation(month: Engine):
    (projection,) = [one for one in PROJECTIONS if one.name == "reconciliation"]
    explainer = Explainer(projection, projection.tables[0], {"dealer": "D99", "currency": "CNY"})
    moment = Moment(month.reader.head().position)

    explainer.watch(facts_until(month.reader, month.codec, moment, [projection], month.zone))

    assert not explainer.exists
