"""Accruing: what dealers have earned by a month's end, and what a case of diversion withholds.

``accrual = entitlement of the cumulative base - what was accrued before``; returns after a
settlement make it negative (claw-back, INV-RB-3).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from domain.accounts.dealer_account import DealerAccount
from domain.accounts.invoice import Invoice
from domain.books.period import Period, last_day, period_of
from domain.books.refusals import PeriodClosed
from domain.books.roll import Roll
from domain.cases.alert import Alert
from domain.channel.dealer_stock import DealerStock
from domain.flows.books.dating import posting_day
from domain.flows.company.acting import SCHEDULER, only
from domain.goods.product import Product
from domain.incentives.incentive_book import IncentiveBook
from domain.incentives.incentive_policy import IncentivePolicy
from domain.incentives.policy_terms import QTY, SELL_OUT_NET, PolicyTerms, is_period
from domain.incentives.rebate import RUNNING, Rebate, Withheld
from domain.kernel.aggregate import Log, existing
from domain.kernel.money import minor_units
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.parties.dealer import Dealer
from domain.policies import pricing, rebates

GRAVE = frozenset({"HIGH", "CRITICAL"})
"""Severities of a case that withhold what its goods earn."""


@dataclass(frozen=True, kw_only=True)
class AccrueRebates:
    """Accrue what every dealer has earned up to a month's end. For the scheduler."""

    period: str


def accrue_rebates(log: Log, stamp: Stamp, command: AccrueRebates) -> dict[str, Any]:
    """Accrue rebates; accruing again posts what has changed since, and nothing where nothing has.

    Refuses FORBIDDEN_ROLE, VALIDATION_FAILED, PERIOD_CLOSED.
    """
    only(SCHEDULER, stamp)
    findings, automatic = Findings(), stamp.automatic("rebate")
    fine = is_period(command.period) and len(command.period) == len("2026-03")
    fine = fine and command.period[5] in "01"
    findings.field(fine, "period", "YYYY-MM")
    begun = not fine or command.period <= period_of(stamp.entered)
    findings.field(begun, "period", "a month that has begun")
    findings.refuse()
    period = log.get(Period, command.period)
    if period.is_closed:
        raise PeriodClosed(period=period.key, state=period.state)
    accrued = [
        {"dealer": rebate.dealer, "policy": rebate.policy, "net": net}
        for dealer in log.get(Roll, stamp.currency).dealers
        for terms, rebate in policies_of(log, dealer)
        if command.period in terms.months
        and (net := accrue(log, terms, rebate, command.period, automatic))
    ]
    period.note_accrual(automatic)
    return {"period": command.period, "accrued": accrued}


def policies_of(log: Log, dealer: str) -> Iterator[tuple[PolicyTerms, Rebate]]:
    """Policies that a dealer has accepted, with its rebate under each.

    One that was only brought along from before the log has no terms here, and earns nothing more.
    """
    for name in log.get(IncentiveBook, dealer).policies:
        policy = log.get(IncentivePolicy, name)
        if policy.terms is not None and dealer in policy.accepted:
            yield policy.terms, log.get(Rebate, dealer, name)


def accrue(log: Log, terms: PolicyTerms, rebate: Rebate, period: str, stamp: Stamp) -> int:
    """Post what a rebate has earned more by a month's end, or less: the difference."""
    month = earned_in(log, terms, rebate.dealer, period, stamp)
    # Months after it that were accrued already stay in the base: a late fact changes only itself.
    base = base_until(log, terms, rebate, max(period, rebate.last_period), stamp)
    entitled, trace = rebates.entitlement(terms, base)
    net = entitled - rebate.accrued
    if net:
        rebate.record(
            Rebate.Accrued(
                stamp.by,
                stamp.at,
                policy=rebate.policy,
                period=period,
                base=month,
                cumulative=base,
                entitlement=entitled,
                net=net,
                trace=trace,
                state=rebate.state or RUNNING,
                accounting_date=_day(log, rebate, period, stamp),
            )
        )
    return net


def base_until(log: Log, terms: PolicyTerms, rebate: Rebate, period: str, stamp: Stamp) -> int:
    """Base of a policy from its first month to one, less what confirmed diversion took away."""
    months = [one for one in terms.months if one <= period]
    earned = sum(earned_in(log, terms, rebate.dealer, one, stamp) for one in months)
    return rebate.opening_base + earned - sum(rebate.excluded.values())


def earned_in(log: Log, terms: PolicyTerms, dealer: str, period: str, stamp: Stamp) -> int:
    """Base that one month adds."""
    if terms.metric == SELL_OUT_NET:
        return _sold_out(log, terms, dealer, period, stamp)
    account = log.get(DealerAccount, dealer, stamp.currency)
    return rebates.earned_by(terms, account.months, period)


