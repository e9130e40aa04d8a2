from __future__ import annotations

import re

import msgspec
import pytest

from api.documents.statement_html import as_html
from domain.kernel.money import text
from replays.statements.values import Party
from tests.api.documents.reading import page_text, parsed
from tests.api.documents.statements import (
    DIGEST,
    DRAFT,
    FIGURES,
    GOODS,
    LATE,
    LINES,
    MEMO,
    empty,
    made,
)

HOSTILE = """</style><script>alert("x")</script><img src='https://evil.example/x'>&amp;"""


def rows(html, part):
    """Rows of a part, each a list of the texts of its cells."""
    inside = re.search(
        rf'<section class="part part-{part}">(.*?)</section>', html.decode(), re.DOTALL
    )
    found = re.findall(r"<tr.*?</tr>", inside[1], re.DOTALL)
    cells = [re.findall(r"<t[dh].*?</t[dh]>", row, re.DOTALL) for row in found]
    return [[" ".join(page_text(cell.encode())) for cell in row] for row in cells]


def test_the_figures_stand_in_the_order_of_the_sum_with_their_signs():
    assert [[row[0], row[1], row[3]] for row in rows(as_html(made()), "a")] == [
        ["1", "", "452,000.00"],
        ["2", "+", "686,588.00"],
        ["3", "\N{MINUS SIGN}", "300,580.00"],
        ["4", "\N{MINUS SIGN}", "0.00"],
        ["5", "\N{MINUS SIGN}", "33,900.00"],
        ["6", "\N{MINUS SIGN}", "10,000.00"],
        ["7", "\N{MINUS SIGN}", "0.00"],
        ["8", "\N{MINUS SIGN}", "600,000.00"],
        ["9a", "\N{MINUS SIGN}", "0.00"],
        ["9b", "\N{PLUS-MINUS SIGN}", "0.00"],
        ["10", "+", "0.00"],
        ["11", "=", "194,108.00"],
    ]


def test_each_figure_has_its_own_step():
    names = FIGURES.__struct_fields__
    figures = msgspec.structs.replace(FIGURES, **{name: n for n, name in enumerate(names, 101)})

    shown = [row[3] for row in rows(as_html(made(figures=figures)), "a")]

    assert shown == [text(n) for n, _ in enumerate(names, 101)]


def test_the_balance_of_several_goods_lines_stands_on_the_last_of_them():
    shown = [(row[1].split()[0], row[-1]) for row in rows(as_html(made()), "b")[2:-1]]

    assert shown == [
        ("INV-2026-0031", ""),
        ("INV-2026-0031", "1,138,588.00"),
        ("CN-2026-0004", "1,104,688.00"),
        ("CN-2026-0005", "804,108.00"),
        ("RC-2026-0018", "352,108.00"),
        ("RC-2026-0018", "204,108.00"),
        ("CL-0003", "194,108.00"),
    ]


def test_lines_run_from_the_balance_brought_forward_to_the_closing_one():
    shown = rows(as_html(made()), "b")

    assert shown[1] == ["上期结转 Brought forward", "452,000.00"]
    assert shown[-1] == ["期末余额 Closing balance", "194,108.00"]


def test_opening_items_of_the_month_are_lines_and_not_brought_forward():
    opening = msgspec.structs.replace(LATE, type="OPENING", gross=200_000, effective=None)

    shown = rows(as_html(made(lines=(opening, *LINES))), "b")

    assert shown[1][-1] == "450,000.00"


def test_every_figure_of_a_line_is_shown():
    shown = " ".join(page_text(as_html(made())))

    for line in LINES:
        figures = [text(line.net), text(line.vat), text(line.gross)]
        told = [*figures, line.fapiao, line.so, line.shp, line.sku, *line.lots, *line.serials]
        for figure in told:
            assert figure in shown


def test_memo_ageing_and_open_documents_are_shown_with_their_total():
    shown = page_text(as_html(made()))

    amounts = [value for value in msgspec.structs.astuple(MEMO) if isinstance(value, int)]
    buckets = [value for value in msgspec.structs.astuple(MEMO.ageing) if isinstance(value, int)]
    for minor in (*amounts, *buckets, 2_463_200, 532_000, sum(buckets)):
        assert text(minor) in shown
    assert ["INV-2025-0402", "2025-12-20", "101", "0.03"] in rows(as_html(made()), "c")


