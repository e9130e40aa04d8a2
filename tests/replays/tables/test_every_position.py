"""Folding the log up to any position gives the rows that the live read models had then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from api.engine import Engine
from projections import runner
from projections.catalogue import PROJECTIONS
from projections.folding import Fold
from projections.runner import facts_of
from replays.tables.refolding import refold
from tests.api.month import played

Rows = dict[str, dict[tuple[Any, ...], dict[str, Any]]]


def live(engine: Engine) -> Rows:
    """Every stored row by table and key, without what the database reckons."""
    found: Rows = {}
    with engine.database.reading() as connection:
        for table in (table for one in PROJECTIONS for table in one.tables):
            plain = [column for column in table.columns if column.computed is None]
            keys = [column.name for column in table.primary_key]
            rows = connection.execute(select(*plain)).mappings()
            found[table.name] = {tuple(row[name] for name in keys): dict(row) for row in rows}
    return {name: rows for name, rows in found.items() if rows}


def folded(fold: Fold) -> Rows:
    """The same, as one fold of everything gives it."""
    found: Rows = {}
    for table, changes in fold.rows.items():
        keys = [column.name for column in table.primary_key]
        rows = found.setdefault(table.name, {})
        for key, change in changes.items():
            if not change.gone:
                told = dict(zip(keys, key, strict=True)) | change.puts | change.adds
                rows[key] = _whole(table, told)
    for table, appended in fold.appended.items():
        rows = found.setdefault(table.name, {})
        rows |= {(row["position"], row["seq"]): _whole(table, row) for row in appended}
    return {name: rows for name, rows in found.items() if rows}


def _whole(table: Any, row: dict[str, Any]) -> dict[str, Any]:
    """A row with what its columns begin with; times as one zone tells them."""
    begun = {
        column.name: 0 if column.server_default is not None else None
        for column in table.columns
        if column.computed is None
    }
    return begun | {
        name: value.astimezone(UTC) if isinstance(value, datetime) else value
        for name, value in row.items()
    }


def test_at_every_position_of_a_story_the_live_rows_are_one_fold_of_the_log(
    told: Engine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(runner, "BATCH", 1)
    facts = list(facts_of(told.reader.after(), told.codec))

    for fact in facts:
        assert told.runner.catch_up()
        fold = Fold()
        for one in facts[: fact.position]:
            for projection in PROJECTIONS:
                fold.take(projection, one)
        assert live(told) == folded(fold), f"at position {fact.position}"


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The demo's month, of which the read models have heard nothing yet."""
    with played(tmp_path_factory.mktemp("behind")) as client:
        yield client.app.state.engine


@given(data=st.data())
@settings(
    max_examples=1,
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_at_any_position_of_the_month_a_scratch_copy_is_what_the_live_rows_are(
    behind: Engine, data: st.DataObject
):
    head = behind.reader.head().position
    stops = data.draw(st.sets(st.integers(1, head), min_size=15, max_size=15))

    for stop in sorted({*stops, head}):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(runner, "BATCH", stop - min(behind.runner.positions().values()))
            assert behind.runner.catch_up()
        found = refold(
            behind.reader, behind.codec, behind.database.snapshot, PROJECTIONS, behind.zone
        )
        assert set(behind.runner.positions().values()) == {stop}
        assert found.differences == ()
        assert found.breaches == ()
        assert found.tables == sum(len(one.tables) for one in PROJECTIONS)
