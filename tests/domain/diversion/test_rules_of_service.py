"""R12: service that is asked for again and again where the dealer had no right to sell."""

import pytest

from domain.channel.book import Buyer
from tests.domain.diversion.steps import (
    HANGZHOU,
    NANJING,
    alert,
    bought,
    case,
    cases,
    install,
    leave,
    points,
    report,
    rules,
    sale,
    serve,
    thresholds,
)
from tests.domain.diversion.test_relocating import in_service, move
from tests.domain.story import US80_1, US80_2


def asked(past, *days, place=HANGZHOU, serial=US80_1):
    """Service was asked for on these days; the last request."""
    for on in days:
        done = serve(past, serial, place, on=on)
        done.accepted()
    return done


def test_r12_service_is_asked_for_again_and_again_in_a_foreign_province():
    past = bought(US80_1, US80_2)
    asked(past, "2026-03-06")
    asked(past, "2026-03-07", serial=US80_2)
    assert cases(past) == {}

    done = asked(past, "2026-03-08")

    found = alert(done)
    assert (found.rule, found.note, found.source) == (
        "R12",
        "3 requests in 90 days",
        "SERVICE_REQUEST",
    )
    assert (points(found), found.score, found.severity) == ([40, 10, -6], 44, "MEDIUM")
    assert (found.source_dealer, found.suspect_dealer, found.responsible_dealer) == ("D05",) * 3
    assert (found.serial, found.observed_region) == ("", "330100")
    assert done.answer["case"] == "DIV-0001"


def test_r12_the_next_request_is_evidence_in_the_same_case():
    past = bought(US80_1)
    asked(past, "2026-03-06", "2026-03-07", "2026-03-08", "2026-03-09")

    assert (cases(past), len(case(past).evidence)) == ({"DIV-0001": "R12"}, 2)


@pytest.mark.parametrize(
    ("days", "raised"),
    [
        (("2026-03-06", "2026-03-07"), False),
        (("2026-03-06", "2026-03-07", "2026-06-04"), True),
        (("2026-03-06", "2026-03-07", "2026-06-05"), False),
    ],
)
def test_r12_looks_alike_fewer_requests_in_90_days(days, raised):
    past = bought(US80_1)

    asked(past, *days)

    assert cases(past) == ({"DIV-0001": "R12"} if raised else {})


def test_r12_looks_alike_requests_from_the_dealers_own_territory():
    past = bought(US80_1)

    asked(past, "2026-03-06", "2026-03-07", "2026-03-08", place=NANJING)

    assert cases(past) == {}


def test_r12_looks_alike_requests_from_three_provinces():
    past = bought(US80_1)
    for region in ("330100", "340100", "360100"):
        asked(past, "2026-03-06", place=("H-HZ-03", region))

    assert cases(past) == {}


def test_r12_looks_alike_requests_for_devices_of_two_dealers():
    past = bought(US80_2, dealer="D04", past=bought(US80_1))
    asked(past, "2026-03-06", "2026-03-07")
    asked(past, "2026-03-08", serial=US80_2)

    assert cases(past) == {}


def test_r12_by_the_companys_own_threshold():
    past = thresholds(bought(US80_1), service_requests=2)

    assert rules(asked(past, "2026-03-06", "2026-03-07")) == ["R12"]


def excused():
    """D05 sold it to Hangzhou by an exception."""
    return install(leave(bought(US80_1)), US80_1, HANGZHOU, on="2026-03-05").past


def below():
    """It is its sub-dealer's, which has no right in Nanjing of its own."""
    return report(bought(US80_1), "D05", sale(Buyer(dealer="D12"), US80_1, "2026-03-05")).past


@pytest.mark.parametrize(
    ("begin", "place", "month"),
    [
        (excused, HANGZHOU, "2026-03"),
        (lambda: move(in_service()).past, HANGZHOU, "2027-04"),
        (below, NANJING, "2026-03"),
    ],
    ids=["an exception", "an explanation", "the parent's area"],
)
def test_r12_looks_alike_requests_from_where_its_use_is_no_matter(begin, place, month):
    past = begin()

    asked(past, *(f"{month}-{number:02}" for number in range(6, 10)), place=place)

    assert "R12" not in cases(past).values()


def test_r12_a_sub_dealers_devices_are_served_outside_of_its_parents_area_too():
    done = asked(below(), "2026-03-06", "2026-03-07", "2026-03-08")

    assert alert(done).rule == "R12"
