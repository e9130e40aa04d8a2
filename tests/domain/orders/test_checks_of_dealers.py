"""Checks of the dealer: what holds an order, what looks alike and passes, who lets it pass."""

import pytest

from domain.company.approval_policy import NEVER_RELEASED
from domain.flows.goods.shipping import ship
from domain.flows.orders.holding import ReleaseHold, release_hold
from domain.flows.orders.ordering import place_order
from domain.flows.parties.licensing import RegisterLicence, register_licence
from domain.goods.warehouse import Warehouse
from domain.kernel.refusal import ForbiddenRole, OutOfScope
from domain.kernel.stamp import Actor
from domain.orders.order import Order
from domain.orders.order_events import Held, HoldCleared
from domain.orders.refusals import (
    AddressOutOfTerritory,
    DealerSuspended,
    HoldNotOverridable,
    LicenceExpired,
)
from domain.parties import dealer_events
from domain.parties.address import Address
from domain.parties.dealer import Dealer
from domain.parties.dealer_terms import CrossRegionException, Licence
from tests.domain.company import company
from tests.domain.story import US80_1, goods, of, order, reviewed, sending
from tests.domain.supply.steps import QUALITY, product
from tests.domain.support import day, fact, given
from tests.domain.world import BY, FINANCE, MGR_EAST, MGR_NATIONAL, MGR_WEST, REP_EAST

ADMIN = Actor("adm-1", "ADM")
INJ = of("INJ", 10, "1260")
US80 = of("US80", 1, "266000")
P5 = of("P5", 1, "84000")


def happened(event_type, dealer="D05", **fields):
    return fact(Dealer, dealer, event_type(*BY, **fields))


def holding(*licences, without=("III",)):
    """The company, in which D05 holds these licences instead of those of the classes."""
    kept = [
        one
        for one in company()
        if not isinstance(one.event, dealer_events.LicenceRegistered)
        or one.key != ("D05",)
        or one.event.licence.device_class not in without
    ]
    return kept + [happened(dealer_events.LicenceRegistered, licence=one) for one in licences]


def licence(since, until, scope=("06-07",), device_class="III", no="L-1"):
    last = until and day(until)
    return Licence("LICENCE_CLASS_III", no, device_class, scope, day(since), last)


def exception(qty, **more):
    told = {"product_line": "ULTRASOUND", "region_code": "330000"} | more
    first, last = told.pop("days", ("2026-03-01", "2026-12-31"))
    told |= {"valid_from": day(first), "valid_to": day(last), "approved_by": "mgr-east"}
    granted = CrossRegionException(exception="EX-1", qty_max=qty, **told)
    return happened(dealer_events.ExceptionGranted, exception=granted)


def used(qty):
    told = {"exception": "EX-1", "ref": "X", "qty": qty, "used": qty, "qty_max": 3}
    return happened(dealer_events.ExceptionConsumed, **told)


def to_hangzhou(*lines):
    """An order of D05 for a hospital in the territory of D06."""
    return order("D05", *lines, ship_to="ADR-H-HZ-03", end_customer_id="H-HZ-03")


def placing(wish, *facts, on="2026-03-02"):
    return given(*(facts or (company(),))).when(place_order, wish, by=REP_EAST, on=on)


def evidence(done, code):
    """What the one hold of the order says, which is of this code."""
    assert done.answer["holds"] == [code]
    return done.recorded(Held)[0].evidence


def release(code):
    return ReleaseHold(so_id="SO-0001", code=code, reason="agreed")


DEVICE = goods("SO-0001", 1, "US80", US80_1)


def ready(*facts, line=US80, named=DEVICE, wish=None):
    """A confirmed order of D05, reviewed and ready to leave."""
    past = placing(wish or order("D05", line), *facts).accepted()
    return reviewed(past, "SHP-0001", named)


SUSPENDED = happened(dealer_events.Suspended, reason="audit")
OTHER = happened(dealer_events.Suspended, "D06", reason="audit")
REINSTATED = happened(dealer_events.Reinstated, reason="passed")


def test_k02_a_suspended_dealer_is_held_and_no_other():
    held = placing(order("D05", US80), company(), SUSPENDED)

    assert evidence(held, "DEALER_SUSPENDED") == {"status": "SUSPENDED"}
    for events in ([OTHER], [SUSPENDED, REINSTATED]):
        assert placing(order("D05", US80), company(), events).answer["state"] == "CONFIRMED"


