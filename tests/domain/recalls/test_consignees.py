"""Everybody who has any of it, or has sold it on, is listed: nobody else."""

from domain.cases.recall import Recall
from domain.channel.book import Buyer
from domain.flows.goods.disposing import InspectReturn, inspect_return
from domain.flows.goods.shipping import ship
from domain.flows.orders.ordering import place_order
from domain.goods.goods_return import Disposed
from tests.domain.diversion.steps import (
    HANGZHOU,
    LOT,
    NANJING,
    bought,
    boxes,
    count,
    install,
    report,
    sale,
    world,
)
from tests.domain.recalls.steps import (
    OPENED_ON,
    SECOND,
    had,
    of_lot,
    of_product,
    of_range,
    open_it,
    opened,
    recall,
    two_lots,
)
from tests.domain.story import goods, of, order, placed, reviewed, sending, sent, signed
from tests.domain.supply.steps import QUALITY, came_back, item

U = [f"US80-26-000{number}" for number in range(1, 10)]
D12 = Buyer(dealer="D12")
BACK = "2026-03-23"


def listed(past):
    """Kind, and the dealer that a hospital bought from, by consignee."""
    return {name: (one.kind, one.through) for name, one in recall(past).consignees.items()}


def family(own=10, sold=12):
    """D05 got 60 boxes, gave 20 to D12 and sold some; D12 sold some of them."""
    past = boxes(60)
    report(past, "D05", sale(D12, lot=LOT, qty=20), sale("H-NJ-02", lot=LOT, qty=own, line_no=2))
    report(past, "D12", sale("H-SZ-01", lot=LOT, qty=sold)).accepted()
    return past


def test_dealers_sub_dealers_and_hospitals_are_listed_with_what_they_have():
    past = opened(family(), **of_lot(LOT))

    assert had(past) == {"D05": 30, "H-NJ-02": 10, "D12": 8, "H-SZ-01": 12}
    assert listed(past) == {
        "D05": ("DEALER", None),
        "H-NJ-02": ("HOSPITAL", "D05"),
        "D12": ("DEALER", None),
        "H-SZ-01": ("HOSPITAL", "D12"),
    }
    assert sum(had(past).values()) == 60


def test_a_book_below_nothing_is_listed_as_it_is():
    past = opened(family(sold=25), **of_lot(LOT))

    assert had(past) == {"D05": 30, "H-NJ-02": 10, "D12": -5, "H-SZ-01": 25}
    assert sum(had(past).values()) == 60


def test_a_dealer_that_sold_everything_on_has_to_pass_the_notice_on():
    past = opened(family(own=40, sold=20), **of_lot(LOT))

    assert had(past) == {"D05": 0, "H-NJ-02": 40, "D12": 0, "H-SZ-01": 20}


def test_a_dealer_that_returned_everything_is_not_listed():
    past = boxes(60)
    came_back(past, item("INJ", 60, lot=LOT), on=BACK)

    assert had(opened(past, **of_lot(LOT))) == {}


def test_a_dealer_that_returned_a_part_is_listed_with_the_rest():
    past = boxes(60)
    came_back(past, item("INJ", 59, lot=LOT), on=BACK)

    assert had(opened(past, **of_lot(LOT))) == {"D05": 1}


def test_who_returned_everything_and_bought_again_is_listed():
    past = boxes(60)
    came_back(past, item("INJ", 60, lot=LOT), on="2026-03-10")
    boxes(10, past=past, on="2026-03-20")

    assert had(opened(past, **of_lot(LOT))) == {"D05": 10}


def test_who_had_another_lot_only_is_not_listed():
    past = boxes(30, SECOND, dealer="D06", past=two_lots())
    boxes(50, SECOND, dealer="D04", past=past)
    boxes(60, past=past)
    report(past, "D06", sale("H-HZ-03", lot=SECOND, qty=5)).accepted()

    assert had(opened(past, **of_lot(LOT))) == {"D05": 60}


def test_a_recalled_product_lists_all_its_lots_by_consignee():
    past = boxes(80, SECOND, past=two_lots())
    boxes(60, past=past)
    boxes(10, dealer="D06", past=past)
    report(past, "D05", sale("H-NJ-02", lot=SECOND, qty=5)).accepted()

    opened(past, **of_product("INJ"))

    assert had(past) == {"D05": 135, "H-NJ-02": 5, "D06": 10}
    lots = {one.lot: one.qty for one in recall(past).consignees["D05"].goods}
    assert lots == {SECOND: 75, LOT: 60}


def test_two_recalled_lots_are_listed_together():
    past = boxes(80, SECOND, dealer="D06", past=two_lots())
    boxes(60, past=past)

    assert had(opened(past, **of_lot(LOT, SECOND))) == {"D05": 60, "D06": 80}


def test_what_a_dealer_counted_does_not_change_what_it_has_by_the_book():
    past = boxes(60)
    count(past, "D05", 58).accepted()

    assert had(opened(past, **of_lot(LOT))) == {"D05": 60}


def test_a_hospital_that_bought_from_two_dealers_is_listed_once():
    past = family()
    report(past, "D12", sale("H-NJ-02", lot=LOT, qty=3)).accepted()

    opened(past, **of_lot(LOT))

    assert had(past)["H-NJ-02"] == 13
    assert listed(past)["H-NJ-02"] == ("HOSPITAL", "D05")


def test_devices_are_listed_by_number_where_they_are():
    past = bought(*U[:4])
    install(past, U[0], NANJING).accepted()
    report(past, "D05", sale("H-NJ-02", U[1]), sale(D12, U[2], line_no=2)).accepted()

    opened(past, **of_range(U[0], U[3]))

    assert had(past) == {"D05": 1, "H-NJ-02": 2, "D12": 1}
    serials = {
        name: {serial for held in one.goods if held.qty for serial in held.serials}
        for name, one in recall(past).consignees.items()
    }
    assert serials == {"D05": {U[3]}, "H-NJ-02": {U[0], U[1]}, "D12": {U[2]}}


