"""Every aggregate, and through them every event: what the log can hold."""

from __future__ import annotations

from domain.accounts import account_events, statement_events
from domain.accounts.bank_statement import BankStatement
from domain.accounts.credit_line import CreditLine
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.dealer_lines import DealerLines
from domain.accounts.deposit_account import DepositAccount
from domain.accounts.invoice import Invoice
from domain.accounts.security_deposit import SecurityDeposit
from domain.accounts.statement import Statement
from domain.books.journal_batch import JournalBatch
from domain.books.period import Period
from domain.books.roll import Roll
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
from domain.incentives.claim import Claim
from domain.incentives.incentive_book import IncentiveBook
from domain.incentives.incentive_policy import IncentivePolicy
from domain.incentives.promotion import Promotion
from domain.incentives.rebate import Rebate
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.orders import billing_events, line_events, order_events
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
    BackorderQueue,
    BankStatement,
    Claim,
    CompanyPolicy,
    Contract,
    CountSheet,
    CreditLine,
    Customer,
    Dealer,
    DealerAccount,
    DealerConduct,
    DealerLines,
    DealerStock,
    DepositAccount,
    DetectionPolicy,
    DiversionCase,
    GoodsReturn,
    Holders,
    IncentiveBook,
    IncentivePolicy,
    Installation,
    Invoice,
    JournalBatch,
    Lot,
    MarketWatch,
    NumberSeries,
    OpenRecalls,
    Order,
    OrderBook,
    PartnerEvent,
    Period,
    PriceBook,
    PriceList,
    Product,
    Project,
    Promotion,
    Rebate,
    Recall,
    Requisition,
    Roll,
    SecurityDeposit,
    SerialNumber,
    SerialRegister,
    Shipment,
    Statement,
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


CATEGORIES: dict[str, type[Aggregate]] = {one.CATEGORY: one for one in AGGREGATES}
"""Aggregates by the first part of their streams' names."""


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
        billing_events,
        stock_events,
        serial_events,
        shipment_events,
        dealer_events,
        case_events,
        account_events,
        statement_events,
    )
    for event in _events_in(room)
)
