"""Metrics: what counts towards a rebate, and what never does."""

from decimal import Decimal

import pytest

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.ledger import Allocation, CreditedLine
from domain.channel.book import Buyer, Movement
from domain.channel.dealer_stock import DealerStock
from domain.incentives.policy_terms import Tier
from domain.incentives.rebate import Rebate
from tests.domain.incentives.schemes import (
    accepted,
    accrue,
    credit,
    does,
    pay,
    rebate,
    sell,
    settling,
)
from tests.domain.incentives.schemes import confirmed as confirmed_quarter
from tests.domain.support import day, stamp

ONE_PCT = (Tier(0, Decimal(1)),)
ON = stamp(on="2026-03-15")
LOT = "INJ2512A"


def under(metric, **more):
    return accepted(metric=metric, tiers=ONE_PCT, **more)


def base(past):
    """The base of March, as it is accrued."""
    accrue(past, "2026-03", "2026-03-31")
    return rebate(past).base


def test_sales_count_without_vat_and_returns_as_negatives():
    past = under("SELL_IN_NET")
    sell(past, 1_000_00, "2026-03-02")
    credit(past, 300_00, "2026-03-20")

    assert base(past) == 700_00


@pytest.mark.parametrize("kind", ["REBATE", "CLAIM"])
def test_notes_for_rebates_and_claims_do_not_count(kind):
    past = under("SELL_IN_NET")
    sell(past, 1_000_00, "2026-03-02")
    credit(past, 300_00, "2026-03-20", kind)

    assert base(past) == 1_000_00


def test_a_settled_rebate_does_not_lower_the_next_base():
    past = confirmed_quarter()
    does(past, settling(1_000_00), on="2026-04-03")
    sell(past, 1_500_000_00, "2026-04-10")
    accepted(past, "RB-2026-04", period="2026-04")

    [one] = accrue(past, "2026-04", "2026-04-30").recorded(Rebate.Accrued)

    assert one.base == 1_500_000_00


def test_a_penalty_does_not_count():
    past = under("SELL_IN_NET")
    sell(past, 1_000_00, "2026-03-02")
    days = {"due": day("2026-04-30"), "accounting_date": ON.today}
    charged = account_events.PenaltyCharged(
        ON.by, ON.at, doc="PEN-1", case="DIV-1", amount=5_00, **days
    )
    past.get(DealerAccount, "D05", "CNY").owe(charged)

    assert base(past) == 1_000_00


def test_an_opening_item_does_not_count():
    past = under("SELL_IN_NET")
    sell(past, 1_000_00, "2026-03-02")
    past.get(DealerAccount, "D05", "CNY").open_item("OLD", 9_00, day("2026-03-31"), ON)

    assert base(past) == 1_000_00


@pytest.mark.parametrize(
    ("products", "counted"),
    [((), 1_700_00), (("US80",), 1_000_00), (("INJ", "US80"), 1_700_00), (("P5",), 0)],
)
def test_only_the_products_of_the_policy_count(products, counted):
    past = under("SELL_IN_NET", products=products)
    sell(past, 1_000_00, "2026-03-02")
    sell(past, 700_00, "2026-03-02", sku="INJ")

    assert base(past) == counted


def test_units_count_less_those_that_came_back():
    past = accepted(metric="QTY", method="FIXED", tiers=(Tier(7, amount=50_00),))
    sell(past, 1_000_00, "2026-03-02", qty=9)
    credit(past, 200_00, "2026-03-10", qty=2)

    assert base(past) == 7
    assert rebate(past).accrued == 50_00


