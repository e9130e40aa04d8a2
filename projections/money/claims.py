"""Claims and promotions: what dealers ask of us beside their orders, and what there is for it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Column, Date

from domain.incentives.claim import (
    APPROVED,
    EXPIRED,
    PARTIALLY_APPROVED,
    PRICE_PROTECTION,
    PROMOTION,
    REJECTED,
    SUBMITTED,
    UNDER_REVIEW,
    Claim,
)
from domain.incentives.promotion import APPROVED as PROMOTION_APPROVED
from domain.incentives.promotion import DRAFT as PROMOTION_DRAFT
from domain.incentives.promotion import ENDED, PUBLISHED, Promotion
from projections.columns import Price, count, key, movement_table, state_table, text
from projections.effects import Add, Append, Change, Fact, Projection, Put, events_in

claims = state_table(
    "claims",
    "Every claim of a dealer. Amounts in minor units.",
    key("claim", "Claim."),
    text("dealer", "Dealer."),
    text("kind", "PROMOTION or PRICE_PROTECTION."),
    text(
        "state",
        "SUBMITTED, UNDER_REVIEW, APPROVED, PARTIALLY_APPROVED, REJECTED, SETTLED or EXPIRED.",
    ),
    count("net", "What it asks for."),
    count("approved", "What was agreed to."),
    count("rejected", "What was refused."),
    text("codes", "Why it was refused."),
    count("settled", "What was paid."),
    count("lapsed", "What was agreed to and never taken."),
    text("document", "Document that paid it last."),
    text("promotion", "Promotion, for claims under one."),
    text("evidence", "Hashes of the documents handed in."),
    text("products", "Products that it names."),
    text("price_list", "Price list that made it, for price protection."),
    Column("day", Date, comment="Day on which it arose."),
)

claim_lines = movement_table(
    "claim_lines",
    "What a claim is made of: goods at the dealer whose price fell.",
    text("claim", "Claim."),
    text("sku", "Product."),
    text("lot", "Lot; empty for devices."),
    count("qty", "Base units."),
    Column("price_before", Price, comment="Net price per unit before."),
    Column("price_after", Price, comment="Net price per unit after."),
    count("net", "Quantity times the difference, minor units."),
)

promotions = state_table(
    "promotions",
    "Promotions, and how far their budgets are used: planned, committed, approved, settled.",
    key("promotion", "Promotion."),
    text("name", "Name."),
    text("type", "DISCOUNT, FREE_GOODS, MARKET_ACTIVITY or SAMPLE."),
    text("state", "DRAFT, APPROVED, PUBLISHED or ENDED."),
    Column("valid_from", Date, comment="First day."),
    Column("valid_to", Date, comment="Last day."),
    count("budget", "Planned, minor units."),
    count("cap_per_dealer", "The most that one dealer may claim, minor units."),
    count("committed", "Claimed and not refused, minor units."),
    count("approved", "Agreed to and not lapsed, minor units."),
    count("settled", "Paid, minor units."),
    count("enrolled", "Dealers that take part."),
)


def effects(fact: Fact) -> Iterable[Change]:
    """All that this read model believes, and nothing else."""
    if fact.stream.startswith("Promotion/"):
        yield from _promoted(fact)
        return
    event, row = fact.event, {"claim": fact.key[0]}
    match event:
        case Claim.PriceProtectionClaimed(goods=goods):
            head = {"dealer": event.dealer, "kind": PRICE_PROTECTION, "state": SUBMITTED}
            about = {"net": event.net, "price_list": event.price_list, "day": event.day}
            yield Put(claims, row, head | about)
            for seq, one in enumerate(goods):
                prices = {"price_before": one.before, "price_after": one.after}
                told = {"sku": one.sku, "lot": one.lot, "qty": one.qty, "net": one.net}
                yield Append(claim_lines, row | told | prices, seq)
        case Claim.Submitted():
            head = {"dealer": event.dealer, "kind": PROMOTION, "state": SUBMITTED}
            about = {"net": event.claimed, "promotion": event.promotion}
            about |= {"evidence": ", ".join(event.evidence), "day": event.day}
            about |= {"products": ", ".join(event.products)}
            yield Put(claims, row, head | about)
        case Claim.ReviewBegun():
            yield Put(claims, row, {"state": UNDER_REVIEW})
        case Claim.Reviewed(approved=approved, rejected=rejected):
            whole = approved == event.claimed
            state = APPROVED if whole else PARTIALLY_APPROVED if approved else REJECTED
            told = {"codes": ", ".join(one.code for one in rejected), "state": state}
            refused = {"rejected": sum(one.amount for one in rejected), "approved": approved}
            yield Put(claims, row, told | refused)
            yield from _used(event.promotion, approved=approved)
        case Claim.Settled(amount=amount, doc=doc):
            yield Put(claims, row, {"document": doc, "state": event.state})
            yield Add(claims, row, {"settled": amount})
            yield from _used(event.promotion, settled=amount)
        case Claim.Expired(lapsed=lapsed):
            yield Put(claims, row, {"state": EXPIRED})
            yield Add(claims, row, {"lapsed": lapsed})
            yield from _used(event.promotion, approved=-lapsed)


def _used(promotion: str, **amounts: int) -> Iterable[Change]:
    """How far a promotion's budget is used; claims about prices that fell have none."""
    if promotion:
        yield Add(promotions, {"promotion": promotion}, amounts)


def _promoted(fact: Fact) -> Iterable[Change]:
    event, row = fact.event, {"promotion": fact.key[0]}
    match event:
        case Promotion.Drafted(terms=terms):
            names = ("name", "type", "valid_from", "valid_to", "budget", "cap_per_dealer")
            told = {name: getattr(terms, name) for name in names}
            yield Put(promotions, row, told | {"state": PROMOTION_DRAFT})
        case Promotion.Approved():
            yield Put(promotions, row, {"state": PROMOTION_APPROVED})
        case Promotion.Published():
            yield Put(promotions, row, {"state": PUBLISHED})
        case Promotion.DealerEnrolled():
            yield Add(promotions, row, {"enrolled": 1})
        case Promotion.Committed(amount=amount):
            yield Add(promotions, row, {"committed": amount})
        case Promotion.Ended(last_day=day):
            yield Put(promotions, row, {"state": ENDED, "valid_to": day})


PROJECTION = Projection(
    name="claims",
    version=3,
    tables=(claims, claim_lines, promotions),
    reads=frozenset({*events_in(Claim), *events_in(Promotion)}),
    effects=effects,
)
