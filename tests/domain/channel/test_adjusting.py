"""Adjusting: returns that dealers tell of change no book; accepted differences put one right."""

from __future__ import annotations

from typing import Any

import pytest

from domain.channel.book import Movement
from domain.channel.dealer_stock import DealerStock
from domain.channel.refusals import DateFuture, DuplicateLine
from domain.flows.channel.adjusting import (
    AdjustDealerStock,
    ReportDealerReturns,
    ReportedReturn,
    adjust_stock,
    report_returns,
)
from domain.flows.channel.reporting import ReportDealerSales, report_sales
from domain.goods.refusals import LotRequired, QtySerialMismatch, SerialRequired, UnknownSku
from domain.kernel.refusal import ForbiddenRole, NotFound, Refusal, ValidationFailed
from domain.kernel.stamp import Actor
from tests.domain.diversion.steps import (
    LOT,
    NANJING,
    ON,
    bought,
    boxes,
    count,
    install,
    report,
    sale,
)
from tests.domain.story import US80_1, US80_2
from tests.domain.supply.steps import came_back, item
from tests.domain.support import SERVICE, Given, When, day, like
from tests.domain.world import DEALER_5, FINANCE, MGR_EAST

TOMORROW = "2026-03-22"
BOXES, DEVICES = f"INJ/{LOT}", "US80/"


def back(qty: int = 1, line_no: int = 1, **more: Any) -> ReportedReturn:
    told = {"line_no": line_no, "day": day(ON), "sku": "INJ", "qty": qty, "lot": LOT} | more
    return ReportedReturn(**told)


def tell(
    past: Given, *lines: ReportedReturn, dealer: str = "D05", file: str = "f-1", by: Actor = SERVICE
) -> When:
    command = ReportDealerReturns(dealer_id=dealer, file_hash=file, lines=lines)
    return past.when(report_returns, command, by=by, on=ON)


def adjust(past: Given, qty: int, by: Actor = MGR_EAST, **more: Any) -> When:
    told = {"dealer_id": "D05", "sku": "INJ", "lot": LOT, "effective_on": day(ON)} | more
    told = {"reason": "counted together", "document": "sha256:minutes"} | told
    return past.when(adjust_stock, AdjustDealerStock(qty=qty, **told), by=by, on=ON)


def adjust_devices(past: Given, qty: int, *serials: str, **more: Any) -> When:
    return adjust(past, qty, sku="US80", lot=None, serials=serials, **more)


def stock(past: Given, dealer: str = "D05") -> DealerStock:
    return past.get(DealerStock, dealer)


def test_a_reported_return_is_kept_and_changes_no_book():
    past = boxes(60)
    before = stock(past).books[BOXES].balance, stock(past).books[BOXES].returned

    done = tell(past, back(5), back(2, 2, day=day("2026-03-10")))

    assert done.answer == {"dealer_id": "D05", "lines": 2}
    first = {"moved": Movement("INJ", 5, day(ON), LOT), "file_hash": "f-1", "line_no": 1}
    second = {"moved": Movement("INJ", 2, day("2026-03-10"), LOT), "line_no": 2}
    told = DealerStock.ReturnReported
    done.then(like(told, **first), like(told, **second))
    assert (stock(past).books[BOXES].balance, stock(past).books[BOXES].returned) == before
    assert stock(past).books.keys() == {BOXES}


def test_what_we_receive_leaves_the_book_whether_it_was_reported_or_not():
    past = boxes(60)
    tell(past, back(5)).accepted()

    came_back(past, item("INJ", 5, lot=LOT), on=ON)

    assert (stock(past).balance(BOXES), stock(past).book(BOXES).returned) == (55, 5)


