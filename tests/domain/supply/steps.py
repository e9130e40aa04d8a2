"""Steps of supply: commands in a few words, and what has to hold after each of them."""

from __future__ import annotations

from typing import Any

import msgspec

from domain.company.company_policy import CompanyPolicy
from domain.flows.goods.receiving import (
    Inspection,
    ReceivedBucket,
    ReceiveStock,
    Source,
    receive_stock,
)
from domain.flows.goods.returning import (
    ApproveReturn,
    ReceiveReturn,
    RequestReturn,
    approve_return,
    receive_return,
    request_return,
)
from domain.flows.supply.producing import MadeLot, MadeSerial, ReportOutput, report_output
from domain.flows.supply.transferring import (
    ApproveTransfer,
    CreateTransfer,
    DispatchTransfer,
    approve_transfer,
    create_transfer,
    dispatch_transfer,
)
from domain.goods.goods_return import ReturnItem
from domain.goods.product import Product
from domain.goods.serial_number import SerialNumber
from domain.goods.shelf import Goods, Shelf
from domain.goods.stock_item import StockItem
from domain.kernel.stamp import Actor
from domain.orders.order import Order
from domain.orders.order_line import Line
from tests.domain.company import policy
from tests.domain.support import TODAY, Fact, Given, When, day, fact
from tests.domain.world import BY, DI, MGR_EAST, PRODUCTS

QUALITY = Actor("qa-1", "QA")
WAREHOUSE = Actor("wh-manager", "WH")
REQUESTER = Actor("dlr-d05", "DLR", dealer="D05")
MADE_ON = "2026-02-20"


def product(sku: str, **changes: Any) -> Fact:
    """A product with other terms than usual."""
    terms = msgspec.structs.replace(PRODUCTS[sku], **changes)
    return fact(Product, sku, Product.Registered(*BY, terms=terms))


def leads(days: int, *pairs: tuple[str, str]) -> list[Fact]:
    """Days that transfers take."""
    return [policy(CompanyPolicy.TransferLeadSet(*BY, warehouses=one, days=days)) for one in pairs]


def units(*serials: str) -> Goods:
    return Goods(len(serials), serials=serials)


def of_lot(qty: int, lot: str = "INJ2512A") -> Goods:
    return Goods(qty, lot)


def shelf(past: Given, warehouse: str, sku: str) -> Shelf:
    return past.get(StockItem, warehouse, sku).shelf


def line(past: Given, so: str = "SO-0001", line_no: int = 1) -> Line:
    return past.get(Order, so).lines[line_no]


def buckets(past: Given, so: str = "SO-0001", line_no: int = 1) -> tuple[int, int, int, int]:
    """Reserved, in supply, backordered and shipped."""
    one = line(past, so, line_no)
    return one.reserved, one.in_supply, one.backordered, one.shipped


def unit(past: Given, serial: str) -> SerialNumber:
    return past.get(SerialNumber, DI[serial.partition("-")[0]], serial)


def bucket(qty: int = 0, *serials: str, **more: Any) -> ReceivedBucket:
    told = {"registration_no": "REG-1"} | more
    if serials and "manufacture_date" not in more:
        told["manufacture_date"] = day(MADE_ON)
    return ReceivedBucket(qty=qty or len(serials), serials=serials, **told)


def receiving(
    source: tuple[str, str],
    *parts: ReceivedBucket,
    sku: str = "P5",
    wh: str = "WH-SH",
    result: str = "OK",
    passed: int | None = None,
    **more: Any,
) -> ReceiveStock:
    whole = sum(one.qty for one in parts)
    seen = Inspection(
        inspector="qc-1",
        result=result,  # type: ignore[arg-type]
        qualified_qty=whole if passed is None else passed,
    )
    kind, ref = source
    return ReceiveStock(
        wh=wh,
        sku=sku,
        source=Source(kind=kind, ref=ref),  # type: ignore[arg-type]
        buckets=parts,
        inspection=seen,
        **more,
    )


def output(wo: str, *serials: str, **more: Any) -> ReportOutput:
    made = tuple(MadeSerial(serial=one, manufacture_date=day(MADE_ON)) for one in serials)
    return ReportOutput(wo=wo, serials=made, **more)


def output_lot(wo: str, qty: int, lot: str, expiry: str = "2028-03-01", **more: Any) -> Any:
    made = MadeLot(no=lot, qty=qty, manufacture_date=day(MADE_ON), expiry=day(expiry))
    return ReportOutput(wo=wo, lot=made, **more)


def made(past: Given, wo: str, *serials: str, wh: str = "WH-WH", on: str = TODAY) -> When:
    """Devices were made and received; the answer is that of their receipt."""
    past.when(report_output, output(wo, *serials), on=on).accepted()
    sku = serials[0].partition("-")[0]
    command = receiving(("PRODUCTION", wo), bucket(0, *serials), sku=sku, wh=wh)
    return past.when(receive_stock, command, on=on)


def dispatched(past: Given, src: str, dst: str, sku: str, *goods: Goods, on: str = TODAY) -> str:
    """Goods are on their way between two warehouses: the transfer's number."""
    qty = sum(one.qty for one in goods)
    wish = CreateTransfer(src=src, dst=dst, sku=sku, qty=qty, goods=goods)
    to = past.when(create_transfer, wish, on=on)
    to.accepted()
    number = str(to.answer["to"])
    past.when(approve_transfer, ApproveTransfer(to=number), on=on).accepted()
    past.when(dispatch_transfer, DispatchTransfer(to=number, waybill="WB-1"), on=on).accepted()
    return number


def item(sku: str, qty: int = 1, lot: str | None = None, serial: str | None = None) -> ReturnItem:
    return ReturnItem(sku=sku, qty=qty, lot=lot, serial=serial)


def wish_back(*items: ReturnItem, shp: str = "SHP-0001", **more: Any) -> RequestReturn:
    told = {"dealer_id": "D05", "reason": "DAMAGED"} | more
    return RequestReturn(shipment=shp, items=items, **told)


def came_back(
    past: Given, *items: ReturnItem, shp: str = "SHP-0001", wh: str = "WH-SH", on: str = TODAY
) -> str:
    """A return was asked for, allowed and received: its number."""
    asked = past.when(request_return, wish_back(*items, shp=shp), by=REQUESTER, on=on)
    asked.accepted()
    number = str(asked.answer["rma_id"])
    past.when(approve_return, ApproveReturn(rma_id=number), by=MGR_EAST, on=on).accepted()
    command = ReceiveReturn(rma_id=number, wh=wh, items=items)
    past.when(receive_return, command, on=on).accepted()
    return number
