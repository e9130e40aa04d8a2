"""Histories of anything: across streams, with what each approver had before them."""

from __future__ import annotations

import re

import pytest

from api.documents.dossier_html import as_html
from replays.histories.dossier import dossier
from replays.histories.subjects import Subject
from replays.tables.moment import Moment
from tests.api.auditing.conftest import Auditor

TOUCHED = {
    "orders/SO-0002": {"Order", "OrderBook", "Credit", "Stock", "Serial", "Shipment", "Account"},
    "lots/INJ/INJ2512A": {"Lot", "Stock", "Shipment", "DealerStock", "DiversionCase", "Count"},
    "dealers/D06": {"Dealer", "Order", "Account", "Statement", "Territory", "User"},
    "contracts/HT-2026-007": {"Contract", "Order"},
    "documents/INV-2603-002": {"Account", "Invoice", "Order"},
    "documents/RMA-0001": {"RMA", "Order", "Shipment"},
    "documents/TO-0001": {"Transfer", "Stock"},
}
"""Categories of streams that must speak of a thing."""


@pytest.mark.parametrize("what", TOUCHED)
def test_a_history_gathers_every_stream_that_names_the_thing(month: Auditor, what: str):
    told = month.ask(f"/v1/history/{what}")

    lines = told["lines"]
    assert {one["stream"].partition("/")[0] for one in lines} >= TOUCHED[what]
    positions = [one["position"] for one in lines]
    assert positions == sorted(set(positions))
    assert told["next"] is None
    for one in lines:
        assert one["text"]
        assert one["command"] or one["stream"].startswith("ApiKey")
        event = month.engine.reader.stream(one["stream"], after_version=one["version"] - 1)[0]
        assert one["digest"] == event.digest


def test_nothing_that_names_an_order_is_left_out(month: Auditor):
    lines = month.ask("/v1/history/orders/SO-0001")["lines"]

    whole = [row.position for row in month.engine.reader.after() if '"SO-0001"' in row.data]
    own = [row.position for row in month.engine.reader.stream("Order/SO-0001")]
    assert {one["position"] for one in lines} >= {*whole, *own}


def test_a_history_of_another_record_time_ends_there_and_pages_follow_each_other(month: Auditor):
    whole = month.ask("/v1/history/dealers/D06")["lines"]
    known = month.ask("/v1/history/dealers/D06", known_at="2026-03-10T00:00:00+08:00")
    first = month.ask("/v1/history/dealers/D06", limit=10)
    second = month.ask("/v1/history/dealers/D06", limit=500, after=first["next"])

    assert known["lines"] == [one for one in whole if one["position"] <= known["position"]]
    assert 0 < len(known["lines"]) < len(whole)
    assert first["lines"] + second["lines"] == whole


def test_an_approver_is_told_with_what_stood_before_them(month: Auditor):
    story = month.ask("/v1/history/contracts/HT-2026-009")["lines"]

    approvals = [one for one in story if one["topic"] == "contract.approved"]
    assert len(approvals) == 3
    for one in approvals:
        assert one["seen"]["version"] == one["version"] - 1
    assert all(one["seen"] is None for one in story if one["topic"] == "contract.called_off")


def test_a_dossier_is_one_page_that_loads_nothing_and_names_the_digest(month: Auditor):
    answer = month.client.get("/v1/dossiers/orders/SO-0002")
    page = answer.text

    assert answer.headers["content-type"].startswith("text/html")
    head = month.engine.reader.head()
    assert head.digest in page
    assert "Approvals, and what was seen" in page
    assert "PRICE_BELOW_FLOOR released by MGR" in page
    assert not re.search(r"(src|href)=|<script|url\(", page)
    assert "default-src 'none'" in page


def test_a_dossier_of_another_time_has_the_digest_of_that_position(month: Auditor):
    known = {"known_at": "2026-03-05T12:00:00+08:00"}
    page = month.client.get("/v1/dossiers/orders/SO-0002", params=known).text

    position = month.ask("/v1/history/orders/SO-0002", **known)["position"]
    (row,) = month.engine.reader.after(position - 1, limit=1)
    assert row.digest in page
    assert "shipped; sold to" not in page


def test_texts_of_strangers_are_escaped_in_a_dossier(month: Auditor):
    engine = month.engine
    moment = Moment(engine.reader.head().position)
    found = dossier(
        engine.reader, engine.codec, Subject("documents", ("<b>x",)), moment, engine.zone
    )

    assert b"<b>x" not in as_html(found, None, engine.zone)
