"""Appointing: a dealer's way from its application to its end."""

import msgspec
import pytest

from domain.flows.orders.ordering import place_order
from domain.flows.parties.appointing import (
    ActivateDealer,
    ApplyDealer,
    ChangeTier,
    CompleteFirstReview,
    TerminateDealer,
    WindUpDealer,
    activate_dealer,
    apply_dealer,
    change_tier,
    complete_first_review,
    terminate_dealer,
    wind_up_dealer,
)
from domain.flows.parties.enrolling import (
    RegisterAddress,
    SetCreditLimit,
    register_address,
    set_credit_limit,
)
from domain.flows.parties.granting import GrantTerritory, grant_territory
from domain.flows.parties.licensing import RegisterLicence, WatchLicences, register_licence
from domain.flows.parties.licensing import watch_licences as watch
from domain.goods.refusals import QcRoleRequired
from domain.kernel.refusal import AlreadyExists, ForbiddenRole, InvalidState, ValidationFailed
from domain.kernel.stamp import Actor
from domain.orders.order import Order
from domain.orders.refusals import DealerTerminated, LicenceMissing
from domain.parties import dealer_events
from domain.parties.dealer import Dealer
from domain.parties.dealer_terms import DealerProfile, Licence
from domain.parties.refusals import LevelTooDeep, OpenBalance, UsccDuplicate
from domain.policies import territory
from tests.domain.company import company
from tests.domain.story import US80_1, at_dealer, of, order, placed
from tests.domain.support import day, given
from tests.domain.world import LONG, MGR_EAST, right

QUALITY = Actor("qa-1", "QA")
PROFILE = DealerProfile(legal_name="Anhui", uscc="USCC-D20", tier="B", sales_region="EAST")
PAPER = Licence("FILING_CLASS_II", "F-20", "II", ("06-07",), *LONG)


def applying(**changes):
    return ApplyDealer(dealer_id="D20", profile=msgspec.structs.replace(PROFILE, **changes))


def reviewing(missing=""):
    return CompleteFirstReview(dealer_id="D20", document_hash="sha256:r", missing=missing)


def applied():
    """D20 has applied, with its right, its licence and its address."""
    past = given(company()).when(apply_dealer, applying()).accepted()
    mine = right("ULTRASOUND", "340000")
    past.when(grant_territory, GrantTerritory(dealer_id="D20", authorisation=mine)).accepted()
    past.when(register_licence, RegisterLicence(dealer_id="D20", licence=PAPER)).accepted()
    home = RegisterAddress(
        address_id="ADR-D20",
        region_code="320100",
        receiving_entity_id="D20",
        kind="REGISTERED_WAREHOUSE",
    )
    past.when(register_address, home).accepted()
    limit = SetCreditLimit(
        dealer_id="D20", limit=10**9, valid_from=LONG[0], valid_to=day("2027-01-01"), basis="x"
    )
    return past.when(set_credit_limit, limit).accepted()


def status(past, dealer="D20"):
    return past.get(Dealer, dealer).status


def test_a_dealer_is_reviewed_qualified_and_activated_and_only_then_buys():
    past = applied()
    seen = [status(past)]
    past.when(place_order, order("D20", of("P5", 1, "84000"))).accepted()
    assert "DEALER_SUSPENDED" in past.get(Order, "SO-0001").holds

    past.when(complete_first_review, reviewing("the lease"), by=QUALITY).accepted()
    seen.append(status(past))
    past.when(complete_first_review, reviewing(), by=QUALITY).accepted()
    seen.append(status(past))
    done = past.when(activate_dealer, ActivateDealer(dealer_id="D20"), by=MGR_EAST)

    assert [*seen, status(past)] == ["APPLICANT", "UNDER_REVIEW", "QUALIFIED", "ACTIVE"]
    assert [one["so"] for one in done.answer["orders"]] == ["SO-0001"]
    assert "DEALER_SUSPENDED" not in past.get(Order, "SO-0001").holds


def test_only_quality_reviews_and_only_what_has_a_valid_licence_passes():
    past = given(company()).when(apply_dealer, applying()).accepted()

    past.when(complete_first_review, reviewing(), by=MGR_EAST).refuses(QcRoleRequired)
    past.when(complete_first_review, reviewing(), by=QUALITY).refuses(LicenceMissing)
    late = Licence("FILING_CLASS_II", "F-1", "II", ("06-07",), LONG[0], day("2026-03-01"))
    past.when(register_licence, RegisterLicence(dealer_id="D20", licence=late)).accepted()
    past.when(complete_first_review, reviewing(), by=QUALITY).refuses(LicenceMissing)


