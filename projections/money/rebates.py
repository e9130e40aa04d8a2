"""Rebates (返利): what dealers have earned under which policy, and what they got."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Column, Date

from domain.incentives.incentive_policy import APPROVED, DRAFT, PUBLISHED, IncentivePolicy
from domain.incentives.rebate import CONFIRMED, RUNNING, SETTLED, Rebate
from projections.columns import count, key, movement_table, state_table, text
from projections.effects import Add, Append, Change, Fact, Projection, Put, events_in

incentive_policies = state_table(
    "incentive_policies",
    "Incentive policies, with their terms.",
    key("policy", "Policy."),
    text("name", "Name."),
    text("state", "DRAFT, APPROVED or PUBLISHED."),
    text("period", "Year, half-year, quarter or month that counts."),
    text("metric", "SELL_IN_NET, SELL_OUT_NET, QTY or COLLECTED."),
    text("method", "SLICED, RETROACTIVE or FIXED."),
    text("tiers", "From which base on it earns what."),
    text("products", "Products that count; empty for all."),
    text("payout", "CREDIT_NOTE, CASH, GOODS or OFFSET_NEXT."),
    count("accepted", "Dealers that have accepted it."),
)

rebates = state_table(
    "rebates",
    "What each dealer has earned under each policy. Net amounts, in minor units.",
    key("dealer", "Dealer."),
    key("policy", "Policy."),
    text("state", "RUNNING, CONFIRMED or SETTLED."),
    count("base", "Base so far, minor units (or base units for the metric QTY)."),
    count("accrued", "Accrued and not reversed."),
    count("confirmed", "Confirmed by finance."),
    count("settled", "Paid."),
    count("deducted", "Taken by sanctions."),
    count("forfeited", "Left for good by the last payment, because invoices were paid late."),
    count("outstanding", "Accrued less settled, deducted and forfeited."),
    count("withheld_base", "Base that open cases of diversion cast doubt on."),
    text("withheld_cases", "The last case that withholds something."),
)

rebate_ledger = movement_table(
    "rebate_ledger",
    "Every movement of every rebate: sum one type at a time. Net amounts, in minor units.",
    text("dealer", "Dealer."),
    text("policy", "Policy."),
    text("period", "Month (YYYY-MM) that it was accrued for."),
    text("type", "OPENING, ACCRUED, WITHHELD, RELEASED, REVERSED, DEDUCTED, CONFIRMED or SETTLED."),
    Column("accounting_date", Date, comment="Date that decides the period of its posting."),
    count("base", "Base of the month, or of the case."),
    count("cumulative", "Base of the policy so far."),
    count("entitlement", "What that base earns."),
    count("amount", "What it changes: accrued, confirmed or settled."),
    text("trace", "How the entitlement was reckoned."),
    text("case", "Case of diversion."),
    text("document", "Document that paid it."),
)


def effects(fact: Fact) -> Iterable[Change]:
    """All that this read model believes, and nothing else."""
    if fact.stream.startswith("IncentivePolicy/"):
        yield from _policy(fact)
        return
    event = fact.event
    row = {"dealer": fact.key[0], "policy": fact.key[1]}
    match event:
        case Rebate.OpeningSet(accrued=net, base=base, confirmed=confirmed):
            told = {"state": CONFIRMED if confirmed else RUNNING, "base": base}
            yield Put(rebates, row, told | {"confirmed": net if confirmed else 0})
            yield Add(rebates, row, {"accrued": net, "outstanding": net})
            yield _line(fact, "OPENING", cumulative=base, amount=net)
        case Rebate.Accrued(net=net, cumulative=base):
            yield Put(rebates, row, {"state": event.state, "base": base})
            yield Add(rebates, row, {"accrued": net, "outstanding": net})
            reckoned = {"base": event.base, "cumulative": base, "entitlement": event.entitlement}
            told = {"period": event.period, "trace": " + ".join(event.trace)}
            yield _line(fact, "ACCRUED", amount=net, **reckoned, **told)
        case Rebate.Withholding(base=base, case=case):
            yield Put(rebates, row, {"withheld_cases": case})
            yield Add(rebates, row, {"withheld_base": base})
            yield _line(fact, "WITHHELD", base=base, case=case)
        case Rebate.Released(case=case, base=base):
            yield Put(rebates, row, {"withheld_cases": None})
            yield Add(rebates, row, {"withheld_base": -base})
            yield _line(fact, "RELEASED", base=base, case=case)
        case Rebate.Reversed(net=net, base=base, case=case):
            yield Put(rebates, row, {"withheld_cases": None})
            less = {"accrued": -net, "outstanding": -net, "base": -base}
            yield Add(rebates, row, less | {"withheld_base": -event.doubtful})
            yield _line(fact, "REVERSED", base=-base, amount=-net, case=case)
        case Rebate.Deducted(net=net, case=case):
            yield Add(rebates, row, {"deducted": net, "outstanding": -net})
            yield _line(fact, "DEDUCTED", amount=net, case=case)
        case Rebate.Confirmed(net=net):
            yield Put(rebates, row, {"state": CONFIRMED, "confirmed": net})
            yield _line(fact, "CONFIRMED", amount=net)
        case Rebate.Settled(net=net, doc=doc):
            if event.final:
                yield Put(rebates, row, {"state": SETTLED})
            lost = event.forfeited
            paid = {"settled": net, "forfeited": lost, "outstanding": -net - lost}
            yield Add(rebates, row, paid)
            yield _line(fact, "SETTLED", amount=net, document=doc)


def _line(fact: Fact, kind: str, **values: object) -> Append:
    event = fact.event
    day = event.accounting_date if hasattr(event, "accounting_date") else event.day
    head = {"dealer": fact.key[0], "policy": fact.key[1], "type": kind, "accounting_date": day}
    return Append(rebate_ledger, head | values)


def _policy(fact: Fact) -> Iterable[Change]:
    event, row = fact.event, {"policy": fact.key[0]}
    match event:
        case IncentivePolicy.Drafted(terms=terms):
            names = ("name", "period", "metric", "method", "payout")
            told = {name: getattr(terms, name) for name in names}
            tiers = ", ".join(f"{one.floor}: {one.rate_pct} % {one.amount}" for one in terms.tiers)
            more = {"tiers": tiers, "products": ", ".join(terms.products), "state": DRAFT}
            yield Put(incentive_policies, row, told | more)
        case IncentivePolicy.Approved():
            yield Put(incentive_policies, row, {"state": APPROVED})
        case IncentivePolicy.Published():
            yield Put(incentive_policies, row, {"state": PUBLISHED})
        case IncentivePolicy.Accepted():
            yield Add(incentive_policies, row, {"accepted": 1})


PROJECTION = Projection(
    name="rebates",
    version=2,
    tables=(incentive_policies, rebates, rebate_ledger),
    reads=frozenset({*events_in(IncentivePolicy), *events_in(Rebate)}),
    effects=effects,
)
