"""Locating: finding every holder of what a recall covers, by what we and the dealers know."""

from __future__ import annotations

from domain.cases.recall_terms import DEALER, HOSPITAL, Held, Listed, Scope
from domain.channel.dealer_stock import DealerStock
from domain.goods.holders import Holders
from domain.goods.product import Product
from domain.goods.product_terms import SERIAL
from domain.goods.serial_events import USED
from domain.goods.serial_number import SerialNumber
from domain.goods.serial_register import SerialRegister
from domain.kernel.aggregate import Log, existing
from domain.parties.customer import Customer
from domain.parties.dealer import Dealer


def consignees_of(log: Log, scope: Scope) -> tuple[Listed, ...]:
    """List dealers that ever had covered goods and have not returned all of them, and hospitals.

    A dealer that sold everything on is listed too: it has to pass the notice on. A book below
    nothing is listed as it is.
    """
    found: dict[str, list[Held]] = {}
    through: dict[str, str] = {}
    for sku in scope.products():
        if existing(log, Product, sku).known.tracking == SERIAL:
            _devices(log, scope, sku, found, through)
            continue
        for lot, dealers in log.get(Holders, sku).lots.items():
            for dealer in dealers if scope.covers_lot(sku, lot) else ():
                _lot(log, dealer, sku, lot, found, through)
    return tuple(
        Listed(
            name,
            HOSPITAL if name in through else DEALER,
            tuple(goods),
            through.get(name),
            _contact(log, name),
        )
        for name, goods in found.items()
    )


def _contact(log: Log, name: str) -> str:
    dealer, customer = log.get(Dealer, name), log.get(Customer, name)
    if dealer.exists:
        return f"{dealer.known.legal_name}, {dealer.known.uscc}"
    return f"{customer.name}, {customer.address_id}" if customer.exists else name


def _lot(
    log: Log,
    dealer: str,
    sku: str,
    lot: str,
    found: dict[str, list[Held]],
    through: dict[str, str],
) -> None:
    stock = log.get(DealerStock, dealer)
    book, key = stock.book(f"{sku}/{lot}"), f"{sku}/{lot}"
    if book.came and book.balance == 0 and book.returned == book.came:
        return
    found.setdefault(dealer, []).append(Held(sku, book.balance, lot))
    for hospital, qty in stock.buyers.get(key, {}).items():
        found.setdefault(hospital, []).append(Held(sku, qty, lot))
        through.setdefault(hospital, dealer)


def _devices(
    log: Log, scope: Scope, sku: str, found: dict[str, list[Held]], through: dict[str, str]
) -> None:
    di = existing(log, Product, sku).base_di
    for serial in log.get(SerialRegister, sku).serials:
        unit = log.get(SerialNumber, di, serial)
        if not scope.covers_unit(sku, serial) or unit.dealer is None:
            continue
        placed = unit.hospital is not None and (unit.state in USED or unit.hospital != unit.dealer)
        there = 0 if placed else 1
        found.setdefault(unit.dealer, []).append(Held(sku, there, serials=(serial,)))
        if unit.hospital is not None and placed:
            found.setdefault(unit.hospital, []).append(Held(sku, 1, serials=(serial,)))
            through.setdefault(unit.hospital, unit.dealer)