def test_goods_are_shown_with_what_was_counted():
    shown = rows(as_html(made()), "d")

    counts = ["1,240", "360", "12", "411", "24", "36", "-3", "1,162", "1,159", "-3"]
    assert shown[1] == ["INJ", "INJ2601A", *counts]
    assert shown[2][-3:] == ["2", "\N{EN DASH}", "\N{EN DASH}"]
    assert len(shown) == len(GOODS) + 1


def test_head_and_foot_name_the_parties_the_version_and_what_the_digest_proves():
    shown = page_text(as_html(made()))

    told = ["上海澄明医疗器械有限公司", "91310115MA1K4X7Y2P", "中国工商银行上海张江支行"]
    told += ["南京康泰医疗科技有限公司", "91320100MA1W3B8K7Q", "2026-03", "CNY", "2"]
    told += ["2026-03/2", "2026-02/1", "2026-04-02", "2026-04-07", "910", DIGEST]
    assert [one for one in told if one not in shown] == []
    assert "position 910" in " ".join(shown)


def test_lines_of_prior_periods_stand_in_a_block_of_their_own():
    html = as_html(made(prior=(LATE,)))

    shown = [row[0] for row in rows(html, "b")]
    assert shown[-3].startswith("以前期间 Prior periods")
    assert shown[-2] == "2026-03-02 归属日期 Effective 2026-02-27"
    assert rows(html, "b")[-2][-2:] == ["1,234.56", "453,234.56"]
    assert "以前期间" not in as_html(made()).decode()


def test_what_is_not_issued_is_marked_on_the_page_and_on_every_printed_sheet():
    draft = as_html(made(**DRAFT))

    assert "DRAFT 草稿, not issued" in " ".join(page_text(draft))
    assert b'<body class="draft">' in draft
    assert "DRAFT" not in " ".join(page_text(as_html(made())))


def test_an_empty_statement_says_that_there_is_nothing():
    shown = " ".join(page_text(as_html(empty())))

    for said in ("No entries in this period", "No open documents", "No goods", "settled"):
        assert said in shown


@pytest.mark.parametrize(
    ("closing", "said"), [(1, "owed by the dealer"), (-1, "owed to the dealer"), (0, "settled")]
)
def test_it_says_who_owes(closing, said):
    figures = msgspec.structs.replace(FIGURES, closing=closing)

    assert said in " ".join(page_text(as_html(made(figures=figures))))


def hostile():
    line = msgspec.structs.replace(
        LINES[0],
        doc=HOSTILE,
        text=HOSTILE,
        type=HOSTILE,
        fapiao=HOSTILE,
        so=HOSTILE,
        shp=HOSTILE,
        sku=HOSTILE,
        lots=(HOSTILE,),
        serials=(HOSTILE,),
    )
    party = Party(**dict.fromkeys(Party.__struct_fields__, HOSTILE))
    goods = msgspec.structs.replace(GOODS[0], sku=HOSTILE, lot=HOSTILE)
    names = ("dealer_id", "period", "currency", "digest", "previous")
    documents = (msgspec.structs.replace(MEMO.open_documents[0], doc=HOSTILE),)
    rebates = (msgspec.structs.replace(MEMO.rebates[0], policy=HOSTILE),)
    memo = msgspec.structs.replace(MEMO, open_documents=documents, rebates=rebates)
    head = dict.fromkeys(names, HOSTILE) | {"ours": party, "dealer": party}
    return made(lines=(line,), prior=(line,), goods=(goods,), memo=memo, **head)


def test_hostile_names_are_texts_and_nothing_else():
    html = as_html(hostile())
    plain = as_html(made(prior=(LATE,)))

    assert {tag for tag, _ in parsed(html).tags} <= {tag for tag, _ in parsed(plain).tags}
    assert HOSTILE in page_text(html)
    assert html.count(b"</style>") == 1
    assert b"<script" not in html


def test_the_file_loads_nothing_and_runs_nothing():
    html = as_html(made()).decode()
    loading = {"src", "href", "srcset", "action", "onload", "onclick"}

    assert [
        name for _, attrs in parsed(html.encode()).tags for name in attrs if name in loading
    ] == []
    assert "url(" not in html
    assert "@import" not in html
    assert "default-src 'none'" in html


def test_it_is_made_for_paper():
    html = as_html(made()).decode()

    for rule in ("@page", "size: A4", "@media print", "counter(pages)", "table-header-group"):
        assert rule in html
