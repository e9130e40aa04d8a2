"""What the checks look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import msgspec

from domain.accounts.credit_line import CreditLine
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.deposit_account import DepositAccount
from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.goods.product import Product
from domain.kernel.aggregate import Log
from domain.kernel.stamp import Stamp
from domain.orders.check import CheckResult
from domain.orders.order import Order
from domain.orders.order_line import Line
from domain.parties.dealer import Dealer
from domain.policies.sourcing import Plan


class Situation(msgspec.Struct, frozen=True):
    """The order, the log, the plan of supply, and the day."""

    log: Log
    order: Order
    plan: Plan
    stamp: Stamp

    @property
    def day(self) -> date:
        """The day on which the order is judged."""
        return self.stamp.today

    @property
    def dealer(self) -> Dealer:
        """The dealer that ordered."""
        return self.log.get(Dealer, self.order.known.dealer)

    @property
    def policy(self) -> CompanyPolicy:
        """The company's policy."""
        return self.log.get(CompanyPolicy, COMPANY)

    @property
    def account(self) -> DealerAccount:
        """The dealer's account in the order's currency."""
        return self.log.get(DealerAccount, self.order.known.dealer, self.order.known.currency)

    @property
    def credit(self) -> CreditLine:
        """The dealer's credit line in the order's currency."""
        return self.log.get(CreditLine, self.order.known.dealer, self.order.known.currency)

    @property
    def deposits(self) -> DepositAccount:
        """The dealer's deposits in the order's currency."""
        return self.log.get(DepositAccount, self.order.known.dealer, self.order.known.currency)

    def lines(self) -> Iterator[tuple[Line, Product]]:
        """Lines that are still to leave, each with its product."""
        for line in self.order.lines.values():
            if line.open:
                yield line, self.log.get(Product, line.terms.sku)


Check = Callable[[Situation], list[CheckResult]]


def verdict(check: str, found: list[CheckResult], version: int = 0) -> list[CheckResult]:
    """What was found, the first of each hold; or that the check passed."""
    first: dict[str, CheckResult] = {}
    for one in found:
        first.setdefault(one.hold, one)
    return list(first.values()) or [CheckResult(check, policy_version=version)]
