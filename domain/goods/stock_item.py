"""One product in one warehouse: what is here, what is claimed, for whom, and what is set apart."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from domain.goods import stock_events as stocked
from domain.goods.refusals import (
    InsufficientAtp,
    LotNotSellable,
    NotReserved,
    ReservationNotFound,
    SerialDuplicate,
    SerialNotAvailable,
)
from domain.goods.shelf import BLOCKED, QUARANTINED, Goods, Shelf
from domain.kernel.aggregate import Aggregate
from domain.kernel.refusal import InvalidState, Refusal
from domain.kernel.stamp import Stamp


class StockItem(Aggregate):
    """One product in one warehouse; the stream is ``Stock/{wh}/{sku}``."""

    CATEGORY: ClassVar[str] = "Stock"
    STATE_VERSION: ClassVar[int] = 4

    shelf: Shelf = msgspec.field(default_factory=Shelf)
    safety_stock: int = 0
    parameters: tuple[int | None, int | None, int | None] = (None, None, None)
    """Reorder point, maximum level, days between reviews; None where not set."""
    posted: bool = False

    # What is asked about it.

    @property
    def warehouse(self) -> str:
        """The warehouse's id."""
        return self.key.partition("/")[0]

    @property
    def sku(self) -> str:
        """The product's code."""
        return self.key.partition("/")[2]

    def unavailable(self, goods: Goods) -> Refusal | None:
        """Why goods cannot be claimed, or None."""
        for serial in goods.serials:
            unit = self.shelf.units.get(serial)
            if unit is None or not unit.free:
                return SerialNotAvailable(serial=serial, warehouse=self.warehouse)
        if not goods.serials:
            bucket = self.shelf.lots.get(goods.lot or "")
            if bucket is None or (bucket.marked and not bucket.available):
                return LotNotSellable(lot=goods.lot, warehouse=self.warehouse)
            if bucket.available < goods.qty:
                return InsufficientAtp(lot=goods.lot, wanted=goods.qty, available=bucket.available)
        return None

    # What may be asked of it.

    def open(self, goods: Goods, unit_cost: int, stamp: Stamp) -> None:
        """Set what was here at the beginning; raises SerialDuplicate."""
        self._refuse_known(goods)
        self.record(stocked.OpeningSet(stamp.by, stamp.at, goods=goods, unit_cost=unit_cost))

    def receive(self, arrival: stocked.Received) -> None:
        """Take goods in; raises SerialDuplicate."""
        self._refuse_known(arrival.goods)
        self.record(arrival)

    def reserve(
        self,
        ref: str,
        line: int,
        goods: Goods,
        considered: tuple[str, ...],
        stamp: Stamp,
        reason: str = "",
    ) -> None:
        """Claim goods; raises SerialNotAvailable, LotNotSellable or InsufficientAtp."""
        problem = self.unavailable(goods)
        if problem is not None:
            raise problem
        self.record(
            stocked.Reserved(
                stamp.by,
                stamp.at,
                ref=ref,
                line=line,
                goods=goods,
                considered=considered,
                reason=reason,
            )
        )

    def release(self, ref: str, qty: int, reason: str, stamp: Stamp) -> list[Goods]:
        """Give up claims of a reference, the last ones first; raises ReservationNotFound."""
        claims = self.shelf.last_claimed(ref, qty)
        if sum(one.qty for one in claims) < qty or not claims:
            raise ReservationNotFound(ref=ref, sku=self.sku, qty=qty)
        for goods in claims:
            self.free(ref, goods, reason, stamp)
        return claims

    def free(self, ref: str, goods: Goods, reason: str, stamp: Stamp) -> None:
        """Give up a claim on these very goods; raises ReservationNotFound."""
        if not self.shelf.holds(ref, goods):
            raise ReservationNotFound(ref=ref, sku=self.sku, lot=goods.lot, serials=goods.serials)
        self.record(
            stocked.ReservationReleased(stamp.by, stamp.at, ref=ref, goods=goods, reason=reason)
        )

    def issue(
        self,
        ref: str,
        document: str,
        goods: Goods,
        unit_cost: int,
        stamp: Stamp,
        target: str = "SHIPMENT",
    ) -> None:
        """Let claimed goods leave; raises NotReserved."""
        if not self.shelf.holds(ref, goods):
            raise NotReserved(ref=ref, lot=goods.lot, serials=goods.serials)
        self.record(
            stocked.Issued(
                stamp.by,
                stamp.at,
                ref=ref,
                document=document,
                goods=goods,
                unit_cost=unit_cost,
                target=target,
            )
        )

    def quarantine(self, goods: Goods, cause: str, qa_ref: str, stamp: Stamp) -> None:
        """Let goods wait for inspection; raises InvalidState unless they are free."""
        self._require(goods, "")
        self.record(
            stocked.Quarantined(stamp.by, stamp.at, goods=goods, cause=cause, qa_ref=qa_ref)
        )

    def unquarantine(self, goods: Goods, cause: str, qa_ref: str, stamp: Stamp) -> None:
        """Let inspected goods be sold; raises InvalidState unless they were waiting."""
        self._require(goods, QUARANTINED)
        self.record(
            stocked.Unquarantined(stamp.by, stamp.at, goods=goods, cause=cause, qa_ref=qa_ref)
        )

    def block(self, goods: Goods, cause: str, qa_ref: str, stamp: Stamp) -> None:
        """Lock goods; raises InvalidState unless they are free."""
        self._require(goods, "")
        self.record(stocked.Blocked(stamp.by, stamp.at, goods=goods, cause=cause, qa_ref=qa_ref))

    def unblock(self, goods: Goods, cause: str, qa_ref: str, stamp: Stamp) -> None:
        """Unlock goods; raises InvalidState unless they were locked."""
        self._require(goods, BLOCKED)
        self.record(stocked.Unblocked(stamp.by, stamp.at, goods=goods, cause=cause, qa_ref=qa_ref))

    def warn(self, warnings: tuple[int, ...], stamp: Stamp) -> None:
        """Warn of each lot that expires, once at each of these numbers of days before."""
        for lot, bucket in self.shelf.lots.items():
            if bucket.expiry is None or not bucket.on_hand:
                continue
            left = (bucket.expiry - stamp.today).days
            days = min((one for one in warnings if 0 <= left <= one), default=None)
            if days is not None and (bucket.warned is None or days < bucket.warned):
                self.record(
                    stocked.LotExpiring(
                        stamp.by,
                        stamp.at,
                        lot=lot,
                        expiry=bucket.expiry,
                        days=days,
                        qty=bucket.on_hand,
                    )
                )

    def expire(self, lot: str, stamp: Stamp) -> None:
        """Lock what is free of a lot whose last usable day is over."""
        bucket = self.shelf.lots[lot]
        assert bucket.expiry is not None  # noqa: S101 - only dated lots expire
        goods = Goods(bucket.available, lot=lot or None)
        self.record(stocked.LotExpired(stamp.by, stamp.at, goods=goods, expiry=bucket.expiry))

    def withdraw(  # noqa: PLR0913 - what leaves, from where, to whom, at which cost
        self,
        goods: Goods,
        mark: str,
        document: str,
        target: str,
        unit_cost: int,
        stamp: Stamp,
        *,
        expensed: int = 0,
    ) -> None:
        """Let goods that were set apart leave; raises InvalidState unless they were."""
        self._require(goods, mark)
        self.record(
            stocked.Withdrawn(
                stamp.by,
                stamp.at,
                goods=goods,
                mark=mark,
                document=document,
                target=target,
                unit_cost=unit_cost,
                expensed=expensed,
            )
        )

    def revalue(self, before: int, after: int, stamp: Stamp) -> None:
        """Value what is here at another standard cost; where nothing is, nothing is recorded."""
        qty = self.shelf.by_lot()
        if qty:
            changed = stocked.Revalued(stamp.by, stamp.at, before=before, after=after, qty=qty)
            self.record(changed)

    def post_count(self, count: stocked.CountPosted) -> None:
        """Correct the book to what was counted; raises InvalidState if the goods are not free."""
        units = [self.shelf.units.get(one) for one in count.goods.serials]
        here = all(unit is not None and not unit.reserved_for for unit in units)
        if count.delta < 0 and not (units and here):
            self._require(count.goods, "")
        self.record(count)

    def plan(self, parameters: stocked.ParametersSet) -> None:
        """Decide planning parameters; deciding them again alike records nothing."""
        said = (parameters.rop, parameters.max_level, parameters.review_days)
        if (parameters.safety_stock, said) != (self.safety_stock, self.parameters):
            self.record(parameters)

    def _require(self, goods: Goods, mark: str) -> None:
        if not self.shelf.marked(goods, mark):
            state = mark or "FREE"
            raise InvalidState(
                stock=self.key, qty=goods.qty, lot=goods.lot, serials=goods.serials, required=state
            )

    def _refuse_known(self, goods: Goods) -> None:
        for serial in goods.serials:
            if serial in self.shelf.units:
                raise SerialDuplicate(serial=serial, warehouse=self.warehouse)
