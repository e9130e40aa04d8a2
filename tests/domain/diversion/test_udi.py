"""UDI: what a label says, read as GS1 element strings, with its check digit."""

import msgspec
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from api.scanning import read
from domain.company.unique_key import UniqueKey
from domain.goods.product import Product
from domain.goods.product_terms import Identifier
from domain.goods.refusals import (
    UdiAmbiguous,
    UdiCheckDigit,
    UdiMissingPi,
    UdiPackagingLevel,
    UdiUnknownDi,
)
from domain.goods.udi import Reading, Scan, check_digit, is_gtin, sku_of, understand, violations
from domain.kernel.refusal import ValidationFailed
from tests.domain.company import company
from tests.domain.support import day, fact, given
from tests.domain.world import BY, DI, PRODUCTS, units

GS = "\x1d"


def with_level(sku, level):
    """A product with a further packaging level."""
    terms = msgspec.structs.replace(PRODUCTS[sku], identifiers=(*PRODUCTS[sku].identifiers, level))
    return [
        fact(Product, sku, Product.Registered(*BY, terms=terms)),
        fact(UniqueKey, "di", level.di, UniqueKey.Claimed(*BY, owner=sku)),
    ]


@pytest.mark.parametrize(
    ("digits", "digit"),
    [
        ("0697001234003", 3),
        ("0697001234006", 4),
        ("0697001234001", 9),
        ("0000000000000", 0),
        ("1234567890123", 1),
        ("629104150021", 3),  # the example of GS1 itself
    ],
)
def test_a_check_digit_weighs_three_and_one_from_the_right(digits, digit):
    assert check_digit(digits) == digit


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("06970012340033", True),
        ("06970012340034", False),
        ("6970012340033", False),
        ("006970012340033", False),
        ("0697001234003X", False),
        ("", False),
        ("０６９７００１２３４００３３", False),
    ],
)
def test_a_device_identifier_has_14_digits_of_which_the_last_checks_the_others(text, fine):
    assert is_gtin(text) is fine


@drawn(st.text("0123456789", min_size=13, max_size=13), st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(body, place, shift):
    right = body + str(check_digit(body))
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]

    assert is_gtin(right)
    assert not is_gtin(wrong)


@pytest.mark.parametrize(
    ("raw", "di", "serial", "lot"),
    [
        ("01069700123400331126010521US80-26-0001", DI["US80"], "US80-26-0001", None),
        ("01069700123400641727113010INJ2512A", DI["INJ"], None, "INJ2512A"),
        (f"010697001234006410INJ2512A{GS}21X1", DI["INJ"], "X1", "INJ2512A"),
        (f"010697001234006421X1{GS}10INJ2512A", DI["INJ"], "X1", "INJ2512A"),
        ("010697001234003321US80-26-0001", DI["US80"], "US80-26-0001", None),
        ("]d2010697001234003321US80-26-0001", DI["US80"], "US80-26-0001", None),
        (f"{GS}010697001234003321US80-26-0001", DI["US80"], "US80-26-0001", None),
        ("]C1010697001234003321US80-26-0001", DI["US80"], "US80-26-0001", None),
        ("(01)06970012340033(11)260105(21)US80-26-0001", DI["US80"], "US80-26-0001", None),
        ("(01)06970012340064(17)271130(10)INJ2512A", DI["INJ"], None, "INJ2512A"),
        ("(01)06970012340064(10)INJ2512A(21)X1", DI["INJ"], "X1", "INJ2512A"),
        ("https://id.gs1.org/01/06970012340033/21/US80-26-0001", DI["US80"], "US80-26-0001", None),
        (
            "https://example.com/01/06970012340064/10/INJ2512A?17=271130",
            DI["INJ"],
            None,
            "INJ2512A",
        ),
        ("]Q3https://id.gs1.org/01/06970012340033/21/A", DI["US80"], "A", None),
        ("]d2010697001234006410INJ2512A21X1", DI["INJ"], None, "INJ2512A21X1"),
        (f"010697001234003321A{GS}21A", DI["US80"], "A", None),
    ],
)
def test_a_label_names_a_device_with_its_serial_its_lot_or_both(raw, di, serial, lot):
    found = read(Scan(raw=raw))

    assert (found.raw, found.unreadable, found.readings) == (raw, None, ())
    assert (found.di, found.serial, found.lot) == (di, serial, lot)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("260105", "2026-01-05"),
        ("260200", "2026-02-28"),
        ("240200", "2024-02-29"),
        ("991231", "1999-12-31"),
        ("750101", "2075-01-01"),
    ],
)
def test_a_date_on_a_label_is_of_the_nearest_century_and_day_00_ends_its_month(text, made):
    assert read(Scan(raw=f"010697001234003311{text}21A")).manufactured == day(made)


def test_a_label_without_separators_is_read_in_all_its_ways():
    found = read(Scan(raw="010697001234006410INJ2512A21X1"))

    assert set(found.readings) == {
        Reading(lot="INJ2512A", serial="X1"),
        Reading(lot="INJ2512A21X1"),
    }


