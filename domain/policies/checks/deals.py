"""K09, K11 to K13, K16: whether the contract, the money and the order book allow it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from domain.accounts.credit_line import ORDERED
from domain.kernel.money import minor_units, percent
from domain.orders.check import CheckResult, Evidence
from domain.orders.contract import Contract
from domain.orders.order_book import OrderBook
from domain.orders.order_line import Line
from domain.orders.order_terms import DEPOSIT
from domain.policies import credit
from domain.policies.checks.situation import Situation, verdict


def contract_coverage(now: Situation) -> list[CheckResult]:
    """K09: the contract is in force, covers each product, and has that much left, at its price."""
    named = now.order.known.contract
    if named is None:
        found = [
            CheckResult("K09", "NO_CONTRACT", {"sku": line.terms.sku}, product.version)
            for line, product in now.lines()
            if product.known.contract_required
        ]
        return verdict("K09", found)
    contract = now.log.get(Contract, named)
    return verdict("K09", _uncovered(now, contract), contract.version)


def credit_exposure(now: Situation) -> list[CheckResult]:
    """K11: with all that this order wants, the dealer's exposure stays within the limit."""
    more = credit.to_come(now.order) - now.credit.of_order(now.order.so, ORDERED)
    held = credit.deposits_of_included(now.deposits, now.credit, now.order.so)
    return [credit.check_exposure(now.account, now.credit, more, now.day, held)]


def overdue(now: Situation) -> list[CheckResult]:
    """K12: the dealer has no invoice overdue beyond the days of grace."""
    return [credit.check_overdue(now.account, now.credit, now.day)]


def deposit(now: Situation) -> list[CheckResult]:
    """K13: the deposit that the billing plan asks for has been received."""
    share = now.order.known.share(DEPOSIT)
    if not share:
        return [CheckResult("K13")]
    taken = sum(line.billed for line in now.order.lines.values())
    required = minor_units(Decimal(now.order.gross) * share / 10_000)
    received = now.deposits.of_order(now.order.so)
    missing = 0 if taken else max(0, required - received)
    inputs: Evidence = {"required": required, "received": received, "deviation": missing}
    hold = "DEPOSIT_PENDING" if missing else ""
    return [CheckResult("K13", hold, inputs, now.deposits.version)]


def duplicate(now: Situation) -> list[CheckResult]:
    """K16: the dealer sent no like order shortly before."""
    hours = now.policy.limits.duplicate_hours
    book = now.log.get(OrderBook, now.order.known.dealer)
    entry = book.recent.get(now.order.so)
    if not hours or entry is None or now.order.confirmed:
        return [CheckResult("K16", policy_version=now.policy.version)]
    like = book.like(now.order.so, entry.content, entry.at, timedelta(hours=hours))
    inputs: Evidence = {"like": ",".join(like), "hours": hours}
    hold = "POSSIBLE_DUPLICATE" if like else ""
    return [CheckResult("K16", hold, inputs, now.policy.version)]


def _uncovered(now: Situation, contract: Contract) -> list[CheckResult]:
    terms, found, version = contract.terms, [], contract.version
    evidence: Evidence = {"contract": contract.key}
    if terms is None or not contract.in_force(now.order.known.order_date):
        until = str(terms.valid_to) if terms else ""
        inputs = evidence | {"state": contract.state, "valid_to": until}
        return [CheckResult("K09", "CONTRACT_EXPIRED", inputs, version)]
    wanted: dict[str, int] = {}
    net = 0
    for line, _product in now.lines():
        sku, agreed = line.terms.sku, terms.line(line.terms.sku)
        if agreed is None:
            found.append(CheckResult("K09", "NO_CONTRACT", evidence | {"sku": sku}, version))
            continue
        if (line.terms.unit_price, line.terms.price_basis) != (
            agreed.unit_price,
            agreed.price_basis,
        ):
            inputs = evidence | {"sku": sku, "line_no": line.terms.line_no}
            inputs |= {"unit_price": str(line.terms.unit_price), "agreed": str(agreed.unit_price)}
            found.append(CheckResult("K09", "CONTRACT_PRICE_MISMATCH", inputs, version))
        wanted[sku] = wanted.get(sku, 0) + _more(now, contract, line)
        net += line.terms.net - contract.of_line(now.order.so, line.terms.line_no).net
    for sku, qty in wanted.items():
        found += _too_many(contract, sku, qty, evidence)
    cap = terms.amount_cap
    if cap is not None and contract.called_net + net > cap:
        over = percent(Decimal(contract.called_net + net - cap), Decimal(cap or 1))
        inputs = evidence | {"cap": cap, "called": contract.called_net, "deviation": str(over)}
        found.append(CheckResult("K09", "CONTRACT_QTY_EXCEEDED", inputs, version))
    return found


def _more(now: Situation, contract: Contract, line: Line) -> int:
    """Quantity that the line would still call off."""
    return max(0, line.wanted - contract.of_line(now.order.so, line.terms.line_no).qty)


def _too_many(contract: Contract, sku: str, qty: int, evidence: Evidence) -> list[CheckResult]:
    left = contract.remaining(sku)
    if left is None or qty <= left:
        return []
    most = left + contract.called.get(sku, 0)
    over = percent(Decimal(qty - left), Decimal(most or 1))
    inputs = evidence | {"sku": sku, "wanted": qty, "remaining": left, "deviation": str(over)}
    return [CheckResult("K09", "CONTRACT_QTY_EXCEEDED", inputs, contract.version)]
