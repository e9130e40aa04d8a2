"""Net-net: what a device was sold for, less what it has earned its dealer in rebates.

A rebate belongs to a base, not to a device. What one device earns is the entitlement of the whole
base less that of the base without it: the margin at which it would be missed.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from domain.accounts.invoice import Invoice
from domain.goods.passport import Passport
from domain.incentives.incentive_book import IncentiveBook
from domain.incentives.incentive_policy import IncentivePolicy
from domain.incentives.policy_terms import QTY
from domain.incentives.rebate import Rebate
from domain.kernel.aggregate import Log
from domain.kernel.money import minor_units
from domain.orders.order import Order
from domain.policies import rebates


class Earned(msgspec.Struct, frozen=True):
    """What a device earns under a policy, net; whether a case withholds something of it."""

    policy: str
    net: Decimal
    withheld: bool


class NetNet(msgspec.Struct, frozen=True):
    """Net price per unit, what it earned, and what is left."""

    unit_price: Decimal
    rebates: tuple[Earned, ...]
    net_net: Decimal


def net_net(log: Log, passport: Passport, sku: str) -> NetNet:
    """Return the net-net price of a device as a log knows it; main units of the currency."""
    months, base = _months(log, passport), minor_units(passport.unit_price)
    earned = []
    for name in log.get(IncentiveBook, passport.dealer).policies:
        terms, rebate = log.get(IncentivePolicy, name).terms, log.get(Rebate, passport.dealer, name)
        if terms is None or not terms.counts(sku) or not months & set(terms.months):
            continue
        part = rebates.withheld(terms, rebate.base, 1 if terms.metric == QTY else base)
        earned.append(Earned(name, Decimal(part) / 100, bool(rebate.withheld)))
    left = passport.unit_price - sum((one.net for one in earned), Decimal(0))
    return NetNet(passport.unit_price, tuple(earned), left)


def _months(log: Log, passport: Passport) -> set[str]:
    """Months in which the device's order line was invoiced."""
    found = set()
    for doc in log.get(Order, passport.so).invoices:
        invoice = log.get(Invoice, doc)
        day = invoice.known.posted_on if invoice.terms else None
        if day is not None and invoice.line(passport.so_line) is not None:
            found.add(f"{day:%Y-%m}")
    return found