@pytest.mark.parametrize(
    "raw", ["010697001234003321US80-26-0010", "010697001234003321US80-26-0001"]
)
def test_a_serial_number_in_which_no_other_part_can_begin_is_read_in_one_way(raw):
    assert read(Scan(raw=raw)).readings == ()


def test_of_several_readings_the_one_that_the_register_knows_is_meant():
    log = given(company(), units("WH-SH", "US80", "2026-01-05", "US80-26-1001")).log

    scan, wrong = understand(log, read(Scan(raw="010697001234003321US80-26-1001")), "scan")

    assert (wrong, scan.serial, scan.lot) == ([], "US80-26-1001", None)


def test_of_several_readings_none_is_guessed_where_the_register_knows_none():
    scan = read(Scan(raw="010697001234003321US80-26-1001"))

    _, wrong = understand(given(company()).log, scan, "scan")

    assert [type(one) for one in wrong] == [UdiAmbiguous]
    assert len(wrong[0].facts["readings"]) == 2


def test_a_carton_counts_for_what_it_contains():
    carton = with_level("INJ", Identifier("16970012340061", "CARTON", 20))
    log = given(company(), carton).log

    scan, wrong = understand(log, read(Scan(raw="011697001234006110INJ2512A")), "scan")

    assert (wrong, scan.di, scan.lot, scan.contains) == ([], DI["INJ"], "INJ2512A", 20)


def test_a_carton_of_devices_does_not_tell_which():
    carton = with_level("US80", Identifier("16970012340030", "CARTON", 2))

    _, wrong = understand(given(company(), carton).log, Scan(di="16970012340030", serial="1"), "x")

    assert [type(one) for one in wrong] == [UdiPackagingLevel]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("01069700123400341126010521US80-26-0001", "UDI_CHECK_DIGIT"),
        ("0106970012340033", "UDI_MISSING_PI"),
        ("(01)06970012340034(21)1", "UDI_CHECK_DIGIT"),
        ("(01)06970012340033(77)1", "UDI_AI_UNSUPPORTED"),
        ("010697001234003317270231" + "10A", "UDI_DATE_INVALID"),
        ("(01)06970012340033(17)271301(10)A", "UDI_DATE_INVALID"),
        (f"010697001234003321A{GS}21B", "UDI_REPEATED_AI"),
        (f"010697001234003321A{GS}3710", "UDI_AI_UNSUPPORTED"),
        ("010697001234003311260105", "UDI_MISSING_PI"),
        ("hello", "UDI_AI_UNSUPPORTED"),
        ("06970012340033", "UDI_AI_UNSUPPORTED"),
        ("21US80-26-0001", "UDI_AI_UNSUPPORTED"),
        ("010697001234003321" + "1" * 21, "UDI_AI_UNSUPPORTED"),
        (" ", "UDI_AI_UNSUPPORTED"),
    ],
)
def test_a_label_that_cannot_be_read_says_why_and_keeps_its_text(raw, code):
    assert read(Scan(raw=raw)) == Scan(raw=raw, unreadable=code)


def test_a_text_that_was_scanned_beats_parts_that_were_typed():
    typed = Scan(raw="010697001234003321US80-26-0001", di=DI["P5"], serial="P5-26-0001")

    assert (read(typed).di, read(typed).serial) == (DI["US80"], "US80-26-0001")


def test_parts_that_were_typed_are_taken_as_they_are():
    typed = Scan(di=DI["US80"], serial="US80-26-0001", unreadable="UDI_MISSING_PI")

    assert read(typed) == Scan(di=DI["US80"], serial="US80-26-0001")


@pytest.mark.parametrize(
    ("scan", "refusals"),
    [
        (Scan(di=DI["US80"], serial="X1"), []),
        (Scan(di=DI["US80"], lot="L1"), []),
        (Scan(), [ValidationFailed]),
        (Scan(serial="X1"), [ValidationFailed]),
        (Scan(di="06970012340034", serial="X1"), [UdiCheckDigit]),
        (Scan(di=DI["US80"]), [UdiMissingPi]),
        (Scan(raw="x", unreadable="UDI_CHECK_DIGIT"), [UdiCheckDigit]),
        (Scan(di=DI["US80"], serial=""), [ValidationFailed]),
        (Scan(di=DI["US80"], serial="X" * 21), [ValidationFailed]),
        (Scan(di=DI["US80"], serial="X 1", lot="L\n"), [ValidationFailed, ValidationFailed]),
        (Scan(di=DI["US80"], serial="序列"), [ValidationFailed]),
    ],
)
def test_what_is_wrong_with_a_label_is_named(scan, refusals):
    assert [type(one) for one in violations(scan, "scan")] == refusals


def test_a_device_identifier_leads_to_its_product():
    log = given(company()).log

    assert sku_of(log, DI["INJ"]) == "INJ"
    with pytest.raises(UdiUnknownDi) as refused:
        sku_of(log, "06970012349999")
    assert refused.value.facts == {"di": "06970012349999"}
