"""Redrawing the map: rights that are amended or revoked, from a day on, and what hangs on them."""

import msgspec

from domain.flows.goods.shipping import ship
from domain.flows.parties.granting import (
    AmendTerritory,
    CloseException,
    GrantCrossRegionException,
    GrantTerritory,
    RevokeTerritory,
    amend_territory,
    close_exception,
    grant_exception,
    grant_territory,
    revoke_territory,
)
from domain.kernel.refusal import NotFound, ValidationFailed
from domain.orders.refusals import AddressOutOfTerritory
from domain.parties import dealer_events
from domain.parties.dealer import Dealer
from domain.parties.refusals import TerritoryOverlapExclusive
from domain.parties.territory import Territory
from domain.policies import territory
from tests.domain.company import company
from tests.domain.story import US80_1, US80_2, goods, of, placed, reviewed, sending
from tests.domain.support import day, given
from tests.domain.world import MGR_EAST, right

LINE = "ULTRASOUND"
LAST, NEXT = day("2026-03-31"), day("2026-04-01")


def amending(*regions, dealer="D05", **more):
    told = {"valid_from": NEXT, "version": 2} | more
    return AmendTerritory(
        dealer_id=dealer, authorisation=msgspec.structs.replace(right(LINE, *regions), **told)
    )


def revoking(dealer="D05", last_day=LAST, reason="no sales"):
    return RevokeTerritory(dealer_id=dealer, product_line=LINE, last_day=last_day, reason=reason)


def rights(past, dealer):
    mine = past.get(Dealer, dealer).authorisations
    return [
        (one.region_codes, one.valid_to, one.version) for one in mine if one.product_line == LINE
    ]


def lawful(past, dealer, region, on):
    return territory.judge(past.log, dealer, LINE, None, region, day(on)).lawful


def exclusive(past, region, on):
    return territory.exclusive_dealer(past.log, LINE, None, region, day(on))


def test_what_was_sold_before_an_amendment_is_judged_by_the_right_of_its_day():
    past = given(company())

    past.when(amend_territory, amending("320500")).accepted()

    assert [until for _, until, _ in rights(past, "D05")] == [LAST, day("2026-12-31")]
    assert lawful(past, "D05", "320100", "2026-03-31")
    assert not lawful(past, "D05", "320100", "2026-04-01")
    assert exclusive(past, "320100", "2026-03-31") == "D05"
    assert exclusive(past, "320100", "2026-04-01") is None
    assert exclusive(past, "320500", "2026-04-01") == "D05"


def test_inv_dl_2_a_sub_dealer_keeps_what_still_lies_inside_and_loses_the_rest():
    further = right(LINE, "320100", exclusive=False)
    more = GrantTerritory(
        dealer_id="D12", authorisation=msgspec.structs.replace(further, version=2)
    )
    past = given(company()).when(grant_territory, more).accepted()
    assert rights(past, "D12")[0][0] == ("320500",)

    done = past.when(amend_territory, amending("320500"))

    assert done.answer["ended"] == ["D05", "D12"]
    assert [until for _, until, _ in rights(past, "D12")] == [day("2026-12-31"), LAST]
    assert lawful(past, "D12", "320500", "2026-04-01")
    assert not lawful(past, "D12", "320100", "2026-04-01")


def test_an_amendment_is_a_later_version_that_meets_nobody_elses_right():
    past = given(company())

    past.when(amend_territory, amending("320500", version=1)).refuses(ValidationFailed)
    past.when(amend_territory, amending("330100")).refuses(TerritoryOverlapExclusive)


def test_inv_dl_2_revoking_the_parents_right_revokes_the_childs():
    past = given(company())

    done = past.when(revoke_territory, revoking(last_day=day("2026-03-02")), by=MGR_EAST)

    assert done.answer["ended"] == ["D05", "D12"]
    assert not lawful(past, "D12", "320100", "2026-03-03")
    assert lawful(past, "D12", "320100", "2026-03-02")
    assert [one.dealer for one in past.get(Territory, LINE).on(day("2026-03-03"))].count("D12") == 0


def test_after_a_revocation_somebody_else_may_have_the_region():
    past = given(company())
    wish = GrantTerritory(
        dealer_id="D04",
        authorisation=msgspec.structs.replace(right(LINE, "320000"), valid_from=NEXT),
    )
    past.when(grant_territory, wish).refuses(TerritoryOverlapExclusive)
    past.when(revoke_territory, revoking()).accepted()

    past.when(grant_territory, wish).accepted()

    assert exclusive(past, "320100", "2026-04-01") == "D04"


def test_a_right_ends_today_at_the_earliest_once_and_for_a_reason():
    past = given(company())

    yesterday = revoking(last_day=day("2026-03-01"), reason=" ")
    past.when(revoke_territory, yesterday).refuses(ValidationFailed, ValidationFailed)
    past.when(revoke_territory, revoking()).accepted()
    past.when(revoke_territory, revoking()).refuses(NotFound)


def test_what_was_ordered_before_a_right_ended_does_not_leave_after_it():
    past = placed(of("US80", 2))
    past.when(revoke_territory, revoking(last_day=day("2026-03-03"))).accepted()
    reviewed(past, "SHP-0001", goods("SO-0001", 1, "US80", US80_1))
    reviewed(past, "SHP-0002", goods("SO-0001", 1, "US80", US80_2))

    past.when(ship, sending("SHP-0001"), on="2026-03-03").accepted()
    past.when(ship, sending("SHP-0002"), on="2026-03-04").refuses(AddressOutOfTerritory)


def test_an_exception_that_is_closed_lets_nothing_more_pass_but_what_it_let_stays():
    past = given(company())
    leave = GrantCrossRegionException(
        exception="EX-1",
        dealer_id="D05",
        qty_max=2,
        valid_from=day("2026-03-01"),
        valid_to=day("2026-06-30"),
        product_line=LINE,
        region_code="330000",
    )
    past.when(grant_exception, leave, by=MGR_EAST).accepted()
    closing = CloseException(dealer_id="D05", exception="EX-1", reason="not needed")

    past.when(close_exception, closing).then(dealer_events.ExceptionClosed)

    (ended,) = past.get(Dealer, "D05").exceptions.values()
    assert (ended.valid_to, ended.qty_max) == (day("2026-03-01"), 2)
    past.when(close_exception, closing).then()
    past.when(
        close_exception, CloseException(dealer_id="D05", exception="EX-9", reason="x")
    ).refuses(NotFound)
