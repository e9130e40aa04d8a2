"""Expiring: from which lots of a dealer's book a sale without a lot is taken."""

from __future__ import annotations

from datetime import date

from domain.channel.dealer_stock import DealerStock
from domain.goods.lot import Lot
from domain.goods.product import Product
from domain.goods.product_terms import LOT
from domain.kernel.aggregate import Log, existing


class FirstExpired:
    """The lots of a book, in the order in which they expire, as sales are taken from them."""

    def __init__(self, log: Log, stock: DealerStock) -> None:
        self._log, self._stock = log, stock
        self._lots: dict[str, list[str]] = {}
        """Lots with something left by product, the first to expire last."""

    def take(self, sku: str, qty: int) -> list[tuple[str, int]]:
        """Return lots and quantities; what no lot has is taken from none.

        What is returned must leave the book before the next call.
        """
        if existing(self._log, Product, sku).known.tracking != LOT:
            return [("", qty)]
        lots, found, left = self._in_order(sku), [], qty
        while lots and left:
            balance = max(0, self._stock.balance(f"{sku}/{lots[-1]}"))
            used = min(left, balance)
            if used:
                found.append((lots[-1], used))
                left -= used
            if used == balance:
                lots.pop()
        return [*found, ("", left)] if left else found

    def look_again(self) -> None:
        """Forget the order: goods came into the book."""
        self._lots.clear()

    def _in_order(self, sku: str) -> list[str]:
        if sku not in self._lots:
            expiry = {lot: (self._expiry(sku, lot), lot) for lot in self._stock.lots(sku)}
            self._lots[sku] = sorted(expiry, key=expiry.__getitem__, reverse=True)
        return self._lots[sku]

    def _expiry(self, sku: str, lot: str) -> date:
        return self._log.get(Lot, sku, lot).expiry or date.max
