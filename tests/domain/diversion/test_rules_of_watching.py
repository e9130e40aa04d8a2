"""R11, R13, R14 and R16: months, prices, offers and silence, which no single sighting shows."""

from decimal import Decimal

import pytest

from domain.channel.book import Movement
from domain.channel.dealer_stock import DealerStock
from domain.flows.cases.ruling import SetPotential, set_potential
from domain.flows.cases.watching import (
    RecordListing,
    RecordMarketPrice,
    WatchDealer,
    record_listing,
    record_market_price,
    watch_dealer,
)
from domain.flows.channel.reporting import CountedGoods, ReportDealerCount, report_count
from domain.goods.market_watch import MarketWatch
from domain.goods.refusals import UdiUnknownDi
from domain.goods.udi import Scan
from domain.kernel.refusal import FutureDated, NotFound, ValidationFailed
from tests.domain.diversion.steps import (
    LOT,
    NANJING,
    ON,
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
    sale,
    see,
    thresholds,
    world,
)
from tests.domain.story import US80_1, US80_2, scan
from tests.domain.support import day, fact
from tests.domain.world import BY, DI

MONTH_END = "2026-03-31"
ADDRESS = "shop.example/item/1"


def received(month, qty):
    moved = Movement("INJ", qty, day(f"{month}-15"), LOT)
    return fact(DealerStock, "D05", DealerStock.ReceiptRecorded(*BY, moved=moved, shipment="OLD"))


def steady(qty, before=10, spike=()):
    """D05 bought so much in March, and the same every month before, but for some."""
    months = [f"2025-{month:02}" for month in range(3, 13)] + ["2026-01", "2026-02"]
    past = boxes(qty, past=add(world(), *(received(one, before) for one in months)))
    return add(past, *(received(month, more) for month, more in spike))


def potential(past, qty, dealer="D05"):
    command = SetPotential(dealer_id=dealer, sku="INJ", qty=qty)
    return past.when(set_potential, command).accepted()


def watch(past, dealer="D05", on=MONTH_END):
    return past.when(watch_dealer, WatchDealer(dealer_id=dealer, as_of=day(on)), on=on)


def test_r11_a_dealer_bought_far_more_than_ever_and_than_its_territory_uses():
    done = watch(potential(steady(60), 20))

    found = alert(done)
    assert (found.rule, found.severity, points(found)) == ("R11", "LOW", [30])
    assert (found.source_dealer, found.suspect_dealer, found.responsible_dealer) == ("D05",) * 3
    assert (found.sku, found.received) == ("INJ", 60)
    assert found.note == "60 in 2026-03, usually at most 10.0, potential 20, explained 0.00 %"
    assert watch(done.past).answer["cases"] == ["DIV-0001"]
    assert len(case(done.past).evidence) == 1


@pytest.mark.parametrize(
    ("qty", "units", "spike"),
    [
        (10, 1, ()),
        (30, 20, ()),
        (60, 40, ()),
        (60, 20, (("2025-06", 60),)),
        (60, None, ()),
    ],
)
def test_r11_looks_alike_a_usual_month_or_one_that_the_territory_can_use(qty, units, spike):
    past = steady(qty, spike=spike)
    if units is not None:
        potential(past, units)

    assert watch(past).answer["cases"] == []


@pytest.mark.parametrize(
    ("sold", "left", "raised"), [(41, 0, True), (42, 0, False), (0, 42, False)]
)
def test_r11_looks_alike_a_month_that_sales_and_stock_explain_by_seven_tenths(sold, left, raised):
    past = potential(steady(60), 20)
    if sold:
        report(past, "D05", sale("H-NJ-02", lot=LOT, qty=sold)).accepted()
    count(past, "D05", left, on=MONTH_END).accepted()

    assert watch(past).answer["cases"] == (["DIV-0001"] if raised else [])


def test_r11_looks_alike_another_dealers_or_another_products_potential():
    past = potential(steady(60), 20, dealer="D06")

    assert watch(past).answer["cases"] == []


def quoted(past, price, region="330100", sku="US80", on=ON, **more):
    told = {"document_hash": "sha256:q", "observer": "rep-east", "hospital_id": "H-HZ-03"} | more
    command = RecordMarketPrice(
        sku=sku, region_code=region, price=Decimal(price), seen_on=day(on), **told
    )
    return past.when(record_market_price, command, on=ON)


def test_r13_a_price_below_the_places_floor_that_dealers_of_another_region_pay():
    done = quoted(world(), "266000")

    found = alert(done)
    assert (found.rule, found.severity, points(found)) == ("R13", "LOW", [35, 10, -12])
    assert (found.victim_dealer, found.suspects) == ("D06", ("D04", "D05"))
    assert (found.suspect_dealer, found.source_dealer) == (None, None)
    assert (found.p_source, found.p_local) == (Decimal(266000), Decimal(277400))
    assert found.note == "offered at 266,000.00, floor 269,000.00"
    assert (found.observed_region, found.observed_hospital, found.source) == (
        "330100",
        "H-HZ-03",
        "PUBLIC_TENDER",
    )


