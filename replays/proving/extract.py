"""An extract: what the log has of one dealer's account, each event proved to be in it.

A dealer gets rows as they are stored, for only so can it check them. What a row says that is ours
alone (costs, other dealers) cannot be left out of it, so the whole row is withheld, and its digest:
who knows all but a few figures of a row finds them by trying. The checkpoint fixes it all the same.
An event type that nobody put into ``SHOWN`` is withheld.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, Any

from domain.accounts import account_events as account
from domain.accounts import statement_events as statement
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.deposit_account import DepositAccount
from domain.accounts.security_deposit import SecurityDeposit
from domain.accounts.statement import Statement
from eventlog.chain import GENESIS
from eventlog.reader import Reader
from eventlog.rows import EventRow
from replays.proving.bundle import STEP
from replays.proving.merkle import Paths, leaf_of
from replays.proving.packing import Packing, schemas
from replays.proving.verifier.manifest import EVENTS, EXTRACT, PROOFS

AGGREGATES = (DealerAccount, DepositAccount, SecurityDeposit, Statement)
"""Whose streams begin with a dealer's id, and are that dealer's."""

SHOWN: frozenset[type[Any]] = frozenset(
    {
        DepositAccount.Received,
        DepositAccount.Applied,
        DepositAccount.Refunded,
        DepositAccount.Transferred,
        DepositAccount.Forfeited,
        SecurityDeposit.Received,
        SecurityDeposit.Refunded,
        SecurityDeposit.Taken,
        account.OpenItemOpeningSet,
        account.PenaltyCharged,
        account.SmallDifferenceWrittenOff,
        account.PaymentReceived,
        account.PaymentReversed,
        account.CashApplied,
        account.CashUnapplied,
        account.ClaimSettled,
        account.DepositApplied,
        account.MoneyRefunded,
        account.DisputeRaised,
        account.DisputeResolved,
        account.DunningIssued,
        account.MonthEnded,
        account.MonthLocked,
        account.MonthReopened,
        statement.Issued,
        statement.Viewed,
        statement.LineDisputed,
        statement.DisputeAnswered,
        statement.DisputeAccepted,
        statement.DisputeRejected,
        statement.Confirmed,
        statement.DeemedConfirmed,
        statement.SignedOff,
        statement.Reopened,
    }
)
"""Events whose every field the dealer may know."""

WITHHELD: frozenset[type[Any]] = frozenset(
    {
        account.InvoicePosted,  # our cost of the goods
        account.CreditNotePosted,  # the same
        account.RevenueReleased,  # the same
        account.MoneyNetted,  # another dealer
        account.AdjustmentPosted,  # our reasons, and who approved of them
        account.BadDebtWrittenOff,  # the same
    }
)
"""Events that are not shown, and why."""


def write_extract(
    out: IO[bytes],
    reader: Reader,
    dealer: str,
    *,
    log: str,
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Write a dealer's extract as a zip; ``progress`` is called with positions up to the head."""
    stored, upto = reader.checkpoints(), reader.head().position
    newest = next((one for one in reversed(stored) if one.root), None)
    streams = [f"{one.CATEGORY}/{dealer}/" for one in AGGREGATES]
    proofs = _Proofs(reader, streams, upto, newest.position if newest else 0)
    proofs.walk(progress)
    with Packing(out) as packing:
        packing.put("schemas.json", schemas({one.TOPIC: one for one in _in_order(SHOWN)}))
        rows = reader.beginning(streams, upto=upto)
        packing.lines(EVENTS, (row if _is_shown(row) else _withheld(row) for row in rows))
        packing.lines(PROOFS, proofs)
        told = {
            "kind": EXTRACT,
            "log": log,
            "dealer": dealer,
            "streams": streams,
            "upto": upto,
            "events": len(proofs.positions),
            "covered": proofs.covered,
            "withheld": len(proofs.positions) - len(proofs.shown),
            "checkpoint": proofs.size,
            "verifier_keys": packing.checkpoints([newest] if newest else []),
        }
        packing.manifest(told)
    progress(upto)


class _Proofs:
    """Digests before events and paths from them, of one walk over all digests."""

    def __init__(self, reader: Reader, streams: list[str], upto: int, size: int) -> None:
        self._reader, self._upto, self.size = reader, upto, size
        self.positions: list[int] = []
        self.shown: set[int] = set()
        for row in reader.beginning(streams, upto=upto):
            self.positions.append(row.position)
            if _is_shown(row):
                self.shown.add(row.position)
        self.covered = sum(one <= size for one in self.shown)
        self._paths = Paths((one - 1, 1) for one in self.shown if one <= size)
        self._before: dict[int, str] = {}

    def walk(self, progress: Callable[[int], None]) -> None:
        """Look at every digest once."""
        digest = GENESIS
        for link in self._reader.digests(upto=self._upto):
            if link.position in self.shown:
                self._before[link.position] = digest
            if link.position <= self.size:
                self._paths.push(leaf_of(link.digest))
            digest = link.digest
            if link.position % STEP == 0:
                progress(link.position)
        self._paths.close()

    def __iter__(self) -> Iterator[tuple[int, str | None, list[str] | None]]:
        """Position, digest before and path of each event.

        There is no path where it is not covered yet, and nothing at all where it is withheld.
        """
        for one in self.positions:
            if one in self.shown and one <= self.size:
                path = [each.hex() for each in self._paths.path((one - 1, 1))]
                yield one, self._before[one], path
            else:
                yield one, self._before.get(one), None


def _in_order(types: frozenset[type[Any]]) -> list[type[Any]]:
    return sorted(types, key=lambda one: str(one.TOPIC))


def _is_shown(row: EventRow) -> bool:
    return row.topic in _TOPICS


def _withheld(row: EventRow) -> tuple[object, ...]:
    return (row.position, row.stream, row.version, None, None, None, None, None)


_TOPICS = frozenset(one.TOPIC for one in SHOWN)
