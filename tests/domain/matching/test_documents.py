"""P0, M1 and M2: both sides name the same document."""

import pytest

from domain.policies.matching import MatchTerms
from tests.domain.matching.stated import gaps, line, matched, open_ones, paid, pairs


def residuals(found):
    return [(one.rule, one.category, one.residual) for one in found.matches]


def weighed(ours, theirs, **more):
    """Two amounts of one invoice."""
    terms = MatchTerms(**more)
    return matched([line("a", ours, "INV-1")], [line("x", theirs, "INV-1")], terms=terms)


def test_the_same_document_and_amount_is_a_match():
    found = matched(
        [line("a", 100_00, "INV-2603-001"), line("b", 100_00, "INV-2603-002")],
        [line("x", 100_00, "inv 2603 2"), line("y", 100_00, "INV-2603-001")],
    )

    assert pairs(found) == ["M1 a = y", "M1 b = x"]
    assert found.differences == ()


def test_the_tax_invoice_is_stronger_than_the_number_of_the_document():
    found = matched(
        [line("a", 100_00, "INV-1", fapiao="0777"), line("b", 100_00, "INV-2", fapiao="888")],
        [line("x", 100_00, "INV-2", fapiao="777")],
    )

    assert pairs(found) == ["M1 a = x"]


def test_the_amount_alone_is_no_match_of_documents():
    found = matched([line("a", 100_00, "INV-1")], [line("x", 100_00, "INV-3")])

    assert (pairs(found), open_ones(found)) == ([], [])


def test_what_decreases_the_balance_is_not_what_increases_it():
    found = matched([line("a", 100_00, "INV-1")], [paid("x", 100_00, doc="INV-1")])

    assert pairs(found) == []
    assert [one.side for one in found.differences] == ["OURS", "THEIRS"]


def test_one_line_for_the_whole_document_is_a_match_however_many_lines_we_show():
    ours = [line(f"a{n}", (n + 1) * 1_00, "INV-1", sku=f"S{n}", qty=1) for n in range(7)]

    found = matched(ours, [line("x", 28_00, "INV-1")])

    assert pairs(found) == ["M1 a0,a1,a2,a3,a4,a5,a6 = x"]


def test_products_tell_lines_of_one_document_and_amount_apart():
    found = matched(
        [line("a", 1_00, "INV-1", sku="A", qty=1), line("b", 1_00, "INV-1", sku="B", qty=1)],
        [line("x", 1_00, "INV-1", sku="b", qty=1), line("y", 2_00, "INV-1", sku="A", qty=1)],
    )

    assert pairs(found) == ["M1 b = x"]
    assert gaps(found) == [("a,y", "PRICE_DIFF", 1_00)]


def test_shipments_tell_lines_of_one_document_and_amount_apart():
    goods = {"sku": "A", "qty": 1, "so": "SO-1"}
    ours = [line(f"a{n}", 1_00, "INV-1", shp=f"SHP-{n}", **goods) for n in (1, 2)]

    found = matched(ours, [line("x", 1_00, "INV-1", shp="SHP-2", **goods)])

    assert pairs(found) == ["M1 a2 = x"]


def test_two_equal_candidates_are_left_to_a_person():
    ours = [line("a", 1_00, "INV-1", sku="A", qty=1), line("b", 1_00, "INV-1", sku="B", qty=1)]

    found = matched(ours, [line("x", 1_00, "INV-1")])

    assert pairs(found) == []
    assert open_ones(found) == ["M1 a = x", "M1 b = x"]
    assert {one.category for one in found.differences} == {"UNKNOWN"}


def test_a_deposit_that_the_dealer_calls_a_payment_is_a_matter_of_presentation():
    found = matched([paid("a", 1_00, doc="DEP-1", kind="DEPOSIT")], [paid("x", 1_00, doc="DEP-1")])

    assert residuals(found) == [("M1", "DEPOSIT_TREATMENT", 0)]


# P0: what is there twice.


def test_a_document_that_the_dealer_shows_twice_is_flagged_and_not_matched():
    theirs = [line("x", 100_00, "INV-1"), line("y", 100_00, "INV-1", on="2026-03-12")]

    found = matched([line("a", 100_00, "INV-1")], theirs)

    assert (pairs(found), open_ones(found)) == ([], [])
    assert gaps(found) == [("a,x,y", "DUPLICATE", 100_00)]
    assert [one.rule for one in found.differences] == ["P0"]


def test_a_sum_of_our_lines_that_the_dealer_shows_twice_is_flagged_with_all_of_them():
    ours = [line("a", 40_00, "INV-1", sku="A", qty=1), line("b", 60_00, "INV-1", sku="B", qty=1)]

    found = matched(ours, [line("x", 100_00, "INV-1"), line("y", 100_00, "INV-1")])

    assert gaps(found) == [("a,b,x,y", "DUPLICATE", 100_00)]


