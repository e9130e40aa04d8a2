"""Every question of the door, asked by a dealer's user: its own, nothing, or a closed door."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from functools import cache
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from api.queries import events
from tests.api.scope.asking import UNKNOWN, files, items, names_of_others, texts, user_of, words

DEALERS: dict[str, set[str]] = {"D04": set(), "D05": {"D12"}, "D06": set(), "D12": {"D05"}}
"""Whose users ask, and whom they may see beside: a sub-dealer, or whom one buys from by name."""

SHOWN = {
    "/v1/channel-movements",
    "/v1/channel-stock",
    "/v1/claims",
    "/v1/claims/{claim}",
    "/v1/contracts",
    "/v1/contracts/{contract}",
    "/v1/dealer-balances",
    "/v1/dealers",
    "/v1/dealers/{dealer}",
    "/v1/dealers/{dealer}/diversion-cases",
    "/v1/dealers/{dealer}/diversion-notices",
    "/v1/dealers/{dealer}/extract",
    "/v1/dealers/{dealer}/statements/{period}",
    "/v1/dealers/{dealer}/statements/{period}/comparison",
    "/v1/dealers/{dealer}/statements/{period}/document",
    "/v1/dealers/{dealer}/statements/{period}/restated",
    "/v1/ledger-entries",
    "/v1/open-items",
    "/v1/order-deposits",
    "/v1/orders",
    "/v1/orders/{so}",
    "/v1/rebate-ledger",
    "/v1/rebates",
    "/v1/returns",
    "/v1/serials",
    "/v1/serials/{di}/{serial}",
    "/v1/statement-lines",
    "/v1/statements",
    "/v1/tax-documents",
}
"""Questions that a dealer's user gets an answer to."""

PUBLIC = {"/healthz", "/readyz", "/v1/problems", "/v1/problems/{code}"}
CASES = ("diversion-cases", "diversion-notices")
NEEDED = {"as_of": "2026-03-31T00:00:00Z", "wh": "WH-SH", "sku": "INJ"}
NEEDED |= {"region": "320000", "seed": "1", "below": "365", "column": "open"}
NEEDED |= {"position": "1", "old": "1", "new": "2"}
NEEDED |= {"dealer": "D05", "product_line": "IMAGING", "amount": "0", "percent": "5", "qty": "0"}
"""Values of parameters that a question cannot do without."""

LISTED = {
    ("so",): "/v1/orders",
    ("dealer",): "/v1/dealers",
    ("claim",): "/v1/claims",
    ("contract",): "/v1/contracts",
    ("alert_id",): "/v1/diversion-alerts",
    ("recall",): "/v1/recalls",
    ("di", "serial"): "/v1/serials",
    ("sku", "lot"): "/v1/stock",
}
"""Where the ids are listed that a path is made of. A path with other ids needs a line here."""

FIXED = {"period": "2026-03", "job": UNKNOWN, "seq": "1", "position": "1", "shp": "SHP-0001"}
FIXED |= {"table": "open_items", "kind": "orders", "id": "SO-0001"}
FIXED |= {"category": "Order", "key": "SO-0001"}


class Questions:
    """All that can be asked with a key, by path. Nothing changes: each is asked once by a dealer."""

    def __init__(self, month: TestClient) -> None:
        paths = month.app.openapi()["paths"]  # type: ignore[attr-defined]
        found = {path: verbs["get"] for path, verbs in paths.items() if "get" in verbs}
        self.operations = {path: one for path, one in found.items() if "security" in one}
        self._month = month
        self._asked: dict[tuple[str, str], httpx.Response] = {}
        self._rows = cache(lambda path: items(month, path))

    def ids(self, path: str) -> list[dict[str, str]]:
        """Ids to put into a path: all that there are, and one that there is not."""
        names = tuple(name for name in re.findall(r"{(\w+)}", path) if name not in FIXED)
        if not names:
            return [{}]
        rows = [{name: row[name] for name in names} for row in self._rows(LISTED[names])]
        return [one for one in rows if all(one.values())] + [dict.fromkeys(names, UNKNOWN)]

    def urls(self, path: str) -> list[str]:
        """The path with each of its ids; the last one does not exist."""
        return [path.format(**FIXED | ids) for ids in self.ids(path)]

    def asked(self, dealer: str, path: str, url: str) -> httpx.Response:
        """What a dealer's user is answered, with the parameters that the path cannot do without."""
        if (dealer, url) not in self._asked:
            params = _needed(self.operations[path])
            self._asked[dealer, url] = self._month.get(url, params=params, headers=user_of(dealer))
        return self._asked[dealer, url]


@pytest.fixture(scope="module")
def questions(month: TestClient) -> Questions:
    return Questions(month)


@pytest.fixture(scope="module")
def operations(questions: Questions) -> dict[str, Any]:
    return questions.operations


