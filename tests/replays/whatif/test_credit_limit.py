"""What if a credit limit had been another: of a dealer whose limit is the price of one box."""

from __future__ import annotations

from datetime import date

import pytest

from domain.kernel.refusal import DateRange, NotFound, ValidationFailed
from replays.whatif.credit_limit import credit_limit
from replays.whatif.report import LOOSER, STRICTER
from tests.replays.whatif.conftest import About, flips
from tests.replays.whatif.stories import credit
from tests.support.world import BOX_GROSS, POOR

ONE, TWO = BOX_GROSS, 2 * BOX_GROSS
FIRST, SECOND = "SO-0002", "SO-0003"


def test_under_the_limit_that_it_had_everything_is_decided_as_it_was(about: About):
    found = credit_limit(about(credit), POOR, "CNY", ONE)

    assert (found.retaken, found.flips, found.totals, found.unexplained) == (5, (), (), ())


def test_with_a_higher_limit_nobody_would_have_had_to_decide(about: About):
    found = credit_limit(about(credit), POOR, "CNY", TWO)

    assert flips(found) == [
        ("CHECK", SECOND, "HOLD CREDIT_LIMIT", "PASS", LOOSER),
        ("RELEASE", SECOND, "RELEASE_REFUSED", "NOT_NEEDED", LOOSER),
        ("REJECTION", SECOND, "REJECTED", "NOT_NEEDED", LOOSER),
    ]
    check = found.flips[0]
    assert (check.dealer, check.amount, f"{check.occurred_at:%m-%d}") == (POOR, ONE, "03-04")
    assert check.evidence_then == {"exposure": TWO, "order": ONE, "limit": ONE, "deviation": ONE}
    assert check.evidence_now == check.evidence_then | {"limit": TWO, "deviation": 0}
    assert [(one.decisions, one.documents, one.amount) for one in found.totals] == [(3, 1, ONE)]


def test_with_a_lower_limit_the_first_order_would_have_stopped_and_nothing_follows_from_that(
    about: About,
):
    found = credit_limit(about(credit), POOR, "CNY", ONE - 1)

    assert flips(found) == [
        ("CHECK", FIRST, "PASS", "HOLD CREDIT_LIMIT", STRICTER),
        ("SHIPMENT", FIRST, "SHIPPED", "STOPPED CREDIT_LIMIT", STRICTER),
    ]
    assert found.flips[1].evidence_now["shipment"] == "SHP-1"
    assert found.assumptions[0].startswith("First order: ")


def test_a_release_is_taken_again_within_the_limit_that_follows_from_the_other_one(about: About):
    """A tenth of 22.00 lets 0.60 pass; a tenth of 11.30 did not let 11.30 pass."""
    found = credit_limit(about(credit), POOR, "CNY", 22_00)

    assert flips(found) == [("RELEASE", SECOND, "RELEASE_REFUSED", "RELEASED", LOOSER)]
    assert found.flips[0].evidence_then == {"limit": "113.00", "deviation": "1130"}
    assert found.flips[0].evidence_now == {"limit": "220.00", "deviation": "60"}


@pytest.mark.parametrize(
    ("since", "until", "decisions"),
    [
        (None, date(2026, 3, 3), []),
        (date(2026, 3, 4), date(2026, 3, 4), ["CHECK", "RELEASE"]),
        (date(2026, 3, 5), None, ["REJECTION"]),
    ],
)
def test_only_decisions_of_the_days_that_were_asked_for_are_reported(
    about: About, since: date | None, until: date | None, decisions: list[str]
):
    found = credit_limit(about(credit, since=since, until=until), POOR, "CNY", TWO)

    assert [one.decision for one in found.flips] == decisions
    assert (found.since, found.until) == (since, until)


def test_what_is_wrong_with_a_question_is_refused(about: About):
    asked = about(credit, since=date(2026, 3, 2), until=date(2026, 3, 1))
    with pytest.raises(DateRange) as dates:
        credit_limit(asked, POOR, "CNY", -1)

    assert [type(one) for one in dates.value.violations] == [DateRange, ValidationFailed]


@pytest.mark.parametrize(("dealer", "currency"), [("D99", "CNY"), (POOR, "EUR")])
def test_of_a_limit_that_there_is_not_nothing_is_supposed(about: About, dealer: str, currency: str):
    with pytest.raises(NotFound):
        credit_limit(about(credit), dealer, currency, ONE)


def test_whoever_waits_hears_how_far_the_log_was_read(about: About):
    heard: list[int] = []
    asked = about(credit, told=heard.append)

    found = credit_limit(asked, POOR, "CNY", TWO)

    assert heard == sorted(heard)
    assert len(heard) > 2
    assert heard[-1] == found.position == asked.reader.head().position
