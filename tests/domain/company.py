"""The company of the tests, put together from the parts of ``world``: master data, then stock."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from domain.accounts import account_events
from domain.accounts.credit_line import CreditLine, Limit
from domain.accounts.dealer_account import DealerAccount
from domain.company.approval_policy import ApprovalLimits
from domain.company.company_policy import CompanyPolicy, Service, SmallDifference, TaxRate
from domain.company.unique_key import UniqueKey
from domain.goods.product import Product
from domain.goods.warehouse import Warehouse
from domain.parties.dealer_terms import DealerProfile
from tests.domain.support import Fact, day, fact
from tests.domain.world import (
    BY,
    CHANNEL,
    DI,
    EAST,
    PRODUCTS,
    ROWS,
    WEIGHTS,
    WEST,
    YEAR,
    dealer,
    hospital,
    lot,
    price_list,
    units,
)

LIMITS = ApprovalLimits(duplicate_hours=0)
"""The company's own limits, but that like orders do not hold each other up."""


def policy(event: object) -> Fact:
    return fact(CompanyPolicy, "company", event)


def ranked(service: Service, *regions: str) -> list[Fact]:
    return [
        policy(CompanyPolicy.ServiceRanked(*BY, service=Service(one, service.ranking, service.lead_days)))
        for one in regions
    ]  # fmt: skip


def master_data() -> list[Fact]:
    """Everything but stock and open invoices."""
    rate = TaxRate("VAT13", Decimal(13), day("2019-04-01"))
    weights = {name: Decimal(weight) for name, weight in WEIGHTS.items()}
    found = [
        policy(CompanyPolicy.TaxRateSet(*BY, rate=rate)),
        policy(CompanyPolicy.WeightsSet(*BY, weights=weights)),
        policy(CompanyPolicy.LimitsSet(*BY, limits=LIMITS, small_difference=SmallDifference())),
        *ranked(EAST, "310000", "320000", "330000"),
        *ranked(WEST, "510000", "500000"),
    ]
    for name in EAST.ranking:
        registered = Warehouse.Registered(
            *BY, region_code="310000", sales_region="EAST", plant=name == "WH-WH"
        )
        found.append(fact(Warehouse, name, registered))
    for sku, terms in PRODUCTS.items():
        found.append(fact(Product, sku, Product.Registered(*BY, terms=terms)))
        found.append(fact(UniqueKey, "di", DI[sku], UniqueKey.Claimed(*BY, owner=sku)))
    found += price_list("PL-2026-1", ROWS)
    for key, (name, tier, sales_region, region, limit) in CHANNEL.items():
        profile = DealerProfile(
            legal_name=name, uscc=f"USCC-{key}", tier=tier, sales_region=sales_region
        )
        found += dealer(key, profile, region, limit)
    below = DealerProfile(
        legal_name="Gusu (Suzhou)", uscc="USCC-D12", tier="C", sales_region="EAST", level=2, parent="D05"
    )  # fmt: skip
    found += dealer("D12", below, "320500", 0)
    for key, region in (
        ("H-SH-01", "310100"),
        ("H-NJ-02", "320100"),
        ("H-SZ-01", "320500"),
        ("H-HZ-03", "330100"),
        ("H-CD-05", "510100"),
    ):
        found += hospital(key, region)
    return found


def discontinued(*skus: str) -> list[Fact]:
    """Products that are neither made nor bought any more: only what is there can be had."""
    return [
        fact(
            Product,
            sku,
            Product.Registered(*BY, terms=msgspec.structs.replace(PRODUCTS[sku], life="END")),
        )
        for sku in skus
    ]


def stock() -> list[Fact]:
    """Nine US80 in four places, two lots of INJ in Shanghai, and a few of the others."""
    us80 = [f"US80-26-000{number}" for number in range(1, 10)]
    p5 = [f"P5-26-000{number}" for number in range(1, 7)]
    return [
        *units("WH-SH", "US80", "2026-01-05", *us80[:4]),
        *units("WH-BJ", "US80", "2026-01-05", *us80[4:6]),
        *units("WH-GZ", "US80", "2026-01-05", *us80[6:8]),
        *units("WH-CD", "US80", "2026-01-05", us80[8]),
        *units("WH-WH", "P5", "2026-01-12", *p5[:4]),
        *units("WH-SH", "P5", "2026-01-12", *p5[4:]),
        *units("WH-SH", "CT64", "2025-11-20", "CT64-25-0103"),
        *units("WH-CD", "DR50", "2025-12-08", "DR50-25-0002"),
        *lot("WH-SH", "INJ", "INJ2508B", 40, "2026-07-31"),
        *lot("WH-SH", "INJ", "INJ2512A", 200, "2027-11-30"),
        *lot("WH-WH", "INJ", "INJ2512A", 300, "2027-11-30"),
    ]


def company() -> list[Fact]:
    return master_data() + stock()


def open_invoice(dealer_id: str, doc: str, gross: int, due: str) -> Fact:
    opened = account_events.OpenItemOpeningSet(
        *BY, doc=doc, gross=gross, due=day(due), accounting_date=day("2026-02-28")
    )
    return fact(DealerAccount, dealer_id, "CNY", opened)


def limit(dealer_id: str, amount: int, grace_days: int = 3) -> Fact:
    decided = CreditLine.LimitSet(*BY, limit=Limit(amount, *YEAR, grace_days), basis="decided")
    return fact(CreditLine, dealer_id, "CNY", decided)