def test_a_device_that_is_reported_to_come_back_is_the_dealers_until_it_does():
    past = bought(US80_1, US80_2)

    done = tell(past, back(sku="US80", lot=None, serial=US80_1))

    (told,) = done.recorded(DealerStock.ReturnReported)
    assert told.moved == Movement("US80", 1, day(ON), serials=(US80_1,))
    assert stock(past).balance(DEVICES) == 2
    assert stock(past).held.keys() == {f"US80/{US80_1}", f"US80/{US80_2}"}
    assert stock(past).used == set()


def test_a_return_may_be_of_what_the_dealer_never_had():
    assert tell(boxes(60), back(900, lot="GHOST")).answer["lines"] == 1
    past = tell(boxes(60), back(1), dealer="D06").accepted()
    assert stock(past, "D06").books == {}


def test_everything_that_is_wrong_with_returns_is_said_at_once():
    lines = (
        back(1),
        back(0, 2),
        back(1, 3, lot=None),
        back(1, 4, sku="X9"),
        back(1, 5, sku="US80", lot=None),
        back(2, 6, sku="US80", lot=None, serial=US80_1),
        back(1, 7, day=day(TOMORROW)),
        back(1, 8, sku="US80", serial=US80_1),
        back(1, 9, serial=US80_1),
        back(1, 1),
    )

    done = tell(boxes(60), *lines, file="a/b")

    done.refuses(
        ValidationFailed,
        ValidationFailed,
        LotRequired,
        UnknownSku,
        SerialRequired,
        QtySerialMismatch,
        DateFuture,
        ValidationFailed,
        QtySerialMismatch,
        DuplicateLine,
        field="file_hash",
    )
    places = [one.facts.get("field") for one in done.refusal.violations[1:-1]]
    fields = ["[1].qty", "[2].lot", "[3].sku", "[4].serial", "[5].qty", "[6].day"]
    fields += ["[7].lot", "[8].serial"]
    assert places == [f"lines{one}" for one in fields]
    assert done.refusal.violations[-1].facts == {"line_no": 1}


def test_a_report_of_no_returns_says_nothing():
    tell(boxes(60)).refuses(ValidationFailed, field="lines")


def test_a_line_of_a_file_is_told_once_be_it_a_sale_or_a_return():
    past = tell(boxes(60), back()).accepted()
    tell(past, back()).refuses(DuplicateLine, line_no=1)
    tell(past, back(line_no=2), back(line_no=2)).refuses(DuplicateLine, line_no=2)
    sold = (sale(NANJING[0], lot=LOT),)
    named = ReportDealerSales(dealer_id="D05", file_hash="f-1", lines=sold)
    past.when(report_sales, named, on=ON).refuses(DuplicateLine)

    tell(past, back(line_no=2)).accepted()
    tell(past, back(), file="f-2").accepted()
    tell(past, back(), dealer="D06").accepted()


def test_a_dealers_own_user_tells_of_its_own_returns_and_learns_of_no_other():
    past = boxes(60)
    tell(past, back(), dealer="D06", by=DEALER_5).refuses(NotFound, id="D06")
    tell(past, back(), by=DEALER_5).accepted()
    tell(past, back(), dealer="D99").refuses(NotFound)


@pytest.mark.parametrize(("qty", "book"), [(7, 67), (-7, 53), (-61, -1)])
def test_an_accepted_difference_puts_the_book_right(qty: int, book: int):
    past = boxes(60)

    done = adjust(past, qty)

    assert done.answer == {"dealer_id": "D05", "book": book}
    moved = Movement("INJ", qty, day(ON), LOT)
    why = {"reason": "counted together", "document": "sha256:minutes"}
    done.then(like(DealerStock.AdjustmentRecorded, moved=moved, **why))
    assert (stock(past).balance(BOXES), stock(past).book(BOXES).adjusted) == (book, qty)
    assert (stock(past).book(BOXES).received, stock(past).book(BOXES).sold) == (60, 0)


def test_differences_add_up_and_belong_to_their_lot_alone():
    past = boxes(60)
    for qty, lot in ((4, LOT), (-1, LOT), (9, "INJ2508B")):
        adjust(past, qty, lot=lot).accepted()

    assert stock(past).balance(BOXES) == 63
    assert adjust(past, 1, lot="INJ2508B").answer["book"] == 10