def test_a_device_that_stands_in_a_foreign_region_is_listed_where_it_stands():
    past = bought(U[0])
    install(past, U[0], HANGZHOU).accepted()

    opened(past, **of_range(U[0], U[0]))

    assert (had(past), listed(past)["H-HZ-03"]) == (
        {"D05": 0, "H-HZ-03": 1},
        ("HOSPITAL", "D05"),
    )


def test_a_device_that_came_back_to_us_is_nobodys_any_more():
    past = bought(U[0], U[1])
    came_back(past, item("US80", serial=U[0]), on=BACK)

    assert had(opened(past, **of_range(U[0], U[1]))) == {"D05": 1}


def test_who_has_devices_outside_the_range_only_is_not_listed():
    past = bought(U[2], dealer="D06", past=bought(U[0], U[1]))

    assert had(opened(past, **of_range(U[2], U[5]))) == {"D06": 1}


def test_a_device_that_nobody_signed_for_yet_is_listed_with_its_dealer():
    past = placed(of("US80", 2), past=world())
    sent(past, "SHP-0001", goods("SO-0001", 1, "US80", U[0], U[1]))

    opened(past, **of_range(U[1], U[2]))

    assert (had(past), listed(past)) == ({"D05": 1}, {"D05": ("DEALER", None)})
    assert recall(past).consignees["D05"].goods[0].serials == (U[1],)


def test_a_device_that_was_given_back_and_sent_to_another_dealer_is_listed_with_that_one():
    past = bought(U[0])
    rma = came_back(past, item("US80", serial=U[0]), on="2026-03-10")
    fine = InspectReturn(
        rma_id=rma, items=(Disposed("US80", "RESTOCK", 1, None, U[0]),), report_hash="r"
    )
    past.when(inspect_return, fine, by=QUALITY, on="2026-03-11").accepted()
    placed(of("US80", 1), dealer="D06", past=past)
    sent(past, "SHP-0002", goods("SO-0002", 1, "US80", U[0]), on="2026-03-12")

    assert had(opened(past, **of_range(U[0], U[0]))) == {"D06": 1}


def straight(past, line, *packages):
    """D05 ordered goods that went straight to its hospital, which signed for them."""
    wanted = order("D05", line, ship_to="ADR-H-NJ-02", end_customer_id="H-NJ-02")
    past.when(place_order, wanted).accepted()
    reviewed(past, "SHP-0001", *packages)
    past.when(ship, sending("SHP-0001"), on="2026-03-03").accepted()
    return signed(past, "SHP-0001")


def test_a_device_that_went_straight_to_a_hospital_is_listed_there():
    past = straight(world(), of("US80", 1), goods("SO-0001", 1, "US80", U[0]))

    assert had(opened(past, **of_range(U[0], U[0]))) == {"D05": 0, "H-NJ-02": 1}


def test_a_lot_that_went_straight_to_a_hospital_is_listed_there():
    past = straight(world(), of("INJ", 30), goods("SO-0001", 1, "INJ", LOT, qty=30))

    opened(past, **of_lot(LOT))

    assert had(past) == {"D05": 0, "H-NJ-02": 30}
    assert listed(past)["H-NJ-02"] == ("HOSPITAL", "D05")


def test_who_reported_sales_of_a_lot_that_it_never_got_is_listed():
    past = boxes(60)
    report(past, "D09", sale("H-CD-05", lot=LOT, qty=5)).accepted()

    opened(past, **of_lot(LOT))

    assert had(past) == {"D05": 60, "D09": -5, "H-CD-05": 5}
    assert listed(past)["H-CD-05"] == ("HOSPITAL", "D09")


def test_who_returned_everything_and_reports_sales_all_the_same_is_listed():
    past = boxes(60)
    report(past, "D05", sale("H-NJ-02", lot=LOT, qty=10)).accepted()
    came_back(past, item("INJ", 60, lot=LOT), on=BACK)

    assert had(opened(past, **of_lot(LOT))) == {"D05": -10, "H-NJ-02": 10}


def test_who_is_to_be_told_is_listed_with_its_name_and_where_it_is():
    past = opened(family(), **of_lot(LOT))

    told = {name: one.contact for name, one in recall(past).consignees.items()}
    assert told == {
        "D05": "Jinling (Jiangsu), USCC-D05",
        "H-NJ-02": "H-NJ-02, ADR-H-NJ-02",
        "D12": "Gusu (Suzhou), USCC-D12",
        "H-SZ-01": "H-SZ-01, ADR-H-SZ-01",
    }


def test_nobody_is_listed_of_what_never_left_us():
    past = world()

    opened(past, **of_lot(LOT))

    assert recall(past).consignees == {}


def test_the_list_is_made_once_and_stays_what_it_was():
    past = opened(family(), **of_lot(LOT))

    report(past, "D05", sale("H-SZ-01", lot=LOT, qty=5, on=OPENED_ON)).accepted()

    assert had(past) == {"D05": 30, "H-NJ-02": 10, "D12": 8, "H-SZ-01": 12}


def test_the_list_is_a_fact_of_the_recall_that_no_person_wrote():
    done = open_it(family(), **of_lot(LOT))

    (told,) = done.recorded(Recall.ConsigneesListed)
    assert (told.by.user, len(told.consignees)) == ("system:recall", 4)
    assert set(done.answer["to_notify"]) == {"D05", "H-NJ-02", "D12", "H-SZ-01"}
