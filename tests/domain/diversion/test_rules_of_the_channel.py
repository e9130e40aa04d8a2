"""R02, R06 and R07: signed for elsewhere, and sold by or to strangers."""

import msgspec
import pytest

from domain.channel.book import Buyer
from domain.channel.dealer_stock import DealerStock
from domain.flows.goods.delivering import confirm_delivery
from domain.flows.parties.granting import AmendTerritory, amend_territory
from domain.parties import dealer_events
from domain.parties.dealer import Dealer
from domain.parties.dealer_terms import DealerProfile
from tests.domain.diversion.steps import (
    LOT,
    add,
    alert,
    bought,
    boxes,
    case,
    cases,
    delivered,
    points,
    report,
    rules,
    sale,
    unit,
    world,
)
from tests.domain.story import US80_1, US80_2, goods, of, placed, sent, signing
from tests.domain.support import day, fact
from tests.domain.world import BY, dealer, right

D12, D13, D14 = (Buyer(dealer=one) for one in ("D12", "D13", "D14"))
STRANGER = Buyer(name="a shop in Wuxi", region_code="320200")


def on_its_way(sku="US80", *named, qty=None):
    wanted = qty or len(named)
    past = placed(of(sku, wanted), past=world())
    return sent(past, "SHP-0001", goods("SO-0001", 1, sku, *named, qty=qty))


def test_r02_a_device_is_signed_for_in_another_region_than_its_order_said():
    done = delivered(on_its_way("US80", US80_1), "SHP-0001", "330100", "2026-03-05")

    found = alert(done)
    assert (found.rule, found.source, found.note) == (
        "R02",
        "SIGNED_POD",
        "to be delivered in 320100",
    )
    assert (points(found), found.score, found.severity) == ([50, 20, 10, 10], 90, "CRITICAL")
    assert (found.suspect_dealer, found.victim_dealer, found.shp) == ("D05", "D06", "SHP-0001")
    assert (found.observed_region, found.invoice) == ("330100", "INV-2603-001")
    assert done.answer["cases"] == ["DIV-0001"]


def test_r02_goods_of_a_lot_are_signed_for_elsewhere():
    past = on_its_way("INJ", LOT, qty=10)

    found = alert(delivered(past, "SHP-0001", "430100", "2026-03-05"))

    assert (found.rule, found.lot, found.serial) == ("R02", LOT, "")
    assert (points(found), found.severity) == ([50], "MEDIUM")
    assert (found.source_dealer, found.responsible_dealer, found.shp) == ("D05", "D05", "SHP-0001")


def test_r02_every_device_of_a_shipment_is_a_case_of_its_own():
    done = delivered(on_its_way("US80", US80_1, US80_2), "SHP-0001", "430100", "2026-03-05")

    assert [one.serial for one in map(case_of(done.past), done.answer["cases"])] == [
        US80_1,
        US80_2,
    ]


def case_of(past):
    return lambda name: case(past, name).known


@pytest.mark.parametrize("region", ["320100", "320000", "320106"])
def test_r02_looks_alike_a_coarser_or_a_finer_name_of_the_same_place(region):
    past = delivered(on_its_way("US80", US80_1), "SHP-0001", region, "2026-03-05").accepted()

    assert cases(past) == {}


def test_r02_another_city_of_the_same_province_is_another_place():
    done = delivered(on_its_way("US80", US80_1), "SHP-0001", "320500", "2026-03-05")

    assert (alert(done).victim_dealer, points(alert(done))) == (None, [50, 10])


def test_r06_a_dealer_sells_what_it_never_had_and_only_its_own_book_says_so():
    past = bought(US80_1)

    done = report(past, "D04", sale("H-HZ-03", US80_1))

    found = alert(done)
    assert (found.rule, found.severity, points(found)) == ("R06", "CRITICAL", [55, 20, 10, 10, -4])
    people = (found.source_dealer, found.suspect_dealer, found.responsible_dealer)
    assert (*people, found.victim_dealer) == ("D05", "D04", "D05", "D06")
    assert (unit(past, US80_1).state, unit(past, US80_1).dealer) == ("AT_DEALER", "D05")
    books = [past.get(DealerStock, one).balance("US80/") for one in ("D05", "D04")]
    assert books == [1, -1]


def test_r06_looks_alike_a_sub_dealer_that_got_it_from_its_parent():
    past = report(bought(US80_1), "D05", sale(D12, US80_1, "2026-03-10")).accepted()

    assert report(past, "D12", sale("H-SZ-01", US80_1)).answer["cases"] == []


def test_r06_looks_alike_a_device_that_nobody_has():
    assert rules(report(world(), "D06", sale("H-HZ-03", US80_1))) == ["R03"]


