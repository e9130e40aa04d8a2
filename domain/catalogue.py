"""Every aggregate, and through them every event: what the log can hold."""

from __future__ import annotations

from domain.accounts.credit_line import CreditLine
from domain.accounts.dealer_account import DealerAccount
from domain.cases.dealer_conduct import DealerConduct
from domain.cases.diversion_case import DiversionCase
from domain.company.company_policy import CompanyPolicy
from domain.company.number_series import NumberSeries
from domain.company.unique_key import UniqueKey
from domain.goods.lot import Lot
from domain.goods.product import Product
from domain.goods.serial_number import SerialNumber
from domain.goods.shipment import Shipment
from domain.goods.stock_item import StockItem
from domain.goods.warehouse import Warehouse
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.orders import order_events
from domain.orders.order import Order
from domain.orders.order_book import OrderBook
from domain.orders.price_list import PriceBook, PriceList
from domain.parties.address import Address
from domain.parties.api_key import ApiKey
from domain.parties.customer import Customer
from domain.parties.dealer import Dealer
from domain.parties.territory import Territory
from domain.parties.user import User

AGGREGATES: tuple[type[Aggregate], ...] = (
    Address,
    ApiKey,
    CompanyPolicy,
    CreditLine,
    Customer,
    Dealer,
    DealerAccount,
    DealerConduct,
    DiversionCase,
    Lot,
    NumberSeries,
    Order,
    OrderBook,
    PriceBook,
    PriceList,
    Product,
    SerialNumber,
    Shipment,
    StockItem,
    Territory,
    UniqueKey,
    User,
    Warehouse,
)


def _events_in(room: object) -> list[type[Event]]:
    return [
        one
        for one in vars(room).values()
        if isinstance(one, type) and issubclass(one, Event) and one.TOPIC
    ]


EVENTS: tuple[type[Event], ...] = tuple(
    event for room in (*AGGREGATES, order_events) for event in _events_in(room)
)
