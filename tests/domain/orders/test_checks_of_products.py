"""Checks of the goods: what holds an order, what looks alike and passes, who lets which pass."""

import msgspec
import pytest

from domain.company.approval_policy import NEVER_RELEASED
from domain.flows.goods.locking import LockProduct, UnlockProduct, lock_product, unlock_product
from domain.flows.goods.shipping import ship
from domain.flows.orders.holding import ReleaseHold, release_hold
from domain.flows.orders.ordering import place_order
from domain.goods.product import Product, Registration
from domain.kernel.refusal import ForbiddenRole
from domain.kernel.stamp import Actor
from domain.orders.order_events import Held
from domain.orders.refusals import (
    DocMissing,
    HoldNotOverridable,
    HospitalPermitMissing,
    QualityLock,
    RecallBlock,
    RegistrationExpired,
    RegistrationMissing,
)
from domain.parties import dealer_events
from domain.parties.customer import Customer, Permit
from domain.parties.dealer import Dealer
from tests.domain.company import company, discontinued, master_data
from tests.domain.story import US80_1, goods, of, order, reviewed, sending
from tests.domain.supply.steps import QUALITY, line, product
from tests.domain.support import day, fact, given
from tests.domain.world import (
    BY,
    FINANCE,
    MGR_EAST,
    MGR_NATIONAL,
    MGR_WEST,
    REP_EAST,
    lot,
    right,
    units,
)  # fmt: skip

ADMIN = Actor("adm-1", "ADM")
US80 = of("US80", 1, "266000")
DEVICE = goods("SO-0001", 1, "US80", US80_1)


def placing(wish, *facts):
    return given(*(facts or (company(),))).when(place_order, wish)


def told(done):
    """Evidence by hold, of all holds of the order."""
    found = {one.code: one.evidence for one in done.recorded(Held)}
    assert sorted(found) == done.answer["holds"]
    return found


def releasing(past, code, by, document=None):
    command = ReleaseHold(so_id="SO-0001", code=code, reason="agreed", document_hash=document)
    return past.when(release_hold, command, by=by)


def paper(until, since="2020-01-01", *, pending=False):
    return Registration("REGISTRATION", "R", "us", day(since), until and day(until), pending)


def registered(*papers, sku="US80", **more):
    return product(sku, registrations=papers, **more)


def later(past, *facts):
    for one in facts:
        past.get(one.aggregate, *one.key).record(one.event)
    return past


def ready():
    return reviewed(placing(order("D05", US80)).accepted(), "SHP-0001", DEVICE)


def nobody_releases(past, code):
    assert code in NEVER_RELEASED
    for by in (ADMIN, FINANCE, MGR_EAST, MGR_NATIONAL, QUALITY, REP_EAST):
        releasing(past, code, by).refuses(HoldNotOverridable)


# The devices in the warehouses were made on 5 January 2026.


@pytest.mark.parametrize(
    ("papers", "code", "until"),
    [
        ([], "REGISTRATION_MISSING", None),
        ([paper("2026-01-05")], None, None),
        ([paper("2026-01-04")], "REGISTRATION_EXPIRED", "2026-01-04"),
        ([paper("2026-01-04", pending=True)], None, None),
        ([paper(None, "2026-01-06")], "REGISTRATION_EXPIRED", "9999-12-31"),
        ([paper("2025-12-31"), paper(None, "2026-01-05")], None, None),
        ([paper("2025-12-31"), paper("2026-02-28", "2026-01-05")], None, None),
    ],
)
def test_k04_a_certificate_covers_the_day_on_which_the_unit_was_made(papers, code, until):
    done = placing(order("D05", US80), company(), registered(*papers))

    evidence = {"sku": "US80"} | ({"made_on": "2026-01-05", "valid_to": until} if until else {})
    assert told(done) == ({code: evidence} if code else {})
    if code:
        nobody_releases(done.past, code)


@pytest.mark.parametrize(("qty", "holds"), [(4, []), (12, ["REGISTRATION_EXPIRED"])])
def test_k04_what_is_still_to_be_made_needs_a_certificate_of_today(qty, holds):
    wish = order("D05", of("US80", qty, "266000"))

    assert placing(wish, company(), registered(paper("2026-03-01"))).answer["holds"] == holds