def test_a_lower_price_of_units_leaves_their_number_as_it_is():
    past = accepted(metric="QTY", method="FIXED", tiers=(Tier(7, amount=50_00),))
    sell(past, 1_000_00, "2026-03-02", qty=9)
    line = CreditedLine("US80", 90_00, 11_70, Decimal(13), 1, 9)
    days = {"accounting_date": ON.today, "effective_date": ON.today, "red_info_no": "R"}
    amounts = {"net": 90_00, "vat": 11_70, "gross": 101_70, "settled": 101_70, "invoice": "INV-1"}
    past.get(DealerAccount, "D05", "CNY").record(
        account_events.CreditNotePosted(
            ON.by, ON.at, doc="CN-1", kind="PRICE", lines=(line,), **amounts, **days
        )
    )

    assert base(past) == 9


def test_money_counts_net_in_the_month_in_which_it_came():
    past = under("COLLECTED")
    first, second = (sell(past, 1_000_00, "2026-02-02") for _ in range(2))
    pay(past, first, "2026-02-20")
    pay(past, second, "2026-03-20", 565_00)

    accrue(past, "2026-02", "2026-02-28")
    assert rebate(past).base == 1_000_00
    assert base(past) == 1_500_00


def test_money_that_was_taken_back_does_not_count():
    past = under("COLLECTED")
    first = sell(past, 1_000_00, "2026-03-02")
    sell(past, 50_00, "2026-03-02")
    pay(past, first, "2026-03-10")
    pay(past, "INV-2", "2026-03-10")
    account = past.get(DealerAccount, "D05", "CNY")
    [receipt] = [name for name, docs in account.applied.items() if first in docs]
    account.record(
        account_events.CashUnapplied(
            ON.by,
            ON.at,
            receipt=receipt,
            allocations=(Allocation(first, 1_130_00),),
            reason="bounced",
            accounting_date=ON.today,
        )
    )

    assert base(past) == 50_00


def test_money_that_is_not_applied_and_credit_notes_are_not_collected():
    past = under("COLLECTED")
    doc = sell(past, 1_000_00, "2026-03-02")
    pay(past, doc, "2026-03-10", 113_00)
    credit(past, 500_00, "2026-03-20")

    assert base(past) == 100_00


def test_an_invoice_that_is_paid_in_parts_is_collected_to_the_fen():
    past = under("COLLECTED")
    doc = sell(past, 33_33, "2026-03-02")  # 37.66 with VAT
    for part in (12_55, 12_55, 12_56):
        pay(past, doc, "2026-03-10", part)

    assert base(past) == 33_33


def sold_out(past, qty, on="2026-03-10", dealer=None):
    """D05 reported a sale."""
    at, moved = stamp(on=on), Movement("INJ", qty, day(on), LOT)
    buyer = Buyer(dealer=dealer) if dealer else Buyer(hospital="H-NJ-02")
    about = {"source": "DEALER_PORTAL", "file_hash": "f", "line_no": qty}
    reported = DealerStock.SaleReported(at.by, at.at, moved=moved, buyer=buyer, **about)
    past.get(DealerStock, "D05").record(reported)
    sell(past, 1_00, "2026-03-02")


def test_what_was_sold_on_counts_at_the_dealers_own_price():
    past = under("SELL_OUT_NET")
    sold_out(past, 40)
    sold_out(past, 9, "2026-02-10")

    accrue(past, "2026-02", "2026-02-28")
    assert rebate(past).base == 9 * 1_260_00
    assert base(past) == 49 * 1_260_00


def test_what_was_sold_on_of_other_products_does_not_count():
    past = under("SELL_OUT_NET", products=("US80",))
    sold_out(past, 40)

    assert base(past) == 0


@pytest.mark.xfail(strict=True, reason="only reports count")
def test_a_device_that_was_seen_in_use_counts_as_sold_though_nobody_reported_it():
    past = under("SELL_OUT_NET")
    sell(past, 1_00, "2026-03-02")
    moved = Movement("US80", 1, day("2026-03-10"), serials=("US80-26-0001",))
    seen = DealerStock.UseObserved(ON.by, ON.at, moved=moved, hospital="H-NJ-02")
    past.get(DealerStock, "D05").record(seen)

    assert base(past) == 266_000_00
