"""A statement as a document: the same bytes whenever it is asked for, for whoever may see it."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from tests.api.documents.reading import page_text, parsed, sheets
from tests.api.door import problem
from tests.api.money.bench import Bench
from tests.api.money.told import HOSTILE, OPENED, paid_late, told

ONE = "/v1/dealers/D01/statements/2026-03"
DOCUMENT = f"{ONE}/document"
TYPES = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@pytest.fixture
def bench(tmp_path, templates) -> Iterator[Bench]:
    with told(tmp_path, templates) as bench:
        yield bench


@pytest.fixture(scope="module")
def still(tmp_path_factory, templates) -> Iterator[Bench]:
    """A bench that tests share, at which nothing happens."""
    with told(tmp_path_factory.mktemp("still"), templates) as bench:
        yield bench


def written(bench: Bench, form: str, path: str = DOCUMENT, **params) -> bytes:
    answer = bench.asks(path, format=form, **params)
    assert answer.status_code == 200, answer.text
    return bytes(answer.content)


def much_happens(bench: Bench) -> None:
    """March goes on, is stated again, signed and closed; the dealer gets another name."""
    paid_late(bench)
    bench.issued()
    profile = {"legal_name": "Renamed", "uscc": "USCC-D01", "tier": "B", "sales_region": "EAST"}
    bench.does(None, "register-dealer", dealer_id="D01", profile=profile)
    statement = {"dealer_id": "D01", "period": "2026-03"}
    bench.does("dlr-d01", "confirm-statement", **statement, version=2, e_seal="seal")
    bench.does("fin-2", "sign-off-statement", **statement, version=2)
    bench.does(
        None,
        "set-credit-limit",
        dealer_id="D01",
        limit=1,
        valid_from="2026-01-01",
        valid_to="2026-12-31",
    )
    bench.clock.move(days=40)


@pytest.mark.parametrize("form", TYPES)
def test_a_document_asked_for_twice_has_the_same_bytes(bench: Bench, form: str):
    first = written(bench, form, version=1)
    bench.clock.move(days=1, seconds=1)

    assert written(bench, form, version=1) == first


@pytest.mark.parametrize("form", TYPES)
def test_an_issued_version_has_the_same_bytes_whatever_happened_since(bench: Bench, form: str):
    first = written(bench, form, version=1)

    much_happens(bench)

    assert written(bench, form, version=1) == first
    assert written(bench, form, version=2) != first


@pytest.mark.parametrize("form", TYPES)
def test_what_was_known_at_a_time_has_the_same_bytes_whatever_happened_since(bench: Bench, form):
    first = written(bench, form, known_at=OPENED)

    much_happens(bench)

    assert written(bench, form, known_at=OPENED) == first


def test_the_version_says_what_was_known_and_the_next_one_what_came_late(bench: Bench):
    much_happens(bench)

    versions: tuple[dict[str, Any], ...] = ({"version": 1}, {"version": 2}, {})
    one, two, now = (bench.asks(ONE, **more).json() for more in versions)

    assert [one["closing"], two["closing"], now["closing"]] == [1_152_60, 0, 0]
    assert (one["payments"], two["payments"]) == (0, 1_152_60)
    assert (one["head"]["version"], two["head"]["version"], now["head"]["version"]) == (1, 2, None)
    assert (one["head"]["dealer"]["name"], two["head"]["dealer"]["name"]) == ("Dealer D01",) * 2


def test_the_json_document_is_what_the_question_answers(still: Bench):
    answer = still.asks(ONE, version=1).json()
    document = still.asks(DOCUMENT, format="json", version=1).json()

    assert answer["head"]["digest"] == document["head"]["digest"]
    assert [(one["doc"], one["gross"]) for one in answer["lines"]] == [
        (one["doc"], one["gross"]) for one in document["lines"]
    ]
    assert answer["closing"] == document["figures"]["closing"] == 1_152_60


@pytest.mark.parametrize("form", TYPES)
def test_a_document_says_its_type_and_its_name(still: Bench, form: str):
    issued = still.asks(DOCUMENT, format=form, version=1)
    known = still.asks(DOCUMENT, format=form)

    assert issued.headers["content-type"] == known.headers["content-type"] == TYPES[form]
    assert issued.headers["content-disposition"] == (
        f'inline; filename="statement-D01-2026-03-v1.{form}"'
    )
    assert (
        known.headers["content-disposition"] == f'inline; filename="statement-D01-2026-03.{form}"'
    )


def test_a_page_is_what_one_gets_who_asks_for_no_format(still: Bench):
    assert still.client.get(DOCUMENT).headers["content-type"] == TYPES["html"]


@pytest.mark.parametrize("form", ["PDF", "csv", "", "html,json"])
def test_other_formats_are_refused(still: Bench, form: str):
    assert problem(still.asks(DOCUMENT, format=form)) == (400, "VALIDATION_FAILED")


def test_a_pdf_is_one_or_cannot_be_written_here(still: Bench):
    answer = still.asks(DOCUMENT, format="pdf", version=1)

    if answer.status_code == 200:
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
        assert answer.headers["content-disposition"].endswith('-v1.pdf"')
    else:
        assert problem(answer) == (501, "PDF_NOT_INSTALLED")


def test_without_its_font_a_pdf_cannot_be_written(still: Bench, tmp_path, monkeypatch):
    monkeypatch.setenv("BATON_PDF_FONT", str(tmp_path / "none.ttf"))

    assert problem(still.asks(DOCUMENT, format="pdf")) == (501, "PDF_NOT_INSTALLED")


@pytest.mark.parametrize("path", [ONE, DOCUMENT])
@pytest.mark.parametrize("version", [2, 99, 10**18, 10**30])
def test_a_version_that_was_never_issued_is_not_found(still: Bench, path: str, version: int):
    assert problem(still.asks(path, version=version)) == (404, "NOT_FOUND")


@pytest.mark.parametrize("path", [ONE, DOCUMENT])
@pytest.mark.parametrize("version", [0, -1, "x", "1.5"])
def test_a_version_is_a_number_from_one(still: Bench, path: str, version):
    assert problem(still.asks(path, version=version)) == (400, "VALIDATION_FAILED")


@pytest.mark.parametrize("path", [ONE, DOCUMENT, f"{ONE}/comparison"])
def test_another_dealers_user_finds_no_statement_as_if_there_was_none(still: Bench, path: str):
    theirs = still.asks(path, "dlr-d03")
    nobodys = still.asks(path.replace("D01", "D77"), "dlr-d03")

    assert problem(theirs) == problem(nobodys) == (404, "NOT_FOUND")
    told_of = [str(one.json()).replace("D77", "D01") for one in (theirs, nobodys)]
    assert told_of[0] == told_of[1]


@pytest.mark.parametrize("form", TYPES)
def test_the_dealers_own_user_gets_the_same_bytes_as_we(still: Bench, form: str):
    own = still.asks(DOCUMENT, "dlr-d01", format=form, version=1)

    assert own.content == written(still, form, version=1)


def test_a_name_that_nobody_has_gets_nothing(still: Bench):
    assert problem(still.asks(DOCUMENT, "nobody")) == (403, "FORBIDDEN_ROLE")


def test_of_a_dealer_that_is_unknown_there_is_no_statement(still: Bench):
    assert problem(still.asks(DOCUMENT.replace("D01", "D77"))) == (404, "NOT_FOUND")


@pytest.mark.parametrize("tail", ["", "/document", "/comparison"])
@pytest.mark.parametrize("period", ["0000-01", "0001-01", "9999-12", "２０２６-03", "2026-13"])
def test_a_month_that_no_calendar_has_is_a_problem_of_the_caller(still: Bench, period, tail):
    answer = still.asks(f"/v1/dealers/D01/statements/{period}{tail}")

    assert problem(answer) == (400, "VALIDATION_FAILED")


def test_a_hostile_name_is_a_text_and_nothing_else(still: Bench):
    page = written(still, "html", DOCUMENT.replace("D01", "D04"))

    assert HOSTILE in page_text(page)
    assert "script" not in {tag for tag, _ in parsed(page).tags}
    assert b"<script" not in page


def test_a_hostile_name_is_no_formula_in_a_workbook(still: Bench):
    book = written(still, "xlsx", DOCUMENT.replace("D01", "D04"))

    said = [cell for sheet in sheets(book).values() for row in sheet for cell in row]
    names = [name for name in ZipFile(BytesIO(book)).namelist() if "worksheets/" in name]
    parts = [ZipFile(BytesIO(book)).read(name) for name in names]
    assert HOSTILE in said
    assert not any(b"<f>=1+1" in part or b"<f>1+1" in part for part in parts)


def test_a_dealer_with_a_chinese_id_has_documents_too(bench: Bench):
    profile = {"legal_name": "x", "uscc": "U-1", "tier": "A", "sales_region": "EAST"}
    bench.does(None, "register-dealer", dealer_id="经销商一", profile=profile)

    answer = bench.asks(DOCUMENT.replace("D01", "经销商一"))

    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == (
        'inline; filename="statement-____-2026-03.html"; '
        "filename*=utf-8''statement-%E7%BB%8F%E9%94%80%E5%95%86%E4%B8%80-2026-03.html"
    )


def test_a_quote_in_an_id_does_not_end_the_name_of_the_file(bench: Bench):
    profile = {"legal_name": "x", "uscc": "U-1", "tier": "A", "sales_region": "EAST"}
    bench.does(None, "register-dealer", dealer_id='Q"; x="', profile=profile)

    answer = bench.asks(DOCUMENT.replace("D01", 'Q"; x="'))

    assert answer.headers["content-disposition"] == (
        'inline; filename="statement-Q___x__-2026-03.html"; '
        "filename*=utf-8''statement-Q%22%3B%20x%3D%22-2026-03.html"
    )
