"""R01, use outside of the territory: of which use, by whose right, and who is told of it."""

from decimal import Decimal

import msgspec
import pytest

from domain.channel.book import Buyer
from domain.flows.parties.granting import AmendTerritory, amend_territory
from domain.parties.dealer_terms import DealerProfile
from tests.domain.diversion.steps import (
    CHANGSHA,
    CHENGDU,
    HANGZHOU,
    NANJING,
    ON,
    SHANGHAI,
    SUZHOU,
    alert,
    bought,
    case,
    cases,
    install,
    points,
    register,
    report,
    rules,
    sale,
    see,
    unit,
    world,
)
from tests.domain.story import US80_1, goods, of, placed, sent
from tests.domain.supply.steps import came_back, item, product
from tests.domain.support import day
from tests.domain.world import dealer, right

D12 = Buyer(dealer="D12")
D13 = DealerProfile(
    legal_name="Yongcheng (Ningbo)",
    uscc="USCC-D13",
    tier="C",
    sales_region="EAST",
    level=2,
    parent="D06",
)
FACTS = ("source_dealer", "suspect_dealer", "responsible_dealer", "victim_dealer")


def people(found):
    return tuple(getattr(found, name) for name in FACTS)


def below(*serials):
    """D05 sold devices on to D12, its sub-dealer in Suzhou."""
    past = bought(*serials)
    lines = [sale(D12, one, "2026-03-10", line_no=number) for number, one in enumerate(serials, 1)]
    return report(past, "D05", *lines).accepted()


@pytest.mark.parametrize(
    ("use", "source", "doubt"),
    [
        (lambda past: install(past, US80_1, HANGZHOU), "SERVICE_ENGINEER_SCAN", -1),
        (lambda past: register(past, US80_1, HANGZHOU), "WARRANTY_REGISTRATION", -2),
        (lambda past: report(past, "D05", sale("H-HZ-03", US80_1)), "DEALER_PORTAL", -4),
    ],
)
def test_r01_installed_registered_or_sold_where_the_holder_has_no_right(use, source, doubt):
    found = alert(use(bought(US80_1)))

    assert (found.rule, found.source, found.severity) == ("R01", source, "CRITICAL")
    assert (points(found), found.score) == ([60, 20, 10, 10, doubt], 100 + doubt)
    assert people(found) == ("D05", "D05", "D05", "D06")
    assert (found.p_source, found.p_local, found.gap_pct) == (
        Decimal(266000),
        Decimal(277400),
        Decimal("4.11"),
    )
    assert (found.shp, found.so, found.invoice) == ("SHP-0001", "SO-0001", "INV-2603-001")
    assert (found.observed_region, found.observed_hospital, found.observed_on) == (
        *reversed(HANGZHOU),
        day(ON),
    )


@pytest.mark.parametrize(
    "use",
    [
        lambda past: install(past, US80_1, NANJING),
        lambda past: install(past, US80_1, SUZHOU),
        lambda past: register(past, US80_1, NANJING),
        lambda past: report(past, "D05", sale("H-NJ-02", US80_1)),
        lambda past: see(past, US80_1, "330100"),
    ],
)
def test_r01_looks_alike_lawful_use_and_a_plain_sighting(use):
    past = bought(US80_1)

    use(past).accepted()

    assert cases(past) == {}


def redrawn(past, dealer_id, *regions, **more):
    """The dealer has these rights from 10 March on."""
    granted = msgspec.structs.replace(
        right("ULTRASOUND", *regions), valid_from=day("2026-03-10"), version=2, **more
    )
    command = AmendTerritory(dealer_id=dealer_id, authorisation=granted)
    return past.when(amend_territory, command).accepted()


def test_r01_looks_alike_a_hospital_that_the_right_includes():
    past = redrawn(bought(US80_1), "D06", "330000", hospitals_exclude=("H-HZ-03",))
    redrawn(past, "D05", "320000", hospitals_include=("H-HZ-03",))

    install(past, US80_1, HANGZHOU).accepted()

    assert cases(past) == {}


def test_r01_a_hospital_that_the_right_excludes_and_that_is_nobodys_then():
    past = redrawn(bought(US80_1), "D05", "320000", hospitals_exclude=("H-NJ-02",))

    found = alert(install(past, US80_1, NANJING, on="2026-05-20"))

    assert (found.rule, found.victim_dealer) == ("R01", None)


def test_r01_nobodys_region_has_no_victim_and_no_price_of_the_place():
    found = alert(install(bought(US80_1), US80_1, CHANGSHA))

    assert (points(found), found.score, found.severity) == ([60, 10, -1], 69, "MEDIUM")
    assert (found.victim_dealer, found.p_local, found.gap_pct) == (None, None, None)


def test_r01_a_source_that_paid_as_much_as_the_victim_scores_no_gap():
    found = alert(install(bought(US80_1), US80_1, SHANGHAI))

    assert (points(found), found.score) == ([60, 20, 10, -1], 89)
    assert (found.victim_dealer, found.gap_pct) == ("D04", Decimal("0.00"))


