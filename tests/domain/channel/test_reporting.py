"""Reports of dealers: kept whatever they say, entered in the books, and judged at once."""

from datetime import timedelta
from decimal import Decimal

import pytest

from domain.cases.diversion_case import DiversionCase
from domain.channel.book import Buyer
from domain.channel.dealer_stock import DealerStock
from domain.channel.refusals import DateFuture, DuplicateLine
from domain.company.company_policy import CompanyPolicy
from domain.flows.cases.observing import record_installation
from domain.flows.channel.reporting import (
    CountedGoods,
    ReportDealerCount,
    ReportDealerSales,
    ReportedSale,
    report_count,
    report_sales,
)
from domain.flows.goods.delivering import confirm_delivery
from domain.goods.refusals import SerialRequired, UnknownSku
from domain.goods.serial_number import SerialNumber
from domain.kernel.refusal import NotFound, ValidationFailed
from domain.kernel.stamp import Actor
from tests.domain.company import policy
from tests.domain.story import (
    US80_1,
    US80_2,
    at_dealer,
    goods,
    installing,
    of,
    placed,
    sent,
    signed,
    signing,
)
from tests.domain.supply.steps import came_back, item
from tests.domain.support import day
from tests.domain.world import BY, DI, WEIGHTS

ON = "2026-03-21"
LOT = "INJ2512A"
HOSPITAL = Buyer(hospital="H-NJ-02")
D12 = Buyer(dealer="D12")
PORTAL = {name: Decimal(one) for name, one in WEIGHTS.items()} | {"DEALER_PORTAL": Decimal("0.8")}


def watched(past):
    """The company believes what comes through its portal by eight tenths."""
    told = policy(CompanyPolicy.WeightsSet(*BY, weights=PORTAL))
    past.log.get(told.aggregate, *told.key).record(told.event)
    return past


def stocked(qty=60):
    """D05 has signed for boxes of one lot."""
    past = placed(of("INJ", qty, "1260"))
    sent(past, "SHP-0001", goods("SO-0001", 1, "INJ", LOT, qty=qty))
    return watched(signed(past, "SHP-0001"))


def devices(*serials):
    return watched(at_dealer(*serials))


def sold(qty, buyer=HOSPITAL, lot=LOT, on=ON, line_no=1, **more):
    told = {"line_no": line_no, "day": day(on), "sku": "INJ", "buyer": buyer, "qty": qty}
    return ReportedSale(**(told | {"lot": lot} | more))


def unit(serial, buyer=HOSPITAL, line_no=1):
    return ReportedSale(line_no=line_no, day=day(ON), sku="US80", buyer=buyer, serial=serial)


def report(past, *lines, dealer="D05", file="f-1", on=ON, **more):
    command = ReportDealerSales(dealer_id=dealer, file_hash=file, lines=lines, **more)
    return past.when(report_sales, command, on=on)


def count(past, qty, dealer="D05", lot=LOT, on=ON):
    line = CountedGoods(sku="INJ", qty=qty, lot=lot)
    command = ReportDealerCount(dealer_id=dealer, as_of=day(on), lines=(line,))
    return past.when(report_count, command, on=on)


def balance(past, dealer, key=f"INJ/{LOT}"):
    return past.get(DealerStock, dealer).balance(key)


def case(past, name="DIV-0001"):
    return past.get(DiversionCase, name).known


def test_inv_ds_1_the_book_is_what_came_less_what_went():
    past = stocked(60)
    report(past, sold(20, D12), sold(10, line_no=2)).accepted()
    came_back(past, item("INJ", 5, lot=LOT), on=ON)
    report(past, sold(12, Buyer(hospital="H-SZ-01")), dealer="D12", file="f-2").accepted()

    assert balance(past, "D05") == 60 - 20 - 10 - 5
    assert balance(past, "D12") == 20 - 12


