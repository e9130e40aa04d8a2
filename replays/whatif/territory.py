"""The territory of a dealer, had it been another: which decisions would have differed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from domain.goods.product import Product
from domain.kernel.aggregate import Aggregate, Log, existing
from domain.kernel.refusal import NotFound
from domain.orders.check import Evidence
from domain.orders.order import Order
from domain.parties.dealer import Dealer
from domain.parties.dealer_terms import Authorisation
from domain.parties.territory import Territory
from domain.policies.checks.dealers import address_and_territory, product_authorisation
from replays.whatif.inquiry import Inquiry
from replays.whatif.orders import Orders, Scope
from replays.whatif.overlay import Change, Overlay
from replays.whatif.report import Report, Supposition
from replays.whatif.retaking import retake
from replays.whatif.sightings import Sightings

ASSUMPTIONS = (
    "Only the regions of the dealer's rights differ: their days and hospitals stay as they were.",
    "Rights of other dealers, sub-dealers too, and leave to sell elsewhere stay as they were.",
    "Of sightings, use outside of a territory (R01) and lots in a foreign one (R09) are judged.",
    "What counts sightings (R12), compares prices (R13) or found the past anew is not judged.",
)


def territory(
    inquiry: Inquiry, dealer: str, product_line: str, region_codes: Sequence[str]
) -> Report:
    """Take all checks (K06, K07), releases and shipments, and judgements of sightings again.

    ``region_codes`` (GB/T 2260) replace those of the dealer's rights to the line; none of them
    means no right. Raises NotFound, ValidationFailed, DateRange.
    """
    findings, regions = inquiry.findings(), tuple(dict.fromkeys(region_codes))
    for place, code in enumerate(regions):
        findings.region(code, f"region_codes[{place}]")
    findings.refuse()
    known = existing(inquiry.today, Dealer, dealer).authorisations
    if all(right.product_line != product_line for right in known):
        raise NotFound(kind="Authorisation", id=f"{dealer}/{product_line}")

    def concerns(log: Log, order: Order) -> bool:
        skus = {line.terms.sku for line in order.lines.values()}
        return any(log.get(Product, sku).known.product_line == product_line for sku in skus)

    overlay = Overlay(inquiry.reader, inquiry.codec, _change(dealer, product_line, regions))
    scope = Scope(
        at_placement=(product_authorisation, address_and_territory),
        at_shipment=(address_and_territory,),
        dealer=dealer,
        concerns=concerns,
    )
    judges = (Orders(inquiry, overlay, scope), Sightings(inquiry, overlay, product_line))
    about: Evidence = {
        "dealer": dealer,
        "product_line": product_line,
        "region_codes": ", ".join(regions),
    }
    named = f"been {', '.join(regions)}" if regions else "not existed"
    said = f"the territory of {dealer} for {product_line} had {named}"
    return retake(inquiry, judges, Supposition("TERRITORY", about, said), ASSUMPTIONS)


def _change(dealer: str, product_line: str, regions: tuple[str, ...]) -> Change:
    """Let the dealer, and the map of the product line, show other regions."""

    def otherwise(right: Authorisation) -> Authorisation:
        return msgspec.structs.replace(right, region_codes=regions)

    def change(one: Aggregate) -> Aggregate:
        if isinstance(one, Dealer) and one.key == dealer:
            rights = [
                otherwise(right) if right.product_line == product_line else right
                for right in one.authorisations
                if regions or right.product_line != product_line
            ]
            return msgspec.structs.replace(one, authorisations=rights)
        if isinstance(one, Territory) and one.key == product_line:
            grants = [
                msgspec.structs.replace(grant, authorisation=otherwise(grant.authorisation))
                if grant.dealer == dealer
                else grant
                for grant in one.grants
                if regions or grant.dealer != dealer
            ]
            return msgspec.structs.replace(one, grants=grants)
        return one

    return change
