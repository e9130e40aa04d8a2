from __future__ import annotations

import msgspec
import pytest

from api.documents import pdf_font
from api.documents.statement_pdf import as_pdf
from api.problems import Problem
from domain.kernel.money import text
from tests.api.documents.pdf_text import text_of
from tests.api.documents.statements import DIGEST, DRAFT, FIGURES, LATE, LINES, empty, made


def test_it_holds_every_figure(font):
    shown = text_of(as_pdf(made(prior=(LATE,)))).split("\n")

    for minor in msgspec.structs.astuple(FIGURES):
        assert text(minor) in shown
    for line in (*LINES, LATE):
        assert {line.doc, text(line.gross), text(line.balance)} <= {*shown}
    assert DIGEST in shown
    assert "194,108.00" in " ".join(shown)


def test_chinese_is_chinese_where_a_font_has_it(monkeypatch):
    monkeypatch.delenv("BATON_PDF_FONT", raising=False)
    if pdf_font.font_file(None) is None:
        pytest.skip("no font with Chinese on this machine")

    assert "南京康泰医疗科技有限公司" in text_of(as_pdf(made()))


def test_what_is_not_issued_is_marked(font):
    assert "DRAFT, not issued" in text_of(as_pdf(made(**DRAFT)))
    assert "DRAFT" not in text_of(as_pdf(made()))


def test_an_empty_statement_is_one_too(font):
    assert "No goods" in text_of(as_pdf(empty()))


def test_a_line_with_more_serials_than_a_page_has_room_for_goes_over_pages(font):
    serials = tuple(f"US80-26-{n:04}" for n in range(700))
    line = msgspec.structs.replace(LINES[0], serials=serials, text="x" * 5000)

    shown = text_of(as_pdf(made(lines=(line,))))

    assert [one for one in serials if one not in shown] == []


def test_without_the_package_it_is_said_what_to_install(without):
    without("fpdf")

    with pytest.raises(Problem) as caught:
        as_pdf(made())

    assert (caught.value.status, caught.value.code) == (501, "PDF_NOT_INSTALLED")
    assert "baton[pdf]" in caught.value.detail


def test_without_a_font_it_is_said_which_setting_names_one(monkeypatch):
    monkeypatch.delenv("BATON_PDF_FONT", raising=False)
    monkeypatch.setattr(pdf_font, "USUAL", ())

    with pytest.raises(Problem) as caught:
        as_pdf(made())

    assert (caught.value.status, caught.value.code) == (501, "PDF_NOT_INSTALLED")
    assert "BATON_PDF_FONT" in caught.value.detail


@pytest.mark.parametrize("content", [None, b"no font at all"])
@pytest.mark.parametrize("name", ["mine.ttf", "mine.ttc"])
def test_a_named_font_that_is_none_is_not_replaced_by_another(tmp_path, monkeypatch, content, name):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("BATON_PDF_FONT", str(path))

    with pytest.raises(Problem) as caught:
        as_pdf(made())

    assert caught.value.code == "PDF_NOT_INSTALLED"
    assert name in caught.value.detail
    assert str(tmp_path) not in caught.value.detail
