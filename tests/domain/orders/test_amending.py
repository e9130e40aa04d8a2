"""Amending and looking again: what was held is judged by new facts, what was released is kept."""

import pytest

from domain.flows.orders.amending import AmendOrder, FieldChange, amend_order
from domain.flows.orders.holding import RecheckOrder, ReleaseHold, recheck_order, release_hold
from domain.flows.orders.ordering import place_order
from domain.kernel.refusal import NotFound, SelfApproval, ValidationFailed
from domain.orders.order import Order
from domain.orders.order_events import Amended, Checked, Confirmed, Held, HoldCleared, HoldReleased
from domain.orders.order_terms import Change
from domain.orders.refusals import BelowMoq, PackMultiple
from tests.domain.company import company, discontinued, master_data
from tests.domain.story import of, order, placed
from tests.domain.support import day, given, like
from tests.domain.world import MGR_EAST, MGR_NATIONAL, REP_EAST, price_list, row, units


def amend(*changes, reason="renegotiated", so="SO-0001"):
    told = [FieldChange(field=field, value=value, line_no=line) for line, field, value in changes]
    return AmendOrder(so_id=so, changes=told, reason=reason)


def priced(price, *more):
    past = given(company())
    wish = order("D06", of("US80", 1, price), *more)
    return past.when(place_order, wish, by=REP_EAST).accepted()


RECHECK = RecheckOrder(so_id="SO-0001")
RELEASE = ReleaseHold(so_id="SO-0001", code="PRICE_BELOW_FLOOR", reason="competitor")


def test_an_amended_price_that_is_still_too_low_holds_again_on_new_evidence():
    past = priced("255000")

    done = past.when(amend_order, amend((1, "unit_price", "262000")), by=REP_EAST)

    done.then(
        like(
            Amended,
            changes=(Change("lines.1.unit_price", "255000", "262000"),),
            reason="renegotiated",
            net=262_000_00,
            vat=34_060_00,
            gross=296_060_00,
        ),
        like(Checked, cause="amend"),
        like(Held, code="PRICE_BELOW_FLOOR", state="ON_HOLD"),
    )
    assert done.events[-1].evidence["deviation"] == "2.60"


def test_an_amended_price_inside_of_the_corridor_clears_the_hold_and_confirms():
    past = priced("255000")

    done = past.when(amend_order, amend((1, "unit_price", "269000")), by=REP_EAST)

    (cleared,) = done.recorded(HoldCleared)
    assert (cleared.code, cleared.by.user) == ("PRICE_BELOW_FLOOR", "system:checks")
    assert done.answer == {"so": "SO-0001", "state": "CONFIRMED", "holds": []}


@pytest.mark.parametrize(
    ("price", "holds"), [("262000", []), ("265000", []), ("261000", ["PRICE_BELOW_FLOOR"])]
)
def test_a_release_covers_an_amendment_that_is_at_least_as_favourable(price, holds):
    past = priced("262000", of("P5", 1, "84000"))  # held for PRICE_MISSING as well
    past.when(release_hold, RELEASE, by=MGR_EAST).accepted()

    done = past.when(amend_order, amend((1, "unit_price", price)), by=REP_EAST)

    assert done.answer["holds"] == [*holds, "PRICE_MISSING"]


def test_whoever_amended_the_order_may_not_release_it():
    past = priced("255000")
    past.when(amend_order, amend((1, "unit_price", "262000")), by=MGR_EAST).accepted()

    past.when(release_hold, RELEASE, by=MGR_EAST).refuses(SelfApproval)


def test_a_smaller_quantity_is_priced_by_its_own_break():
    past = placed(of("INJ", 100))

    past.when(amend_order, amend((1, "qty", "90"))).accepted()

    line = past.get(Order, "SO-0001").lines[1].terms
    assert (str(line.unit_price), str(line.floor), line.net) == ("1260", "1222", 113_400_00)


def test_an_agreed_price_stays_when_the_quantity_falls_below_its_break_and_is_judged_again():
    past = placed(of("INJ", 100, "1220"))

    done = past.when(amend_order, amend((1, "qty", "90")))

    assert done.answer["holds"] == ["PRICE_BELOW_FLOOR"]
    assert str(past.get(Order, "SO-0001").lines[1].terms.unit_price) == "1220"