@pytest.mark.parametrize(
    ("papers", "refusal"),
    [([], RegistrationMissing), ([paper("2026-01-04")], RegistrationExpired), ([paper("2026-01-05")], None)],
)  # fmt: skip
def test_k04_is_asked_again_when_the_goods_leave(papers, refusal):
    done = later(ready(), registered(*papers)).when(ship, sending("SHP-0001"))

    if refusal:
        done.refuses(refusal)
    else:
        done.accepted()


def locked(code, sku="US80"):
    return fact(Product, sku, Product.Locked(*BY, code=code, reason="smoke"))


@pytest.mark.parametrize("code", ["QUALITY_LOCK", "RECALL_BLOCK"])
def test_k05_a_locked_product_is_held_and_no_other_and_nobody_releases_it(code):
    done = placing(order("D05", US80), company(), locked(code))

    assert told(done) == {code: {"sku": "US80", "reason": "smoke"}}
    nobody_releases(done.past, code)
    other = placing(order("D05", US80), company(), locked(code, "P5"))
    assert other.answer["state"] == "CONFIRMED"


@pytest.mark.parametrize(
    ("code", "refusal"), [("QUALITY_LOCK", QualityLock), ("RECALL_BLOCK", RecallBlock)]
)
def test_k05_is_asked_again_when_the_goods_leave(code, refusal):
    past = later(ready(), locked(code, "P5"), locked(code))
    past.when(ship, sending("SHP-0001")).refuses(refusal, reason="smoke")

    later(past, fact(Product, "US80", Product.Unlocked(*BY, code=code, reason="fine")))
    past.when(ship, sending("SHP-0001")).accepted()


def test_k05_an_order_goes_on_once_quality_unlocks_the_product():
    past = given(company())
    past.when(lock_product, LockProduct(sku="US80", reason="smoke"), by=QUALITY).accepted()
    past.when(place_order, order("D05", US80)).accepted()

    done = past.when(unlock_product, UnlockProduct(sku="US80", reason="fine"), by=QUALITY)

    assert done.answer["orders"] == [{"so": "SO-0001", "state": "CONFIRMED", "holds": []}]


def authorised(first, last):
    """The company, in which D05 has its right to ultrasound devices between two days."""
    mine = msgspec.structs.replace(
        right("ULTRASOUND", "320000"), valid_from=day(first), valid_to=day(last)
    )
    kept = [
        one
        for one in company()
        if not isinstance(one.event, dealer_events.TerritoryGranted)
        or one.key != ("D05",)
        or one.event.authorisation.product_line != "ULTRASOUND"
    ]
    granted = dealer_events.TerritoryGranted(*BY, authorisation=mine)
    return [*kept, fact(Dealer, "D05", granted)]


@pytest.mark.parametrize(
    ("first", "last", "passes"),
    [("2026-01-01", "2026-03-02", True), ("2026-03-02", "2026-12-31", True),
     ("2026-01-01", "2026-03-01", False), ("2026-03-03", "2026-12-31", False)],
)  # fmt: skip
def test_k06_the_dealer_has_a_right_to_the_product_line_on_the_order_date(first, last, passes):
    wish = order("D05", US80, of("INJ", 10, "1260"))

    done = placing(wish, authorised(first, last))

    evidence = {"sku": "US80", "product_line": "ULTRASOUND"}
    assert told(done).get("PRODUCT_NOT_AUTHORISED") == (None if passes else evidence)


@pytest.mark.parametrize("by", [MGR_EAST, MGR_NATIONAL])
def test_k06_a_sales_manager_releases_it(by):
    past = placing(order("D05", US80), authorised("2026-01-01", "2026-03-01")).accepted()

    for other in (FINANCE, ADMIN, REP_EAST):
        releasing(past, "PRODUCT_NOT_AUTHORISED", other).refuses(ForbiddenRole)
    assert releasing(past, "PRODUCT_NOT_AUTHORISED", MGR_WEST).refusal is not None
    done = releasing(past, "PRODUCT_NOT_AUTHORISED", by)
    assert done.answer["holds"] == ["ADDRESS_OUT_OF_TERRITORY"]


