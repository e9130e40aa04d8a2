"""Sanctioning: consequences of a confirmed case, as data, posted where they belong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import msgspec

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.security_deposit import SecurityDeposit
from domain.cases.case_terms import (
    COMPENSATION,
    PENALTY,
    REBATE_DEDUCTION,
    SUSPENSION,
    TERRITORY_REDUCTION,
    TIER_DOWNGRADE,
    WARNING,
    Sanction,
)
from domain.cases.dealer_conduct import DealerConduct
from domain.cases.diversion_case import DiversionCase
from domain.flows.books.dating import posting_day, require_open
from domain.flows.company.numbering import monthly, next_number
from domain.flows.incentives.paying_out import deduct, give_back
from domain.flows.parties.appointing import (
    ReinstateDealer,
    SuspendDealer,
    reinstate_dealer,
    suspend_dealer,
)
from domain.flows.parties.granting import RevokeTerritory, revoke_territory
from domain.kernel.aggregate import Log
from domain.kernel.money import LARGEST_AMOUNT, minor_units
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.parties.dealer import Dealer
from domain.parties.dealer_events import ACTIVE, SUSPENDED, TERMINATED

MOST_TIMES = 3
"""How many times the margin a penalty is at most."""
YEAR_DAYS = 365

NEEDS_AMOUNT = (PENALTY, COMPENSATION, REBATE_DEDUCTION)
KINDS = (
    WARNING,
    REBATE_DEDUCTION,
    PENALTY,
    COMPENSATION,
    TIER_DOWNGRADE,
    TERRITORY_REDUCTION,
    SUSPENSION,
)


def form_of(
    log: Log,
    case: DiversionCase,
    sanctions: tuple[Sanction, ...],
    findings: Findings,
    stamp: Stamp,
) -> list[Sanction]:
    """Say what is wrong with sanctions: what they come to, with the amounts that follow."""
    findings.field(sanctions, "sanctions", "at least one")
    answerable = case.known.responsible_dealer is not None
    findings.field(answerable, "case_id", "a case for which a dealer answers")
    wanted = []
    for place, one in enumerate(sanctions):
        field = f"sanctions[{place}]"
        findings.field(one.kind in KINDS, f"{field}.kind", f"one of {', '.join(KINDS)}")
        amount = one.amount
        if amount is None and one.kind in NEEDS_AMOUNT:
            amount = (
                _margin(case) * (_times(log, case, stamp) if one.kind == PENALTY else 1) or None
            )
        if one.kind in NEEDS_AMOUNT:
            fine = amount is not None and 0 < amount <= LARGEST_AMOUNT
            findings.field(fine, f"{field}.amount", "an amount: the prices tell of no margin")
        else:
            findings.field(amount is None, f"{field}.amount", "none: it costs nothing by itself")
        if one.kind == TIER_DOWNGRADE:
            findings.identifier(one.tier or "", f"{field}.tier")
        line = one.kind != TERRITORY_REDUCTION or bool(one.product_line)
        findings.field(line, f"{field}.product_line", "the product line to take away")
        victim = one.kind != COMPENSATION or case.known.victim_dealer is not None
        findings.field(victim, f"{field}.kind", "a case with a victim")
        wanted.append(msgspec.structs.replace(one, amount=amount))
    return wanted


def impose(
    log: Log, case: DiversionCase, dealer: Dealer, sanction: Sanction, stamp: Stamp
) -> Sanction:
    """Let one consequence follow: the sanction with its document, and with what was before it."""
    reason, line = f"{case.key}: {sanction.note or sanction.kind}", sanction.product_line or ""
    acts: dict[str, Callable[[], str | None]] = {
        PENALTY: lambda: _charge(log, case, dealer, sanction, stamp),
        REBATE_DEDUCTION: lambda: _deduct(log, case, dealer, sanction.amount or 0, stamp),
        COMPENSATION: lambda: _compensate(log, case, sanction.amount or 0, stamp),
        TIER_DOWNGRADE: lambda: dealer.change_tier(sanction.tier or "", reason, stamp),
        TERRITORY_REDUCTION: lambda: _reduce(log, dealer, line, reason, stamp),
        SUSPENSION: lambda: _suspend(log, dealer, reason, stamp),
    }
    before = {TIER_DOWNGRADE: dealer.known.tier, SUSPENSION: dealer.status}.get(sanction.kind)
    if sanction.kind == PENALTY and sanction.from_deposit:  # an appeal that is won gives it back
        before = str(log.get(SecurityDeposit, dealer.key, stamp.currency).held)
    document = acts.get(sanction.kind, lambda: None)()
    return msgspec.structs.replace(sanction, document=document, before=before)


def take_back(
    log: Log, case: DiversionCase, sanctions: tuple[Sanction, ...], stamp: Stamp
) -> list[str]:
    """Take back what did not stand: the sanctions that people have to undo themselves."""
    left, reason = [], f"{case.key} was overturned"
    dealer = log.get(Dealer, case.known.responsible_dealer or "")
    if case.known.source_dealer is not None:
        log.get(DealerConduct, case.known.source_dealer).overturn(case.key, stamp)
    for one in reversed(sanctions):
        if one.kind == PENALTY:
            _uncharge(log, dealer.key, one, case.key, stamp)
        elif one.kind == REBATE_DEDUCTION:
            give_back(log, dealer.key, case.key, stamp)
        elif one.kind == TIER_DOWNGRADE and one.before and dealer.status != TERMINATED:
            dealer.change_tier(one.before, reason, stamp)
        elif one.kind == SUSPENSION and (one.before, dealer.status) == (ACTIVE, SUSPENDED):
            reinstate_dealer(log, stamp, ReinstateDealer(dealer_id=dealer.key, reason=reason))
        elif one.kind in (TERRITORY_REDUCTION, COMPENSATION):
            left.append(one.kind)
    return left


def _charge(log: Log, case: DiversionCase, dealer: Dealer, sanction: Sanction, stamp: Stamp) -> str:
    require_open(log, stamp.today, dealer.key, stamp)
    doc, amount = next_number(log, monthly("PEN", stamp.today), stamp), sanction.amount or 0
    account = log.get(DealerAccount, dealer.key, stamp.currency)
    deposit = log.get(SecurityDeposit, dealer.key, stamp.currency)
    taken = deposit.take(doc, case.key, amount, stamp) if sanction.from_deposit else 0
    account.owe(
        account_events.PenaltyCharged(
            stamp.by,
            stamp.at,
            doc=doc,
            case=case.key,
            amount=amount,
            due=stamp.today + timedelta(days=dealer.known.payment_terms_days),
            from_deposit=taken,
            accounting_date=stamp.today,
        )
    )
    return doc


def _uncharge(log: Log, dealer: str, penalty: Sanction, case: str, stamp: Stamp) -> None:
    """Take a penalty back: what the deposit paid goes back to it, the rest is owed no more."""
    amount, reason = penalty.amount or 0, f"{case} was overturned"
    back = min(amount, int(penalty.before or 0)) if penalty.from_deposit else 0
    _refill(log, dealer, back, case, stamp)
    _adjust(log, dealer, back - amount, reason, case, stamp, penalty.document or "")


def _refill(log: Log, dealer: str, amount: int, case: str, stamp: Stamp) -> None:
    """Give the deposit back what a penalty took: below 0, both facts go the other way."""
    if not amount:
        return
    day = _day(log, dealer, stamp)
    doc = next_number(log, monthly("PEN", day), stamp)
    deposit = log.get(SecurityDeposit, dealer, stamp.currency)
    deposit.record(SecurityDeposit.Taken(stamp.by, stamp.at, doc=doc, case=case, amount=-amount))
    log.get(DealerAccount, dealer, stamp.currency).owe(
        account_events.PenaltyCharged(
            stamp.by,
            stamp.at,
            doc=doc,
            case=case,
            amount=-amount,
            due=day,
            from_deposit=-amount,
            accounting_date=day,
        )
    )


def _deduct(log: Log, case: DiversionCase, dealer: Dealer, amount: int, stamp: Stamp) -> str | None:
    """Take it out of the dealer's rebates; where they do not go that far, nothing is taken."""
    deduct(log, dealer.key, case.key, amount, stamp)
    return None


