"""Steps of a payment: dealers who owe, pay, and what is left of it."""

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.company.number_series import NumberSeries
from domain.company.unique_key import UniqueKey
from domain.flows.accounts.settling import record_payment
from tests.domain.company import company, open_invoice
from tests.domain.story import paying
from tests.domain.support import given
from tests.domain.world import FINANCE

RECEIVED = (NumberSeries.NumberTaken, UniqueKey.Claimed, account_events.PaymentReceived)


def owing(*gross, dealer="D05"):
    """Invoices INV-1, INV-2 ... of a dealer, each due a day after the one before."""
    return given(
        company(),
        [
            open_invoice(dealer, f"INV-{n}", one, f"2026-03-{n + 19}")
            for n, one in enumerate(gross, 1)
        ],
    )


def pay(past, amount, *remittance, dealer="D05", on="2026-03-09", **more):
    return past.when(record_payment, paying(dealer, amount, *remittance, **more), on=on, by=FINANCE)


def account(past, dealer="D05"):
    found = past.get(DealerAccount, dealer, "CNY")
    return {doc: item.open for doc, item in found.items.items()}, found.unapplied
