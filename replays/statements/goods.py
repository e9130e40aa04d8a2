"""Part D: what a dealer's book of our goods says of a month, product by product and lot by lot."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from domain.channel.dealer_stock import DealerStock
from replays.past import Past
from replays.statements.values import GoodsLine

MOVED: dict[type, tuple[str, int]] = {
    DealerStock.ReceiptRecorded: ("received", 1),
    DealerStock.TransferReceived: ("transferred_in", 1),
    DealerStock.UseObserved: ("sold", -1),
    DealerStock.ReturnRecorded: ("returned", -1),
    DealerStock.AdjustmentRecorded: ("adjusted", 1),
}
"""Figure that a fact of the book moves, and whether goods come or go."""


def goods(past: Past, dealer: str, first: date, last: date) -> tuple[GoodsLine, ...]:
    """Return the book of a month; rows without any movement up to its end are left out."""
    opening: dict[str, int] = defaultdict(int)
    moved: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    counts: dict[str, tuple[date, int]] = {}
    for event in past.events(f"{DealerStock.CATEGORY}/{dealer}"):
        if isinstance(event, DealerStock.CountReported):
            key = f"{event.sku}/{event.lot}"
            if event.as_of <= last and event.as_of >= counts.get(key, (first, 0))[0]:
                counts[key] = (event.as_of, event.counted)
            continue
        name, sign = _figure(event)
        if not name or event.moved.day > last:
            continue
        if event.moved.day < first:
            opening[event.moved.key] += sign * event.moved.qty
        else:
            moved[event.moved.key][name] += event.moved.qty
    keys = sorted({*opening, *moved, *counts})
    return tuple(_line(key, opening[key], moved[key], counts.get(key)) for key in keys)


def _figure(event: object) -> tuple[str, int]:
    if isinstance(event, DealerStock.SaleReported):
        if event.buyer.dealer is not None:
            return "transferred_out", -1
        return ("sold", -1) if event.counted else ("", 0)
    return MOVED.get(type(event), ("", 0))


def _line(
    key: str, opening: int, moved: dict[str, int], count: tuple[date, int] | None
) -> GoodsLine:
    sku, _, lot = key.partition("/")
    came = moved["received"] + moved["transferred_in"] + moved["adjusted"]
    went = moved["sold"] + moved["transferred_out"] + moved["returned"]
    closing = opening + came - went
    return GoodsLine(
        sku=sku,
        lot=lot,
        opening=opening,
        received=moved["received"],
        returned=moved["returned"],
        sold=moved["sold"],
        transferred_in=moved["transferred_in"],
        transferred_out=moved["transferred_out"],
        adjusted=moved["adjusted"],
        closing=closing,
        counted=count[1] if count else None,
        difference=count[1] - closing if count else None,
    )
