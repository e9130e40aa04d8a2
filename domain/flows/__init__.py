"""The use cases, by gerunds: what each command does, over as many aggregates as it needs.

``FLOWS`` is the list of everything that can be asked of Baton, room by room. A flow takes the
log, a stamp and its command, and returns facts for the answer; ``run`` runs it and keeps the books
of what it recorded, and all of that is appended together.
"""

from __future__ import annotations

from typing import Any

from domain.flows.accounts.commands import FLOWS as ACCOUNTS
from domain.flows.books.commands import FLOWS as BOOKS
from domain.flows.books.keeping import keep_books
from domain.flows.cases.commands import FLOWS as CASES
from domain.flows.channel.commands import FLOWS as CHANNEL
from domain.flows.company.commands import FLOWS as COMPANY
from domain.flows.flow import Flows
from domain.flows.goods.commands import FLOWS as GOODS
from domain.flows.incentives.commands import FLOWS as INCENTIVES
from domain.flows.orders.commands import FLOWS as ORDERS
from domain.flows.parties.commands import FLOWS as PARTIES
from domain.flows.supply.commands import FLOWS as SUPPLY
from domain.kernel.aggregate import RunningLog
from domain.kernel.stamp import Stamp

FLOWS: Flows = {
    **COMPANY,
    **PARTIES,
    **GOODS,
    **ORDERS,
    **SUPPLY,
    **ACCOUNTS,
    **INCENTIVES,
    **BOOKS,
    **CHANNEL,
    **CASES,
}


def run(log: RunningLog, stamp: Stamp, command: Any) -> dict[str, Any]:
    """Run a command's flow, then post what it recorded to the general ledger.

    Whatever a flow does, no money moves without its entry: the last step is the same for all.
    """
    begin = len(log.journal)
    result = FLOWS[type(command)](log, stamp, command)
    keep_books(log, log.journal[begin:], stamp)
    return result
