"""The history of anything: every event of its own streams, and every other one that names it.

Nothing is looked up in an index that could lack something: the whole log is searched for the
text of the identifier, and what the database finds is read field by field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import msgspec

from domain.goods.lot import Lot
from domain.goods.serial_events import Registered
from domain.goods.serial_number import SerialNumber
from domain.orders.contract import Contract
from domain.orders.order import Order
from domain.parties.dealer import Dealer
from eventlog.codec import Codec, as_written
from eventlog.reader import Reader
from eventlog.rows import EventRow
from replays.histories.approvals import APPROVALS, seen_before
from replays.histories.describing import Saying, meaning, say
from replays.histories.entry import Entry, fields_of

_fields = msgspec.json.Decoder(dict[str, Any])

SERIALS, LOTS, ORDERS, DEALERS = "serials", "lots", "orders", "dealers"
CONTRACTS, DOCUMENTS = "contracts", "documents"

OWN = {
    SERIALS: SerialNumber.CATEGORY,
    LOTS: Lot.CATEGORY,
    ORDERS: Order.CATEGORY,
    DEALERS: Dealer.CATEGORY,
    CONTRACTS: Contract.CATEGORY,
    DOCUMENTS: "",
}
"""Kinds of things, with the category of their own streams. A document may be of any."""

PARTS = {SERIALS: 2, LOTS: 2}
"""Parts of an identifier, where it has more than one: ``DI/serial`` and ``sku/lot``."""


class Line(Entry, frozen=True, kw_only=True):
    """One event of a history. ``facts`` are its fields; ``seen`` what an approver had before it.

    ``own`` is whether it is of the thing itself, or only names it.
    """

    command: str
    digest: str
    own: bool
    facts: dict[str, Any]
    seen: dict[str, Any] | None = None


class Subject(msgspec.Struct, frozen=True):
    """What a history is of: a kind, and the parts of its identifier."""

    kind: str
    parts: tuple[str, ...]

    @property
    def id(self) -> str:
        """The identifier, as it is written in a stream's name."""
        return "/".join(self.parts)

    @property
    def name(self) -> str:
        """The part that others name it by: the last one."""
        return self.parts[-1]

    @property
    def stream(self) -> str:
        """Its own stream."""
        return f"{OWN[self.kind]}/{self.id}"

    def concerned(self, row: EventRow) -> bool:
        """Whether an event is of this thing, or names it."""
        if row.stream == self.stream:
            return True
        named = _named(row)
        if self.kind == LOTS:
            return self.name in named and self.parts[0] in named
        return self.name in named


def history(
    reader: Reader,
    codec: Codec,
    subject: Subject,
    *,
    upto: int,
    after: int = 0,
    limit: int | None = None,
) -> list[Line]:
    """Gather what is recorded of a thing between two positions, in the order of the log.

    Raises UnreadableRowError (eventlog/codec.py).
    """
    is_of_a_twin = _twins(reader, subject, upto) if subject.kind == SERIALS else lambda _: False
    rows = reader.naming(subject.name, after=after, upto=upto)
    concerning = (row for row in rows if subject.concerned(row) and not is_of_a_twin(row))
    return [_line(reader, codec, subject, row) for row in islice(concerning, limit)]


def _twins(reader: Reader, subject: Subject, upto: int) -> Callable[[EventRow], bool]:
    """Return what tells events of devices of other products that have the same serial number.

    Such an event names the other product or its identifier, and neither that of this device. What
    names the number alone may be of either, and is told of both.
    """
    ours, theirs = {subject.parts[0]}, set[str]()
    for row in reader.naming(f"/{subject.name}", upto=upto):
        category, _, key = row.stream.partition("/")
        di, _, serial = key.partition("/")
        if (category, serial, row.topic) == (OWN[SERIALS], subject.name, Registered.TOPIC):
            marks = ours if di == subject.parts[0] else theirs
            marks |= {di, as_written(row, _fields)["sku"]}

    def is_of_a_twin(row: EventRow) -> bool:
        named = _named(row)
        return bool(named & theirs) and not named & ours

    return is_of_a_twin


def _line(reader: Reader, codec: Codec, subject: Subject, row: EventRow) -> Line:
    receipt = reader.receipt(row.command_id)
    event = codec.read(row)
    saying = say(event) or Saying(meaning(type(event)))
    facts = as_written(row, _fields)
    return Line(
        **fields_of(row, event, saying),
        command=receipt.command if receipt else "",
        digest=row.digest,
        own=row.stream == subject.stream,
        facts={name: value for name, value in facts.items() if name not in ("by", "occurred_at")},
        seen=seen_before(reader, codec, row) if type(event) in APPROVALS else None,
    )


def _named(row: EventRow) -> set[str]:
    """All texts of an event, and the parts of its stream's name."""
    return {*row.stream.split("/")[1:], *_texts(as_written(row, _fields))}


def _texts(value: Any) -> Iterator[str]:
    """Every text in a value, names of fields left out but keys of mappings told."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from _texts(one)