@pytest.mark.parametrize(("qty", "holds"), [(4, []), (5, ["NO_SUPPLY"])])
def test_k14_an_order_is_held_when_nothing_can_supply_it(qty, holds):
    only_four = [*master_data(), *units("WH-SH", "US80", "2026-01-05", *"ABCD")]

    done = placing(order("D05", of("US80", qty, "266000")), only_four, discontinued("US80"))

    assert done.answer["holds"] == holds
    if holds:
        nobody_releases(done.past, "NO_SUPPLY")


def boxes(expiry):
    """Only one lot of INJ, of which 180 days are usually left: until 29 August 2026."""
    ended = product("INJ", min_shelf_days=180, life="END")
    return [*master_data(), ended, *lot("WH-SH", "INJ", "L1", 50, expiry)]


@pytest.mark.parametrize(
    ("expiry", "more", "left"),
    [
        ("2026-08-29", {}, None),
        ("2026-08-28", {}, 179),
        ("2026-08-28", {"min_shelf_days": 179}, None),
        ("2026-03-02", {}, 0),
        ("2026-03-02", {"min_shelf_days": 0}, None),
    ],
)
def test_k15_goods_with_less_life_than_usual_need_the_dealers_consent(expiry, more, left):
    done = placing(order("D05", of("INJ", 50, "1260"), **more), boxes(expiry))

    evidence = {"line_no": 1, "sku": "INJ", "days_left": left, "days_usual": 180}
    assert told(done) == ({} if left is None else {"SHORT_DATED_CONSENT": evidence})


def test_k15_what_has_expired_is_no_goods_to_consent_to():
    done = placing(order("D05", of("INJ", 50, "1260")), boxes("2026-03-01"))

    assert done.answer["holds"] == ["NO_SUPPLY"]


def test_k15_the_representative_releases_it_with_the_dealers_document():
    past = placing(order("D05", of("INJ", 50, "1260")), boxes("2026-08-28")).accepted()

    for by in (FINANCE, ADMIN, MGR_EAST):
        releasing(past, "SHORT_DATED_CONSENT", by, "h").refuses(ForbiddenRole)
    releasing(past, "SHORT_DATED_CONSENT", REP_EAST, " ").refuses(DocMissing)
    done = releasing(past, "SHORT_DATED_CONSENT", REP_EAST, "h")

    assert done.answer["state"] == "CONFIRMED"
    assert (line(past).min_shelf_days, line(past).reserved) == (179, 50)


def permitted(code, first, last):
    permit = Permit("P-1", code, day(first), day(last))
    return fact(Customer, "H-NJ-02", Customer.Permitted(*BY, permit=permit))


LARGE = product("US80", large_equipment_permit=True)
TO_HOSPITAL = order("D05", US80, ship_to="ADR-H-NJ-02", end_customer_id="H-NJ-02")


@pytest.mark.parametrize(
    ("facts", "passes"),
    [
        ([LARGE], False),
        ([], True),
        ([LARGE, permitted("06-07", "2026-03-02", "2026-03-02")], True),
        ([LARGE, permitted("06-07", "2026-01-01", "2026-03-01")], False),
        ([LARGE, permitted("06-07", "2026-03-03", "2026-12-31")], False),
        ([LARGE, permitted("06-01", "2026-01-01", "2026-12-31")], False),
    ],
)
def test_k17_large_equipment_needs_the_hospitals_permit(facts, passes):
    evidence = {"sku": "US80", "customer": "H-NJ-02", "catalogue_code": "06-07"}

    found = told(placing(TO_HOSPITAL, company(), facts))

    assert found == ({} if passes else {"HOSPITAL_PERMIT_MISSING": evidence})


def test_k17_a_sales_manager_lets_the_order_pass_but_not_the_shipment():
    past = placing(TO_HOSPITAL, company(), LARGE).accepted()
    releasing(past, "HOSPITAL_PERMIT_MISSING", FINANCE).refuses(ForbiddenRole)
    done = releasing(past, "HOSPITAL_PERMIT_MISSING", MGR_EAST)
    assert done.answer["state"] == "CONFIRMED"
    reviewed(past, "SHP-0001", DEVICE)

    past.when(ship, sending("SHP-0001")).refuses(HospitalPermitMissing)
    later(past, permitted("06-07", "2026-03-01", "2026-12-31"))
    past.when(ship, sending("SHP-0001")).accepted()
