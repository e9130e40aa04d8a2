"""Price protection (价保): a price cut is paid back for what a dealer bought lately and still has."""

from decimal import Decimal

import msgspec
import pytest

from domain.channel.book import Buyer
from domain.channel.dealer_stock import DealerStock
from domain.flows.channel.reporting import ReportDealerSales, ReportedSale, report_sales
from domain.flows.incentives.protecting import ProtectPrices, protect_prices
from domain.flows.orders.listing import (
    ActivatePriceList,
    ApprovePriceList,
    DraftPriceList,
    activate_price_list,
    approve_price_list,
    draft_price_list,
)
from domain.flows.parties.enrolling import RegisterDealer, register_dealer
from domain.incentives.claim import Claim
from domain.kernel.refusal import InvalidState
from domain.kernel.stamp import Actor
from domain.parties.dealer import Dealer
from tests.domain.company import company
from tests.domain.story import goods, of, placed, sent, signed
from tests.domain.support import day, given
from tests.domain.world import MGR_EAST, ROWS, YEAR

LOT = "INJ2512A"
AUTHOR = Actor("adm-1", "ADM")
CUT = tuple(
    msgspec.structs.replace(row, price=row.price - 60, floor=row.floor - 60)
    if row.sku == "INJ"
    else row
    for row in ROWS
)


def protected(days=30, dealer="D05"):
    """A dealer with the clause."""
    past = given(company())
    profile = past.get(Dealer, dealer).known
    clause = msgspec.structs.replace(profile, price_protection_days=days)
    return past.when(register_dealer, RegisterDealer(dealer_id=dealer, profile=clause)).accepted()


def bought(past, qty, number=1, on="2026-03-05"):
    placed(of("INJ", qty, "1260"), past=past)
    sent(past, f"SHP-000{number}", goods(f"SO-000{number}", 1, "INJ", LOT, qty=qty))
    return signed(past, f"SHP-000{number}", on)


def sell(past, qty):
    line = ReportedSale(
        line_no=1, day=day("2026-03-06"), sku="INJ", lot=LOT, qty=qty, buyer=Buyer(name="a clinic")
    )
    told = ReportDealerSales(
        dealer_id="D05", file_hash="f", lines=(line,), source="SERVICE_REQUEST"
    )
    past.when(report_sales, told, on="2026-03-06").accepted()


def published(past, rows=CUT, on="2026-03-20", name="PL-2026-1", first=YEAR[0]):
    draft = DraftPriceList(
        price_list=name, currency="CNY", valid_from=first, valid_to=YEAR[1], rows=rows
    )
    past.when(draft_price_list, draft, by=AUTHOR, on=on).accepted()
    past.when(approve_price_list, ApprovePriceList(price_list=name), by=MGR_EAST, on=on).accepted()
    return past.when(activate_price_list, ActivatePriceList(price_list=name), by=AUTHOR, on=on)


def claimed(done):
    return [
        (one.dealer, one.net, [(part.lot, part.qty, part.before, part.after) for part in one.goods])
        for one in done.recorded(Claim.PriceProtectionClaimed)
    ]


def test_inv_pr_6_the_difference_is_claimed_for_what_was_bought_lately_and_is_still_there():
    past = bought(protected(), 60)
    sell(past, 20)

    done = published(past)

    assert claimed(done) == [("D05", 40 * 60_00, [(LOT, 40, Decimal(1260), Decimal(1200))])]
    assert done.answer["claims"] == ["CL-0001"]
    assert past.get(Claim, "CL-0001").net == 2_400_00


@pytest.mark.parametrize(("on", "qty"), [("2026-04-03", 60), ("2026-04-04", 0)])
def test_inv_pr_6_only_goods_of_the_days_of_the_clause_are_protected(on, qty):
    done = published(bought(protected(30), 60), on=on)

    assert [part[1] for _, _, parts in claimed(done) for part in parts] == ([qty] if qty else [])


def test_inv_pr_6_no_more_than_is_left_is_protected_whatever_was_bought():
    past = bought(protected(10), 50, 1, "2026-03-03")
    bought(past, 50, 2, "2026-03-15")
    sell(past, 70)

    (told,) = claimed(published(past))

    assert told[2][0][1] == 30
    assert past.get(DealerStock, "D05").balance(f"INJ/{LOT}") == 30


@pytest.mark.parametrize("rows", [ROWS, tuple(reversed(ROWS))])
def test_where_no_price_falls_nothing_is_claimed(rows):
    assert claimed(published(bought(protected(), 60), rows)) == []


def test_a_dealer_without_the_clause_claims_nothing():
    past = bought(given(company()), 60)

    assert claimed(published(past)) == []


def test_a_list_that_begins_later_is_compared_on_its_first_day_and_once():
    past = bought(protected(), 60)
    [cut] = [one for one in CUT if (one.sku, one.tier, one.min_qty) == ("INJ", "A", 1)]
    later = msgspec.structs.replace(cut, region="320000")
    done = published(past, (later,), name="PL-SPRING", first=day("2026-04-01"))
    assert claimed(done) == []
    command = ProtectPrices(price_list="PL-SPRING")
    past.when(protect_prices, command, on="2026-03-31").refuses(InvalidState)

    done = past.when(protect_prices, command, on="2026-04-01")

    assert claimed(done) == [("D05", 60 * 60_00, [(LOT, 60, Decimal(1260), Decimal(1200))])]
    past.when(protect_prices, command, on="2026-04-01").refuses(InvalidState)