def _compensate(log: Log, case: DiversionCase, amount: int, stamp: Stamp) -> str:
    victim, reason = case.known.victim_dealer or "", f"compensation, {case.key}"
    return _adjust(log, victim, -amount, reason, case.key, stamp)


def _adjust(  # noqa: PLR0913 - what is put right, by how much, why, and which penalty it undoes
    log: Log,
    dealer: str,
    amount: int,
    reason: str,
    case: str,
    stamp: Stamp,
    penalty: str = "",
) -> str:
    if not amount:
        return ""
    day = _day(log, dealer, stamp)
    doc = next_number(log, monthly("ADJ", day), stamp)
    account = log.get(DealerAccount, dealer, stamp.currency)
    account.adjust(
        account_events.AdjustmentPosted(
            stamp.by,
            stamp.at,
            doc=doc,
            amount=amount,
            reason=reason,
            approvals=(stamp.by.user,),
            accounting_date=day,
            due=day,
            case=case,
            penalty=penalty,
        ),
        penalty or None,
    )
    return doc


def _day(log: Log, dealer: str, stamp: Stamp) -> date:
    """Today, or the day of recording where today's period is closed; refuses PERIOD_CLOSED."""
    day = posting_day(log, stamp.today, dealer, stamp)
    require_open(log, day, dealer, stamp)
    return day


def _reduce(log: Log, dealer: Dealer, line: str, reason: str, stamp: Stamp) -> None:
    revoke = RevokeTerritory(
        dealer_id=dealer.key, product_line=line, last_day=stamp.today, reason=reason
    )
    revoke_territory(log, stamp, revoke)


def _suspend(log: Log, dealer: Dealer, reason: str, stamp: Stamp) -> None:
    if dealer.status == ACTIVE:
        suspend_dealer(log, stamp, SuspendDealer(dealer_id=dealer.key, reason=reason))


def _margin(case: DiversionCase) -> int:
    """What the source gained by the difference of prices, minor units; 0 where none is known."""
    alert = case.known
    if alert.p_source is None or alert.p_local is None or case.decision is None:
        return 0
    return max(0, minor_units((alert.p_local - alert.p_source) * case.decision.units))


def _times(log: Log, case: DiversionCase, stamp: Stamp) -> int:
    """How often the dealer was found diverting in a year, this time too; at most three."""
    conduct = log.get(DealerConduct, case.known.source_dealer or "")
    return min(MOST_TIMES, max(1, conduct.times_confirmed(YEAR_DAYS, stamp.today)))
