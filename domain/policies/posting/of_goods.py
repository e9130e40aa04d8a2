"""What the facts of goods post to the general ledger, at standard cost."""

from __future__ import annotations

from domain.books import chart
from domain.books.posting import Draft, Posting, move
from domain.goods import shipment_events as shipment
from domain.goods import stock_events as stock
from domain.orders.line_events import LineLost
from domain.supply.transfer import Transfer

SOURCES = {
    "PURCHASE": chart.GOODS_RECEIVED,
    "PRODUCTION": chart.PRODUCTION_COST,
    "REFUSED": chart.GOODS_DISPATCHED,
}
"""Account that goods come from, by their source; those of a transfer were never elsewhere."""

TARGETS = {
    "SCRAP": chart.ADMIN_EXPENSE,
    "SUPPLIER": chart.GOODS_RECEIVED,
}
"""Account that goods go to, when they are withdrawn."""


def opened(event: stock.OpeningSet) -> Draft:
    """Opening stock comes from the technical opening account."""
    value = event.goods.qty * event.unit_cost
    return Draft(doc="OPENING", lines=move(chart.FINISHED_GOODS, chart.OPENING, value))


def received(event: stock.Received) -> Draft | None:
    """Goods come in: bought, made, refused, or returned from where their cost had gone."""
    value = event.goods.qty * event.unit_cost
    if event.source == "RETURN":
        expensed = event.expensed * event.unit_cost
        lines = move(chart.FINISHED_GOODS, chart.COST_OF_SALES, expensed)
        lines += move(chart.FINISHED_GOODS, chart.GOODS_DISPATCHED, value - expensed)
        return Draft(doc=event.source_ref, lines=lines)
    if event.source not in SOURCES:
        return None
    lines = move(chart.FINISHED_GOODS, SOURCES[event.source], value)
    return Draft(doc=event.source_ref, lines=lines)


def issued(event: stock.Issued) -> Draft | None:
    """Goods go out to a customer; to another warehouse they stay what they are."""
    if event.target != "SHIPMENT":
        return None
    value = event.goods.qty * event.unit_cost
    return Draft(
        doc=event.document, lines=move(chart.GOODS_DISPATCHED, chart.FINISHED_GOODS, value)
    )


def withdrawn(event: stock.Withdrawn) -> Draft:
    """Goods are scrapped, or go back to whoever they came from."""
    value = event.goods.qty * event.unit_cost
    if event.target == "DEALER":
        expensed = event.expensed * event.unit_cost
        lines = move(chart.COST_OF_SALES, chart.FINISHED_GOODS, expensed)
        lines += move(chart.GOODS_DISPATCHED, chart.FINISHED_GOODS, value - expensed)
        return Draft(doc=event.document, lines=lines)
    lines = move(TARGETS[event.target], chart.FINISHED_GOODS, value)
    return Draft(doc=event.document, lines=lines)


def counted(event: stock.CountPosted) -> Draft:
    """A difference of a count is an expense, or takes one back; it was approved before."""
    lines: tuple[Posting, ...] = move(chart.FINISHED_GOODS, chart.ADMIN_EXPENSE, event.value)
    return Draft(doc=event.sheet, lines=lines)


def revalued(event: stock.Revalued) -> Draft:
    """A change of the standard cost is a cost of sales, or takes one back."""
    lines = move(chart.FINISHED_GOODS, chart.COST_OF_SALES, event.value)
    return Draft(doc="REVALUATION", lines=lines)


def lost(event: shipment.Lost) -> Draft:
    """A shipment that was lost waits for the carrier or the insurance to pay."""
    return Draft(
        doc=event.claim_no, lines=move(chart.PENDING_LOSS, chart.GOODS_DISPATCHED, event.cost)
    )


def short(event: LineLost) -> Draft | None:
    """Goods that were missing at delivery wait for the carrier to pay."""
    lines = move(chart.PENDING_LOSS, chart.GOODS_DISPATCHED, event.cost)
    return Draft(doc=event.shp, lines=lines) if event.cost else None


def transfer_lost(event: Transfer.LossConfirmed) -> Draft:
    """Goods that a transfer lost wait for the carrier to pay."""
    value = sum(one.qty for one in event.goods) * event.unit_cost
    return Draft(doc=event.claim_no, lines=move(chart.PENDING_LOSS, chart.FINISHED_GOODS, value))
