"""UDI: what a label says, read as GS1 element strings, with its check digit."""

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from api.scanning import read
from domain.goods.refusals import UdiCheckDigit, UdiMissingPi, UdiUnknownDi
from domain.goods.udi import Scan, check_digit, is_gtin, sku_of, violations
from domain.kernel.refusal import ValidationFailed
from tests.domain.company import company
from tests.domain.support import given
from tests.domain.world import DI

GS = "\x1d"


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
        ("010697001234006410INJ2512A21X1", DI["INJ"], None, "INJ2512A21X1"),
        ("010697001234003321US80-26-0001", DI["US80"], "US80-26-0001", None),
        ("]d2010697001234003321US80-26-0001", DI["US80"], "US80-26-0001", None),
        (f"{GS}010697001234003321US80-26-0001", DI["US80"], "US80-26-0001", None),
    ],
)
def test_a_label_names_a_device_with_its_serial_its_lot_or_both(raw, di, serial, lot):
    assert read(Scan(raw=raw)) == Scan(raw=raw, di=di, serial=serial, lot=lot)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("01069700123400341126010521US80-26-0001", "UDI_CHECK_DIGIT"),
        ("0106970012340033", "UDI_MISSING_PI"),
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
