"""A figure says whether its target is met, by its ratio where it has one."""

from __future__ import annotations

import json

import pytest

from benchmarks.figures import Figure, Report, middle


@pytest.mark.parametrize(
    ("figure", "met"),
    [
        (Figure("rate", "sqlite", 40_000, "events/s", None, 40_000), True),
        (Figure("rate", "sqlite", 39_999, "events/s", None, 40_000), False),
        (Figure("lag", "sqlite", 200, "ms", None, 250, lower=True), True),
        (Figure("lag", "sqlite", 251, "ms", None, 250, lower=True), False),
        (Figure("share", "sqlite", 9, "events/s", 0.59, 0.6), False),
        (Figure("growth", "sqlite", 9, "ms", 1.1, 1.2, lower=True), True),
        (Figure("size", "sqlite", 9, "bytes"), None),
    ],
)
def test_a_target_is_met_or_not_or_there_is_none(figure, met):
    assert figure.met is met


def test_a_report_is_one_json_line_for_each_figure(capsys):
    Report().add(
        Figure("a", "sqlite", 1234.5678, "ms", 2.0, 1.5, spread=(1, 2)), Figure("b", "", 1, "")
    )

    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert [first[name] for name in ("name", "backend", "value", "ratio", "target", "met")] == [
        "a", "sqlite", 1235.0, 2.0, 1.5, True,
    ]  # fmt: skip
    assert second["target"] is None


def test_the_middle_of_rounds_is_their_median_with_the_spread():
    assert middle([3.0, 1.0, 2.0]) == (2.0, (1.0, 3.0))
