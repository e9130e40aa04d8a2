"""Dealers: who they are, what they may sell where, their papers; and what is about to expire."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer

from domain.goods import stock_events
from domain.parties import dealer_events as happened
from domain.parties.dealer_terms import Authorisation, Licence
from projections.columns import count, key, movement_table, state_table, text
from projections.effects import Append, Change, Fact, Projection, Put, events_in

dealers = state_table(
    "dealers",
    "Every dealer, with its standing.",
    key("dealer", "Dealer."),
    text("legal_name", "Name."),
    text("uscc", "Unified social credit code."),
    text("status", "APPLICANT, UNDER_REVIEW, QUALIFIED, ACTIVE, SUSPENDED, TERMINATED, WOUND_UP."),
    text("tier", "Price tier."),
    text("sales_region", "Sales region."),
    Column("level", Integer, comment="Level in the channel: 1 buys from us."),
    text("parent", "Dealer that it buys from."),
    text("missing", "What the first review found missing, if anything."),
)

dealer_rights = state_table(
    "dealer_rights",
    "Every right of a dealer to sell a product line; both days inclusive.",
    key("dealer", "Dealer."),
    key("product_line", "Product line."),
    Column("version", Integer, primary_key=True, comment="Version of the right."),
    Column("valid_from", Date, primary_key=True, comment="First day."),
    Column("valid_to", Date, comment="Last day."),
    text("region_codes", "Regions (GB/T 2260)."),
    Column("exclusive", Boolean, comment="Whether nobody else of the level may sell there."),
    text("hospitals_include", "Hospitals that are in, wherever they are."),
    text("hospitals_exclude", "Hospitals that are out, wherever they are."),
    text("reason", "Why it ended before its time, if it did."),
)

dealer_exceptions = state_table(
    "dealer_exceptions",
    "Every leave to sell outside a territory.",
    key("dealer", "Dealer."),
    key("exception", "Exception."),
    text("what", "Product line or product."),
    text("place", "Region (GB/T 2260) or hospital."),
    Column("valid_from", Date, comment="First day."),
    Column("valid_to", Date, comment="Last day."),
    count("qty_max", "Quantity allowed, base units."),
    count("used", "Quantity used."),
    text("approved_by", "Who granted it."),
)

dealer_licences = state_table(
    "dealer_licences",
    "Every licence and filing of a dealer.",
    key("dealer", "Dealer."),
    key("no", "Number of the licence or filing."),
    Column("valid_from", Date, primary_key=True, comment="First day."),
    Column("valid_to", Date, comment="Last day; empty for open-ended."),
    text("type", "Kind of paper."),
    text("device_class", "I, II or III."),
    text("scope_codes", "Catalogue codes that it covers."),
)

expiry_warnings = movement_table(
    "expiry_warnings",
    "Every warning that a lot or a licence is about to expire.",
    text("kind", "LOT or LICENCE."),
    text("holder", "Warehouse or dealer."),
    text("item", "Product and lot, or number of the licence."),
    Column("expiry", Date, comment="Last day."),
    Column("days", Integer, comment="Warned within so many days; 0 once it has expired."),
    Column("qty", BigInteger, comment="Quantity on hand, base units; empty for licences."),
)

STATUSES: dict[type, str] = {
    happened.Activated: "ACTIVE",
    happened.Suspended: "SUSPENDED",
    happened.Reinstated: "ACTIVE",
    happened.Terminated: "TERMINATED",
    happened.WoundUp: "WOUND_UP",
}


def effects(fact: Fact) -> Iterable[Change]:
    """All that this read model believes, and nothing else."""
    event, row = fact.event, {"dealer": fact.key[0]}
    match event:
        case happened.Registered(profile=profile) | happened.Applied(profile=profile):
            told = {name: getattr(profile, name) for name in ("legal_name", "uscc", "tier")}
            place = {"sales_region": profile.sales_region, "level": profile.level}
            status = event.status if isinstance(event, happened.Registered) else "APPLICANT"
            yield Put(dealers, row, told | place | {"parent": profile.parent, "status": status})
        case happened.Reviewed(passed=passed, missing=missing):
            status = "QUALIFIED" if passed else "UNDER_REVIEW"
            yield Put(dealers, row, {"status": status, "missing": missing or None})
        case happened.TierChanged(tier=tier):
            yield Put(dealers, row, {"tier": tier})
        case happened.TerritoryGranted(authorisation=right):
            yield Put(dealer_rights, _right(row, right), _where(right))
        case happened.TerritoryRevoked(authorisation=right, last_day=day, reason=reason):
            yield Put(dealer_rights, _right(row, right), {"valid_to": day, "reason": reason})
        case happened.LicenceRegistered(licence=paper) | happened.LicenceRenewed(licence=paper):
            yield _paper(row, paper)
        case stock_events.LotExpiring(lot=lot):
            wh, sku = fact.key
            told = {"kind": "LOT", "holder": wh, "item": f"{sku} {lot}", "qty": event.qty}
            yield Append(expiry_warnings, told | {"expiry": event.expiry, "days": event.days})
        case happened.LicenceExpiring(no=no, valid_to=day):
            told = {"kind": "LICENCE", "holder": fact.key[0], "item": no}
            yield Append(expiry_warnings, told | {"expiry": day, "days": event.days})
        case _ if type(event) in STATUSES:
            yield Put(dealers, row, {"status": STATUSES[type(event)]})
        case _:
            yield from _exception(fact, row)


def _exception(fact: Fact, row: dict[str, str]) -> Iterable[Change]:
    event = fact.event
    match event:
        case happened.ExceptionGranted(exception=one):
            days = {"valid_from": one.valid_from, "valid_to": one.valid_to}
            about = {"what": one.product_line or one.sku, "place": one.region_code or one.hospital}
            most = {"qty_max": one.qty_max, "approved_by": one.approved_by}
            yield Put(dealer_exceptions, row | {"exception": one.exception}, days | about | most)
        case happened.ExceptionConsumed(exception=name, used=used):
            yield Put(dealer_exceptions, row | {"exception": name}, {"used": used})
        case happened.ExceptionClosed(exception=name, last_day=day):
            yield Put(dealer_exceptions, row | {"exception": name}, {"valid_to": day})


def _right(row: dict[str, str], right: Authorisation) -> dict[str, object]:
    which = {"product_line": right.product_line, "version": right.version}
    return row | which | {"valid_from": right.valid_from}


def _where(right: Authorisation) -> dict[str, object]:
    return {
        "valid_to": right.valid_to,
        "region_codes": ", ".join(right.region_codes),
        "exclusive": right.exclusive,
        "hospitals_include": ", ".join(right.hospitals_include) or None,
        "hospitals_exclude": ", ".join(right.hospitals_exclude) or None,
    }


def _paper(row: dict[str, str], paper: Licence) -> Put:
    told = {"valid_to": paper.valid_to, "type": paper.type, "device_class": paper.device_class}
    which = row | {"no": paper.no, "valid_from": paper.valid_from}
    return Put(dealer_licences, which, told | {"scope_codes": ", ".join(paper.scope_codes)})


PROJECTION = Projection(
    name="dealers",
    version=1,
    tables=(dealers, dealer_rights, dealer_exceptions, dealer_licences, expiry_warnings),
    reads=frozenset({*events_in(happened), stock_events.LotExpiring}),
    effects=effects,
)
