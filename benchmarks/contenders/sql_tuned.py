"""Hand-tuned SQL on PostgreSQL: prepared, set-based statements, several in a trip.

Everyone locks rows in one order: the order, its dealer, stock cells by product, units, a counter.
Units need no order among themselves: free ones are taken under the lock of their cell, and all
others belong to a locked order.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from benchmarks.contenders.sql_schema import PREPARE, PRICE_LIST
from benchmarks.contenders.sql_threads import SqlThreads, Step, Steps
from benchmarks.scenario import vat_of

SELLER, PLANNER, SHIPPER, CARRIER = "seller", "planner", "shipper", "carrier"

Call = tuple[Any, ...]
"""Name of a prepared statement, and its arguments; or a statement without arguments."""
BEGIN, COMMIT = ("BEGIN",), ("COMMIT",)


class RefusedError(Exception):
    """The rules do not allow a command."""


class Command:
    """One command: its key and request, and its transaction on a held connection.

    BEGIN and COMMIT travel with the first and the last statements.
    """

    def __init__(self, cursor: Any, key: str, request: tuple[Any, ...]) -> None:
        self.cursor, self.key = cursor, key
        self.digest = hashlib.sha256(msgspec.json.encode(request)).digest()

    def begin(self, *calls: Call) -> list[Any]:
        """Begin, and give what the last statement found, but not its word whether this is new."""
        rows = self.ask(BEGIN, *calls)
        self.refuse_unless(rows, "there is no such thing")
        self.refuse_unless(rows[0][0], "the key is known")
        return [row[1:] for row in rows]

    def ask(self, *calls: Call) -> list[Any]:
        """Run statements in one trip; give the rows of the last one."""
        self._send(*calls)
        rows: list[Any] = self.cursor.fetchall()
        return rows

    def commit(self, answer: dict[str, Any], *calls: Call) -> dict[str, Any]:
        """Run statements, of which the last one keeps the answer, and commit."""
        self._send(*self._keeping(answer, calls), COMMIT)
        return answer

    def commit_numbered(self, answer: dict[str, Any], *calls: Call) -> Any:
        """The same with a last statement that adds a number to the answer.

        The answer is read from its receipt, so that the counter is not held for another trip.
        """
        self._send(*self._keeping(answer, calls), COMMIT, ("receipt", self.key))
        return msgspec.json.decode(self.cursor.fetchone()[1])

    def refuse_unless(self, allowed: object, reason: str) -> None:
        """Refuse the command for a reason."""
        if not allowed:
            raise RefusedError(f"{self.key}: {reason}")

    def _keeping(self, answer: dict[str, Any], calls: Sequence[Call]) -> list[Call]:
        *others, (name, *args) = calls
        kept = msgspec.json.encode(answer).decode()
        return [*others, (name, self.key, self.digest, kept, *args)]

    def _send(self, *calls: Call) -> None:
        texts = [
            f"EXECUTE {name}({', '.join(['%s'] * len(args))})" if args else name
            for name, *args in calls
        ]
        self.cursor.execute("; ".join(texts), [arg for _, *args in calls for arg in args])


def run(cursor: Any, key: str, step: Callable[..., Any], *request: Any) -> Any:
    """Do a command once; done before, it gives the same answer again."""
    command = Command(cursor, key, (step.__name__, *request))
    try:
        return step(command, *request)
    except Exception:
        cursor.execute("ROLLBACK")
        # It may have been done before, or by a twin while this one waited for a lock.
        for digest, answer in command.ask(("receipt", key)):
            if bytes(digest) == command.digest:
                return msgspec.json.decode(answer)
        raise


def place(
    command: Command, dealer: str, address: str, warehouse: str, lines: list[tuple[str, int]]
) -> Any:
    """Confirm an order and reserve its units."""
    skus, qtys = [sku for sku, _ in lines], [qty for _, qty in lines]
    command.refuse_unless(len(set(skus)) == len(skus), "a product is wanted twice")
    quote = command.begin(("quote", dealer, address, PRICE_LIST, skus, qtys, command.key))
    command.refuse_unless(len(quote) == len(lines), "a product is unknown or has no price")
    numbers, nets, prices, registered, licensed, covered = map(list, zip(*quote, strict=True))
    command.refuse_unless(all(registered), "a registration is not valid")
    command.refuse_unless(all(licensed), "the licence does not cover the goods")
    command.refuse_unless(all(covered), "the territory does not cover the address")
    vats = [vat_of(net) for net in nets]
    net, vat = sum(nets), sum(vats)
    chosen = command.ask(
        ("lock_dealer", dealer),
        ("lock_cells", warehouse, skus),
        ("choose", dealer, warehouse, skus, qtys),
    )
    command.refuse_unless(len(chosen) == len(lines), "the warehouse does not keep a product")
    active, credit = chosen[0][:2]
    command.refuse_unless(active, "the dealer is not active")
    command.refuse_unless(net + vat <= credit, "the credit limit is exceeded")
    for qty, (*_, free, ids, _) in zip(qtys, chosen, strict=True):
        command.refuse_unless(free >= qty == len(ids or ()), "goods are missing")
    scans = [(sku, serial) for sku, row in zip(skus, chosen, strict=True) for serial in row[4]]
    units = [(unit, line) for line, row in zip(numbers, chosen, strict=True) for unit in row[3]]
    goods = (skus, qtys, prices, nets, vats, *map(list, zip(*units, strict=True)))
    return command.commit_numbered(
        {"gross": net + vat, "units": scans},
        ("reserve_cells", warehouse, skus, qtys),
        ("move_credit", dealer, net + vat, 0, 0),
        ("confirm", dealer, address, warehouse, net, vat, net + vat, *goods, SELLER),
    )


def plan(command: Command, order: int) -> Any:
    """Make a shipment of all reserved units."""
    [(state, shipment, _)] = command.begin(("lock_order", order), ("order_now", order, command.key))
    command.refuse_unless(state == "CONFIRMED" and shipment is None, "it is planned already")
    return command.commit(
        {"order": order},
        ("new_shipment", order),
        ("keep_and_note", order, PLANNER, "PLANNED"),
    )


def pick(command: Command, order: int, picker: str, scans: list[tuple[str, str]]) -> Any:
    """Take the scanned units, which must be those of the order."""
    reserved = command.begin(("lock_order", order), ("order_units", order, command.key))
    command.refuse_unless(reserved[0][0] == "PLANNED", "it is not to be picked")
    wanted = sorted((sku, serial) for _, sku, serial in reserved)
    command.refuse_unless(sorted(map(tuple, scans)) == wanted, "the units are not the order's")
    return command.commit(
        {"order": order},
        ("picked", order, picker),
        ("move_units", order, "PICKED", None, picker, command.key),
        ("keep_and_note", order, picker, "PICKED"),
    )


def review(command: Command, order: int, reviewer: str) -> Any:
    """Confirm what another person has picked."""
    [(_, state, picker)] = command.begin(("lock_order", order), ("order_now", order, command.key))
    command.refuse_unless(state == "PICKED", "it is not to be reviewed")
    command.refuse_unless(reviewer != picker, "who picks does not review")
    return command.commit(
        {"order": order},
        ("reviewed", order, reviewer),
        ("keep_and_note", order, reviewer, "REVIEWED"),
    )


def ship(command: Command, order: int, carrier: str, waybill: str) -> Any:
    """Let the units leave, at standard cost."""
    [(state, dealer, warehouse, gross, cost)] = command.begin(
        ("lock_order", order), ("order_goods", order, command.key)
    )
    command.refuse_unless(state == "REVIEWED", "it is not to be shipped")
    return command.commit(
        {"order": order},
        ("move_credit", dealer, -gross, gross, 0),
        ("lock_cells_of", warehouse, order),
        ("issue_goods", warehouse, order, command.key),
        ("move_units", order, "SHIPPED", None, SHIPPER, command.key),
        ("shipped", order, carrier, waybill, cost),
        posting(command, ("1406", cost, 0), ("1405", 0, cost)),
        ("keep_and_note", order, SHIPPER, "SHIPPED"),
    )


def deliver(command: Command, order: int) -> Any:
    """Hand the units to the dealer, and invoice them."""
    [(state, dealer, net, vat, gross, cost)] = command.begin(
        ("lock_order", order), ("order_due", order, command.key)
    )
    command.refuse_unless(state == "SHIPPED", "it is not under way")
    return command.commit_numbered(
        {"order": order, "gross": gross},
        ("move_credit", dealer, 0, -gross, gross),
        ("move_units", order, "DELIVERED", dealer, CARRIER, command.key),
        posting(command, ("1122", gross, 0), ("6001", 0, net), ("2221", 0, vat)),
        posting(command, ("6401", cost, 0), ("1406", 0, cost)),
        ("invoice", order, CARRIER),
    )


def pay(command: Command, dealer: str, bank_ref: str, amount: int) -> Any:
    """Settle the dealer's oldest invoices."""
    [(receivable,)] = command.begin(("lock_dealer", dealer), ("dealer_owes", dealer, command.key))
    command.refuse_unless(0 < amount <= receivable, "it is more than the dealer owes")
    return command.commit(
        {"bank_ref": bank_ref},
        ("new_payment", bank_ref, dealer, amount),
        ("settle", bank_ref, dealer, amount),
        ("move_credit", dealer, 0, 0, -amount),
        posting(command, ("1002", amount, 0), ("1122", 0, amount)),
        ("keep",),
    )


def posting(command: Command, *lines: tuple[str, int, int]) -> Call:
    """A balanced journal entry of accounts with their debits and credits."""
    accounts, debits, credits_ = map(list, zip(*lines, strict=True))
    command.refuse_unless(sum(debits) == sum(credits_), "the entry does not balance")
    return ("post", command.key, accounts, debits, credits_)


class TunedSql(SqlThreads):
    """Every step is a few prepared statements, several in a trip."""

    name = "hand-tuned SQL"
    steps: Steps = sys.modules[__name__]  # type: ignore[assignment] # this module's functions

    def _open(self) -> None:
        super()._open()
        self._own.connection.autocommit = True
        self._own.cursor = self._own.connection.cursor()
        self._own.cursor.execute(PREPARE)

    def _run(self, key: str, step: Step, *request: Any) -> Any:
        return run(self._own.cursor, key, step, *request)