def test_a_device_in_use_has_left_the_book_once_whoever_says_so_first():
    past = devices(US80_1, US80_2)
    assert balance(past, "D05", "US80/") == 2
    past.when(record_installation, installing(US80_1, "H-NJ-02", "320100"), on=ON).accepted()
    assert balance(past, "D05", "US80/") == 1

    report(past, unit(US80_1), unit(US80_2, line_no=2)).accepted()

    assert balance(past, "D05", "US80/") == 0
    past.when(record_installation, installing(US80_2, "H-NJ-02", "320100"), on=ON).accepted()
    assert balance(past, "D05", "US80/") == 0


def test_a_reported_sale_to_a_hospital_of_another_territory_raises_the_alarm():
    past = devices(US80_1)

    done = report(past, unit(US80_1, Buyer(hospital="H-HZ-03")))

    assert done.answer["cases"] == ["DIV-0001"]
    raised = case(past)
    assert (raised.rule, raised.observed_region, raised.source) == (
        "R01",
        "330100",
        "DEALER_PORTAL",
    )
    assert past_state(past, US80_1) == ("SOLD", "D05", "H-HZ-03")


def past_state(past, serial):
    one = past.get(SerialNumber, DI["US80"], serial)
    return one.state, one.dealer, one.hospital


def test_a_device_that_is_sold_to_a_sub_dealer_is_the_sub_dealers():
    past = devices(US80_1)

    done = report(past, unit(US80_1, D12))

    assert done.answer["cases"] == []
    assert past_state(past, US80_1) == ("AT_DEALER", "D12", None)
    assert [balance(past, one, "US80/") for one in ("D05", "D12")] == [0, 1]


def test_r06_a_device_is_sold_by_a_dealer_that_never_had_it_and_stays_whose_it_was():
    past = devices(US80_1)

    done = report(past, unit(US80_1, Buyer(hospital="H-HZ-03")), dealer="D06")

    assert done.answer["cases"] == ["DIV-0001"]
    raised = case(past)
    assert (raised.rule, raised.suspect_dealer, raised.source_dealer) == ("R06", "D06", "D05")
    assert past_state(past, US80_1) == ("AT_DEALER", "D05", None)
    assert [balance(past, one, "US80/") for one in ("D05", "D06")] == [1, -1]


def test_r04_a_device_that_nobody_knows_is_kept_and_raises_the_alarm():
    past = devices(US80_1)

    report(past, unit("US80-99-0001")).accepted()

    assert (case(past).rule, balance(past, "D05", "US80/")) == ("R04", 0)


def test_r08_more_of_a_lot_than_ever_came_is_low_while_the_family_may_explain_it():
    past = stocked(60)
    report(past, sold(20, D12)).accepted()

    done = report(past, sold(25, Buyer(hospital="H-SZ-01")), dealer="D12", file="f-2")

    assert done.answer["cases"] == ["DIV-0001"]
    raised = case(past)
    assert (raised.rule, raised.score, raised.severity, raised.code) == (
        "R08",
        39,
        "LOW",
        "INTRA_FAMILY",
    )
    assert (raised.received, raised.sold, raised.excess) == (20, 25, 5)
    assert (raised.source_dealer, raised.responsible_dealer) == ("D12", "D05")
    assert balance(past, "D12") == -5


@pytest.mark.parametrize(
    ("counted", "code", "score"), [(38, None, 46), (37, None, 46), (36, "INTRA_FAMILY", 39)]
)
def test_r08_a_count_in_the_family_explains_the_excess_or_does_not(counted, code, score):
    past = stocked(60)
    report(past, sold(20, D12)).accepted()
    report(past, sold(25, Buyer(hospital="H-SZ-01")), dealer="D12", file="f-2").accepted()
    assert balance(past, "D05") == 40

    count(past, counted).accepted()

    assert (case(past).code, case(past).score) == (code, score)


