"""The alerts of a month: five cases in the order of what happened, scored point by point."""

from domain.channel.book import Buyer
from tests.domain.diversion.steps import (
    HANGZHOU,
    LOT,
    SUZHOU,
    bought,
    boxes,
    case,
    cases,
    count,
    install,
    leave,
    points,
    report,
    sale,
    see,
    serve,
)
from tests.domain.story import US80_1, US80_2

P5_SHELF, P5_5, P5_6 = "P5-26-0001", "P5-26-0005", "P5-26-0006"
D12 = Buyer(dealer="D12")


def month():
    """Devices and boxes are sold, installed, reported, counted, served and audited in March."""
    past = bought(US80_1, US80_2)
    boxes(60, past=past)
    bought(P5_5, P5_6, dealer="D04", past=past)
    leave(past, dealer="D04", no="EX-2026-003", region_code="320500")
    report(past, "D05", sale(D12, lot=LOT, qty=20, on="2026-03-12")).accepted()
    install(past, US80_1, HANGZHOU, on="2026-03-21").accepted()
    report(
        past,
        "D05",
        sale("H-NJ-02", US80_2, "2026-03-22"),
        sale("H-NJ-02", lot=LOT, qty=10, on="2026-03-22", line_no=2),
    ).accepted()
    report(past, "D12", sale("H-SZ-01", lot=LOT, qty=25, on="2026-03-24")).accepted()
    install(past, P5_5, SUZHOU, on="2026-03-25", source="FIELD_AUDIT").accepted()
    install(past, P5_6, SUZHOU, on="2026-03-26", source="FIELD_AUDIT").accepted()
    serve(past, "US80-26-9999", ("H-CD-05", "510100"), on="2026-03-27").accepted()
    see(past, P5_SHELF, "430100", on="2026-03-28").accepted()
    count(past, "D05", 28, on="2026-03-31").accepted()
    return past


def row(past, name):
    found = case(past, name).known
    return (
        found.rule,
        found.serial or found.lot,
        points(found),
        found.score,
        found.severity,
        found.source_dealer,
        found.victim_dealer,
    )


def test_the_month_leaves_five_cases_in_the_order_of_what_happened():
    past = month()

    assert [row(past, name) for name in cases(past)] == [
        ("R01", US80_1, [60, 20, 10, 10, -1], 99, "CRITICAL", "D05", "D06"),
        ("R08", LOT, [40, 10, -4], 46, "MEDIUM", "D12", None),
        ("R01", P5_6, [60, 20, 10, -20, -4], 66, "MEDIUM", "D04", "D05"),
        ("R04", "US80-26-9999", [70, 10, -6], 74, "HIGH", None, None),
        ("R03", P5_SHELF, [90, 10, -4], 96, "CRITICAL", None, None),
    ]
    assert list(cases(past)) == [f"DIV-{number:04}" for number in range(1, 6)]


def test_the_facts_of_the_lot_and_of_the_exception():
    past = month()

    lot, device = case(past, "DIV-0002").known, case(past, "DIV-0003").known
    assert (lot.received, lot.sold, lot.excess, lot.family_gap, lot.code) == (20, 25, 5, 2, None)
    assert (device.exception_id, device.exception_state) == ("EX-2026-003", "EXHAUSTED")
    assert (str(device.gap_pct), device.observed_region) == ("0.00", "320500")
