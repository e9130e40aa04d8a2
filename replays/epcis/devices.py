"""Devices: what a fact of a device's life is, in the words of EPCIS.

Facts that partners have no word for (alarms, warranties) are not told.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from domain.goods import serial_events as happened
from replays.epcis.identifiers import ours
from replays.epcis.telling import US, Said, moved, sale, site, step, warehouse


def tell(event: Any) -> Said | None:
    """Say a fact about a device; None for what partners have no word for."""
    say = _SAYINGS.get(type(event))
    return say(event) if say is not None else None


def _registered(event: happened.Registered) -> Said:
    born = {
        "cbvmda:manufacturingDate": event.manufacture_date.isoformat(),
        "baton:registration": event.registration_no,
    }
    return step("commissioning", "active", action="ADD") | {"ilmd": born}


def _stocked(event: happened.Stocked) -> Said:
    here = warehouse(event.warehouse)
    papers = (("recadv", event.document),)
    return step("storing", "sellable_accessible", at=here, stays=here, papers=papers)


def _reserved(event: happened.Reserved) -> Said:
    here = warehouse(event.warehouse)
    return step("reserving", "reserved", at=here, stays=here, papers=(("po", event.so),))


def _released(event: happened.Released) -> Said:
    here = warehouse(event.warehouse)
    papers = (("po", event.so),)
    return step("storing", "sellable_accessible", at=here, stays=here, papers=papers)


def _shipped(event: happened.Shipped) -> Said:
    to, here = event.passport, warehouse(event.warehouse)
    papers = (("po", to.so), ("desadv", to.shp))
    said = step("shipping", "in_transit", at=here, papers=papers)
    return moved(said, US, ours("dealer", to.dealer), owned=True)


def _delivered(event: happened.Delivered) -> Said:
    kind = "hospital" if event.at_hospital else "dealer"
    there = ours(kind, event.receiver)
    return step("receiving", None, at=there, stays=there, papers=(("desadv", event.shp),))


def _sold_on(event: happened.SoldOn) -> Said:
    return sale(ours("dealer", event.seller), event.buyer)


def _installed(event: happened.Installed) -> Said:
    there = ours("hospital", event.hospital)
    return step("installing", "active", at=there, stays=there)


def _observed(event: happened.Observed) -> Said:
    return step("inspecting", None, at=site(event.sighting))


def _served(event: happened.ServiceAsked) -> Said:
    return step("repairing", None, at=site(event.sighting), papers=(("poc", event.request),))


def _accepted(event: happened.Accepted) -> Said:
    return step("accepting", "conformant", papers=(("testres", event.document),))


def _relocated(event: happened.Relocated) -> Said:
    there = ours("hospital", event.target)
    said = step("installing", "active", at=there, stays=there)
    return moved(said, ours("hospital", event.source), there, owned=False)


def _dispatched(event: happened.Dispatched) -> Said:
    here = warehouse(event.warehouse)
    return step("shipping", "in_transit", at=here, papers=(("desadv", event.to),))


def _quarantined(event: happened.Quarantined) -> Said:
    here = warehouse(event.warehouse)
    papers = (("testres", event.document),)
    return step("holding", "non_sellable_other", at=here, stays=here, papers=papers)


def _restocked(event: happened.Restocked) -> Said:
    here = warehouse(event.warehouse)
    papers = (("testres", event.document),)
    return step("storing", "sellable_accessible", at=here, stays=here, papers=papers)


def _refurbished(event: happened.Refurbished) -> Said:
    return step("repairing", "conformant", papers=(("testres", event.document),))


def _returned(event: happened.Returned) -> Said:
    here = warehouse(event.warehouse)
    said = step("receiving", "returned", at=here, stays=here, papers=(("rma", event.document),))
    return moved(said, ours("dealer", event.dealer), US, owned=True) if event.dealer else said


def _given_back(event: happened.GivenBack) -> Said:
    said = step("shipping", "returned", papers=(("rma", event.document),))
    return moved(said, US, ours("dealer", event.dealer), owned=True)


def _lost(event: happened.Lost) -> Said:
    return step("other", "unknown") | {"baton:reason": event.reason}


def _found(event: happened.Found) -> Said:
    here = warehouse(event.warehouse)
    return step("stock_taking", "sellable_accessible", at=here, stays=here)


def _scrapped(event: happened.Scrapped) -> Said:
    papers = (("testres", event.document),)
    return step("destroying", "destroyed", papers=papers, action="DELETE")


def _recalled(event: happened.RecallFlagged) -> Said:
    papers = (("cert", event.recall),)
    return step("holding", None, papers=papers) | {"persistentDisposition": {"set": ["recalled"]}}


def _recall_over(event: happened.RecallActionDone) -> Said:
    papers = (("cert", event.recall),)
    lifted = {"persistentDisposition": {"unset": ["recalled"]}}
    return step("inspecting", None, papers=papers) | lifted


_SAYINGS: dict[type, Callable[[Any], Said]] = {
    happened.Registered: _registered,
    happened.Stocked: _stocked,
    happened.Reserved: _reserved,
    happened.Released: _released,
    happened.Shipped: _shipped,
    happened.Delivered: _delivered,
    happened.SoldOn: _sold_on,
    happened.Installed: _installed,
    happened.Observed: _observed,
    happened.ServiceAsked: _served,
    happened.Accepted: _accepted,
    happened.Relocated: _relocated,
    happened.Dispatched: _dispatched,
    happened.Quarantined: _quarantined,
    happened.Restocked: _restocked,
    happened.Refurbished: _refurbished,
    happened.Returned: _returned,
    happened.GivenBack: _given_back,
    happened.Lost: _lost,
    happened.Found: _found,
    happened.Scrapped: _scrapped,
    happened.RecallFlagged: _recalled,
    happened.RecallActionDone: _recall_over,
}
