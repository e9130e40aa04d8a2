"""Steps of a claim on stock: reserve, issue, release, and what the figures say then."""

from domain.goods.stock_item import StockItem
from tests.domain.support import stamp

STAMP = stamp()


def item(log, sku="INJ", wh="WH-SH"):
    return log.get(StockItem, wh, sku)


def reserve(goods, ref="SO-1", sku="INJ"):
    return lambda log: item(log, sku).reserve(ref, 1, goods, (), STAMP)


def issue(goods, ref="SO-1", sku="INJ"):
    return lambda log: item(log, sku).issue(ref, "SHP-1", goods, 700_00, STAMP)


def release(ref="SO-1", sku="INJ"):

    def give_up(log):
        """All claims of a reference."""
        claims = item(log, sku).shelf.reservations.get(ref, [])
        return item(log, sku).release(ref, sum(one.qty for one in claims), "cancelled", STAMP)

    return give_up


def figures(past, lot, sku="INJ"):
    bucket = item(past, sku).shelf.lots[lot]
    return bucket.on_hand, bucket.reserved, bucket.available
