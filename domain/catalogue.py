"""Every aggregate, and through them every event: what the log can hold."""

from __future__ import annotations

from domain.accounts import account_events
from domain.accounts.claim import Claim
from domain.accounts.credit_line import CreditLine
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.deposit_account import DepositAccount
from domain.cases import case_events
from domain.cases.dealer_conduct import DealerConduct
from domain.cases.detection_policy import DetectionPolicy
from domain.cases.diversion_case import DiversionCase
from domain.cases.open_recalls import OpenRecalls
from domain.cases.partner_event import PartnerEvent
from domain.cases.recall import Recall
from domain.channel.dealer_stock import DealerStock
from domain.company.company_policy import CompanyPolicy
from domain.company.number_series import NumberSeries
from domain.company.unique_key import UniqueKey
from domain.goods import serial_events, shipment_events, stock_events
from domain.goods.count_sheet import CountSheet
from domain.goods.goods_return import GoodsReturn
from domain.goods.holders import Holders
from domain.goods.installation import Installation
from domain.goods.lot import Lot
from domain.goods.market_watch import MarketWatch
from domain.goods.product import Product
from domain.goods.serial_number import SerialNumber
from domain.goods.serial_register import SerialRegister
from domain.goods.shipment import Shipment
from domain.goods.stock_item import StockItem
from domain.goods.warehouse import Warehouse
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.orders import line_events, order_events
from domain.orders.contract import Contract
from domain.orders.order import Order
from domain.orders.order_book import OrderBook
from domain.orders.price_list import PriceBook, PriceList
from domain.orders.waiting_room import WaitingRoom
from domain.parties import dealer_events
from domain.parties.address import Address
from domain.parties.api_key import ApiKey
from domain.parties.customer import Customer
from domain.parties.dealer import Dealer
from domain.parties.project import Project
from domain.parties.supplier import Supplier
from domain.parties.territory import Territory
from domain.parties.user import User
from domain.supply.backorders import BackorderQueue
from domain.supply.requisition import Requisition
from domain.supply.transfer import Transfer
from domain.supply.work_order import WorkOrder

AGGREGATES: tuple[type[Aggregate], ...] = (
    Address,
    ApiKey,
    Claim,
    BackorderQueue,
    CompanyPolicy,
    Contract,
    CountSheet,
    CreditLine,
    Customer,
    Dealer,
    DealerAccount,
    DealerConduct,
    DealerStock,
    DepositAccount,
    DetectionPolicy,
    DiversionCase,
    GoodsReturn,
    Installation,
    Lot,
    MarketWatch,
    NumberSeries,
    OpenRecalls,
    Order,
    OrderBook,
    PartnerEvent,
    PriceBook,
    PriceList,
    Product,
    Project,
    Holders,
    Recall,
    Requisition,
    SerialNumber,
    Shipment,
    SerialRegister,
    StockItem,
    Supplier,
    Territory,
    Transfer,
    UniqueKey,
    User,
    WaitingRoom,
    Warehouse,
    WorkOrder,
)


def _events_in(room: object) -> list[type[Event]]:
    return [
        one
        for one in vars(room).values()
        if isinstance(one, type) and issubclass(one, Event) and one.TOPIC
    ]


EVENTS: tuple[type[Event], ...] = tuple(
    event
    for room in (
        *AGGREGATES,
        order_events,
        line_events,
        stock_events,
        serial_events,
        shipment_events,
        dealer_events,
        case_events,
        account_events,
    )
    for event in _events_in(room)
)