def test_r01_a_source_that_paid_more_than_the_victim_scores_no_gap():
    found = alert(install(bought(US80_1, dealer="D06"), US80_1, SHANGHAI))

    assert (points(found), found.gap_pct) == ([60, 20, 10, -1], Decimal("-4.29"))


def test_r01_a_cheap_device_scores_nothing_for_its_list_price():
    past = bought(US80_1, past=world(product("US80", list_price=Decimal("99999.99"))))

    assert points(alert(install(past, US80_1, HANGZHOU))) == [60, 20, 10, -1]


def test_a_sub_dealer_sells_in_its_own_city():
    past = below(US80_1)

    install(past, US80_1, SUZHOU).accepted()

    assert cases(past) == {}


def test_a_sub_dealer_out_of_its_city_and_in_its_parents_province_is_a_low_matter():
    found = alert(install(below(US80_1), US80_1, NANJING))

    assert (found.rule, found.code) == ("R01", "SUBDEALER_OUT_OF_AREA")
    assert (found.score, found.severity) == (39, "LOW")
    assert people(found) == ("D05", "D12", "D05", None)


def test_a_sub_dealer_outside_of_its_parents_province_is_r01_and_its_parent_answers_for_it():
    found = alert(install(below(US80_1), US80_1, HANGZHOU))

    assert (found.rule, found.code, found.score) == ("R01", None, 99)
    assert people(found) == ("D05", "D12", "D05", "D06")


def test_a_device_that_moves_inside_of_a_family_is_no_use_of_it():
    past = bought(US80_1)

    assert report(past, "D05", sale(D12, US80_1)).answer["cases"] == []
    assert unit(past, US80_1).dealer == "D12"


def test_a_sale_between_sub_dealers_of_two_parents_is_r07_and_r01_in_one_case():
    past = world(*dealer("D13", D13, "330200", 0))
    report(bought(US80_1, past=past), "D05", sale(D12, US80_1, "2026-03-10")).accepted()

    done = report(past, "D12", sale(Buyer(dealer="D13"), US80_1))

    assert done.answer["cases"] == ["DIV-0001"]
    assert rules(done) == ["R07"]
    assert (case(past).known.rule, case(past).known.score) == ("R01", 96)
    assert people(case(past).known) == ("D05", "D12", "D05", "D06")
    assert unit(past, US80_1).dealer == "D13"


def test_use_is_judged_by_the_rights_of_its_line_of_products():
    past = bought("DR50-25-0002", dealer="D09", wh="WH-CD")

    install(past, "DR50-25-0002", CHENGDU).accepted()
    assert cases(past) == {}
    assert rules(install(bought(US80_1), US80_1, CHENGDU)) == ["R01"]


@pytest.mark.parametrize(
    "first",
    [
        lambda past: report(past, "D05", sale("H-NJ-02", US80_1, "2026-03-20")),
        lambda past: install(past, US80_1, NANJING, on="2026-03-20"),
    ],
)
def test_a_dealer_that_reports_its_device_as_sold_elsewhere_than_it_stands_is_judged(first):
    past = first(bought(US80_1)).accepted()

    done = report(past, "D05", sale("H-HZ-03", US80_1))

    assert rules(done) == ["R05", "R01"]
    assert people(case(past, "DIV-0002").known) == ("D05", "D05", "D05", "D06")
    assert unit(past, US80_1).hospital == "H-NJ-02"


def test_a_dealer_that_reports_the_sale_of_what_stands_there_already_raises_nothing():
    past = install(bought(US80_1), US80_1, NANJING, on="2026-03-20").past

    report(past, "D05", sale("H-NJ-02", US80_1)).accepted()

    assert cases(past) == {}


@pytest.mark.parametrize(("hospital", "raised"), [("H-HZ-03", ["R01"]), ("H-NJ-02", [])])
def test_a_device_that_is_sold_before_its_delivery_was_signed_is_judged(hospital, raised):
    past = placed(of("US80", 1), past=world())
    sent(past, "SHP-0001", goods("SO-0001", 1, "US80", US80_1))

    assert rules(report(past, "D05", sale(hospital, US80_1))) == raised
    assert unit(past, US80_1).state == "SHIPPED"


@pytest.mark.parametrize(
    ("dealer_id", "on", "raised"),
    [
        ("D05", "2026-03-05", ["R01"]),
        ("D05", "2026-03-09", ["R03"]),
        ("D06", "2026-03-05", ["R06"]),
    ],
)
def test_a_sale_that_is_told_late_is_judged_by_who_had_the_device_that_day(dealer_id, on, raised):
    past = bought(US80_1)
    came_back(past, item("US80", serial=US80_1), on="2026-03-08")

    done = report(past, dealer_id, sale("H-HZ-03", US80_1, on), told=ON)

    assert rules(done) == raised
    assert unit(past, US80_1).state == "QUARANTINED"
