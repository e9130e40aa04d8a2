"""Any read model at any moment: on both clocks, with its filters, its pages and its reasons."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from api.exports.sources import of_table
from api.scratches import BeingFolded, Scratches
from projections.catalogue import PROJECTIONS, TABLES
from projections.views import VIEWS
from replays.tables.moment import Moment
from tests.api.auditing.conftest import Auditor

KNOWN_BEFORE = {"known_at": "2026-04-01T23:59:59+08:00"}


def test_the_dictionary_names_every_table_with_its_columns_and_its_position(month: Auditor):
    told = month.ask("/v1/tables")

    assert [one["table"] for one in told if not one["view"]] == [
        table.name for projection in PROJECTIONS for table in projection.tables
    ]
    assert [one["table"] for one in told if one["view"]] == [view.name for view in VIEWS]
    head = month.ask("/v1/events", limit=1)["head"]
    assert {one["position"] for one in told} == {head}
    assert all(column["meaning"] for one in told for column in one["columns"])
    (sales,) = [one for one in told if one["table"] == "sales"]
    assert {"sales", "orders", "dealers", "master"} <= set(sales["projections"])


def test_late_facts_what_was_known_and_what_is_known_come_from_one_query_each(month: Auditor):
    """The receipt of 2 April with value date 31 March, as of the end of March."""
    march = {"as_of": "2026-03-31"}

    (then,) = month.rows("dealer_balance", "dealer:D06", **march, **KNOWN_BEFORE)
    (now,) = month.rows("dealer_balance", "dealer:D06", **march)

    assert (then["open"], now["open"]) == (56_660_460, 34_060_460)
    total = [
        sum(one["open"] for one in month.rows("dealer_balance", **march, **known))
        for known in (KNOWN_BEFORE, {"known_at": "2026-04-02T23:59:59+08:00"})
    ]
    assert total == [219_697_650, 197_097_650]


def test_late_facts_goods_that_came_back_in_march_were_known_in_april(month: Auditor):
    """RMA-0002: happened on 30 March, recorded on 6 April."""
    where, march = ("wh:WH-WH", "sku:GEL", "lot:GEL2601A"), {"as_of": "2026-03-30"}

    before = month.rows(
        "inventory_visibility", *where, **march, known_at="2026-04-05T23:59:59+08:00"
    )
    after = month.rows("inventory_visibility", *where, **march)
    book = month.rows("channel_stock", "dealer:D11", "sku:GEL", **march)

    names = ("on_hand", "quarantined")
    assert [tuple(row[name] for name in names) for row in (*before, *after)] == [
        (200, 0),
        (210, 10),
    ]
    assert [row["qty"] for row in book] == [190]


def test_late_facts_a_credit_note_of_april_leaves_march_alone(month: Auditor):
    (march,) = month.rows("dealer_balance", "dealer:D11", as_of="2026-03-31")
    (april,) = month.rows("dealer_balance", "dealer:D11")

    assert (march["open"], april["open"]) == (4_113_200, 3_907_540)


def test_what_was_known_at_a_moment_says_its_position_and_the_lag_behind_the_log(month: Auditor):
    told = month.ask("/v1/tables/order_tracking", **KNOWN_BEFORE)

    head = month.ask("/v1/events", limit=1)["head"]
    assert told["position"] + told["lag"] == head
    assert told["known_at"].startswith("2026-04-01")
    assert max(row["position"] for row in told["items"]) <= told["position"]


def test_pages_of_another_time_follow_each_other_without_gap(month: Auditor):
    whole = [row["doc"] for row in month.rows("open_items", **KNOWN_BEFORE)]
    read, cursor = [], None
    while True:
        more = {"cursor": cursor} if cursor else {}
        page = month.ask("/v1/tables/open_items", limit=4, **KNOWN_BEFORE, **more)
        read += [row["doc"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert len(whole) > 4
    assert read == whole


def test_a_view_of_another_time_stands_on_tables_of_that_time(month: Auditor):
    when = {"as_of": "2026-03-31", "known_at": "2026-03-12T00:00:00+08:00"}
    facts = month.rows("sales_facts", **when)
    sales = month.rows("sales", **when)

    assert [(one["position"], one["net"]) for one in sales] == [
        (one["position"], one["net"]) for one in facts
    ]
    assert 0 < len(sales) < len(month.rows("sales"))
    assert {one["margin"] for one in sales if one["basis"] == "INVOICED"} == {None}


def test_an_aggregate_of_another_time_is_folded_from_what_was_known_then(month: Auditor):
    def order(**when: str) -> tuple[int, str, int]:
        told = month.ask("/v1/states/Order/SO-0002", **when)
        price = told["state"]["lines"]["1"]["terms"]["unit_price"]
        return told["version"], price, len(told["state"]["active"])

    assert order(known_at="2026-03-04T09:00:00+08:00") == (4, "255000", 1)
    assert order(as_of="2026-03-04") == (4, "255000", 1)
    version, price, _ = order()
    assert (version > 4, price) == (True, "262000")


def test_a_figure_is_explained_as_of_another_moment(month: Auditor):
    told = month.ask(
        "/v1/tables/dealer_balance/explanation",
        column="open",
        where=["dealer:D06", "currency:CNY"],
        **KNOWN_BEFORE,
    )

    assert told["explained"]["value"] == 56_660_460
    values = [one["value"] for one in told["explained"]["contributions"]]
    assert sum(values) == 56_660_460


@pytest.mark.parametrize(
    ("path", "params", "refused"),
    [
        ("/v1/tables/nothing", {}, (404, "NOT_FOUND", [None])),
        (
            "/v1/tables/sales/explanation",
            {"column": "net"},
            (400, "VALIDATION_FAILED", ["table"]),
        ),
        (
            "/v1/tables/open_items",
            {"where": ["doc", "nobody:1", "gross:much", "due:soon", "doc:a", "doc:b"]},
            (
                400,
                "VALIDATION_FAILED",
                [
                    "where=doc",
                    "where=nobody:1",
                    "where=gross:much",
                    "where=due:soon",
                    "where=doc:b",
                ],
            ),
        ),
        (
            "/v1/tables/open_items",
            {"where": "gross:10000000000000000000"},
            (400, "VALIDATION_FAILED", ["where=gross:10000000000000000000"]),
        ),
        (
            "/v1/tables/open_items",
            {"known_at": "2026-04-01T00:00:00"},
            (400, "VALIDATION_FAILED", ["known_at"]),
        ),
        (
            "/v1/tables/open_items",
            {"as_of": "yesterday"},
            (400, "VALIDATION_FAILED", ["query.as_of"]),
        ),
        ("/v1/tables/open_items", {"cursor": "x"}, (400, "CURSOR_INVALID", [])),
        ("/v1/tables/products", {"cursor": "WzEyXQ"}, (400, "CURSOR_INVALID", [])),
        ("/v1/tables/stock_movements", {"cursor": "WyJhIiwiYiJd"}, (400, "CURSOR_INVALID", [])),
        (
            "/v1/tables/products",
            {"where": ["list_price:1E999999", "updated_at:0001-01-01T00:00:00+14:00"]},
            (400, "VALIDATION_FAILED", ["where=updated_at:0001-01-01T00:00:00+14:00"]),
        ),
        (
            "/v1/tables/products",
            {"where": ["list_price:1E999999", "std_cost:x"]},
            (400, "VALIDATION_FAILED", ["where=list_price:1E999999", "where=std_cost:x"]),
        ),
        (
            "/v1/tables/open_items/explanation",
            {"column": "nothing", "where": "dealer:D06"},
            (400, "VALIDATION_FAILED", ["column", "where"]),
        ),
        (
            "/v1/tables/open_items/explanation",
            {"column": "open", "where": "doc:INV-0"},
            (404, "NOT_FOUND", [None]),
        ),
        ("/v1/states/Order/SO-9999", {}, (404, "NOT_FOUND", [None])),
        ("/v1/states/Nothing/SO-0001", {}, (404, "NOT_FOUND", [None])),
        ("/v1/states/Order/SO-0001", {"as_of": "2020-01-01"}, (404, "NOT_FOUND", [None])),
    ],
)
def test_what_is_asked_wrongly_is_refused_with_everything_that_is_wrong(
    month: Auditor, path: str, params: dict, refused: tuple
):
    assert month.refused(path, **params) == refused


def test_a_copy_that_takes_long_is_announced_and_found_later(month: Auditor, monkeypatch):
    """Who comes before it is folded is told how far it is, and finds it the next time."""
    slow = Scratches.of
    asked = []

    def patient(self, projection, moment, timeout):
        asked.append(timeout)
        if len(asked) == 1:
            raise BeingFolded(7, moment.position)
        return slow(self, projection, moment, timeout)

    monkeypatch.setattr(Scratches, "of", patient)
    early = month.client.get("/v1/tables/returns", params={"as_of": "2026-03-31"})
    later = month.client.get("/v1/tables/returns", params={"as_of": "2026-03-31"})

    assert (early.status_code, early.headers["retry-after"], early.json()["position"]) == (
        202,
        "1",
        7,
    )
    assert (later.status_code, later.json()["items"][0]["rma"]) == (200, "RMA-0001")


def test_while_the_log_grows_whoever_asks_again_finds_the_copy_that_was_begun(month: Auditor):
    """What is known now is another position at every question."""
    engine, (projections, _) = month.engine, TABLES["returns"]
    slow = Scratches(engine.reader, engine.codec, engine.zone)
    begun, head = threading.Event(), engine.reader.head().position

    class Waiting:
        def after(self, *bounds: Any, **more: Any) -> Any:
            begun.wait(10)
            return engine.reader.after(*bounds, **more)

    slow._reader = Waiting()
    day = date(2026, 3, 31)
    try:
        with pytest.raises(BeingFolded):
            slow.of(projections, Moment(head - 2, day, known=False), 0.05)
        with pytest.raises(BeingFolded) as early:
            slow.of(projections, Moment(head - 1, day, known=False), 0.05)
        assert early.value.of == head - 2
        begun.set()
        found = slow.of(projections, Moment(head, day, known=False), 10)
        assert found.position in (head - 2, head)
        assert slow.of(projections, Moment(head, day), 10).position == head
    finally:
        begun.set()
        slow.close()


def test_rows_of_an_export_are_those_of_its_position(month: Auditor):
    """Whatever is taken in after the export began is not in it."""
    engine = month.engine
    source = of_table(engine, "sales_facts", [], None)
    with engine.database.writing() as connection:
        connection.execute(text("UPDATE sales_facts SET position = position + 100000"))
    try:
        rows = [row[0] for row in source.rows]
    finally:
        with engine.database.writing() as connection:
            connection.execute(text("UPDATE sales_facts SET position = position - 100000"))

    assert rows
    assert max(rows) <= source.position


def test_a_state_that_rests_on_what_came_later_is_refused_with_the_reason(month: Auditor):
    """SO-0002 was placed on 4 March; as of the day before, nothing is left to fold."""
    stream = month.engine.reader.stream("Account/D06/CNY")
    applied = next(row for row in stream if row.topic == "account.cash_applied")
    assert applied.version > 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "replays.histories.states.business_date",
            lambda event, _: date(2026, 3, 1 if event.TOPIC == "account.cash_applied" else 31),
        )
        refused = month.refused("/v1/states/Account/D06/CNY", as_of="2026-03-15")

    assert refused == (422, "AS_OF_UNFOLDABLE", [])


def test_a_dealers_user_reads_no_table_and_no_history(month: Auditor):
    paths = ("tables", "tables/open_items", "history/orders/SO-0001", "states/Order/SO-0001")
    more = ("exports/tables/open_items", "exports/events", "late-entries", "accesses")
    for path in (*paths, *more, "master-data-changes", "dossiers/orders/SO-0001"):
        answer = month.client.get(f"/v1/{path}", headers={"On-Behalf-Of": "dlr-d05"})
        assert (answer.status_code, answer.json()["code"]) == (403, "FORBIDDEN_ROLE"), path
