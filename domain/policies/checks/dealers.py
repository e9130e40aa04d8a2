"""K02, K03, K06 to K08: whether the dealer may buy, and may sell this there."""

from __future__ import annotations

from datetime import date

from domain.orders.check import CheckResult, Evidence
from domain.parties.dealer import Dealer
from domain.parties.dealer_events import ACTIVE
from domain.parties.project import Project
from domain.policies import territory
from domain.policies.checks.situation import Situation, verdict

CLASSES_WITH_LICENCE = ("II", "III")
"""Class III needs a licence, class II a filing, class I neither."""


def dealer_status(now: Situation) -> list[CheckResult]:
    """K02: the dealer is active."""
    status, version = now.dealer.status, now.dealer.version
    stopped = status != ACTIVE
    return [CheckResult("K02", "DEALER_SUSPENDED" if stopped else "", {"status": status}, version)]


def dealer_licence(now: Situation) -> list[CheckResult]:
    """K03: licence (class III) or filing (class II), valid today, covers each product."""
    found = []
    for line, product in now.lines():
        terms = product.known
        if terms.device_class not in CLASSES_WITH_LICENCE:
            continue
        licences = now.dealer.licensed(terms.device_class)
        valid = [one for one in licences if one.valid_on(now.day)]
        covering = [one for one in valid if terms.catalogue_code in one.scope_codes]
        if covering:
            continue
        hold = "LICENCE_SCOPE" if valid else "LICENCE_EXPIRED" if licences else "LICENCE_MISSING"
        inputs: Evidence = {
            "sku": line.terms.sku,
            "device_class": terms.device_class,
            "catalogue_code": terms.catalogue_code,
        }
        if hold == "LICENCE_EXPIRED":
            last = max(one.valid_to or date.max for one in licences)
            inputs["valid_to"] = last.isoformat()
        found.append(CheckResult("K03", hold, inputs, now.dealer.version))
    return verdict("K03", found, now.dealer.version)


def product_authorisation(now: Situation) -> list[CheckResult]:
    """K06: the dealer holds a right to the product line, somewhere, on the order date."""
    found = []
    for line, product in now.lines():
        product_line = product.known.product_line
        if not now.dealer.authorised(product_line, now.order.known.order_date):
            inputs: Evidence = {"sku": line.terms.sku, "product_line": product_line}
            result = CheckResult("K06", "PRODUCT_NOT_AUTHORISED", inputs, now.dealer.version)
            found.append(result)
    return verdict("K06", found, now.dealer.version)


def address_and_territory(now: Situation) -> list[CheckResult]:
    """K07: the goods go into the dealer's territory or under an exception, to a known receiver."""
    terms, found = now.order.known, []
    to = terms.ship_to
    if to.receiving_entity not in (terms.dealer, terms.end_customer):
        inputs: Evidence = {"address": to.address_id, "receiver": to.receiving_entity}
        found.append(CheckResult("K07", "ADDRESS_UNVERIFIED", inputs, now.dealer.version))
    taken: dict[str, int] = {}
    for line, product in now.lines():
        product_line = product.known.product_line
        if _may_send(now, line.terms.sku, product_line, line.open, taken):
            continue
        rights = now.dealer.authorised(product_line, now.day)
        regions = sorted({code for right in rights for code in right.region_codes})
        outside: Evidence = {
            "product_line": product_line,
            "region": to.region_code,
            "territory": ",".join(regions),
        }
        hold = "ADDRESS_OUT_OF_TERRITORY"
        found.append(CheckResult("K07", hold, outside, now.dealer.version))
    return verdict("K07", found, now.dealer.version)


def project_conflict(now: Situation) -> list[CheckResult]:
    """K08: no other dealer has registered the customer's project (项目报备)."""
    terms, found = now.order.known, []
    if terms.end_customer is None:
        return verdict("K08", [])
    for line, product in now.lines():
        project = now.log.get(Project, terms.end_customer, product.known.product_line)
        holder = project.holder(terms.order_date)
        if holder not in (None, terms.dealer):
            inputs: Evidence = {"sku": line.terms.sku, "customer": terms.end_customer}
            inputs |= {"valid_to": str(project.valid_to)}
            hold = "PROJECT_REGISTERED_TO_OTHER"
            found.append(CheckResult("K08", hold, inputs, project.version))
    return verdict("K08", found)


def _may_send(now: Situation, sku: str, product_line: str, qty: int, taken: dict[str, int]) -> bool:
    """Whether a line may go there by right, or by an exception of which enough is left.

    ``taken`` is what earlier lines of the order need of each exception.
    """
    dealer: Dealer = now.dealer
    to, customer = now.order.known.ship_to, now.order.known.end_customer
    there = customer if to.receiving_entity == customer else None
    if any(
        territory.covers(right, there, to.region_code)
        for right in dealer.authorised(product_line, now.day)
    ):
        return True
    exceptions = territory.exceptions(dealer, sku, product_line, there, to.region_code, now.day)
    for one in exceptions:
        used = taken.get(one.exception, 0)
        if dealer.remaining(one.exception) - used >= qty:
            taken[one.exception] = used + qty
            return True
    return False
