"""What the facts of rebates and claims post to the general ledger."""

from __future__ import annotations

from domain.books import chart
from domain.books.posting import Draft, move
from domain.incentives.claim import Claim
from domain.incentives.rebate import Rebate


def opened(event: Rebate.OpeningSet) -> Draft:
    """A rebate that was accrued before the log began comes from the technical opening account."""
    lines = move(chart.OPENING, chart.ACCRUED_REBATES, event.accrued)
    return Draft(doc=event.policy, lines=lines)


def accrued(event: Rebate.Accrued) -> Draft:
    """A rebate reduces revenue when it is earned; what was earned too much gives it back."""
    lines = move(chart.REBATE_REDUCTION, chart.ACCRUED_REBATES, event.net)
    return Draft(doc=event.policy, lines=lines, day=event.accounting_date)


def reversed_(event: Rebate.Reversed) -> Draft:
    """A rebate that was not earned after all gives revenue back."""
    lines = move(chart.ACCRUED_REBATES, chart.REBATE_REDUCTION, event.net)
    return Draft(doc=event.policy, lines=lines, day=event.accounting_date)


def deducted(event: Rebate.Deducted) -> Draft:
    """A rebate that a sanction takes is not paid: revenue is not reduced by it."""
    lines = move(chart.ACCRUED_REBATES, chart.REBATE_REDUCTION, event.net)
    return Draft(doc=event.case, lines=lines, day=event.accounting_date)


def settled(event: Rebate.Settled) -> Draft | None:
    """A rebate paid in cash; one by a credit note is posted by that note.

    What the last payment leaves is not owed any more: revenue is not reduced by it.
    """
    lines = move(chart.ACCRUED_REBATES, chart.REBATE_REDUCTION, event.forfeited)
    if event.method == "CASH":
        lines += move(chart.ACCRUED_REBATES, chart.BANK, event.net)
        lines += move(chart.OUTPUT_VAT, chart.BANK, event.vat)
    return Draft(doc=event.doc, lines=lines, day=event.accounting_date) if lines else None


def approved(event: Claim.Reviewed) -> Draft | None:
    """An approved claim is an expense that is owed."""
    lines = move(chart.SELLING_EXPENSE, chart.CLAIMS_PAYABLE, event.approved)
    if not lines:
        return None
    return Draft(doc=event.claim, lines=lines, dealer=event.dealer, day=event.accounting_date)


def paid(event: Claim.Settled) -> Draft | None:
    """A claim paid in cash or in goods; one set off or credited is posted by that document."""
    target = {"CASH": chart.BANK, "GOODS": chart.REVENUE}.get(event.method)
    if target is None:
        return None
    lines = move(chart.CLAIMS_PAYABLE, target, event.amount)
    return Draft(doc=event.doc, lines=lines, dealer=event.dealer, day=event.accounting_date)


def lapsed(event: Claim.Expired) -> Draft | None:
    """What was agreed to and never taken is no expense."""
    lines = move(chart.CLAIMS_PAYABLE, chart.SELLING_EXPENSE, event.lapsed)
    if not lines:
        return None
    return Draft(doc=event.claim, lines=lines, dealer=event.dealer, day=event.accounting_date)
