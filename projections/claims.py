"""Claims: what dealers ask of us beside their orders."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Column, Date

from domain.accounts.claim import PRICE_PROTECTION, SUBMITTED, Claim
from projections.columns import Price, count, key, movement_table, state_table, text
from projections.effects import Append, Change, Fact, Projection, Put, events_in

claims = state_table(
    "claims",
    "Every claim of a dealer. Amounts net, in minor units.",
    key("claim", "Claim."),
    text("dealer", "Dealer."),
    text("kind", "PRICE_PROTECTION."),
    text("state", "SUBMITTED."),
    count("net", "What it asks for."),
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


def effects(fact: Fact) -> Iterable[Change]:
    """All that this read model believes, and nothing else."""
    event, row = fact.event, {"claim": fact.key[0]}
    if isinstance(event, Claim.PriceProtectionClaimed):
        head = {"dealer": event.dealer, "kind": PRICE_PROTECTION, "state": SUBMITTED}
        about = {"net": event.net, "price_list": event.price_list, "day": event.day}
        yield Put(claims, row, head | about)
        for one in event.goods:
            prices = {"price_before": one.before, "price_after": one.after}
            goods = {"sku": one.sku, "lot": one.lot, "qty": one.qty, "net": one.net}
            yield Append(claim_lines, row | goods | prices)


PROJECTION = Projection(
    name="claims",
    version=1,
    tables=(claims, claim_lines),
    reads=frozenset(events_in(Claim)),
    effects=effects,
)
