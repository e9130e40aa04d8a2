"""The values of a dealer's ledger: open items, document lines, and what settles what."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from domain.kernel.money import share

PAYMENT = "PAYMENT"


class OpenItem(msgspec.Struct):
    """A document as it stands. Amounts in minor units.

    ``net`` is its amount without VAT, ``period`` the month it was posted in; both are empty for
    what earns no rebate. ``level`` is that of the last dunning letter, sent on ``dunned``.
    ``since`` is its accounting date: nothing settles it earlier. ``credited`` is what credits took
    of it, ``received`` the money that did, ``paid_on`` the last day on which something paid it.
    """

    gross: int
    open: int
    due: date
    net: int = 0
    period: str = ""
    disputed: int = 0
    code: str = ""
    level: int = 0
    dunned: date | None = None
    since: date | None = None
    credited: int = 0
    received: int = 0
    paid_on: date | None = None

    @property
    def net_left(self) -> int:
        """Net amount that credits have left of it: what is to be paid, or was."""
        return share(self.gross - self.credited, self.net, self.gross)

    @property
    def late(self) -> int:
        """Days after its due date on which the last money came; 0 where that was in time."""
        return max(0, (self.paid_on - self.due).days) if self.paid_on else 0


class InvoiceLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of an invoice; VAT is computed per line. ``lots`` and ``serials`` are what was sent.

    ``cost`` is the standard cost of the units that this invoice bills first, minor units. What is
    ``deferred`` is a contract liability until its installation is accepted. Of ``billed_before``
    units an earlier invoice had billed a part.
    """

    so_line: int
    sku: str
    qty: int
    unit_price: Decimal
    net: int
    vat: int
    tax_rate: Decimal
    cost: int = 0
    deferred: bool = False
    lots: tuple[str, ...] = ()
    serials: tuple[str, ...] = ()
    billed_before: int = 0

    @property
    def sold(self) -> int:
        """Units that this invoice bills first: each is sold once, however often it is billed."""
        return self.qty - self.billed_before


class Allocation(msgspec.Struct, frozen=True):
    """Money put against a document."""

    doc: str
    amount: int


class CreditedLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of a credit note: what is taken back of an invoice line, at its price and rate.

    ``deferred`` is the part of the net amount that was a contract liability, not yet revenue;
    ``cost`` what the returned goods had cost, where that had been an expense. ``again`` marks a
    line whose units an earlier note has taken back: their other milestones are credited too.
    """

    sku: str
    net: int
    vat: int
    tax_rate: Decimal
    so_line: int | None = None
    qty: int | None = None
    lot: str | None = None
    serials: tuple[str, ...] = ()
    deferred: int = 0
    cost: int = 0
    again: bool = False

    @property
    def sold(self) -> int:
        """Units that are not sold any more: each is taken back once."""
        return 0 if self.again else self.qty or 0


class Dunned(msgspec.Struct, frozen=True):
    """An overdue document in a dunning letter: what is claimed of it, days after its due date."""

    doc: str
    amount: int
    days: int
