"""Every read model, and the topics that none of them needs."""

from __future__ import annotations

from sqlalchemy import Table

from domain.accounts.credit_line import CreditLine
from domain.books.period import Period
from domain.books.roll import Roll
from domain.cases.dealer_conduct import DealerConduct
from domain.cases.detection_policy import DetectionPolicy
from domain.cases.open_recalls import OpenRecalls
from domain.cases.partner_event import PartnerEvent
from domain.channel.dealer_stock import DealerStock
from domain.company.company_policy import CompanyPolicy
from domain.company.number_series import NumberSeries
from domain.company.unique_key import UniqueKey
from domain.goods import shipment_events
from domain.goods.holders import Holders
from domain.goods.lot import Lot
from domain.goods.product import Product
from domain.goods.serial_register import SerialRegister
from domain.incentives.incentive_book import IncentiveBook
from domain.kernel.event import Event
from domain.orders.order_book import OrderBook
from domain.orders.price_list import PriceBook, PriceList
from domain.orders.waiting_room import WaitingRoom
from domain.parties.address import Address
from domain.parties.api_key import ApiKey
from domain.parties.customer import Customer
from domain.parties.project import Project
from domain.parties.supplier import Supplier
from domain.parties.territory import Territory
from domain.supply.backorders import BackorderQueue
from projections import (
    channel,
    contracts,
    dealers,
    diversion,
    inventory,
    lots,
    market,
    master,
    orders,
    recalls,
    returns,
    supply,
)
from projections.effects import Projection, events_in
from projections.money import (
    claims,
    dealer_statements,
    documents,
    journal,
    rebates,
    reconciliation,
    sales,
)
from projections.views import VIEWS, View

PROJECTIONS: tuple[Projection, ...] = (
    master.PROJECTION,
    inventory.PROJECTION,
    orders.PROJECTION,
    supply.PROJECTION,
    contracts.PROJECTION,
    returns.PROJECTION,
    dealers.PROJECTION,
    channel.PROJECTION,
    claims.PROJECTION,
    diversion.PROJECTION,
    market.PROJECTION,
    lots.PROJECTION,
    recalls.PROJECTION,
    reconciliation.PROJECTION,
    documents.PROJECTION,
    journal.PROJECTION,
    dealer_statements.PROJECTION,
    rebates.PROJECTION,
    sales.PROJECTION,
)


def _keepers(view: View) -> tuple[Projection, ...]:
    return tuple(one for one in PROJECTIONS if set(one.tables) & set(view.over))


TABLES: dict[str, tuple[tuple[Projection, ...], Table]] = {
    str(table.name): ((projection,), table)
    for projection in PROJECTIONS
    for table in projection.tables
} | {view.name: (_keepers(view), view.table) for view in VIEWS}
"""Every table and view by its name, with the projections that keep it."""

WAVED_THROUGH: frozenset[type[Event]] = frozenset(
    {
        # Master data that only decisions need.
        Address.Registered,
        ApiKey.Issued,
        ApiKey.Revoked,
        *events_in(CompanyPolicy),
        Customer.Permitted,
        *events_in(DetectionPolicy),
        Lot.Created,
        *events_in(PartnerEvent),
        Lot.Observed,
        Lot.StatusChanged,
        PriceBook.Listed,
        *(frozenset(events_in(PriceList)) - {PriceList.Activated}),
        Product.IdentifierAdded,
        *events_in(Project),
        Supplier.Qualified,
        *events_in(Territory),
        # Indexes that decisions need and readers do not.
        CreditLine.OverdueReleased,
        CreditLine.TemporaryLimitGranted,
        *events_in(BackorderQueue),
        *events_in(DealerConduct),
        *events_in(IncentiveBook),
        Period.RebatesAccrued,
        Period.BatchMade,
        Roll.AccountOpened,
        Roll.Awaited,
        Roll.Booked,
        DealerStock.CaseLinked,
        *events_in(Holders),
        NumberSeries.NumberTaken,
        NumberSeries.NumberVoided,
        *events_in(OpenRecalls),
        *events_in(OrderBook),
        *events_in(SerialRegister),
        *events_in(WaitingRoom),
        UniqueKey.Claimed,
        # Steps of a shipment that no figure depends on; the order's own events tell the state.
        *(
            frozenset(events_in(shipment_events))
            - {shipment_events.DeliveryConfirmed, shipment_events.Lost}
        ),
    }
)