def test_r08_looks_alike_within_the_tolerance():
    past = stocked(60)

    done = report(past, sold(61))

    assert (done.answer["cases"], balance(past, "D05")) == ([], -1)
    assert report(past, sold(1), file="f-2").answer["cases"] == ["DIV-0001"]


def test_a_dealer_without_a_family_explains_nothing():
    past = watched(placed(of("INJ", 10, "1314"), dealer="D06"))
    sent(past, "SHP-0001", goods("SO-0001", 1, "INJ", LOT, qty=10))
    past.when(confirm_delivery, signing("SHP-0001", region_code="330100"), on=ON).accepted()

    done = report(past, sold(13, Buyer(hospital="H-HZ-03")), dealer="D06")

    assert done.answer["cases"] == ["DIV-0001"]
    assert (case(past).rule, case(past).severity, case(past).code) == ("R08", "MEDIUM", None)


def test_a_sale_without_a_lot_is_taken_from_what_expires_first():
    past = stocked(60)

    report(past, sold(70, lot=None)).accepted()

    books = past.get(DealerStock, "D05").books
    assert {key: book.balance for key, book in books.items()} == {f"INJ/{LOT}": 0, "INJ/": -10}


def test_an_unknown_lot_is_kept_as_suspicious():
    done = report(stocked(60), sold(1, lot="GHOST"))

    (kept,) = done.recorded(DealerStock.SaleReported)
    assert (kept.suspicious, kept.moved.lot) == (True, "GHOST")


def test_only_errors_of_form_are_refused_and_all_at_once():
    past = stocked(60)
    tomorrow = str(day(ON) + timedelta(days=1))
    lines = (
        sold(0),
        sold(1, on=tomorrow, line_no=2),
        sold(1, sku="X9", line_no=3),
        sold(1, Buyer(), line_no=4),
        sold(1, Buyer(hospital="H-XX"), line_no=5),
        ReportedSale(line_no=6, day=day(ON), sku="US80", buyer=HOSPITAL),
    )

    report(past, *lines).refuses(
        ValidationFailed,
        DateFuture,
        UnknownSku,
        ValidationFailed,
        ValidationFailed,
        SerialRequired,
    )
    report(past, sold(1), source="RUMOUR").refuses(ValidationFailed)
    report(past, sold(1), dealer="D99").refuses(NotFound)


def test_a_line_of_a_file_is_entered_once():
    past = stocked(60)
    report(past, sold(1)).accepted()

    report(past, sold(1)).refuses(DuplicateLine)
    report(past, sold(1, line_no=2), sold(1, line_no=2)).refuses(DuplicateLine)
    report(past, sold(1), file="f-2").accepted()


def test_inv_ds_2_a_late_report_keeps_its_business_day():
    done = report(stocked(60), sold(1, on="2026-03-06"), on="2026-04-10")

    (kept,) = done.recorded(DealerStock.SaleReported)
    assert kept.moved.day == day("2026-03-06")


def test_a_dealers_own_user_reports_for_it_alone_and_learns_of_no_other():
    past, mine = stocked(60), Actor("dlr-d05", "DLR", dealer="D05")
    command = ReportDealerSales(dealer_id="D06", file_hash="f", lines=(sold(1),))

    past.when(report_sales, command, by=mine, on=ON).refuses(NotFound)
    own = ReportDealerSales(dealer_id="D05", file_hash="f", lines=(sold(1),))
    past.when(report_sales, own, by=mine, on=ON).accepted()


def test_a_count_says_what_the_book_misses_and_changes_nothing():
    past = stocked(60)

    done = count(past, 50)

    assert done.answer["lines"] == [{"sku": "INJ", "lot": LOT, "book": 60, "short": 10}]
    assert balance(past, "D05") == 60
    assert count(past, 59).answer["lines"][0]["short"] == 0
    count(past, 59, on="2026-03-22").accepted()
    command = ReportDealerCount(dealer_id="D05", as_of=day("2026-04-01"), lines=())
    past.when(report_count, command, on=ON).refuses(ValidationFailed, DateFuture)
