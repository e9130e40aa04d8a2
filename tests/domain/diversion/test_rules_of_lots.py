"""R08 and R09: more of a lot sold than came, and a lot where nobody with the right ever had it."""

import pytest

from domain.cases import case_events
from domain.channel.book import Buyer
from domain.channel.dealer_stock import DealerStock
from domain.company.unique_key import UniqueKey
from domain.goods.lot import Lot
from domain.goods.product_terms import Identifier
from domain.goods.udi import Scan, check_digit
from domain.policies.diversion.balance import tolerance
from tests.domain.diversion.steps import (
    LOT,
    add,
    alert,
    bought,
    boxes,
    case,
    cases,
    count,
    install,
    points,
    report,
    rules,
    sale,
    see_lot,
    world,
)
from tests.domain.story import US80_1
from tests.domain.supply.steps import product
from tests.domain.support import fact
from tests.domain.world import BY, DI, lot

D12 = Buyer(dealer="D12")
KEY = f"INJ/{LOT}"
SECOND = "INJ2510C"
"""A lot that expires before the other."""
CARTON = f"1{DI['INJ'][1:-1]}{check_digit('1' + DI['INJ'][1:-1])}"


def oversold(qty, came=20, lot_no=LOT):
    """A dealer without a family sold so many of what came to it."""
    past = boxes(came, dealer="D06")
    return report(past, "D06", sale("H-HZ-03", lot=lot_no, qty=qty))


def test_r08_a_dealer_sold_more_of_a_lot_than_came_to_it():
    found = alert(oversold(25))

    assert (found.rule, found.lot, found.code) == ("R08", LOT, None)
    assert (found.received, found.sold, found.excess) == (20, 25, 5)
    assert (points(found), found.score, found.severity) == ([40, 10, -4], 46, "MEDIUM")
    assert (found.source_dealer, found.suspect_dealer, found.responsible_dealer) == ("D06",) * 3
    assert (found.victim_dealer, found.serial, found.observed_region) == (None, "", "330100")


@pytest.mark.parametrize(
    ("came", "within"), [(0, 1), (1, 1), (100, 1), (101, 2), (200, 2), (201, 3)]
)
def test_the_tolerance_is_a_hundredth_of_what_came_rounded_up_and_at_least_one(came, within):
    assert tolerance(came) == within


@pytest.mark.parametrize(
    ("qty", "parts"), [(20, None), (21, None), (22, [40, 10, -4]), (30, [40, 10, -4])]
)
def test_r08_looks_alike_within_the_tolerance(qty, parts):
    done = oversold(qty)

    assert [points(one.alert) for one in done.recorded(case_events.AlertRaised)] == (
        [] if parts is None else [parts]
    )


@pytest.mark.parametrize(("qty", "parts"), [(43, [40, -4]), (44, [40, 10, -4])])
def test_r08_an_excess_of_a_tenth_of_what_came_scores_10_more(qty, parts):
    assert points(alert(oversold(qty, came=40))) == parts


def test_r08_what_came_from_another_dealer_has_come():
    past = report(boxes(60), "D05", sale(D12, lot=LOT, qty=20, on="2026-03-10")).past

    report(past, "D12", sale("H-SZ-01", lot=LOT, qty=20)).accepted()

    assert cases(past) == {}


def family(counted=None, on="2026-03-20", qty=25):
    """D12 got 20 boxes of its parent's 60 and sold more."""
    past = report(boxes(60), "D05", sale(D12, lot=LOT, qty=20, on="2026-03-10")).past
    if counted is not None:
        count(past, "D05", counted, on=on).accepted()
    return report(past, "D12", sale("H-SZ-01", lot=LOT, qty=qty))


@pytest.mark.parametrize(
    ("counted", "on", "code", "score"),
    [
        (None, "2026-03-20", "INTRA_FAMILY", 39),
        (40, "2026-03-20", None, 46),
        (37, "2026-03-20", None, 46),
        (36, "2026-03-20", "INTRA_FAMILY", 39),
        (40, "2026-03-06", None, 46),
    ],
)
def test_r08_is_low_only_while_the_family_may_explain_it(counted, on, code, score):
    found = alert(family(counted, on))

    assert (found.code, found.score) == (code, score)
    assert found.severity == ("LOW" if code else "MEDIUM")
    assert (found.source_dealer, found.responsible_dealer) == ("D12", "D05")


@pytest.mark.parametrize(("on", "code"), [("2026-05-04", None), ("2026-05-05", "INTRA_FAMILY")])
def test_r08_a_count_of_more_than_45_days_ago_says_nothing(on, code):
    past = report(boxes(60), "D05", sale(D12, lot=LOT, qty=20, on="2026-03-10")).past
    count(past, "D05", 40, on="2026-03-20").accepted()

    late = sale("H-SZ-01", lot=LOT, qty=25, on=on)

    assert alert(report(past, "D12", late)).code == code


def test_r08_a_family_that_sold_more_than_came_to_it_explains_nothing():
    found = alert(family(qty=61))

    assert (found.code, found.severity) == (None, "MEDIUM")


def test_golden_a_count_of_the_parent_judges_the_sub_dealers_case_again():
    past = family().past
    assert (case(past).known.score, case(past).known.severity) == (39, "LOW")

    done = count(past, "D05", 38, on="2026-03-31")

    (again,) = done.recorded(case_events.AlertRescored)
    assert (again.score_before, again.severity_before) == (39, "LOW")
    assert (again.alert.score, again.alert.severity, again.alert.code) == (46, "MEDIUM", None)
    assert again.cause == "D05 count gap 2 < 4, family transfer cannot explain excess 5"
    assert (again.alert.family_gap, again.alert.excess) == (2, 5)


