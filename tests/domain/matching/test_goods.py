"""M3: both sides name the same goods for the same amount."""

from tests.domain.matching.stated import gaps, line, matched, open_ones, pairs

INJ = {"sku": "INJ", "qty": 10}


def test_the_same_product_quantity_and_amount_of_an_order_is_a_match():
    found = matched(
        [line("a", 100_00, "INV-1", so="SO-0001", **INJ)],
        [line("x", 100_00, "V-15", so="so-1", on="2026-03-28", **INJ)],
    )

    assert pairs(found) == ["M3 a = x"]


def test_another_quantity_product_or_order_is_no_match():
    ours = [line("a", 100_00, "INV-1", so="SO-0001", **INJ)]
    for other in ({"so": "SO-1", "sku": "INJ", "qty": 9}, {"so": "SO-1", "sku": "B", "qty": 10}):
        assert pairs(matched(ours, [line("x", 100_00, **other)])) == []
    assert pairs(matched(ours, [line("x", 100_00, so="SO-2", **INJ)])) == []
    assert pairs(matched(ours, [line("x", 100_00, so="SO-1")])) == []


def test_an_order_and_an_amount_without_goods_are_no_match():
    ours = [line("a", 100_00, "INV-1", so="SO-1")]

    assert pairs(matched(ours, [line("x", 100_00, so="SO-1")])) == []


def test_a_shipment_is_enough_where_the_order_is_not_named():
    ours = [line("a", 100_00, "INV-1", so="SO-1", shp="SHP-1", **INJ)]

    assert pairs(matched(ours, [line("x", 100_00, "V-15", shp="SHP 001", **INJ)])) == ["M3 a = x"]


def test_of_two_shipments_of_an_order_the_shipment_tells_which():
    ours = [
        line("a", 100_00, "INV-1", so="SO-1", shp="SHP-1", **INJ),
        line("b", 100_00, "INV-2", so="SO-1", shp="SHP-2", **INJ),
    ]

    found = matched(ours, [line("x", 100_00, so="SO-1", shp="SHP-2", **INJ)])

    assert pairs(found) == ["M3 b = x"]


def test_of_two_deliveries_of_an_order_only_the_same_day_tells_which():
    ours = [
        line("a", 100_00, "INV-1", so="SO-1", on="2026-03-05", **INJ),
        line("b", 100_00, "INV-2", so="SO-1", on="2026-03-12", **INJ),
    ]

    same = matched(ours, [line("x", 100_00, so="SO-1", on="2026-03-12", **INJ)])
    near = matched(ours, [line("x", 100_00, so="SO-1", on="2026-03-11", **INJ)])

    assert pairs(same) == ["M3 b = x"]
    assert pairs(near) == []
    assert open_ones(near) == ["M3 b = x", "M3 a = x"]  # the nearer first
    assert gaps(near) == [
        ("a", "UNKNOWN", -100_00),
        ("b", "UNKNOWN", -100_00),
        ("x", "UNKNOWN", 100_00),
    ]


def test_serial_numbers_tell_what_nothing_else_tells():
    found = matched(
        [
            line("a", 100_00, "INV-1", so="SO-1", serials=("US-0001", "US-0002")),
            line("b", 100_00, "INV-2", so="SO-1", serials=("US-0003",)),
        ],
        [line("x", 100_00, "V-1", on="2026-03-20", serials=("us-2", "us-1"))],
    )

    assert pairs(found) == ["M3 a = x"]


def test_other_serial_numbers_are_other_goods_whatever_order_they_are_of():
    found = matched(
        [line("a", 100_00, "INV-1", so="SO-1", serials=("US-1",), **INJ)],
        [line("x", 100_00, "V-1", so="SO-1", serials=("US-2",), **INJ)],
    )

    assert (pairs(found), open_ones(found)) == ([], [])


def test_a_line_that_names_another_document_of_ours_does_not_mean_this_one():
    ours = [line("a", 100_00, "INV-2603-001", so="SO-1", **INJ)]
    february = [line("b", 100_00, "INV-2602-009", so="SO-1", on="2026-02-26", **INJ)]

    found = matched(ours, [line("x", 100_00, "INV-2602-009", so="SO-1", **INJ)], others=february)

    assert pairs(found) == ["M7 b = x"]
    assert [one.ours for one in found.differences] == [("a",)]


def test_a_line_that_names_a_document_that_we_do_not_know_may_mean_this_one():
    found = matched(
        [line("a", 100_00, "INV-2603-001", so="SO-1", **INJ)],
        [line("x", 100_00, "INV-2603-010", so="SO-1", **INJ)],
    )

    assert pairs(found) == ["M3 a = x"]
