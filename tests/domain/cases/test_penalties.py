"""Penalties: k times the margin, by repetition; an amount where prices tell of none; the limit."""

import msgspec
import pytest

from domain.cases.case_terms import (
    COMPENSATION,
    DECIDED,
    PENALTY,
    REBATE_DEDUCTION,
    WARNING,
    Sanction,
)
from domain.cases.refusals import SanctionAboveLimit
from domain.company.company_policy import CompanyPolicy, SmallDifference
from domain.kernel.refusal import ValidationFailed
from tests.domain.cases.court import (
    CASE,
    MARGIN,
    MGR_SOUTH,
    alerted,
    appealing,
    came_to,
    case_of,
    closing,
    deciding,
    does,
    finding,
    hiring,
    judging,
    oversold,
    sanctioning,
    tries,
)
from tests.domain.company import LIMITS
from tests.domain.story import (
    US80_1,
    US80_2,
    US80_3,
    goods,
    of,
    placed,
    sent,
    signed,
)
from tests.domain.world import BY, MGR_NATIONAL

US80_4 = "US80-26-0004"
LIMIT = 100_000_00


def penalties(past, count):
    """Penalties of the first cases, each a multiple of the margin."""
    cases = [f"DIV-000{number}" for number in range(1, count + 1)]
    sums = [sum(one.amount or 0 for one in case_of(past, name).sanctions) for name in cases]
    return [amount / MARGIN for amount in sums]


def confirmed(**place):
    return came_to(DECIDED, alerted(US80_1, **place))


def bought_for(price):
    """D05 bought a device at a price of its own; it was found in Hangzhou."""
    past = placed(of("US80", 1, price))
    sent(past, "SHP-0001", goods("SO-0001", 1, "US80", US80_1))
    return does(signed(past, "SHP-0001"), hiring(), finding())


def test_a_penalty_is_the_margin_once_then_twice_then_three_times():
    past = alerted(US80_1, US80_2, US80_3, US80_4)

    for number in range(1, 5):
        came_to("SANCTIONED", past, f"DIV-000{number}")

    assert penalties(past, 4) == [1, 2, 3, 3]


def test_a_case_that_was_not_confirmed_is_no_repetition():
    past = alerted(US80_1, US80_2)
    came_to("DEALER_RESPONDED", past, "DIV-0001")
    does(past, deciding("DISMISSED"))

    came_to("SANCTIONED", past, "DIV-0002")

    assert penalties(past, 2) == [0, 1]


def test_a_case_that_was_overturned_is_no_repetition():
    past = alerted(US80_1, US80_2)
    came_to("APPEALED", past, "DIV-0001")
    does(past, judging("OVERTURNED"))

    came_to("SANCTIONED", past, "DIV-0002")

    assert penalties(past, 2) == [0, 1]


@pytest.mark.parametrize(("on", "times"), [("2027-03-25", 2), ("2027-03-26", 1)])
def test_a_case_that_was_confirmed_more_than_a_year_ago_is_no_repetition(on, times):
    past = alerted(US80_1, US80_2)
    came_to("SANCTIONED", past, "DIV-0001")
    came_to("DEALER_RESPONDED", past, "DIV-0002")

    does(past, deciding(case="DIV-0002")._replace(on=on))
    does(past, sanctioning(case="DIV-0002")._replace(on=on))

    assert penalties(past, 2) == [1, times]


def test_a_case_that_was_closed_is_a_repetition():
    past = alerted(US80_1, US80_2)
    came_to("SANCTIONED", past, "DIV-0001")
    does(past, closing())

    came_to("SANCTIONED", past, "DIV-0002")

    assert penalties(past, 2) == [1, 2]


def test_only_the_penalty_grows_with_repetition():
    past = alerted(US80_1, US80_2)
    came_to("SANCTIONED", past, "DIV-0001")
    came_to(DECIDED, past, "DIV-0002")
    kinds = (PENALTY, COMPENSATION, REBATE_DEDUCTION)

    does(past, sanctioning(*(Sanction(kind=one) for one in kinds), case="DIV-0002"))

    amounts = [one.amount for one in case_of(past, "DIV-0002").sanctions]
    assert amounts == [2 * MARGIN, MARGIN, MARGIN]


