"""Checks of the deal: contract, price, money, copies; what passes, and who lets which pass."""

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from domain.company.company_policy import CompanyPolicy, SmallDifference
from domain.flows.accounts.depositing import ReceiveDeposit, receive_deposit
from domain.flows.goods.shipping import ship
from domain.flows.orders.ending import CancelOrder, cancel_order
from domain.flows.orders.holding import ReleaseHold, release_hold
from domain.flows.orders.ordering import place_order
from domain.kernel.refusal import ForbiddenRole, OutOfScope
from domain.kernel.stamp import Actor, Stamp
from domain.orders.contract import Contract
from domain.orders.contract_terms import ContractLine, ContractTerms
from domain.orders.order_events import Held
from domain.orders.order_terms import Milestone
from domain.orders.refusals import (
    CreditOverdue,
    HoldNotOverridable,
    OverrideLimitExceeded,
)
from domain.parties.project import Project
from tests.domain.company import LIMITS, company, limit, open_invoice, policy
from tests.domain.story import US80_1, goods, of, order, reviewed, sending
from tests.domain.supply.steps import product
from tests.domain.support import SERVICE, day, fact, given, instant
from tests.domain.world import (
    BY,
    FINANCE,
    MGR_EAST,
    MGR_NATIONAL,
    MGR_WEST,
    REP_EAST,
    YEAR,
    price_list,
    row,
)  # fmt: skip

ADMIN = Actor("adm-1", "ADM")
US80 = of("US80", 1, "266000")


def placing(wish, *facts):
    return given(company(), *facts).when(place_order, wish)


def told(done):
    """Evidence by hold, of all holds of the order."""
    found = {one.code: one.evidence for one in done.recorded(Held)}
    assert sorted(found) == done.answer["holds"]
    return found


def release(past, code, by, on="2026-03-02"):
    command = ReleaseHold(so_id="SO-0001", code=code, reason="agreed")
    return past.when(release_hold, command, by=by, on=on)


def contract(qty=100, cap=None, dealer="D05", days=YEAR, *, over=False):
    terms = ContractTerms(
        type="FRAMEWORK", dealer=dealer, lines=(ContractLine("INJ", Decimal(1260), qty),),
        valid_from=days[0], valid_to=days[1], amount_cap=cap,
    )  # fmt: skip
    found = [
        fact(Contract, "HT-1", Contract.Signed(*BY, edition=1, terms=terms, document_hash="h"))
    ]
    return found + [fact(Contract, "HT-1", Contract.Terminated(*BY, reason="x"))] * over


def project(dealer, until, line="IMAGING"):
    event = Project.Registered(*BY, dealer=dealer, valid_to=day(until))
    return fact(Project, "H-SH-01", line, event)


CT64 = order("D04", of("CT64", 1, "2240000"), ship_to="ADR-H-SH-01", end_customer_id="H-SH-01")


@pytest.mark.parametrize(
    ("registered", "passes"),
    [(project("D05", "2026-03-02"), False), (project("D05", "2026-03-01"), True),
     (project("D04", "2026-12-31"), True), (project("D05", "2026-12-31", "ULTRASOUND"), True)],
)  # fmt: skip
def test_k08_a_project_belongs_to_whom_it_is_registered(registered, passes):
    found = told(placing(CT64, registered))

    said = {"sku": "CT64", "customer": "H-SH-01", "valid_to": "2026-03-02"}
    assert found == ({} if passes else {"PROJECT_REGISTERED_TO_OTHER": said})


def test_k08_a_sales_manager_of_the_region_releases_it():
    past = placing(CT64, project("D05", "2026-12-31")).accepted()

    for by in (FINANCE, ADMIN, REP_EAST):
        release(past, "PROJECT_REGISTERED_TO_OTHER", by).refuses(ForbiddenRole)
    release(past, "PROJECT_REGISTERED_TO_OTHER", MGR_WEST).refuses(OutOfScope)
    assert release(past, "PROJECT_REGISTERED_TO_OTHER", MGR_EAST).answer["state"] == "CONFIRMED"


PAST = (day("2025-01-01"), day("2026-03-01"))
TODAY_ONLY = (day("2026-03-02"), day("2026-03-02"))