@pytest.mark.parametrize("pair", [(ADMIN, MGR_EAST), (MGR_EAST, ADMIN)])
def test_k02_an_administrator_and_a_sales_manager_release_it_together(pair):
    past = placing(order("D05", US80), company(), SUSPENDED).accepted()
    same = {ADMIN: Actor("adm-2", "ADM"), MGR_EAST: MGR_NATIONAL}[pair[0]]

    for by in (FINANCE, QUALITY):
        past.when(release_hold, release("DEALER_SUSPENDED"), by=by).refuses(ForbiddenRole)
    for by in (pair[0], same):
        past.when(release_hold, release("DEALER_SUSPENDED"), by=by)
        assert past.get(Order, "SO-0001").holds == ("DEALER_SUSPENDED",)
    whole = past.when(release_hold, release("DEALER_SUSPENDED"), by=pair[1])

    assert whole.answer["state"] == "CONFIRMED"


@pytest.mark.parametrize("events", [[SUSPENDED], [SUSPENDED, REINSTATED]])
def test_k02_is_asked_again_when_the_goods_leave(events):
    past = ready(company())
    for one in events:
        past.get(one.aggregate, *one.key).record(one.event)

    done = past.when(ship, sending("SHP-0001"))

    if REINSTATED in events:
        done.accepted()
    else:
        done.refuses(DealerSuspended)


@pytest.mark.parametrize(
    ("licences", "code", "valid_to"),
    [
        ([], "LICENCE_MISSING", None),
        ([licence("2020-01-01", "2026-03-01")], "LICENCE_EXPIRED", "2026-03-01"),
        ([licence("2020-01-01", "2026-03-02")], None, None),
        ([licence("2026-03-02", "2026-03-02")], None, None),
        ([licence("2026-03-02", None)], None, None),
        ([licence("2020-01-01", None, scope=("06-01",))], "LICENCE_SCOPE", None),
        ([licence("2020-01-01", None, scope=("06-01", "06-07"))], None, None),
        ([licence("2020-01-01", None, ("06-01",)), licence("2020-01-01", "2026-03-01")], "LICENCE_SCOPE", None),
        ([licence("2020-01-01", "2026-02-27"), licence("2026-03-01", None, no="L-2")], None, None),
    ],
)  # fmt: skip
def test_k03_class_iii_needs_a_licence_of_this_day_and_this_scope(licences, code, valid_to):
    done = placing(order("D05", INJ), holding(*licences))

    if code is None:
        assert done.answer["state"] == "CONFIRMED"
    else:
        told = {"sku": "INJ", "device_class": "III", "catalogue_code": "06-07"}
        told |= {"valid_to": valid_to} if valid_to else {}
        assert evidence(done, code) == told


@pytest.mark.parametrize(
    ("device_class", "held", "holds"),
    [("I", (), []), ("II", (), ["LICENCE_MISSING"]), ("II", ("II",), []),
     ("II", ("III",), ["LICENCE_MISSING"]), ("III", ("II",), ["LICENCE_MISSING"]), ("III", ("III",), [])],
)  # fmt: skip
def test_k03_each_class_needs_its_own_paper_and_class_i_none(device_class, held, holds):
    papers = [licence("2020-01-01", None, device_class=one) for one in held]
    world = holding(*papers, without=("II", "III"))

    done = placing(order("D05", P5), world, product("P5", device_class=device_class))

    assert done.answer["holds"] == holds


@pytest.mark.parametrize(
    ("papers", "code"),
    [
        ([], "LICENCE_MISSING"),
        ([licence("2020-01-01", "2026-03-01")], "LICENCE_EXPIRED"),
        ([licence("2020-01-01", None, scope=("06-01",))], "LICENCE_SCOPE"),
    ],
)
def test_k03_nobody_releases_it_only_a_licence_clears_it(papers, code):
    past = placing(order("D05", INJ), holding(*papers)).accepted()

    assert code in NEVER_RELEASED
    for by in (ADMIN, FINANCE, MGR_EAST, MGR_NATIONAL, QUALITY):
        past.when(release_hold, release(code), by=by).refuses(HoldNotOverridable)
    new = RegisterLicence(dealer_id="D05", licence=licence("2026-03-05", "2031-03-04", no="L-9"))
    cleared = past.when(register_licence, new, by=QUALITY, on="2026-03-05")

    assert [one.code for one in cleared.recorded(HoldCleared)] == [code]
    assert past.get(Order, "SO-0001").state == "CONFIRMED"