@pytest.fixture(autouse=True)
def _the_stream_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the stream of events were open, the test would fail rather than wait."""

    async def follow(*_: Any) -> AsyncIterator[str]:
        yield "open"

    monkeypatch.setattr(events, "_follow", follow)


def _needed(operation: dict[str, Any]) -> dict[str, str]:
    asked = operation.get("parameters", [])
    return {
        one["name"]: NEEDED[one["name"]]
        for one in asked
        if one["in"] == "query" and one["required"]
    }


def _dealers(path: str, ids: dict[str, str], told: dict[str, Any]) -> set[Any]:
    """Dealers whose an answer is: its path's, or that of each of its rows."""
    if "dealer" in ids:
        return {ids["dealer"]}
    rows = told["items"] if "items" in told else [told["item"]]
    return {row.get("dealer", f"{path} names no dealer") for row in rows}


@pytest.mark.parametrize("dealer", DEALERS)
def test_a_dealers_user_sees_its_own_and_nothing_of_others(
    month: TestClient, questions: Questions, dealer: str
):
    known = {dealer} | DEALERS[dealer]
    others = names_of_others(month, known)
    leaks: dict[str, Any] = {}
    assert others

    for path in questions.operations:
        for ids in questions.ids(path):
            url = path.format(**FIXED | ids)
            answer = questions.asked(dealer, path, url)
            if answer.status_code in (403, 404):
                continue
            assert answer.status_code == 200, (url, answer.text)
            if not answer.headers["content-type"].startswith("application/json"):
                found = words(files(answer)) & others
                leaks |= {url: found} if found else {}
                continue
            told = answer.json()
            named = words(texts(told))
            found = (named & others) | (_dealers(path, ids, told) - known)
            if not path.endswith(CASES):
                found |= {one for one in named if one.startswith("DIV-")}
            if found:
                leaks[url] = found

    assert leaks == {}


def test_what_dealers_are_shown_is_shown_and_nothing_else_is(questions: Questions):
    shown = set()
    for dealer in DEALERS:
        for path in questions.operations:
            for url in questions.urls(path):
                answer = questions.asked(dealer, path, url)
                file = not answer.headers["content-type"].startswith("application/json")
                if answer.status_code == 200 and (file or answer.json().get("items") != []):
                    shown.add(path)

    assert shown - {f"/v1/dealers/{{dealer}}/{one}" for one in CASES} == {
        path for path in SHOWN if not path.endswith(CASES)
    }


@pytest.mark.parametrize("dealer", ["D05", "D06"])
def test_what_is_another_s_is_answered_like_what_does_not_exist(questions: Questions, dealer: str):
    different: dict[str, Any] = {}
    for path in questions.operations:
        *known, _ = questions.ids(path)
        nothing = questions.asked(dealer, path, questions.urls(path)[-1])
        for ids in known:
            url = path.format(**FIXED | ids)
            answer = questions.asked(dealer, path, url)
            told = answer.text
            for value in ids.values():
                told = told.replace(value, UNKNOWN)
            if answer.status_code != 200 and told != nothing.text:
                different[url] = (answer.text, nothing.text)

    assert different == {}


def test_everything_that_shows_nothing_of_dealers_is_forbidden_whatever_exists(
    questions: Questions,
):
    open_to: dict[str, Any] = {}
    for path in questions.operations.keys() - SHOWN:
        for url in questions.urls(path):
            answer = questions.asked("D05", path, url)
            if (answer.status_code, answer.json().get("code")) != (403, "FORBIDDEN_ROLE"):
                open_to[url] = answer.text

    assert open_to == {}


def test_only_what_everybody_may_know_needs_no_key(month: TestClient, operations: dict[str, Any]):
    paths = month.app.openapi()["paths"]  # type: ignore[attr-defined]
    asked = {path for path, verbs in paths.items() if "get" in verbs}

    assert asked - operations.keys() == PUBLIC


def test_every_question_is_described_with_the_header(operations: dict[str, Any]):
    without = [
        path
        for path, one in operations.items()
        if [
            (header["required"], bool(header["description"]))
            for header in one["parameters"]
            if (header["in"], header["name"]) == ("header", "On-Behalf-Of")
        ]
        != [(False, True)]
    ]

    assert without == []


@pytest.mark.parametrize("dealer", ["D05", "D06"])
def test_a_filter_for_another_dealer_finds_what_a_filter_for_none_does(
    month: TestClient, operations: dict[str, Any], dealer: str
):
    filtered = [
        path
        for path, one in operations.items()
        if path in SHOWN
        and "dealer" in {each["name"] for each in one["parameters"]}
        and "{" not in path
    ]
    assert "/v1/orders" in filtered

    for path in filtered:
        for other in ("D01", "D07", UNKNOWN):
            answer = month.get(path, params={"dealer": other}, headers=user_of(dealer)).json()
            assert (answer["items"], answer["next"]) == ([], None), path
