"""Balances (R08): what a later report, a count or a switch does to what a dealer sold too much of."""

from domain.cases import case_events
from tests.domain.diversion.steps import (
    LOT,
    add,
    boxes,
    case,
    cases,
    count,
    report,
    sale,
    see_lot,
    thresholds,
)
from tests.domain.diversion.test_merging import closed
from tests.domain.world import lot

SECOND = "INJ2510C"
"""A lot that expires before the other."""


def oversold(qty=25):
    """D06 got 20 boxes and sold more of them in Hangzhou."""
    return report(boxes(20, dealer="D06"), "D06", sale("H-HZ-03", lot=LOT, qty=qty)).accepted()


def told(done):
    return [type(one) for one in done.events if one.TOPIC.startswith("diversion.")]


def test_a_closed_case_begins_anew_where_more_is_sold_elsewhere():
    past = closed(thresholds(oversold(), off=("R09",)))

    done = report(past, "D06", sale("H-SH-01", lot=LOT, qty=40, on="2026-03-25"))

    assert told(done)[:2] == [case_events.EvidenceAdded, case_events.CaseReopened]
    assert (cases(past), case(past).status) == ({"DIV-0001": "R08"}, "REOPENED")


def test_a_closed_case_stays_closed_where_more_is_sold_at_the_same_place():
    past = closed(oversold())

    done = report(past, "D06", sale("H-HZ-03", lot=LOT, qty=40, on="2026-03-25"))

    assert (told(done), case(past).status) == ([case_events.EvidenceAdded], "CLOSED")


def test_nothing_is_added_to_a_case_while_its_rule_is_off():
    past = thresholds(oversold(22), off=("R08",))

    done = report(past, "D06", sale("H-HZ-03", lot=LOT, qty=15, on="2026-03-25"))

    assert (told(done), done.answer["cases"]) == ([], [])
    assert len(case(past).evidence) == 1


def test_what_a_count_misses_does_not_hide_what_is_sold_too_much_of():
    past = boxes(60)
    see_lot(past, "510100").accepted()
    count(past, "D05", 50, on="2026-03-22").accepted()

    done = report(past, "D05", sale("H-NJ-02", lot=LOT, qty=80, on="2026-03-25"))

    assert done.answer["cases"] == ["DIV-0003"]
    assert cases(past) == {"DIV-0001": "R09", "DIV-0002": "R08", "DIV-0003": "R08"}
    found = [case(past, name).known for name in ("DIV-0002", "DIV-0003")]
    assert [(one.code, one.excess) for one in found] == [("CHANNEL_SHORT", 10), (None, 20)]


def test_a_sale_without_a_lot_is_evidence_about_the_lots_that_it_was_taken_from():
    past = add(oversold(), *lot("WH-SH", "INJ", SECOND, 80, "2027-10-31"))
    boxes(30, SECOND, dealer="D06", past=past)

    done = report(past, "D06", sale("H-HZ-03", qty=1, on="2026-03-25"))

    assert (told(done), done.answer["cases"]) == ([], [])
    assert len(case(past).evidence) == 1


def test_each_line_of_each_report_is_evidence_of_its_own():
    past = oversold()
    more = [sale("H-HZ-03", lot=LOT, qty=5, line_no=number) for number in (1, 2)]

    report(past, "D06", more[0]).accepted()
    report(past, "D06", *more).accepted()

    documents = [one.document for one in case(past).evidence]
    assert len(set(documents)) == len(documents) == 3
    assert documents[-1].startswith("file-")
    assert documents[-1].endswith(":2")