def test_a_sum_of_the_dealers_lines_that_we_show_twice_is_flagged_with_all_of_them():
    theirs = [line("x", 40_00, "INV-1", sku="A", qty=1), line("y", 60_00, "INV-1", sku="B", qty=1)]

    found = matched([line("a", 100_00, "INV-1"), line("b", 100_00, "INV-1")], theirs)

    assert gaps(found) == [("a,b,x,y", "DUPLICATE", -100_00)]


def test_a_line_that_names_no_product_may_repeat_any_line_of_its_amount():
    theirs = [line("x", 1_00, "INV-1", sku="A", qty=1), line("y", 1_00, "INV-1")]

    found = matched([line("a", 1_00, "INV-1", sku="A", qty=1)], theirs)

    assert gaps(found) == [("a,x,y", "DUPLICATE", 1_00)]


def test_only_the_product_that_is_there_twice_is_flagged():
    one, other = {"sku": "A", "qty": 1}, {"sku": "B", "qty": 1}

    found = matched(
        [line("a", 1_00, "INV-1", **one), line("b", 1_00, "INV-1", **other)],
        [
            line(name, 1_00, "INV-1", **goods)
            for name, goods in zip("xyz", (one, one, other), strict=True)
        ],
    )

    assert pairs(found) == ["M1 b = z"]
    assert gaps(found) == [("a,x,y", "DUPLICATE", 1_00)]


def test_what_both_sides_show_twice_is_no_duplicate():
    found = matched(
        [line("a", 1_00, "INV-1"), line("b", 1_00, "INV-1"), line("c", 5_00, "INV-1")],
        [line("x", 1_00, "INV-1"), line("y", 1_00, "INV-1"), line("z", 5_00, "INV-1")],
    )

    assert pairs(found) == ["M1 c = z", "M1 a,b = x,y"]


def test_what_both_sides_show_twice_is_no_duplicate_whatever_else_differs():
    found = matched(
        [line("a", 1_00, "INV-1"), line("b", 1_00, "INV-1"), line("c", 5_00, "INV-1")],
        [line("x", 1_00, "INV-1"), line("y", 1_00, "INV-1"), line("z", 6_00, "INV-1")],
    )

    assert pairs(found) == ["M1 a,b = x,y"]
    assert gaps(found) == [("c,z", "UNKNOWN", 1_00)]


def test_two_equal_lines_that_the_dealer_adds_up_are_no_duplicate():
    found = matched(
        [line("a", 1_00, "INV-1"), line("b", 1_00, "INV-1")], [line("x", 2_00, "INV-1")]
    )

    assert pairs(found) == ["M1 a,b = x"]


def test_two_products_of_one_price_are_no_duplicate():
    ours = [line("a", 1_00, "INV-1", sku="A", qty=1), line("b", 1_00, "INV-1", sku="B", qty=1)]

    found = matched(ours, [line("x", 1_00, "INV-1", sku="B", qty=1)])

    assert pairs(found) == ["M1 b = x"]
    assert gaps(found) == [("a", "MISSING_INVOICE", -1_00)]


def test_a_second_line_for_what_is_settled_is_a_duplicate():
    ours, theirs = [line("a", 1_00, "INV-1")], [line("x", 1_00, "INV-1")]
    first = matched(ours, theirs)

    again = matched(ours, [*theirs, line("y", 1_00, "INV-1")], settled=first.matches)

    assert pairs(again) == []
    assert gaps(again) == [("y", "DUPLICATE", 1_00)]


# M2: another amount.


@pytest.mark.parametrize("theirs", [99_99, 100_01])
def test_a_cent_of_a_line_is_rounding_of_vat(theirs):
    assert residuals(weighed(100_00, theirs)) == [("M2", "TAX_ROUNDING", theirs - 100_00)]


def test_the_tax_invoice_names_the_document_too():
    ours = [line("a", 100_00, "INV-1", fapiao="777")]

    found = matched(ours, [line("x", 100_01, "V-15", fapiao="777")])

    assert residuals(found) == [("M2", "TAX_ROUNDING", 1)]


def test_a_cent_for_each_line_is_rounding_of_the_document():
    ours = [line("a", 40_00, "INV-1", sku="A", qty=1), line("b", 60_00, "INV-1", sku="B", qty=1)]

    two = matched(ours, [line("x", 100_02, "INV-1")])
    three = matched(ours, [line("x", 100_03, "INV-1")])

    assert residuals(two) == [("M2", "TAX_ROUNDING", 2)]
    assert residuals(three) == [("M2", "SMALL_DIFF", 3)]