def test_the_day_and_the_shelf_life_of_an_order_can_be_changed():
    past = priced("255000")

    past.when(
        amend_order, amend((None, "requested_date", "2026-03-25"), (None, "min_shelf_days", "90"))
    ).accepted()

    terms = past.get(Order, "SO-0001").known
    assert (terms.requested_date, terms.min_shelf_days) == (day("2026-03-25"), 90)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ((7, "qty", "1"), "changes[0]"),
        ((1, "requested_date", "2026-03-25"), "changes[0]"),
        ((None, "qty", "1"), "changes[0]"),
        ((1, "qty", "one"), "changes[0].value"),
        ((1, "qty", "1.5"), "changes[0].value"),
        ((1, "unit_price", "cheap"), "changes[0].value"),
        ((None, "requested_date", "2026-02-30"), "changes[0].value"),
        ((1, "unit_price", "0"), "line 1.unit_price"),
        ((None, "requested_date", "2026-03-01"), "requested_date"),
        ((None, "min_shelf_days", "-1"), "min_shelf_days"),
        ((1, "unit_price", "NaN"), "line 1.unit_price"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(change, field):
    priced("255000").when(amend_order, amend(change)).refuses(ValidationFailed, field=field)


def test_a_quantity_is_amended_as_it_is_ordered_in_packs_and_from_a_minimum_on():
    past = placed(of("GEL", 60, "182"))

    past.when(amend_order, amend((1, "qty", "45"))).refuses(PackMultiple, BelowMoq)


def test_an_amendment_needs_a_change_and_a_reason():
    priced("255000").when(amend_order, amend(reason=" ")).refuses(
        ValidationFailed, ValidationFailed
    )


def test_a_confirmed_order_is_amended_and_what_was_added_is_reserved():
    past = placed(of("US80", 1)).when(amend_order, amend((1, "qty", "2"))).accepted()

    line = past.get(Order, "SO-0001").lines[1]
    assert (line.terms.qty, line.reserved, line.unsourced) == (2, 2, 0)


def test_an_unknown_order_is_neither_amended_nor_looked_at():
    given(company()).when(amend_order, amend((1, "qty", "2"))).refuses(NotFound)
    given(company()).when(recheck_order, RECHECK).refuses(NotFound)


def test_looking_again_where_nothing_has_changed_records_nothing():
    priced("255000").when(recheck_order, RECHECK).then()
    placed(of("US80", 1)).when(recheck_order, RECHECK).then()


def test_an_amendment_that_changes_nothing_records_nothing():
    past = priced("255000")
    past.when(amend_order, amend((1, "unit_price", "262000"))).accepted()

    past.when(amend_order, amend((1, "unit_price", "262000"))).then()


def test_goods_that_arrived_clear_no_supply_and_confirm_the_order():
    past = given(master_data(), discontinued("US80"))
    past.when(place_order, order("D05", of("US80", 1))).accepted()
    assert past.get(Order, "SO-0001").holds == ("NO_SUPPLY",)
    for one in units("WH-SH", "US80", "2026-03-01", "US80-26-0099"):
        past.get(one.aggregate, *one.key).record(one.event)

    done = past.when(recheck_order, RECHECK)

    assert done.recorded(HoldCleared)[0].cause == "recheck"
    assert done.answer["state"] == "CONFIRMED"


def test_a_price_that_was_published_clears_price_missing_when_the_order_is_amended():
    past = priced("277400", of("P5", 1, "84000"))
    for one in price_list("PL-2", (row("P5", "B", "87600", "84000", "120000"),)):
        past.get(one.aggregate, *one.key).record(one.event)

    done = past.when(amend_order, amend((2, "unit_price", "87600")))

    assert done.answer["state"] == "CONFIRMED"


def test_a_released_hold_survives_looking_again_until_everything_else_is_resolved():
    past = given(master_data(), discontinued("US80"))
    past.when(place_order, order("D06", of("US80", 1, "262000")), by=REP_EAST).accepted()
    past.when(release_hold, RELEASE, by=MGR_NATIONAL).then(like(HoldReleased, holds=("NO_SUPPLY",)))
    for one in units("WH-SH", "US80", "2026-03-01", "US80-26-0099"):
        past.get(one.aggregate, *one.key).record(one.event)

    done = past.when(recheck_order, RECHECK)

    assert len(done.recorded(Confirmed)) == 1
    assert done.recorded(Held) == []


def test_a_published_price_clears_price_missing_by_looking_again():
    past = priced("277400", of("P5", 1, "87600"))
    for one in price_list("PL-2", (row("P5", "B", "87600", "84000", "120000"),)):
        past.get(one.aggregate, *one.key).record(one.event)

    assert past.when(recheck_order, RECHECK).answer["state"] == "CONFIRMED"
