"""A dealer's claim (费用申请) on us: what it asks for and why, until it is reviewed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp

SUBMITTED = "SUBMITTED"
PRICE_PROTECTION = "PRICE_PROTECTION"


class ProtectedGoods(msgspec.Struct, frozen=True, omit_defaults=True):
    """Goods at a dealer whose price fell: how many, from what to what (net per unit), how much."""

    sku: str
    lot: str
    qty: int
    before: Decimal
    after: Decimal
    net: int


class Claim(Aggregate):
    """One claim; the stream is ``Claim/{id}``. Amounts net, in minor units."""

    CATEGORY: ClassVar[str] = "Claim"

    state: str = ""
    kind: str = ""
    dealer: str = ""
    net: int = 0

    # What can happen to a claim. Topics and fields are stored: add, never rename.

    class PriceProtectionClaimed(Event, frozen=True, kw_only=True):
        """Prices fell for goods that a dealer had bought lately (价保, INV-PR-6)."""

        TOPIC = "claim.price_protection_claimed"
        dealer: str
        price_list: str
        day: date
        goods: tuple[ProtectedGoods, ...]
        net: int

        def apply(self, claim: Claim) -> None:
            """Ask for the difference."""
            claim.state, claim.kind = SUBMITTED, PRICE_PROTECTION
            claim.dealer, claim.net = self.dealer, self.net

    # What may be asked of it.

    def protect(
        self,
        dealer: str,
        price_list: str,
        day: date,
        goods: tuple[ProtectedGoods, ...],
        stamp: Stamp,
    ) -> None:
        """Ask for the difference of prices that fell."""
        self.record(
            self.PriceProtectionClaimed(
                stamp.by,
                stamp.at,
                dealer=dealer,
                price_list=price_list,
                day=day,
                goods=goods,
                net=sum(one.net for one in goods),
            )
        )