def test_a_book_that_was_put_right_is_what_a_count_is_held_against():
    past = adjust(boxes(60), -10).accepted()
    assert count(past, "D05", 50).answer["lines"] == [
        {"sku": "INJ", "lot": LOT, "book": 50, "short": 0}
    ]


def test_devices_come_to_the_book_by_serial_number():
    past = boxes(60)

    done = adjust_devices(past, 2, US80_1, US80_2)

    assert done.answer["book"] == stock(past).balance(DEVICES) == 2
    here = {f"US80/{US80_1}", f"US80/{US80_2}"}
    assert stock(past).had == stock(past).held.keys() == here
    assert set(stock(past).held.values()) == {day(ON)}


def test_a_device_that_had_left_the_book_leaves_it_again():
    past = bought(US80_1)
    report(past, "D05", sale(NANJING[0], US80_1)).accepted()
    assert (stock(past).balance(DEVICES), stock(past).used) == (0, {f"US80/{US80_1}"})

    adjust_devices(past, 1, US80_1).accepted()

    assert (stock(past).balance(DEVICES), stock(past).used) == (1, set())
    install(past, US80_1, NANJING).accepted()
    assert stock(past).balance(DEVICES) == 0


def test_devices_leave_a_book_by_what_becomes_of_them():
    past = bought(US80_1, US80_2)
    done = adjust_devices(past, -1, US80_1)
    done.refuses(ValidationFailed, field="qty", reason="above 0 for devices")


@pytest.mark.parametrize(
    "by", [MGR_EAST, FINANCE, SERVICE], ids=["a manager", "finance", "the service"]
)
def test_managers_and_finance_adjust(by: Actor):
    adjust(boxes(60), 1, by=by).accepted()


@pytest.mark.parametrize("role", ["ADM", "DLR", "PP", "QA", "REP", "SE", "WH"])
def test_nobody_else_adjusts(role: str):
    someone = Actor("someone", role, dealer="D05")
    adjust(boxes(60), 1, by=someone).refuses(ForbiddenRole, role=role)


@pytest.mark.parametrize(
    ("refusal", "field", "changes"),
    [
        (NotFound, None, {"dealer_id": "D99"}),
        (UnknownSku, "sku", {"sku": "X9"}),
        (LotRequired, "lot", {"lot": None}),
        (SerialRequired, "serial", {"sku": "US80", "lot": None}),
        (QtySerialMismatch, "qty", {"sku": "US80", "lot": None, "serials": (US80_1,)}),
        (QtySerialMismatch, "qty", {"sku": "US80", "lot": None, "serials": (US80_1, US80_1)}),
        (DateFuture, "effective_on", {"effective_on": day(TOMORROW)}),
        (ValidationFailed, "reason", {"reason": "  "}),
        (ValidationFailed, "document", {"document": ""}),
    ],
)
def test_a_book_is_not_put_right_by_what_cannot_be(
    refusal: type[Refusal], field: str | None, changes: dict[str, Any]
):
    adjust(boxes(60), 2, **changes).refuses(refusal, field=field)


def test_a_difference_of_nothing_is_none():
    adjust(boxes(60), 0).refuses(ValidationFailed, field="qty")


def test_everything_that_is_wrong_with_an_adjustment_is_said_at_once():
    empty = {"reason": "", "document": " ", "effective_on": day(TOMORROW)}
    wrong = (ValidationFailed, ValidationFailed, DateFuture)

    adjust(boxes(60), 1, lot=None, **empty).refuses(LotRequired, *wrong)
    adjust(boxes(60), 0, sku="X9", **empty).refuses(UnknownSku, ValidationFailed, *wrong)
    devices = adjust_devices(boxes(60), -2, US80_1, **empty)
    devices.refuses(QtySerialMismatch, ValidationFailed, *wrong)
