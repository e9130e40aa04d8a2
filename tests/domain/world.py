"""A prepared world: a maker of imaging devices in March 2026, as facts in its log.

Five warehouses, six products, six dealers of two tiers in five provinces, one sub-dealer.
"""

from __future__ import annotations

from decimal import Decimal

from domain.accounts.credit_line import CreditLine, Limit
from domain.company.company_policy import Service
from domain.company.unique_key import UniqueKey
from domain.goods import serial_events, stock_events
from domain.goods.holders import Holders
from domain.goods.lot import Lot
from domain.goods.product_terms import Identifier, ProductTerms, Registration
from domain.goods.serial_number import SerialNumber
from domain.goods.serial_register import SerialRegister
from domain.goods.shelf import Goods
from domain.goods.stock_item import StockItem
from domain.kernel.stamp import Actor
from domain.orders.price_list import Listing, PriceBook, PriceList, PriceRow
from domain.parties import dealer_events
from domain.parties.address import Address
from domain.parties.customer import Customer
from domain.parties.dealer import Dealer
from domain.parties.dealer_terms import Authorisation, DealerProfile, Licence
from domain.parties.territory import Grant, Territory
from tests.domain.support import Fact, day, fact, instant

SETUP = Actor("adm-1", "ADM")
WHEN = instant("2026-02-28")
BY = (SETUP, WHEN)

MGR_NATIONAL = Actor("mgr-national", "MGR", "ALL")
MGR_EAST = Actor("mgr-east", "MGR", "EAST")
MGR_WEST = Actor("mgr-west", "MGR", "WEST")
REP_EAST = Actor("rep-east", "REP", "EAST")
FINANCE = Actor("fin-1", "FIN")
DEALER_5 = Actor("dlr-d05", "DLR", dealer="D05")
ENGINEER = Actor("se-1", "SE")

DI = {
    "CT64": "06970012340019",
    "US80": "06970012340033",
    "P5": "06970012340040",
    "DR50": "06970012340057",
    "INJ": "06970012340064",
    "GEL": "06970012340071",
}
YEAR = (day("2026-01-01"), day("2026-12-31"))
LONG = (day("2020-01-01"), day("2035-12-31"))
CHANNEL = {
    "D04": ("Hucheng (Shanghai)", "A", "EAST", "310000", 8_000_000_00),
    "D05": ("Jinling (Jiangsu)", "A", "EAST", "320000", 6_000_000_00),
    "D06": ("Qiantang (Zhejiang)", "B", "EAST", "330000", 4_000_000_00),
    "D09": ("Shudu (Sichuan)", "B", "WEST", "510000", 4_000_000_00),
    "D10": ("Yuzhou (Chongqing)", "C", "WEST", "500000", 1_500_000_00),
}
"""Name, tier, sales region, exclusive territory and credit limit of the level 1 dealers."""

EAST = Service(
    "320000",
    ("WH-SH", "WH-WH", "WH-BJ", "WH-CD", "WH-GZ"),
    {"WH-SH": 1, "WH-WH": 2, "WH-BJ": 3, "WH-CD": 4, "WH-GZ": 4},
)
WEST = Service(
    "510000",
    ("WH-CD", "WH-WH", "WH-BJ", "WH-SH", "WH-GZ"),
    {"WH-CD": 1, "WH-WH": 3, "WH-BJ": 4, "WH-SH": 4, "WH-GZ": 5},
)
WEIGHTS = {"SERVICE_ENGINEER_SCAN": "0.95", "FIELD_AUDIT": "0.8", "SERVICE_REQUEST": "0.7"}
WEIGHTS |= {"WARRANTY_REGISTRATION": "0.9", "ACCEPTANCE_CERTIFICATE": "1.0"}


def terms(sku: str, tracking: str, line: str, list_price: str, **more: object) -> ProductTerms:
    device_class = "III" if sku in ("CT64", "INJ") else "II"
    return ProductTerms(
        name=sku,
        tracking=tracking,
        device_class=device_class,
        product_line=line,
        catalogue_code="06-07",
        list_price=Decimal(list_price),
        std_cost=100_00,
        tax_code="VAT13",
        identifiers=(Identifier(DI[sku]),),
        registrations=(Registration("REGISTRATION", f"REG-{sku}", "the maker", *LONG),),
        **more,
    )


PRODUCTS = {
    "CT64": terms("CT64", "SERIAL", "IMAGING", "3200000", installation_required=True),
    "US80": terms("US80", "SERIAL", "ULTRASOUND", "380000"),
    "P5": terms("P5", "SERIAL", "ULTRASOUND", "120000"),
    "DR50": terms("DR50", "SERIAL", "IMAGING", "650000"),
    "INJ": terms("INJ", "LOT", "CONSUMABLES", "1800", min_shelf_days=180),
    "GEL": terms("GEL", "LOT", "CONSUMABLES", "260", pack_qty=10, moq=50),
}