def withhold(log: Log, case: str, alert: Alert, stamp: Stamp) -> None:
    """Withhold what the goods of a grave case have earned the dealer that answers for it."""
    if alert.severity in GRAVE:
        for terms, rebate in _earning(log, alert, stamp):
            rebate.withhold(case, _doubt(terms, alert), stamp.automatic("rebate"))


def let_go(log: Log, case: str, alert: Alert, stamp: Stamp) -> None:
    """Withhold nothing more for a case that came to nothing; what it took away is earned again."""
    automatic = stamp.automatic("rebate")
    for terms, rebate in policies_of(log, _answering(alert)):
        rebate.release(case, automatic)
        taken = rebate.excluded.get(case, 0)
        if taken:
            net = -rebates.withheld(terms, rebate.base + taken, taken)
            _reverse(log, rebate, case, (-taken, net), automatic)


def take_away(log: Log, case: str, alert: Alert, stamp: Stamp) -> None:
    """Take away what diverted goods had earned: the case is confirmed, however grave it looked."""
    automatic = stamp.automatic("rebate")
    earning = {rebate.policy for _, rebate in _earning(log, alert, stamp)}
    for terms, rebate in policies_of(log, _answering(alert)):
        doubt = rebate.withheld.get(case)
        if doubt is None and rebate.policy in earning and case not in rebate.excluded:
            doubt = _doubt(terms, alert)
        if doubt is not None and doubt.base:
            net = rebates.withheld(terms, rebate.base, doubt.base)
            _reverse(log, rebate, case, (doubt.base, net), automatic)


def pass_on(log: Log, case: str, into: str, alert: Alert, stamp: Stamp) -> None:
    """Withhold under the case that goes on what a merged one has withheld."""
    automatic = stamp.automatic("rebate")
    for _, rebate in policies_of(log, _answering(alert)):
        doubt = rebate.withheld.get(case)
        rebate.release(case, automatic)
        if doubt is not None:
            rebate.withhold(into, doubt, automatic)


def _answering(alert: Alert) -> str:
    return alert.responsible_dealer or alert.source_dealer or ""


def _earning(log: Log, alert: Alert, stamp: Stamp) -> Iterator[tuple[PolicyTerms, Rebate]]:
    """Policies under which the goods of an alert earn: those of the month they were invoiced in."""
    invoice = log.get(Invoice, alert.invoice or "").terms
    posted = invoice.posted_on if invoice else None
    month = f"{posted or stamp.today:%Y-%m}"
    for terms, rebate in policies_of(log, _answering(alert)):
        if month in terms.months and terms.counts(alert.sku):
            yield terms, rebate


def _doubt(terms: PolicyTerms, alert: Alert) -> Withheld:
    units = max(1, alert.excess or 1)
    base = units if terms.metric == QTY else minor_units((alert.p_source or Decimal(0)) * units)
    return Withheld(alert.sku, base, alert.serial)


def _reverse(log: Log, rebate: Rebate, case: str, what: tuple[int, int], stamp: Stamp) -> None:
    (base, net), doubt = what, rebate.withheld.get(case)
    rebate.record(
        Rebate.Reversed(
            stamp.by,
            stamp.at,
            policy=rebate.policy,
            case=case,
            base=base,
            net=net,
            accounting_date=posting_day(log, stamp.today, rebate.dealer, stamp),
            doubtful=doubt.base if doubt else 0,
        )
    )


def _sold_out(log: Log, terms: PolicyTerms, dealer: str, period: str, stamp: Stamp) -> int:
    """Value what a dealer reported to have sold at its own net price of the month's last day."""
    known, total = existing(log, Dealer, dealer), 0
    day = last_day(period)
    for key, book in log.get(DealerStock, dealer).books.items():
        sku, qty = key.partition("/")[0], book.departures.get(period, 0)
        rights = known.authorised(existing(log, Product, sku).known.product_line, day)
        if not qty or not rights or not terms.counts(sku):
            continue
        region, tier = rights[0].region_codes[0], known.known.tier
        asked = pricing.Question(sku, region, tier, 1, day, stamp.currency, dealer=dealer)
        total += minor_units(qty * (pricing.net_price(log, asked) or Decimal(0)))
    return total


def _day(log: Log, rebate: Rebate, period: str, stamp: Stamp) -> date:
    """Last day of the month, or today where that is earlier; never in a closed month."""
    day = min(stamp.today, last_day(period))
    return posting_day(log, max(day, date.fromisoformat(f"{period}-01")), rebate.dealer, stamp)