def test_money_has_no_vat():
    found = matched([paid("a", 100_00, doc="RCPT-1")], [paid("x", 100_01, doc="RCPT-1")])

    assert residuals(found) == [("M2", "SMALL_DIFF", -1)]


@pytest.mark.parametrize(
    ("gross", "most"),
    [(1_00, 10), (1_000_00, 10), (50_000_00, 5_00), (565_000_00, 10_00)],
)
def test_a_small_difference_is_let_go_and_a_cent_more_is_not(gross, most):
    for sign in (1, -1):
        assert residuals(weighed(gross, gross + sign * most)) == [("M2", "SMALL_DIFF", sign * most)]
        beyond = weighed(gross, gross + sign * (most + 1))
        assert pairs(beyond) == []
        assert gaps(beyond) == [("a,x", "UNKNOWN", sign * (most + 1))]
        assert [one.rule for one in beyond.differences] == ["M2"]


def test_the_small_differences_of_a_month_have_a_limit_and_the_smallest_go_first():
    ours = [line("a", 200_000_00, "INV-1"), line("b", 200_000_00, "INV-2")]
    theirs = [line("x", 200_009_00, "INV-1"), line("y", 199_992_00, "INV-2")]

    found = matched(ours, theirs, terms=MatchTerms(per_dealer_month=16_99))
    again = matched(ours, theirs, terms=MatchTerms(per_dealer_month=16_99), settled=found.matches)

    assert pairs(found) == ["M2 b = y"]
    assert gaps(found) == gaps(again) == [("a,x", "SMALL_DIFF", 9_00)]
    assert len(matched(ours, theirs, terms=MatchTerms(per_dealer_month=17_00)).matches) == 2


@pytest.mark.parametrize(
    ("kind", "ours", "theirs", "category"),
    [
        ("INVOICE", (60, 1_000_00), (58, 966_67), "QTY_SHORT"),
        ("INVOICE", (60, 1_000_00), (61, 1_016_67), "QTY_EXCESS"),
        ("INVOICE", (60, 1_000_00), (60, 990_00), "PRICE_DIFF"),
        ("INVOICE", (60, 1_000_00), (59, 1_000_05), "QTY_SHORT"),  # no quantity is let go
        ("INVOICE", (60, 1_000_00), (0, 990_00), "UNKNOWN"),
        ("CREDIT_NOTE", (-2, -1_000_00), (-1, -500_00), "QTY_SHORT"),
        ("CREDIT_NOTE", (-2, -1_000_00), (0, -500_00), "UNKNOWN"),
        ("CREDIT_NOTE", (0, -1_000_00), (0, -500_00), "REBATE_DISPUTED"),
        ("CLAIM", (0, -10_000_00), (0, -12_000_00), "CLAIM_REDUCED"),
        ("PENALTY", (0, 10_000_00), (0, 8_000_00), "PENALTY_DISPUTED"),
    ],
)
def test_what_quantity_and_kind_tell_is_the_category_of_a_pair(kind, ours, theirs, category):
    sku = "INJ" if ours[0] else ""

    found = matched(
        [line("a", ours[1], "D-1", kind=kind, sku=sku, qty=ours[0])],
        [line("x", theirs[1], "D-1", kind=kind, sku=sku, qty=theirs[0])],
    )

    assert pairs(found) == []
    assert gaps(found) == [("a,x", category, theirs[1] - ours[1])]


def test_lines_of_one_document_are_weighed_by_product():
    found = matched(
        [line("a", 10_00, "INV-1", sku="A", qty=2), line("b", 90_00, "INV-1", sku="B", qty=3)],
        [line("x", 60_00, "INV-1", sku="B", qty=2), line("y", 10_01, "INV-1", sku="A", qty=2)],
    )

    assert residuals(found) == [("M2", "TAX_ROUNDING", 1)]
    assert gaps(found) == [("b,x", "QTY_SHORT", -30_00)]


def test_a_payment_that_quotes_a_credit_note_is_no_other_amount_of_it():
    credit = line("a", -100_00, "CN-1", kind="CREDIT_NOTE")

    found = matched([credit], [paid("x", 100_05, doc="CN-1")], terms=MatchTerms(passes=("M2",)))

    assert pairs(found) == []


def test_what_is_left_of_one_document_on_both_sides_is_one_difference():
    ours = [line("a", 40_00, "INV-1", sku="A", qty=1), line("b", 60_00, "INV-1", sku="B", qty=1)]

    found = matched(ours, [line("x", 90_00, "INV-1")])

    assert gaps(found) == [("a,b,x", "UNKNOWN", -10_00)]
