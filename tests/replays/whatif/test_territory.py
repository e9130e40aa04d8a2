"""What if a territory had been another: D01 of Shanghai, whose goods are seen in Zhejiang, too."""

from __future__ import annotations

import pytest

from domain.kernel.refusal import NotFound, ValidationFailed
from replays.whatif.report import LOOSER, STRICTER
from replays.whatif.territory import territory
from tests.replays.whatif.conftest import About, flips, inquiry_of
from tests.replays.whatif.stories import territories
from tests.support.templates import Templates
from tests.support.world import AWAY, BOX, DEVICE, LOT, RICH, MovableClock, opened, serial

LINE, SHANGHAI, ZHEJIANG, GUANGDONG = "ULTRASOUND", "310000", "330000", "440000"
RIGHT, HOLD = "PRODUCT_NOT_AUTHORISED", "ADDRESS_OUT_OF_TERRITORY"


def test_with_the_rights_that_it_had_everything_is_decided_as_it_was_on_both_databases(
    database_url: str, templates: Templates
):
    """Orders and shipments, and what was installed, registered, moved, sold, told and scanned."""
    clock = MovableClock()
    templates.fill(database_url, territories, clock)
    with opened(database_url, clock, follow=False) as engine:
        found = territory(inquiry_of(engine), RICH, LINE, [SHANGHAI])

    assert (found.retaken, found.flips, found.unexplained) == (15, (), ())


def test_with_a_wider_territory_no_alarm_would_have_been_raised(about: About):
    found = territory(about(territories), RICH, LINE, [SHANGHAI, ZHEJIANG])

    assert flips(found) == [
        ("SIGHTING", "DIV-0001", "ALERT HIGH", "NO_ALERT", LOOSER),
        ("SIGHTING", "DIV-0001", "ALERT HIGH", "NO_ALERT", LOOSER),
        ("SIGHTING", f"{DEVICE}/{serial(1)}", "ALERT HIGH", "NO_ALERT", LOOSER),
        ("SIGHTING", "DIV-0002", "ALERT HIGH", "NO_ALERT", LOOSER),
        ("SIGHTING", "DIV-0003", "ALERT HIGH", "NO_ALERT", LOOSER),
        ("SIGHTING", "DIV-0004", "ALERT MEDIUM", "NO_ALERT", LOOSER),
        ("SIGHTING", "DIV-0004", "ALERT MEDIUM", "NO_ALERT", LOOSER),
        ("SIGHTING", "DIV-0002", "ALERT HIGH", "NO_ALERT", LOOSER),
        ("CHECK", "SO-0003", f"HOLD {HOLD}, ADDRESS_UNVERIFIED", "HOLD ADDRESS_UNVERIFIED", LOOSER),
    ]
    first, lot = found.flips[0], found.flips[5]
    assert (first.dealer, first.amount) == (RICH, 1_000_00)
    assert first.evidence_then == {
        "rule": "R01",
        "score": 79,
        "victim": AWAY,
        "region": "330100",
        "hospital": "H-HZ-03",
    }
    assert (lot.dealer, lot.amount, lot.evidence_then["rule"]) == (RICH, 4 * 15_00, "R09")


def test_without_any_territory_its_orders_would_have_stopped_and_what_was_lawful_is_not(
    about: About,
):
    found = territory(about(territories), RICH, LINE, [])

    both = f"HOLD {HOLD}, {RIGHT}"
    assert flips(found)[:-1] == [
        ("CHECK", "SO-0001", "PASS", both, STRICTER),
        ("SHIPMENT", "SO-0001", "SHIPPED", f"STOPPED {HOLD}", STRICTER),
        ("CHECK", "SO-0002", "PASS", both, STRICTER),
        ("SHIPMENT", "SO-0002", "SHIPPED", f"STOPPED {HOLD}", STRICTER),
        ("SIGHTING", f"{DEVICE}/{serial(2)}", "NO_ALERT", "ALERT MEDIUM", STRICTER),
        ("SIGHTING", f"{BOX}/{LOT}", "NO_ALERT", "ALERT MEDIUM", STRICTER),
    ]
    assert flips(found)[-1][3] == f"HOLD {HOLD}, ADDRESS_UNVERIFIED, {RIGHT}"


def test_without_a_victim_an_alarm_is_less_grave(about: About):
    found = territory(about(territories), AWAY, LINE, [GUANGDONG])

    assert {one[2:] for one in flips(found)} == {("ALERT HIGH", "ALERT MEDIUM", LOOSER)}
    assert {one.evidence_now["victim"] for one in found.flips} == {None}


@pytest.mark.parametrize(
    ("dealer", "line", "regions", "refusal"),
    [
        ("D99", LINE, [SHANGHAI], NotFound),
        (RICH, "IMAGING", [SHANGHAI], NotFound),
        (RICH, LINE, [SHANGHAI, "Zhejiang"], ValidationFailed),
    ],
)
def test_a_territory_that_there_cannot_be_is_refused(
    about: About, dealer: str, line: str, regions: list[str], refusal: type[Exception]
):
    with pytest.raises(refusal):
        territory(about(territories), dealer, line, regions)