def test_an_amount_that_is_named_is_not_multiplied():
    past = alerted(US80_1, US80_2)
    came_to("SANCTIONED", past, "DIV-0001")
    came_to(DECIDED, past, "DIV-0002")

    does(past, sanctioning(Sanction(kind=PENALTY, amount=1_00), case="DIV-0002"))

    assert case_of(past, "DIV-0002").sanctions[0].amount == 1_00


@pytest.mark.parametrize("kind", [PENALTY, REBATE_DEDUCTION])
def test_where_nobody_sells_at_another_price_an_amount_is_needed(kind):
    past = confirmed(region="430100")
    assert case_of(past).known.p_local is None

    tries(past, sanctioning(Sanction(kind=kind))).refuses(
        ValidationFailed, field="sanctions[0].amount"
    )
    tries(past, sanctioning(Sanction(kind=kind, amount=1_00))).accepted()


@pytest.mark.parametrize("price", ["277400", "300000"])
def test_who_bought_no_cheaper_gained_no_margin(price):
    past = came_to(DECIDED, bought_for(price))
    assert case_of(past).known.p_local == 277_400

    tries(past, sanctioning()).refuses(ValidationFailed, field="sanctions[0].amount")


def test_the_margin_is_told_to_the_cent():
    past = came_to("SANCTIONED", bought_for("277399.99"))

    assert case_of(past).sanctions[0].amount == 1


def test_a_lot_tells_of_no_margin():
    past = came_to(DECIDED, oversold())

    tries(past, sanctioning()).refuses(ValidationFailed, field="sanctions[0].amount")


@pytest.mark.parametrize(
    "wanted",
    [
        [Sanction(kind=PENALTY, amount=LIMIT + 1)],
        [Sanction(kind=PENALTY, amount=LIMIT), Sanction(kind=COMPENSATION, amount=1)],
        [Sanction(kind=PENALTY, amount=LIMIT), Sanction(kind=REBATE_DEDUCTION, amount=1)],
        [Sanction(kind=PENALTY), Sanction(kind=PENALTY, amount=LIMIT - MARGIN + 1)],
    ],
    ids=["one", "with a compensation", "with a deduction", "with a margin"],
)
def test_a_regional_manager_imposes_as_much_as_the_limit_and_a_national_one_more(wanted):
    past, step = confirmed(), sanctioning(*wanted)

    tries(past, step, by=MGR_SOUTH).refuses(
        SanctionAboveLimit, case=CASE, amount=LIMIT + 1, limit=LIMIT
    )
    tries(past, step, by=MGR_NATIONAL).accepted()


@pytest.mark.parametrize(
    "wanted",
    [[Sanction(kind=PENALTY, amount=LIMIT)], [Sanction(kind=PENALTY), Sanction(kind=WARNING)]],
    ids=["all of it", "less"],
)
def test_the_limit_itself_is_not_above_the_limit(wanted):
    tries(confirmed(), sanctioning(*wanted), by=MGR_SOUTH).accepted()


def test_the_limit_is_data():
    past = confirmed()
    less = msgspec.structs.replace(LIMITS, sanction_amount=MARGIN - 1)
    past.log.get(CompanyPolicy, "company").record(
        CompanyPolicy.LimitsSet(*BY, limits=less, small_difference=SmallDifference())
    )

    tries(past, sanctioning(), by=MGR_SOUTH).refuses(SanctionAboveLimit, limit=MARGIN - 1)


def test_the_limit_counts_what_repetition_makes_of_a_penalty():
    past = alerted(US80_1, US80_2)
    past.log.get(CompanyPolicy, "company").record(
        CompanyPolicy.LimitsSet(
            *BY,
            limits=msgspec.structs.replace(LIMITS, sanction_amount=MARGIN),
            small_difference=SmallDifference(),
        )
    )
    came_to(DECIDED, past, "DIV-0001")
    tries(past, sanctioning(), by=MGR_SOUTH).accepted()
    came_to(DECIDED, past, "DIV-0002")

    tries(past, sanctioning(case="DIV-0002"), by=MGR_SOUTH).refuses(
        SanctionAboveLimit, amount=2 * MARGIN
    )


def test_an_appeal_does_not_change_what_was_imposed():
    past = does(came_to("SANCTIONED"), appealing(), judging("UPHELD"))

    assert penalties(past, 1) == [1]
