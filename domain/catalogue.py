"""Every aggregate, and through them every event: what the log can hold."""

from __future__ import annotations

from domain import order_events
from domain.address import Address
from domain.api_key import ApiKey
from domain.company_policy import CompanyPolicy
from domain.credit_line import CreditLine
from domain.customer import Customer
from domain.dealer import Dealer
from domain.dealer_account import DealerAccount
from domain.dealer_conduct import DealerConduct
from domain.diversion_case import DiversionCase
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.lot import Lot
from domain.number_series import NumberSeries
from domain.order import Order
from domain.order_book import OrderBook
from domain.price_list import PriceBook, PriceList
from domain.product import Product
from domain.serial_number import SerialNumber
from domain.shipment import Shipment
from domain.stock_item import StockItem
from domain.territory import Territory
from domain.unique_key import UniqueKey
from domain.user import User
from domain.warehouse import Warehouse

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