@pytest.mark.parametrize(
    ("terms", "qty", "price", "code"),
    [
        (contract(), 100, "1260", None),
        (contract(), 101, "1260", "CONTRACT_QTY_EXCEEDED"),
        (contract(days=TODAY_ONLY), 100, "1260", None),
        (contract(days=PAST), 1, "1260", "CONTRACT_EXPIRED"),
        (contract(over=True), 1, "1260", "CONTRACT_EXPIRED"),
        (contract(None), 150, "1260", None),
        (contract(cap=126_000_00), 100, "1260", None),
        (contract(cap=125_999_99), 100, "1260", "CONTRACT_QTY_EXCEEDED"),
        (contract(), 10, "1259.999999", "CONTRACT_PRICE_MISMATCH"),
        (contract(), 10, "1260.000001", "CONTRACT_PRICE_MISMATCH"),
        (contract(), 10, "1260.00", None),
        (contract(), 10, None, None),
    ],
)
def test_k09_a_contract_covers_what_it_says(terms, qty, price, code):
    done = placing(order("D05", of("INJ", qty, price), contract_id="HT-1"), terms)

    found = told(done)
    assert list(found) == ([code] if code else [])
    assert all(evidence["contract"] == "HT-1" for evidence in found.values())


@pytest.mark.parametrize(
    ("required", "named", "passes"), [(1, 0, False), (1, 1, True), (0, 0, True)]
)
def test_k09_a_product_may_be_sold_under_a_contract_only(required, named, passes):
    wish = order("D05", of("INJ", 10, "1260"), contract_id="HT-1" if named else None)

    found = told(placing(wish, contract(), product("INJ", contract_required=bool(required))))

    assert found == ({} if passes else {"NO_CONTRACT": {"sku": "INJ"}})


def test_k09_a_contract_over_another_product_is_none():
    found = told(placing(order("D05", US80, contract_id="HT-1"), contract()))
    assert found == {"NO_CONTRACT": {"contract": "HT-1", "sku": "US80"}}


@pytest.mark.parametrize(
    ("qty", "by", "refusal"),
    [(110, MGR_EAST, None), (111, MGR_EAST, OverrideLimitExceeded),
     (111, MGR_NATIONAL, OverrideLimitExceeded), (110, MGR_WEST, OutOfScope), (110, FINANCE, ForbiddenRole)],
)  # fmt: skip
def test_k09_a_sales_manager_lets_a_tenth_more_than_the_contract_pass(qty, by, refusal):
    wish = order("D05", of("INJ", qty, "1260"), contract_id="HT-1")
    past = placing(wish, contract()).accepted()
    done = release(past, "CONTRACT_QTY_EXCEEDED", by)

    if refusal:
        done.refuses(refusal)
    else:
        assert done.answer["state"] == "CONFIRMED"


@pytest.mark.parametrize(
    ("price", "code", "deviation"),
    [("258000", None, None), ("380000", None, None), ("257999.99", "PRICE_BELOW_FLOOR", "0.00"),
     ("380000.01", "PRICE_ABOVE_CEILING", "0.00"), ("255420", "PRICE_BELOW_FLOOR", "1.00")],
)  # fmt: skip
def test_k10_floor_and_ceiling_are_inside_of_the_corridor(price, code, deviation):
    found = told(placing(order("D05", of("US80", 1, price))))

    assert list(found) == ([code] if code else [])
    assert [one["deviation"] for one in found.values()] == ([deviation] if code else [])


def test_k10_the_worst_line_is_what_a_release_has_to_cover():
    wish = order("D05", *(of("US80", 1, price) for price in ("257000", "230000", "256000")))
    past = placing(wish).accepted()

    release(past, "PRICE_BELOW_FLOOR", MGR_EAST).refuses(
        OverrideLimitExceeded, deviation=Decimal("10.85")
    )


@pytest.mark.parametrize("vbp", [True, False])
def test_k10_a_ceiling_that_was_won_in_procurement_is_nobodys_to_release(vbp):
    rows = (row("P5", "A", "80000", "70000", "90000", vbp=vbp, dealer="D05"),)
    past = placing(order("D05", of("P5", 1, "90001")), price_list("PL-2", rows)).accepted()

    done = release(past, "PRICE_ABOVE_CEILING", MGR_NATIONAL)

    if vbp:
        done.refuses(HoldNotOverridable)
    else:
        assert done.answer["state"] == "CONFIRMED"


@pytest.mark.parametrize(("amount", "passes"), [(300_580_00, True), (300_579_99, False)])
def test_k11_the_exposure_may_be_the_limit_and_no_fen_more(amount, passes):
    found = told(placing(order("D05", US80), limit("D05", amount)))

    assert list(found) == ([] if passes else ["CREDIT_LIMIT"])
    for one in found.values():
        assert (one["exposure"], one["limit"], one["deviation"]) == (300_580_00, amount, 1)


