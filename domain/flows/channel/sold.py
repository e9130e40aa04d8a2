"""What a reported sale says about where the goods are."""

from __future__ import annotations

from domain.channel.book import Buyer
from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.goods.product import Product
from domain.goods.sighting import Sighting
from domain.kernel.aggregate import Log, existing
from domain.parties.customer import Customer
from domain.parties.dealer import Dealer


def sighting_of(
    log: Log, sku: str, buyer: Buyer, named: str, source: str, document: str
) -> Sighting:
    """Return the sighting that a sale is, where its buyer is or may sell the product.

    ``named`` is the serial number or lot that the report names.
    """
    region = buyer.region_code or ""
    if not region and buyer.hospital is not None:
        region = existing(log, Customer, buyer.hospital).region_code
    if not region and buyer.dealer is not None:
        region = _home(log, buyer.dealer, sku)
    return Sighting(
        named,
        region,
        source,
        log.get(CompanyPolicy, COMPANY).weights[source],
        hospital=buyer.hospital,
        observer=buyer.name,
        document=document,
    )


def _home(log: Log, dealer: str, sku: str) -> str:
    """First region in which a dealer may sell a product; "" for none."""
    line = existing(log, Product, sku).known.product_line
    mine = [one for one in log.get(Dealer, dealer).authorisations if one.product_line == line]
    return mine[0].region_codes[0] if mine else ""
