"""The change log of master data: who changed what from what to what, and what followed at once.

Nothing is kept for it: each change is the difference of two states of the thing, before and after.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import zip_longest
from typing import Any

import msgspec

from domain.accounts.credit_line import CreditLine
from domain.cases.detection_policy import DetectionPolicy
from domain.catalogue import CATEGORIES
from domain.company.company_policy import CompanyPolicy
from domain.goods.lot import Lot
from domain.goods.product import Product
from domain.goods.warehouse import Warehouse
from domain.incentives.incentive_policy import IncentivePolicy
from domain.kernel.aggregate import Aggregate
from domain.orders.price_list import PriceBook, PriceList
from domain.parties.address import Address
from domain.parties.api_key import ApiKey
from domain.parties.customer import Customer
from domain.parties.dealer import Dealer
from domain.parties.dealer_events import ExceptionConsumed
from domain.parties.project import Project
from domain.parties.supplier import Supplier
from domain.parties.territory import Territory
from domain.parties.user import User
from eventlog.codec import Codec
from eventlog.reader import Reader
from eventlog.rows import EventRow, instant_of
from replays.histories.describing import meaning

KINDS = {
    Address.CATEGORY: "address",
    ApiKey.CATEGORY: "api_key",
    CompanyPolicy.CATEGORY: "policy",
    CreditLine.CATEGORY: "credit",
    Customer.CATEGORY: "customer",
    Dealer.CATEGORY: "dealer",
    DetectionPolicy.CATEGORY: "detection",
    IncentivePolicy.CATEGORY: "incentive_policy",
    Lot.CATEGORY: "lot",
    PriceBook.CATEGORY: "price_book",
    PriceList.CATEGORY: "price_list",
    Product.CATEGORY: "product",
    Project.CATEGORY: "project",
    Supplier.CATEGORY: "supplier",
    Territory.CATEGORY: "territory",
    User.CATEGORY: "user",
    Warehouse.CATEGORY: "warehouse",
}
"""Categories of master data, with the first part of their topics."""

NOT_MASTER_DATA = frozenset({CreditLine.Moved.TOPIC, ExceptionConsumed.TOPIC})
"""What happens to such things in the course of business."""


class Difference(msgspec.Struct, frozen=True):
    """A field that changed: its path, and its values before and after; None for none."""

    path: str
    before: Any
    after: Any


class Follow(msgspec.Struct, frozen=True):
    """An event that the same command brought about."""

    position: int
    stream: str
    topic: str
    text: str


class MasterDataChange(msgspec.Struct, frozen=True, kw_only=True):
    """One change of master data, with everything that followed from it in the same append."""

    position: int
    occurred_at: datetime
    recorded_at: datetime
    kind: str
    key: str
    topic: str
    text: str
    actor: str
    role: str
    via: str | None
    command_id: str
    changes: tuple[Difference, ...]
    followed: tuple[Follow, ...]


def master_data_changes(
    reader: Reader,
    codec: Codec,
    *,
    kinds: Collection[str],
    key: str | None,
    after: int,
    upto: int,
) -> Iterator[MasterDataChange]:
    """Changes of some kinds of master data between two positions, in the order of the log."""
    prefixes = {KINDS[kind] for kind in kinds}
    topics = sorted(one for one in codec.topics if one.partition(".")[0] in prefixes)
    states: dict[str, Aggregate] = {}
    for row in reader.after(upto=upto, topics=topics):
        category, _, name = row.stream.partition("/")
        if key is not None and name != key:
            continue
        event = codec.read(row)
        state = states.setdefault(row.stream, CATEGORIES[category](stream=row.stream))
        before = msgspec.to_builtins(state)
        state.fold(event)
        if row.position > after and row.topic not in NOT_MASTER_DATA:
            found = differences(before, msgspec.to_builtins(state))
            yield _change(reader, codec, row, event, tuple(found))


def differences(before: Any, after: Any, path: str = "") -> Iterator[Difference]:
    """Fields that are not alike in two states of plain values, by their paths."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in {**before, **after}:
            if path or name != "version":
                inner = f"{path}.{name}".lstrip(".")
                yield from differences(before.get(name), after.get(name), inner)
    elif isinstance(before, list | tuple) and isinstance(after, list | tuple):
        for place, (old, new) in enumerate(zip_longest(before, after)):
            yield from differences(old, new, f"{path}[{place}]")
    elif before != after:
        yield Difference(path, before, after)


def _change(
    reader: Reader, codec: Codec, row: EventRow, event: Any, changes: tuple[Difference, ...]
) -> MasterDataChange:
    kind, _, key = row.stream.partition("/")
    followed = [
        Follow(one.position, one.stream, one.topic, meaning(codec.types[one.topic]))
        for one in reader.command(row.command_id)
        if one.position != row.position
    ]
    return MasterDataChange(
        position=row.position,
        occurred_at=event.occurred_at,
        recorded_at=instant_of(row.recorded_at),
        kind=kind,
        key=key,
        topic=row.topic,
        text=meaning(type(event)),
        actor=event.by.user,
        role=event.by.role,
        via=event.by.via,
        command_id=row.command_id,
        changes=changes,
        followed=tuple(followed),
    )
