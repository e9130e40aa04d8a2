"""Every read model, and the topics that none of them needs."""

from __future__ import annotations

from domain.accounts.credit_line import CreditLine
from domain.cases.dealer_conduct import DealerConduct
from domain.company.company_policy import CompanyPolicy
from domain.company.number_series import NumberSeries
from domain.company.unique_key import UniqueKey
from domain.goods.lot import Lot
from domain.goods.product import Product
from domain.goods.shipment import Shipment
from domain.goods.warehouse import Warehouse
from domain.kernel.event import Event
from domain.orders.order_book import OrderBook
from domain.orders.price_list import PriceBook, PriceList
from domain.parties.address import Address
from domain.parties.api_key import ApiKey
from domain.parties.customer import Customer
from domain.parties.dealer import Dealer
from domain.parties.territory import Territory
from domain.parties.user import User
from projections import diversion, inventory, orders, reconciliation
from projections.effects import Projection

PROJECTIONS: tuple[Projection, ...] = (
    inventory.PROJECTION,
    orders.PROJECTION,
    diversion.PROJECTION,
    reconciliation.PROJECTION,
)

WAVED_THROUGH: frozenset[type[Event]] = frozenset(
    {
        # Master data: events that use it carry what their readers need.
        Address.Registered,
        ApiKey.Issued,
        ApiKey.Revoked,
        CompanyPolicy.LimitsSet,
        CompanyPolicy.ServiceRanked,
        CompanyPolicy.TaxRateSet,
        CompanyPolicy.WeightsSet,
        Customer.Registered,
        Dealer.LicenceRegistered,
        Dealer.Registered,
        Dealer.TerritoryGranted,
        Lot.Created,
        PriceBook.Listed,
        PriceList.Activated,
        Product.Registered,
        Territory.Mapped,
        User.Registered,
        Warehouse.Registered,
        # Indexes that decisions need and readers do not.
        CreditLine.OverdueReleased,
        DealerConduct.UnitAlerted,
        NumberSeries.NumberTaken,
        NumberSeries.NumberVoided,
        OrderBook.Entered,
        OrderBook.Left,
        UniqueKey.Claimed,
        # Steps of a shipment that no figure depends on; the order's own events tell the state.
        Shipment.Billed,
        Shipment.GoodsShipped,
        Shipment.OutboundReviewed,
        Shipment.PickConfirmed,
        Shipment.Planned,
    }
)
