"""What the facts of dealers' accounts post to the general ledger."""

from __future__ import annotations

from domain.accounts import account_events as account
from domain.accounts.deposit_account import DepositAccount
from domain.accounts.security_deposit import SecurityDeposit
from domain.books import chart
from domain.books.posting import Draft, Posting, move

Lines = tuple[Posting, ...]


def opened(event: account.OpenItemOpeningSet) -> Draft:
    """An opening item comes from the technical opening account."""
    return _of(event, event.doc, move(chart.RECEIVABLES, chart.OPENING, event.gross))


def invoiced(event: account.InvoicePosted) -> Draft:
    """Revenue or, until an installation is accepted, a contract liability; and the cost of sales.

    Cost stays with the goods dispatched for as long as the revenue is deferred.
    """
    lines = move(chart.RECEIVABLES, chart.OUTPUT_VAT, event.vat)
    for one in event.lines:
        earned = chart.CONTRACT_LIABILITIES if one.deferred else chart.REVENUE
        lines += move(chart.RECEIVABLES, earned, one.net)
        if not one.deferred:
            lines += move(chart.COST_OF_SALES, chart.GOODS_DISPATCHED, one.cost)
    return _of(event, event.doc, lines)


def released(event: account.RevenueReleased) -> Draft:
    """An accepted installation is revenue, and the cost of what was sold."""
    lines = move(chart.CONTRACT_LIABILITIES, chart.REVENUE, event.net)
    lines += move(chart.COST_OF_SALES, chart.GOODS_DISPATCHED, event.cost)
    return _of(event, event.so, lines)


def paid(event: account.PaymentReceived) -> Draft:
    """Money is an advance until it is applied."""
    return _of(event, event.receipt, move(chart.BANK, chart.ADVANCES, event.amount))


def bounced(event: account.PaymentReversed) -> Draft:
    """Money that was none goes back out."""
    return _of(event, event.receipt, move(chart.ADVANCES, chart.BANK, event.amount))


def applied(event: account.CashApplied) -> Draft:
    """Applied money is not an advance any more."""
    total = sum(one.amount for one in event.allocations)
    return _of(event, event.receipt, move(chart.ADVANCES, chart.RECEIVABLES, total))


def unapplied(event: account.CashUnapplied) -> Draft:
    """Money that was taken back from a document is an advance again."""
    total = sum(one.amount for one in event.allocations)
    return _of(event, event.receipt, move(chart.RECEIVABLES, chart.ADVANCES, total))


def deposit_applied(event: account.DepositApplied) -> Draft:
    """A deposit settles its invoice."""
    return _of(event, event.deposit, move(chart.ADVANCES, chart.RECEIVABLES, event.amount))


def credited(event: account.CreditNotePosted) -> Draft:
    """A red-letter invoice takes revenue (or what was promised) and its VAT back."""
    lines: Lines = move(chart.OUTPUT_VAT, chart.RECEIVABLES, event.vat)
    if event.kind == "REBATE":
        lines += move(chart.ACCRUED_REBATES, chart.RECEIVABLES, event.net)
    elif event.kind == "CLAIM":
        lines += move(chart.CLAIMS_PAYABLE, chart.RECEIVABLES, event.net)
    else:
        deferred = sum(one.deferred for one in event.lines)
        lines += move(chart.REVENUE, chart.RECEIVABLES, event.net - deferred)
        lines += move(chart.CONTRACT_LIABILITIES, chart.RECEIVABLES, deferred)
    lines += move(chart.RECEIVABLES, chart.ADVANCES, event.unapplied)
    return _of(event, event.doc, lines)


def written_off(event: account.SmallDifferenceWrittenOff) -> Draft:
    """A small difference is a finance expense."""
    return _of(event, event.doc, move(chart.FINANCE_EXPENSE, chart.RECEIVABLES, event.amount))


def bad_debt(event: account.BadDebtWrittenOff) -> Draft:
    """A debt that will not be paid uses the allowance."""
    return _of(event, event.doc, move(chart.BAD_DEBT_ALLOWANCE, chart.RECEIVABLES, event.amount))


def adjusted(event: account.AdjustmentPosted) -> Draft:
    """An adjustment is a finance expense, or takes one back; an overturned penalty is no income."""
    against = chart.OTHER_INCOME if event.penalty else chart.FINANCE_EXPENSE
    lines = move(chart.RECEIVABLES, against, event.amount)
    lines += move(chart.RECEIVABLES, chart.ADVANCES, event.unapplied)
    return _of(event, event.doc, lines)


def charged(event: account.PenaltyCharged) -> Draft:
    """A penalty is other income, owed or taken from the security deposit."""
    lines = move(chart.RECEIVABLES, chart.OTHER_INCOME, event.owed)
    lines += move(chart.SECURITY_DEPOSITS, chart.OTHER_INCOME, event.from_deposit)
    return _of(event, event.doc, lines)


def claim_settled(event: account.ClaimSettled) -> Draft:
    """An approved claim settles documents."""
    lines = move(chart.CLAIMS_PAYABLE, chart.RECEIVABLES, event.amount - event.unapplied)
    lines += move(chart.CLAIMS_PAYABLE, chart.ADVANCES, event.unapplied)
    return _of(event, event.doc, lines)


def refunded(event: account.MoneyRefunded) -> Draft:
    """An advance goes back to the dealer."""
    return _of(event, event.receipt, move(chart.ADVANCES, chart.BANK, event.amount))


def netted(event: account.MoneyNetted) -> Draft | None:
    """An advance changes its owner within one account: the receiving side says it for both."""
    if event.amount < 0:
        return None
    lines = (
        Posting(chart.ADVANCES, debit=event.amount, dealer=event.other),
        Posting(chart.ADVANCES, credit=event.amount),
    )
    return _of(event, event.doc, lines)


def deposit_received(event: DepositAccount.Received) -> Draft:
    """Money for an order is an advance."""
    lines = move(chart.BANK, chart.ADVANCES, event.amount)
    day, value = event.accounting_date, event.value_date
    earlier = value if (value.year, value.month) != (day.year, day.month) else None
    return Draft(doc=event.doc, lines=lines, day=day, effective=earlier)


def deposit_refunded(event: DepositAccount.Refunded) -> Draft:
    """A deposit goes back."""
    lines = move(chart.ADVANCES, chart.BANK, event.amount)
    return Draft(doc=event.doc, lines=lines, day=event.accounting_date)


def deposit_forfeited(event: DepositAccount.Forfeited) -> Draft:
    """A deposit that we keep is other income."""
    lines = move(chart.ADVANCES, chart.OTHER_INCOME, event.amount)
    return Draft(doc=event.doc, lines=lines, day=event.accounting_date)


def security_received(event: SecurityDeposit.Received) -> Draft:
    """A security deposit is owed to the dealer."""
    lines = move(chart.BANK, chart.SECURITY_DEPOSITS, event.amount)
    return Draft(doc=event.doc, lines=lines, day=event.accounting_date)


def security_refunded(event: SecurityDeposit.Refunded) -> Draft:
    """A security deposit goes back."""
    lines = move(chart.SECURITY_DEPOSITS, chart.BANK, event.amount)
    return Draft(doc=event.doc, lines=lines, day=event.accounting_date)


def _of(event: account.AccountEvent, doc: str, lines: Lines) -> Draft:
    return Draft(doc=doc, lines=lines, day=event.posted_on, effective=event.earlier)
