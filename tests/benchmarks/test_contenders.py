"""All contenders of the benchmarks play the same orders, and their books say the same."""

from __future__ import annotations

from contextlib import closing

import pytest

from benchmarks import scenario
from benchmarks.contenders.baton import Baton
from benchmarks.contenders.library import Library
from benchmarks.contenders.orm import Orm
from benchmarks.contenders.sql import Sql
from benchmarks.contenders.sql_tuned import TunedSql

ORDERS = 8


def books(contender):
    orders = list(scenario.orders(0, ORDERS))
    units = scenario.units_for(orders)
    contender.prepare(units)
    contender.play(orders)
    return contender.totals(), scenario.expected(orders, units)


@pytest.mark.parametrize("kind", [Baton, Orm])
def test_the_books_of_a_contender_are_those_of_the_scenario(kind, database_url):
    with closing(kind(database_url)) as contender:
        found, expected = books(contender)

    assert found == expected


@pytest.mark.parametrize("kind", [Sql, TunedSql])
def test_the_books_of_hand_written_sql_are_those_of_the_scenario(kind, postgres):
    with closing(kind(postgres.new_database())) as contender:
        found, expected = books(contender)

    assert found == expected


def test_the_books_of_the_library_are_those_of_the_scenario(tmp_path):
    with closing(Library(f"sqlite:///{tmp_path / 'library.db'}")) as contender:
        found, expected = books(contender)

    assert found == expected


def test_an_order_is_the_same_in_every_run():
    (order,) = scenario.orders(17, 1)

    assert order == next(scenario.orders(17, 1))
    assert order.gross == sum(
        scenario.gross_of(line.qty * scenario.price_of(line.product)) for line in order.lines
    )


def test_skewed_orders_want_the_same_two_cells():
    wanted = {
        (order.warehouse, line.product)
        for order in scenario.orders(0, 20, skewed=True)
        for line in order.lines
    }

    assert wanted == set(scenario.SKEWED)
