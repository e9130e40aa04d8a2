"""K04, K05, K14, K15, K17: whether the goods may be sold, and can be had."""

from __future__ import annotations

from datetime import date

from domain.orders.check import CheckResult, Evidence
from domain.parties.customer import Customer
from domain.policies.checks.situation import Situation, verdict


def product_registration(now: Situation) -> list[CheckResult]:
    """K04: certificate or filing valid when the goods were made; today, for goods still to come.

    INV-SO-9: what was made under a valid certificate may be sold after its expiry.
    """
    found = []
    for line, product in now.lines():
        if not product.known.registrations:
            inputs: Evidence = {"sku": line.terms.sku}
            found.append(CheckResult("K04", "REGISTRATION_MISSING", inputs, product.version))
            continue
        bad = [one for one in _made_on(now, line.terms.line_no) if not product.registered_on(one)]
        if bad:
            last = max(one.valid_to or date.max for one in product.known.registrations)
            expired: Evidence = {
                "sku": line.terms.sku,
                "made_on": min(bad).isoformat(),
                "valid_to": last.isoformat(),
            }
            found.append(CheckResult("K04", "REGISTRATION_EXPIRED", expired, product.version))
    return verdict("K04", found)


def quality_lock(now: Situation) -> list[CheckResult]:
    """K05: nothing stops the product: no recall, no lock by quality."""
    found = [
        CheckResult("K05", code, {"sku": line.terms.sku, "reason": reason}, product.version)
        for line, product in now.lines()
        for code, reason in product.locks.items()
    ]
    return verdict("K05", found)


def available_to_promise(now: Situation) -> list[CheckResult]:
    """K14: every line can be supplied: shipped, transferred, made or bought."""
    if not now.plan.short:
        return [CheckResult("K14", policy_version=now.policy.version)]
    line_no, sellable = next(iter(now.plan.short.items()))
    line = now.order.lines[line_no]
    inputs: Evidence = {
        "line_no": line_no,
        "sku": line.terms.sku,
        "wanted": line.unsourced,
        "sellable": ", ".join(f"{place} {qty}" for place, qty in sellable.items()),
        "lines_short": len(now.plan.short),
    }
    return [CheckResult("K14", "NO_SUPPLY", inputs, now.policy.version)]


def shelf_life(now: Situation) -> list[CheckResult]:
    """K15: goods with fewer days of life than usual need the dealer's consent."""
    found = []
    for line_no, days in now.plan.short_dated.items():
        inputs: Evidence = {
            "line_no": line_no,
            "sku": now.order.lines[line_no].terms.sku,
            "days_left": days.left,
            "days_usual": days.usual,
        }
        found.append(CheckResult("K15", "SHORT_DATED_CONSENT", inputs, now.policy.version))
    return verdict("K15", found, now.policy.version)


def hospital_permit(now: Situation) -> list[CheckResult]:
    """K17: large equipment needs the hospital's permit (配置许可), where the product says so."""
    customer, found = now.order.known.end_customer, []
    for line, product in now.lines():
        terms = product.known
        if not terms.large_equipment_permit:
            continue
        hospital = now.log.get(Customer, customer) if customer else None
        if hospital is None or not hospital.permitted(terms.catalogue_code, now.day):
            inputs: Evidence = {"sku": line.terms.sku, "customer": customer}
            inputs |= {"catalogue_code": terms.catalogue_code}
            found.append(CheckResult("K17", "HOSPITAL_PERMIT_MISSING", inputs))
    return verdict("K17", found)


def _made_on(now: Situation, line_no: int) -> list[date]:
    """Days on which a line's goods were made: those planned now; today for goods to come."""
    days = [made for pick in now.plan.picks_of(line_no) for made in pick.made]
    days += [now.day for one in now.plan.supplies if one.line_no == line_no and one.made_qty]
    return days or ([] if now.order.confirmed else [now.day])
