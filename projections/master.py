"""Master data, as analysts join it: products and their papers, customers, warehouses, prices."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer

from domain.goods.product import Product
from domain.goods.product_terms import ProductTerms, Registration
from domain.goods.warehouse import Warehouse
from domain.orders.price_list import PriceList
from domain.parties.customer import Customer
from domain.parties.user import User
from projections.columns import Price, key, state_table, text
from projections.effects import Change, Fact, Projection, Put, events_in

products = state_table(
    "products",
    "Every product, as master data describes it now.",
    key("sku", "Product."),
    text("name", "Name."),
    text("product_line", "Product line."),
    text("device_class", "Class of the device: I, II or III."),
    text("catalogue_code", "Code in the classification catalogue of devices."),
    text("tracking", "SERIAL, LOT or NONE."),
    text("di", "Device identifier of the base unit (GTIN-14)."),
    text("life", "INTRO, ACTIVE, PHASE_OUT or END."),
    text("locked", "What stops its sale: QUALITY_LOCK or RECALL_BLOCK."),
    text("tax_code", "Code of its VAT rate."),
    text("price_basis", "TAX_EXCLUSIVE or TAX_INCLUSIVE."),
    Column("list_price", Price, comment="List price per base unit."),
    Column("std_cost", BigInteger, comment="Standard cost per base unit, minor units."),
    Column("installation_required", Boolean, comment="Whether it is accepted after installation."),
    Column("warranty_months", Integer, comment="Months of warranty, if any."),
)

product_registrations = state_table(
    "product_registrations",
    "Every registration or filing of a product (NMPA); both days inclusive.",
    key("sku", "Product."),
    key("no", "Number of the registration."),
    text("kind", "REGISTRATION or FILING."),
    text("holder", "Who holds it."),
    Column("valid_from", Date, comment="First day."),
    Column("valid_to", Date, comment="Last day; empty where it does not end."),
    Column("renewal_pending", Boolean, comment="Whether a renewal was applied for in time."),
)

customers = state_table(
    "customers",
    "Every hospital, clinic or imaging centre.",
    key("customer", "Customer."),
    text("name", "Name."),
    text("type", "Kind of customer."),
    text("region_code", "Region (GB/T 2260)."),
)

warehouses = state_table(
    "warehouses",
    "Every warehouse of ours.",
    key("wh", "Warehouse."),
    text("region_code", "Region (GB/T 2260)."),
    text("sales_region", "Sales region that it serves."),
    Column("plant", Boolean, comment="Whether goods are made there."),
    Column("cold", Boolean, comment="Whether it keeps goods cold."),
)

users = state_table(
    "users",
    "Every user, with its present role and scope.",
    key("user_id", "User."),
    text("role", "Role."),
    text("scope", "Sales region or warehouse that it is bound to; ALL for none."),
    text("dealer", "Dealer, for a dealer's own user."),
)

price_rows = state_table(
    "price_rows",
    "Rows of every edition of every price list that came into force; both days inclusive.",
    key("price_list", "Price list."),
    Column("edition", Integer, primary_key=True, autoincrement=False, comment="Edition."),
    key("sku", "Product."),
    key("region", "Region (GB/T 2260), or ALL."),
    key("tier", "Price tier, or ALL."),
    Column(
        "min_qty", BigInteger, primary_key=True, autoincrement=False, comment="From this quantity."
    ),
    key("hospital", "Hospital that alone it is for; empty for all."),
    key("dealer", "Dealer that alone it is for; empty for all."),
    Column("valid_from", Date, comment="First day of the list."),
    Column("valid_to", Date, comment="Last day of the list."),
    text("currency", "Currency (ISO 4217)."),
    text("basis", "TAX_EXCLUSIVE or TAX_INCLUSIVE."),
    Column("price", Price, comment="Price per base unit."),
    Column("floor", Price, comment="Lowest price without release."),
    Column("ceiling", Price, comment="Highest price without release."),
    Column("vbp", Boolean, comment="Whether the price was won in volume-based procurement."),
    text("author", "Who wrote the edition."),
    text("approver", "Who approved it."),
)

ROW = ("price", "floor", "ceiling", "vbp")
PLACE = ("sku", "region", "tier", "min_qty", "hospital", "dealer")
LIST = ("valid_from", "valid_to", "currency", "basis", "author", "approver")
TERMS = (
    *("name", "product_line", "device_class", "catalogue_code", "tracking", "life", "tax_code"),
    *("price_basis", "list_price", "std_cost", "installation_required", "warranty_months"),
)


def effects(fact: Fact) -> Iterable[Change]:
    """All that this read model believes, and nothing else."""
    event, name = fact.event, fact.key[0]
    match event:
        case Customer.Registered(name=said, type=kind, region_code=region):
            told = {"name": said, "type": kind, "region_code": region}
            yield Put(customers, {"customer": name}, told)
        case Warehouse.Registered(region_code=region, sales_region=sales):
            told = {"region_code": region, "sales_region": sales}
            more = {"plant": event.plant, "cold": event.cold}
            yield Put(warehouses, {"wh": name}, told | more)
        case User.Registered(role=role, scope=scope, dealer=dealer):
            yield Put(users, {"user_id": name}, {"role": role, "scope": scope, "dealer": dealer})
        case PriceList.Activated(edition=edition, rows=rows):
            terms = {one: getattr(event, one) for one in LIST}
            for row in rows:
                where = {one: getattr(row, one) for one in PLACE}
                priced = {one: getattr(row, one) for one in ROW}
                which = {"price_list": name, "edition": edition} | where
                yield Put(price_rows, which, priced | terms)
        case _:
            yield from _of_product(event, name)


def _of_product(event: object, sku: str) -> Iterable[Change]:
    row = {"sku": sku}
    match event:
        case Product.Registered(terms=terms):
            yield Put(products, row, _described(terms))
            for one in terms.registrations:
                yield _paper(sku, one)
        case Product.RegistrationAdded(registration=paper, renews=renewed):
            yield _paper(sku, paper)
            if renewed:
                pending = {"renewal_pending": False}
                yield Put(product_registrations, {"sku": sku, "no": renewed}, pending)
        case Product.RenewalFiled(no=no):
            pending = {"renewal_pending": True}
            yield Put(product_registrations, {"sku": sku, "no": no}, pending)
        case Product.LifeSet(life=life):
            yield Put(products, row, {"life": life})
        case Product.TrackingChanged(tracking=tracking):
            yield Put(products, row, {"tracking": tracking})
        case Product.Locked(code=code):
            yield Put(products, row, {"locked": code})
        case Product.Unlocked():
            yield Put(products, row, {"locked": None})


def _described(terms: ProductTerms) -> dict[str, object]:
    base = next((one.di for one in terms.identifiers if one.contains_qty == 1), None)
    return {name: getattr(terms, name) for name in TERMS} | {"di": base}


def _paper(sku: str, paper: Registration) -> Put:
    names = ("kind", "holder", "valid_from", "valid_to", "renewal_pending")
    told = {name: getattr(paper, name) for name in names}
    return Put(product_registrations, {"sku": sku, "no": paper.no}, told)


PROJECTION = Projection(
    name="master",
    version=1,
    tables=(products, product_registrations, customers, warehouses, users, price_rows),
    reads=frozenset(
        {
            *(frozenset(events_in(Product)) - {Product.IdentifierAdded}),
            Customer.Registered,
            PriceList.Activated,
            User.Registered,
            Warehouse.Registered,
        }
    ),
    effects=effects,
)
