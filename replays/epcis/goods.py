"""Goods: what a fact of a lot's life is, in the words of EPCIS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from domain.channel.dealer_stock import DealerStock
from domain.goods import stock_events as of_stock
from domain.goods.lot import Lot
from replays.epcis.telling import US, Said, moved, sale, site, step


def tell(event: Any, place: str) -> Said | None:
    """Say a fact about goods of a lot, at a warehouse or dealer; None for what has no word."""
    say = _SAYINGS.get(type(event))
    return say(event, place) if say is not None else None


def _lot_created(event: Lot.Created, _place: str) -> Said:
    born = {
        "cbvmda:manufacturingDate": event.manufacture_date.isoformat(),
        "cbvmda:itemExpirationDate": event.expiry.isoformat(),
        "baton:registration": event.registration_no,
    }
    return step("commissioning", "active", action="ADD") | {"ilmd": born}


def _lot_seen(event: Lot.Observed, _place: str) -> Said:
    return step("inspecting", None, at=site(event.sighting))


def _came(event: of_stock.Received, place: str) -> Said:
    papers = (("recadv", event.source_ref),)
    return step("receiving", "sellable_accessible", at=place, stays=place, papers=papers)


def _opened(_event: of_stock.OpeningSet, place: str) -> Said:
    return step("stock_taking", "sellable_accessible", at=place, stays=place)


def _left(event: of_stock.Issued, place: str) -> Said:
    papers = (("po", event.ref), ("desadv", event.document))
    return step("shipping", "in_transit", at=place, papers=papers)


def _counted(event: of_stock.CountPosted, place: str) -> Said:
    return step("stock_taking", None, at=place) | {"baton:delta": event.delta}


def _apart(event: of_stock.Quarantined | of_stock.Blocked, place: str) -> Said:
    papers = (("testres", event.qa_ref),)
    return step("holding", "non_sellable_other", at=place, stays=place, papers=papers)


def _free(event: of_stock.Unquarantined | of_stock.Unblocked, place: str) -> Said:
    papers = (("testres", event.qa_ref),)
    return step("storing", "sellable_accessible", at=place, stays=place, papers=papers)


def _gone(event: of_stock.Withdrawn, place: str) -> Said:
    return step("destroying", "destroyed", at=place, papers=(("testres", event.document),))


def _dealt(event: DealerStock.ReceiptRecorded, place: str) -> Said:
    return step("receiving", None, at=place, stays=place, papers=(("desadv", event.shipment),))


def _sold(event: DealerStock.SaleReported, place: str) -> Said:
    return sale(place, event.buyer)


def _sent_back(event: DealerStock.ReturnRecorded, place: str) -> Said:
    said = step("shipping", "returned", at=place, papers=(("rma", event.rma),))
    return moved(said, place, US, owned=True)


_SAYINGS: dict[type, Callable[[Any, str], Said]] = {
    Lot.Created: _lot_created,
    Lot.Observed: _lot_seen,
    of_stock.OpeningSet: _opened,
    of_stock.Received: _came,
    of_stock.Issued: _left,
    of_stock.CountPosted: _counted,
    of_stock.Quarantined: _apart,
    of_stock.Blocked: _apart,
    of_stock.Unquarantined: _free,
    of_stock.Unblocked: _free,
    of_stock.Withdrawn: _gone,
    DealerStock.ReceiptRecorded: _dealt,
    DealerStock.SaleReported: _sold,
    DealerStock.ReturnRecorded: _sent_back,
}