@pytest.mark.parametrize(
    ("price", "region", "raised"),
    [
        ("263340", "330100", True),
        ("268660", "330100", True),
        ("263339.99", "330100", False),
        ("268660.01", "330100", False),
        ("269000", "330100", False),
        ("258000", "320100", False),
        ("257999", "320100", False),
        ("266000", "430100", False),
    ],
)
def test_r13_looks_alike_a_price_at_the_floor_or_a_match_of_more_than_a_hundredth(
    price, region, raised
):
    past = world()

    quoted(past, price, region).accepted()

    assert cases(past) == ({"DIV-0001": "R13"} if raised else {})
    assert past.get(MarketWatch, "US80").version == 1


def test_r13_the_prices_and_rights_are_those_of_the_day_of_the_offer():
    past = world()

    quoted(past, "266000", on="2025-12-31").accepted()

    assert cases(past) == {}


def test_a_price_has_a_place_a_document_and_a_source_and_is_of_the_past():
    wrong = {"document_hash": " ", "source": "RUMOUR", "on": "2026-03-22"}
    past = world()

    quoted(past, "-1", "33", **wrong).refuses(*[ValidationFailed] * 4, FutureDated)
    quoted(past, "1", sku="X9").refuses(NotFound)


def listed(past, label, on=ON, **more):
    told = {"address": ADDRESS, "seller": "a shop", "region_code": "440100"} | more
    return past.when(record_listing, RecordListing(scan=label, seen_on=day(on), **told), on=ON)


def test_r14_a_device_of_a_dealer_is_offered_on_the_net():
    found = alert(listed(bought(US80_1), scan("US80", US80_1)))

    assert (found.rule, found.note, found.serial) == ("R14", ADDRESS, US80_1)
    assert (points(found), found.score, found.severity) == ([35, 10, -12], 33, "LOW")
    assert (found.suspect_dealer, found.source_dealer, found.shp) == ("D05", "D05", "SHP-0001")


@pytest.mark.parametrize(
    ("label", "lot", "part"),
    [
        (scan("US80", "US80-26-9999"), None, "US80-26-9999"),
        (scan("INJ", lot=LOT), LOT, ""),
        (Scan(di=DI["US80"]), "", ""),
    ],
)
def test_r14_a_number_a_lot_or_a_mere_photo_is_offered_and_nobody_is_accused(label, lot, part):
    past = world()

    found = alert(listed(past, label, photo_hash="sha256:p"))

    assert (found.rule, found.serial, found.lot or "") == ("R14", part, lot or "")
    assert (found.source_dealer, found.suspect_dealer) == (None, None)
    assert case(past).evidence[0].photos == ("sha256:p",)


def test_r14_one_address_is_one_case_and_another_is_another():
    past = world()
    for address in (ADDRESS, ADDRESS, "shop.example/item/2"):
        listed(past, Scan(di=DI["US80"]), address=address).accepted()

    assert cases(past) == {"DIV-0001": "R14", "DIV-0002": "R14"}


def test_r14_looks_alike_a_device_that_is_only_seen_or_priced():
    past = bought(US80_1)
    see(past, US80_1, "440100", source="PUBLIC_TENDER").accepted()
    quoted(past, "277400").accepted()

    assert cases(past) == {}


def test_an_offer_names_a_product_an_address_and_a_place():
    past = world()

    listed(past, Scan(), address=" ", region_code="x").refuses(*[ValidationFailed] * 3)
    listed(past, Scan(di="06970012349999")).refuses(UdiUnknownDi)


@pytest.mark.parametrize(("on", "raised"), [("2026-08-30", False), ("2026-08-31", True)])
def test_r16_a_device_lies_at_a_dealer_for_more_than_180_days_without_a_word(on, raised):
    past = bought(US80_1, on="2026-03-03")

    assert watch(past, on=on).answer["cases"] == (["DIV-0001"] if raised else [])


def test_r16_says_whose_device_it_is_and_for_how_long():
    found = alert(watch(bought(US80_1), on="2026-08-31"))

    assert (found.rule, found.note, found.serial) == ("R16", "no word for 181 days", US80_1)
    assert (points(found), found.score, found.severity) == ([20, 10], 30, "LOW")
    assert (found.source_dealer, found.suspect_dealer, found.victim_dealer) == ("D05", "D05", None)


def counted(past, *serials, on="2026-06-30"):
    line = CountedGoods(sku="US80", qty=len(serials), serials=serials)
    command = ReportDealerCount(dealer_id="D05", as_of=day(on), lines=(line,))
    return past.when(report_count, command, on=on).accepted()


@pytest.mark.parametrize(
    "word",
    [
        lambda past: counted(past, US80_1),
        lambda past: install(past, US80_1, NANJING).past,
        lambda past: report(past, "D05", sale("H-NJ-02", US80_1)).past,
        lambda past: thresholds(past, silent_days=200),
    ],
)
def test_r16_looks_alike_a_device_that_was_counted_or_sold_since(word):
    past = word(bought(US80_1))

    assert watch(past, on="2026-08-31").answer["cases"] == []


def test_r16_a_count_that_does_not_name_a_device_is_no_word_of_it():
    past = counted(bought(US80_1, US80_2), US80_2)

    assert watch(past, on="2026-08-31").answer["cases"] == ["DIV-0001"]
    assert case(past).known.serial == US80_1