def row(sku: str, tier: str, price: str, floor: str, ceiling: str, **more: object) -> PriceRow:
    place = {"region": "ALL", "min_qty": 1} | more
    return PriceRow(
        sku=sku, tier=tier, price=Decimal(price), floor=Decimal(floor), ceiling=Decimal(ceiling), **place
    )  # fmt: skip


ROWS = (
    row("CT64", "A", "2240000", "2172000", "3200000"),
    row("US80", "A", "266000", "258000", "380000"),
    row("US80", "B", "277400", "269000", "380000"),
    row("P5", "A", "84000", "81480", "120000"),
    row("DR50", "B", "474500", "460000", "650000"),
    row("INJ", "A", "1260", "1222", "1800"),
    row("INJ", "A", "1220", "1183", "1800", min_qty=100),
    row("INJ", "B", "1314", "1275", "1800"),
)


def price_list(name: str, rows: tuple[PriceRow, ...], basis: str = "TAX_EXCLUSIVE") -> list[Fact]:
    first, last = YEAR
    activated = PriceList.Activated(
        *BY, currency="CNY", basis=basis, valid_from=first, valid_to=last, edition=1,
        author="adm-1", approver="mgr-national", rows=rows,
    )  # fmt: skip
    listed = PriceBook.Listed(*BY, listing=Listing(name, first, last))
    return [fact(PriceList, name, activated), fact(PriceBook, "CNY", listed)]


def right(line: str, *regions: str, exclusive: bool = True) -> Authorisation:
    return Authorisation(line, regions, *YEAR, exclusive=exclusive)


def dealer(key: str, profile: DealerProfile, region: str, limit: int) -> list[Fact]:
    found = [
        fact(Dealer, key, dealer_events.Registered(*BY, profile=profile, status="ACTIVE")),
        fact(UniqueKey, "uscc", profile.uscc, UniqueKey.Claimed(*BY, owner=key)),
        fact(CreditLine, key, "CNY", CreditLine.LimitSet(*BY, limit=Limit(limit, *YEAR), basis="")),
        address(
            f"ADR-{key}", region[:4] + "00" if region[2:4] != "00" else region[:2] + "0100", key
        ),
    ]
    for line in ("IMAGING", "ULTRASOUND", "CONSUMABLES"):
        granted = right(line, region, exclusive=profile.level == 1)
        found.append(fact(Dealer, key, dealer_events.TerritoryGranted(*BY, authorisation=granted)))
        grant = Grant(key, profile.level, granted)
        found.append(fact(Territory, line, Territory.Mapped(*BY, grant=grant)))
    for device_class, kind in (("II", "FILING_CLASS_II"), ("III", "LICENCE_CLASS_III")):
        licence = Licence(kind, f"{kind}-{key}", device_class, ("06-07",), *LONG)
        found.append(fact(Dealer, key, dealer_events.LicenceRegistered(*BY, licence=licence)))
    return found


def address(key: str, region: str, entity: str) -> Fact:
    registered = Address.Registered(*BY, region_code=region, receiving_entity=entity, kind="X")
    return fact(Address, key, registered)


def hospital(key: str, region: str) -> list[Fact]:
    registered = Customer.Registered(
        *BY, name=key, type="HOSPITAL_2", region_code=region, address_id=f"ADR-{key}"
    )
    return [fact(Customer, key, registered), address(f"ADR-{key}", region, key)]


def units(warehouse: str, sku: str, made: str, *serials: str) -> list[Fact]:
    goods = Goods(len(serials), serials=serials, manufacture_date=day(made))
    found = [
        fact(StockItem, warehouse, sku, stock_events.OpeningSet(*BY, goods=goods, unit_cost=1)),
        fact(Holders, sku, Holders.FirstStocked(*BY, warehouse=warehouse)),
        fact(SerialRegister, sku, SerialRegister.Entered(*BY, serials=serials)),
    ]
    for serial in serials:
        registered = serial_events.Registered(
            *BY, sku=sku, manufacture_date=day(made), registration_no=f"REG-{sku}"
        )
        stocked = serial_events.Stocked(*BY, warehouse=warehouse, document="OPENING")
        key = (DI[sku], serial)
        found += [fact(SerialNumber, *key, registered), fact(SerialNumber, *key, stocked)]
    return found


def lot(warehouse: str, sku: str, name: str, qty: int, expiry: str) -> list[Fact]:
    made = day("2025-08-01")
    created = Lot.Created(
        *BY, manufacture_date=made, expiry=day(expiry), registration_no=f"REG-{sku}", status="RELEASED"
    )  # fmt: skip
    goods = Goods(qty, name, expiry=day(expiry), manufacture_date=made)
    opened = stock_events.OpeningSet(*BY, goods=goods, unit_cost=1)
    stocked = Holders.FirstStocked(*BY, warehouse=warehouse)
    there = fact(StockItem, warehouse, sku, opened)
    return [fact(Lot, sku, name, created), there, fact(Holders, sku, stocked)]