def test_r07_a_device_is_sold_to_somebody_who_is_not_of_the_channel():
    done = report(bought(US80_1), "D05", sale(STRANGER, US80_1))

    found = alert(done)
    assert (found.rule, found.note) == ("R07", "sold to a shop in Wuxi, who is not registered")
    assert (points(found), found.score, found.severity) == ([45, 10, -4], 51, "MEDIUM")
    assert (found.source_dealer, found.suspect_dealer, found.responsible_dealer) == ("D05",) * 3
    assert (found.observed_region, found.victim_dealer) == ("320200", None)
    assert unit(done.past, US80_1).state == "SOLD"


def test_r07_a_device_is_sold_to_a_dealer_of_another_parent():
    done = report(bought(US80_1), "D05", sale(Buyer(dealer="D06"), US80_1))

    found = alert(done)
    assert (found.rule, found.note) == ("R07", "D06 is no sub-dealer of D05")
    assert (points(found), found.victim_dealer) == ([45, 20, 10, 10, -4], "D06")


def test_r07_goods_of_a_lot_are_sold_to_a_stranger():
    past = boxes(10)

    found = alert(report(past, "D05", sale(STRANGER, lot=LOT, qty=2)))

    assert (found.rule, found.lot, found.serial) == ("R07", LOT, "")
    assert (points(found), found.score) == ([45, -4], 41)
    assert (found.source_dealer, found.responsible_dealer) == ("D05", "D05")


def test_r07_a_stranger_buys_from_a_sub_dealer_and_its_parent_answers_for_it():
    past = report(boxes(10), "D05", sale(D12, lot=LOT, qty=5, on="2026-03-10")).past

    found = alert(report(past, "D12", sale(STRANGER, lot=LOT, qty=1)))

    assert (found.rule, found.suspect_dealer, found.responsible_dealer) == ("R07", "D12", "D05")


def test_r07_a_sub_dealer_that_is_suspended():
    held = fact(Dealer, "D12", dealer_events.Suspended(*BY, reason="late reports"))

    found = alert(report(add(bought(US80_1), held), "D05", sale(D12, US80_1)))

    assert (found.rule, found.note) == ("R07", "D12 is SUSPENDED")


def below(key, parent, level):
    profile = DealerProfile(
        legal_name=key,
        uscc=f"USCC-{key}",
        tier="C",
        sales_region="EAST",
        level=level,
        parent=parent,
    )
    return dealer(key, profile, "320500", 0)


def test_r07_a_dealer_deeper_in_the_channel_than_is_allowed():
    past = world(*below("D13", "D12", 3), *below("D14", "D13", 4))
    bought(US80_1, past=past)
    chain = [report(past, "D05", sale(D12, US80_1)), report(past, "D12", sale(D13, US80_1))]
    assert [one.answer["cases"] for one in chain] == [[], []]

    found = alert(report(past, "D13", sale(D14, US80_1)))

    assert (found.rule, found.note) == ("R07", "D14 stands at level 4")
    assert (found.suspect_dealer, found.responsible_dealer) == ("D13", "D05")


@pytest.mark.parametrize("buyer", [D12, Buyer(hospital="H-NJ-02"), Buyer(hospital="H-SZ-01")])
def test_r07_looks_alike_a_registered_sub_dealer_and_a_hospital_of_ours(buyer):
    past = boxes(10, past=bought(US80_1))

    report(past, "D05", sale(buyer, US80_1), sale(buyer, lot=LOT, qty=1, line_no=2)).accepted()

    assert cases(past) == {}


def test_r06_a_dealer_that_tells_again_of_what_it_never_had_is_evidence_again():
    past = report(bought(US80_1), "D06", sale("H-HZ-03", US80_1)).past

    done = report(past, "D06", sale("H-HZ-03", US80_1, "2026-03-22"))

    assert done.answer["cases"] == ["DIV-0001"]
    assert (cases(past), len(case(past).evidence)) == ({"DIV-0001": "R06"}, 2)


def test_r06_looks_alike_a_dealer_that_had_it_and_sold_it_on():
    past = report(bought(US80_1), "D05", sale(D12, US80_1, "2026-03-10")).past

    assert rules(report(past, "D05", sale("H-NJ-02", US80_1))) == []


def test_r02_is_of_the_day_of_signing_and_judged_by_the_rights_of_that_day():
    past, proof = on_its_way("US80", US80_1), signing("SHP-0001", region_code="330100")
    granted = msgspec.structs.replace(
        right("ULTRASOUND", "330500"), valid_from=day("2026-03-06"), version=2
    )
    command = AmendTerritory(dealer_id="D06", authorisation=granted)
    past.when(amend_territory, command).accepted()

    found = alert(past.when(confirm_delivery, proof, on="2026-03-09"))

    assert (found.rule, found.observed_on) == ("R02", day("2026-03-05"))
    assert found.victim_dealer == "D06"


def test_r02_goods_of_a_lot_are_of_the_day_of_signing():
    past, proof = on_its_way("INJ", LOT, qty=10), signing("SHP-0001", region_code="430100")

    found = alert(past.when(confirm_delivery, proof, on="2026-03-09"))

    assert (found.rule, found.observed_on) == ("R02", day("2026-03-05"))