@pytest.mark.parametrize(
    ("gross", "due", "passes"),
    [(1_000_00, "2026-02-26", False), (999_99, "2026-02-26", True), (1_000_00, "2026-02-27", True)],
)
def test_k12_an_invoice_counts_from_1000_00_on_and_after_three_days_of_grace(gross, due, passes):
    found = told(placing(order("D05", US80), open_invoice("D05", "INV-1", gross, due)))

    assert list(found) == ([] if passes else ["CREDIT_OVERDUE"])
    for one in found.values():
        assert (one["overdue"], one["days"], one["documents"]) == (gross, 4, "INV-1")


@pytest.mark.parametrize(("on", "passes"), [("2026-03-09", True), ("2026-03-10", False)])
def test_k12_is_asked_again_on_the_day_of_shipment(on, passes):
    past = placing(order("D05", US80), open_invoice("D05", "INV-1", 1_000_00, "2026-03-06"))
    device = goods("SO-0001", 1, "US80", US80_1)

    done = reviewed(past.accepted(), "SHP-0001", device).when(ship, sending("SHP-0001"), on=on)

    if passes:
        done.accepted()
    else:
        done.refuses(CreditOverdue)


def with_deposit(*amounts, pct=40):
    """An order for 300,580.00, of which 40 per cent are asked for before delivery: 120,232.00."""
    wish = (Milestone("DEPOSIT", Decimal(pct), 0), Milestone("POD", Decimal(100 - pct), 30))
    past = placing(order("D05", US80, billing_plan=wish)).accepted()
    for number, amount in enumerate(amounts):
        told_ = {"bank_ref": f"B-{number}", "value_date": day("2026-03-02"), "amount": amount}
        last = past.when(receive_deposit, ReceiveDeposit(dealer_id="D05", so_id="SO-0001", **told_))
        last.accepted()
    return past, last.answer if amounts else None


@pytest.mark.parametrize(
    ("amounts", "state"),
    [((120_232_00,), "CONFIRMED"), ((120_231_99,), "ON_HOLD"), ((120_231_99, 1), "CONFIRMED")],
)
def test_k13_the_deposit_is_there_to_the_last_fen(amounts, state):
    assert with_deposit(*amounts)[1]["state"] == state


@pytest.mark.parametrize(
    ("received", "by", "refusal"),
    [(20_232_00, FINANCE, None), (20_231_99, FINANCE, OverrideLimitExceeded),
     (20_232_00, MGR_NATIONAL, ForbiddenRole), (20_232_00, ADMIN, ForbiddenRole)],
)  # fmt: skip
def test_k13_finance_lets_100_000_00_be_missing(received, by, refusal):
    done = release(with_deposit(received)[0], "DEPOSIT_PENDING", by)

    if refusal:
        done.refuses(refusal)
    else:
        assert done.answer["state"] == "CONFIRMED"


HOURS = msgspec.structs.replace(LIMITS, duplicate_hours=24)
SET = CompanyPolicy.LimitsSet(*BY, limits=HOURS, small_difference=SmallDifference())
WATCHFUL = policy(SET)


def twice(seconds, *lines, past=None):
    """The answer to an order that is sent so long after a first one over one US80."""
    past = past or placing(order("D05", US80), WATCHFUL).accepted()
    at = instant("2026-03-02") + timedelta(seconds=seconds)
    stamp = Stamp(SERVICE, at, at.date())
    return past.when(lambda log: place_order(log, stamp, order("D05", *lines)))


@pytest.mark.parametrize(("seconds", "holds"), [(86_400, ["POSSIBLE_DUPLICATE"]), (86_401, [])])
def test_k16_a_copy_within_24_hours_is_a_possible_duplicate(seconds, holds):
    done = twice(seconds, US80)

    assert done.answer["holds"] == holds
    assert told(done) == {code: {"like": "SO-0001", "hours": 24} for code in holds}


def test_k16_a_copy_of_a_cancelled_order_is_none():
    past = placing(order("D05", US80), WATCHFUL).accepted()
    past.when(cancel_order, CancelOrder(so_id="SO-0001", reason="again")).accepted()

    assert twice(60, US80, past=past).answer["holds"] == []


@pytest.mark.parametrize("by", [REP_EAST, MGR_EAST])
def test_k16_a_sales_representative_or_manager_releases_it(by):
    past = twice(60, US80).past
    command = ReleaseHold(so_id="SO-0002", code="POSSIBLE_DUPLICATE", reason="two hospitals")

    past.when(release_hold, command, by=FINANCE).refuses(ForbiddenRole)
    assert past.when(release_hold, command, by=by).answer["state"] == "CONFIRMED"