def test_a_dealer_does_not_skip_its_review_and_a_manager_activates_it():
    past = applied()

    past.when(activate_dealer, ActivateDealer(dealer_id="D20"), by=MGR_EAST).refuses(InvalidState)
    past.when(complete_first_review, reviewing(), by=QUALITY).accepted()
    past.when(activate_dealer, ActivateDealer(dealer_id="D20"), by=QUALITY).refuses(ForbiddenRole)


@pytest.mark.parametrize(
    ("command", "found"),
    [
        (applying(uscc="USCC-D12"), [UsccDuplicate]),
        (applying(level=4), [LevelTooDeep, ValidationFailed]),
        (applying(parent="D99", level=2), [ValidationFailed]),
        (ApplyDealer(dealer_id="D05", profile=PROFILE), [AlreadyExists]),
    ],
)
def test_an_application_fits_into_the_channel(command, found):
    given(company()).when(apply_dealer, command).refuses(*found)


def test_another_tier_is_for_orders_to_come():
    past = placed(of("US80", 1))
    command = ChangeTier(dealer_id="D05", tier="B", reason="sales of the year")

    past.when(change_tier, command).then(dealer_events.TierChanged)
    past.when(change_tier, command).then()
    past.when(place_order, order("D05", of("US80", 1))).accepted()

    prices = [past.get(Order, f"SO-000{n}").lines[1].terms.unit_price for n in (1, 2)]
    assert prices == [266_000, 277_400]


def test_a_dealer_with_an_open_order_is_not_terminated():
    past = placed(of("US80", 1))
    command = TerminateDealer(dealer_id="D05", reason="contract ended")

    past.when(terminate_dealer, command).refuses(OpenBalance, orders=["SO-0001"])


def test_a_terminated_dealer_has_no_rights_buys_nothing_and_still_owes():
    past = at_dealer(US80_1)
    command = TerminateDealer(dealer_id="D05", reason="contract ended")

    done = past.when(terminate_dealer, command, on="2026-03-06")

    assert done.answer == {"dealer_id": "D05", "status": "TERMINATED", "ended": ["D05", "D12"]}
    place = ("ULTRASOUND", None, "320100")
    assert territory.judge(past.log, "D05", *place, day("2026-03-06")).lawful
    assert not territory.judge(past.log, "D05", *place, day("2026-03-07")).lawful
    again = order("D05", of("US80", 1))
    past.when(place_order, again, on="2026-03-07").refuses(DealerTerminated)
    winding = WindUpDealer(dealer_id="D05", reason="over")
    past.when(wind_up_dealer, winding, on="2026-03-07").refuses(OpenBalance)


def test_a_terminated_dealer_is_wound_up_once_nothing_is_open():
    past = given(company())
    winding = WindUpDealer(dealer_id="D05", reason="over")
    past.when(wind_up_dealer, winding).refuses(InvalidState)
    past.when(terminate_dealer, TerminateDealer(dealer_id="D05", reason="over")).accepted()

    past.when(wind_up_dealer, winding).accepted()

    assert status(past, "D05") == "WOUND_UP"
    past.when(place_order, order("D05", of("US80", 1))).refuses(DealerTerminated)


def test_a_reason_is_always_given():
    past = given(company())

    for flow, command in (
        (terminate_dealer, TerminateDealer(dealer_id="D05", reason=" ")),
        (wind_up_dealer, WindUpDealer(dealer_id="D05", reason="")),
        (change_tier, ChangeTier(dealer_id="D05", tier="B", reason="")),
    ):
        past.when(flow, command).refuses(ValidationFailed)


def expiring(*papers):
    past = given(company()).when(apply_dealer, applying()).accepted()
    for paper in papers:
        past.when(register_licence, RegisterLicence(dealer_id="D20", licence=paper)).accepted()
    told = []
    for on in ("2026-03-02", "2026-04-01", "2026-04-02", "2026-05-10", "2026-06-02", "2026-07-01"):
        done = past.when(watch, WatchLicences(dealer_id="D20"), on=on)
        told += [(on, one.no, one.days) for one in done.recorded(dealer_events.LicenceExpiring)]
    return told


def until(no, last, kind="II"):
    return Licence("FILING", no, kind, ("06-07",), LONG[0], day(last))


def test_inv_dl_4_a_licence_is_warned_of_90_60_and_30_days_before_and_once_it_is_over():
    assert expiring(until("F-1", "2026-06-30")) == [
        ("2026-04-01", "F-1", 90),
        ("2026-05-10", "F-1", 60),
        ("2026-06-02", "F-1", 30),
        ("2026-07-01", "F-1", 0),
    ]


def test_a_licence_that_another_outlives_needs_no_warning():
    assert expiring(until("F-1", "2026-04-30"), until("F-2", "2030-04-30")) == []
    assert [
        no for _, no, _ in expiring(until("F-1", "2026-03-10"), until("L-1", "2030-01-01", "III"))
    ] == ["F-1", "F-1"]