@pytest.mark.parametrize(("on", "passes"), [("2026-03-06", True), ("2026-03-07", False)])
def test_k03_is_asked_again_on_the_day_of_shipment(on, passes):
    boxes = goods("SO-0001", 1, "INJ", "INJ2512A", qty=10)
    past = ready(holding(licence("2020-01-01", "2026-03-06")), line=INJ, named=boxes)

    done = past.when(ship, sending("SHP-0001"), on=on)

    if passes:
        done.accepted()
    else:
        done.refuses(LicenceExpired, valid_to="2026-03-06")


@pytest.mark.parametrize(
    ("granted", "qty", "passes"),
    [
        ([], 1, False),
        ([exception(2)], 2, True),
        ([exception(2)], 3, False),
        ([exception(2, days=("2026-03-02", "2026-03-02"))], 2, True),
        ([exception(2, days=("2026-02-01", "2026-03-01"))], 2, False),
        ([exception(2, days=("2026-03-03", "2026-03-31"))], 2, False),
        ([exception(2, product_line="IMAGING")], 2, False),
        ([exception(2, region_code="330200")], 2, False),
        ([exception(2, region_code=None, hospital="H-HZ-03")], 2, True),
        ([exception(2, region_code=None, hospital="H-SZ-01")], 2, False),
        ([exception(2, product_line=None, sku="US80")], 2, True),
        ([exception(2, product_line=None, sku="P5")], 2, False),
        ([exception(3), used(1)], 2, True),
        ([exception(3), used(2)], 2, False),
    ],
)
def test_k07_outside_the_territory_an_exception_with_enough_left_is_needed(granted, qty, passes):
    done = placing(to_hangzhou(of("US80", qty, "266000")), company(), granted)

    if passes:
        assert done.answer["state"] == "CONFIRMED"
    else:
        told = {"product_line": "ULTRASOUND", "region": "330100", "territory": "320000"}
        assert evidence(done, "ADDRESS_OUT_OF_TERRITORY") == told


def test_k07_two_lines_together_do_not_fit_into_what_is_left_for_one():
    done = placing(
        to_hangzhou(of("US80", 2, "266000"), of("P5", 2, "84000")), company(), exception(3)
    )

    assert done.answer["holds"] == ["ADDRESS_OUT_OF_TERRITORY"]


@pytest.mark.parametrize(
    ("to", "customer"), [("ADR-H-NJ-02", None), ("ADR-H-NJ-02", "H-SZ-01"), ("ADR-X", None)]
)
def test_k07_a_stranger_receives_nothing(to, customer):
    strange = Address.Registered(*BY, region_code="320100", receiving_entity="D04", kind="X")
    wish = order("D05", US80, ship_to=to, end_customer_id=customer)

    done = placing(wish, company(), fact(Address, "ADR-X", strange))

    receiver = "D04" if to == "ADR-X" else "H-NJ-02"
    assert evidence(done, "ADDRESS_UNVERIFIED") == {"address": to, "receiver": receiver}


@pytest.mark.parametrize(
    ("by", "refusal"),
    [(MGR_EAST, OutOfScope), (REP_EAST, ForbiddenRole), (FINANCE, ForbiddenRole), (ADMIN, ForbiddenRole),
     (MGR_WEST, None), (MGR_NATIONAL, None)],
)  # fmt: skip
def test_k07_the_sales_manager_of_the_destination_releases_it(by, refusal):
    west = Warehouse.Registered(*BY, region_code="510000", sales_region="WEST", plant=False)
    wish = order("D05", US80, ship_to="ADR-H-CD-05", end_customer_id="H-CD-05")
    past = given(company(), fact(Warehouse, "WH-CD", west)).when(place_order, wish).accepted()

    done = past.when(release_hold, release("ADDRESS_OUT_OF_TERRITORY"), by=by)

    if refusal:
        done.refuses(refusal)
        return
    (granted,) = done.recorded(dealer_events.ExceptionGranted)
    told = (granted.exception.region_code, granted.exception.qty_max, granted.exception.approved_by)
    assert told == ("510100", 1, by.user)
    assert done.answer["state"] == "CONFIRMED"


@pytest.mark.parametrize(("on", "passes"), [("2026-03-06", True), ("2026-03-07", False)])
def test_k07_is_asked_again_on_the_day_of_shipment(on, passes):
    granted = exception(1, days=("2026-03-01", "2026-03-06"))
    past = ready(company(), granted, wish=to_hangzhou(US80))

    done = past.when(ship, sending("SHP-0001"), on=on)

    if passes:
        done.accepted()
    else:
        done.refuses(AddressOutOfTerritory, region="330100")