def test_an_inferred_lot_never_raises_above_low():
    done = oversold(25, lot_no=None)

    found = alert(done)
    assert (found.rule, found.lot, found.excess) == ("R08", "", 5)
    assert (sum(points(found)), found.score, found.severity) == (46, 39, "LOW")
    assert done.past.get(DealerStock, "D06").inferred == {KEY, "INJ/"}


def test_a_lot_of_which_a_part_was_inferred_never_raises_above_low_and_looks_alike_a_named_one():
    past = boxes(20, dealer="D06")
    report(past, "D06", sale("H-HZ-03", qty=10)).accepted()
    inferred = alert(report(past, "D06", sale("H-HZ-03", lot=LOT, qty=15)))
    past = boxes(20, dealer="D06")
    report(past, "D06", sale("H-HZ-03", lot=LOT, qty=10)).accepted()
    named = alert(report(past, "D06", sale("H-HZ-03", lot=LOT, qty=15)))

    assert (inferred.score, inferred.severity) == (39, "LOW")
    assert (named.score, named.severity) == (46, "MEDIUM")


def test_r09_a_lot_where_nobody_with_the_right_ever_had_it():
    found = alert(see_lot(boxes(60), "510100", qty=2))

    assert (found.rule, found.lot, found.serial) == ("R09", LOT, "")
    assert (points(found), found.score, found.severity) == ([50, -4], 46, "MEDIUM")
    assert (found.suspects, found.note) == (("D05",), "missing in counts: D05 0")
    assert (found.source_dealer, found.suspect_dealer, found.victim_dealer) == (None, None, None)


def test_r09_blame_is_shared_by_those_whose_counts_miss_some():
    past = boxes(40, past=boxes(60, dealer="D04"))
    boxes(20, dealer="D06", past=past)
    for dealer, counted in (("D04", 50), ("D05", 25), ("D06", 20)):
        count(past, dealer, counted).accepted()

    found = alert(see_lot(past, "510100"))

    assert found.suspects == ("D05", "D04")
    assert found.note == "missing in counts: D05 15, D04 10"
    assert (found.suspect_dealer, found.source_dealer) == (None, None)


@pytest.mark.parametrize(
    "told",
    [
        lambda past: see_lot(past, "320500"),
        lambda past: see_lot(past, "320100", hospital="H-NJ-02"),
        lambda past: report(past, "D05", sale("H-NJ-02", lot=LOT, qty=1)),
        lambda past: see_lot(boxes(10, dealer="D06", past=past), "330100"),
    ],
)
def test_r09_looks_alike_a_lot_that_somebody_with_the_right_had(told):
    past = boxes(60)

    told(past).accepted()

    assert cases(past) == {}


def two_lots():
    """D05 has two lots, D06 only the second."""
    past = add(boxes(60), *lot("WH-SH", "INJ", SECOND, 80, "2027-10-31"))
    return boxes(10, SECOND, dealer="D06", past=boxes(20, SECOND, past=past))


def test_r09_who_had_one_lot_had_not_another():
    past = two_lots()

    see_lot(past, "330100", lot=SECOND).accepted()
    assert cases(past) == {}
    assert rules(see_lot(past, "330100", lot=LOT)) == ["R09"]


def test_r09_a_device_has_no_lot():
    past = bought(US80_1)

    assert rules(install(past, US80_1, ("H-CD-05", "510100"))) == ["R01"]


def test_a_lot_that_is_sold_to_a_foreign_hospital_is_seen_there():
    done = report(boxes(60), "D05", sale("H-CD-05", lot=LOT, qty=3))

    found = alert(done)
    assert (found.rule, found.source, found.observed_hospital) == (
        "R09",
        "DEALER_PORTAL",
        "H-CD-05",
    )


def test_a_carton_that_is_seen_counts_for_what_it_contains():
    levels = (Identifier(DI["INJ"]), Identifier(CARTON, "CARTON", 10))
    claimed = fact(UniqueKey, "di", CARTON, UniqueKey.Claimed(*BY, owner="INJ"))
    past = boxes(60, past=world(product("INJ", identifiers=levels), claimed))

    done = see_lot(past, "320100", qty=3, scan=Scan(di=CARTON, lot=LOT))

    assert done.answer["qty"] == 30
    assert sum(past.get(Lot, "INJ", LOT).seen.values()) == 30


def test_channel_short_is_an_alarm_only_where_the_lot_was_seen_in_a_foreign_region():
    past = boxes(60)
    assert count(past, "D05", 50).answer["cases"] == []
    see_lot(past, "510100", on="2026-03-22").accepted()

    done = count(past, "D05", 50, on="2026-03-23")

    found = alert(done)
    assert (found.rule, found.code, found.severity) == ("R08", "CHANNEL_SHORT", "MEDIUM")
    assert (points(found), found.excess, found.note) == ([40], 10, "book 60, counted 50")
    assert (found.source_dealer, found.responsible_dealer) == ("D05", "D05")


@pytest.mark.parametrize(("counted", "lot_no"), [(59, LOT), (60, LOT), (61, LOT), (9, SECOND)])
def test_channel_short_looks_alike_a_count_that_misses_nothing_or_another_lot(counted, lot_no):
    past = two_lots()
    see_lot(past, "510100", lot=LOT).accepted()

    count(past, "D05", counted, on="2026-03-23", lot=lot_no).accepted()

    assert cases(past) == {"DIV-0001": "R09"}
