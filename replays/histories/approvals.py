"""Approvals: the decisions of persons, and what each of them had before it."""

from __future__ import annotations

from typing import Any

import msgspec

from domain.accounts.credit_line import CreditLine
from domain.accounts.statement_events import (
    Confirmed,
    DisputeAccepted,
    DisputeRejected,
    SignedOff,
)
from domain.cases.case_events import AppealDecided, CaseDecided, DecisionSupported
from domain.catalogue import CATEGORIES
from domain.goods.count_sheet import CountSheet
from domain.goods.goods_return import GoodsReturn
from domain.goods.shipment_events import OutboundReviewed
from domain.incentives.claim import Claim
from domain.incentives.incentive_policy import IncentivePolicy
from domain.incentives.promotion import Promotion
from domain.incentives.rebate import Rebate
from domain.kernel.event import Event
from domain.orders.contract import Contract
from domain.orders.order_events import HoldConsented, HoldReleased, HoldReleaseRejected, Rejected
from domain.orders.price_list import PriceList
from domain.parties.dealer_events import ExceptionGranted, Reviewed
from domain.supply.requisition import Requisition
from domain.supply.transfer import Transfer
from eventlog.codec import Codec
from eventlog.reader import Reader
from eventlog.rows import EventRow

APPROVALS: frozenset[type[Event]] = frozenset(
    {
        AppealDecided,
        CaseDecided,
        Claim.Reviewed,
        Confirmed,
        Contract.Approved,
        Contract.Rejected,
        CountSheet.Approved,
        CreditLine.LimitSet,
        CreditLine.TemporaryLimitGranted,
        DecisionSupported,
        DisputeAccepted,
        DisputeRejected,
        ExceptionGranted,
        GoodsReturn.Authorized,
        GoodsReturn.Inspected,
        GoodsReturn.Refused,
        HoldConsented,
        HoldReleaseRejected,
        HoldReleased,
        IncentivePolicy.Approved,
        OutboundReviewed,
        PriceList.Approved,
        Promotion.Approved,
        Rebate.Confirmed,
        Rejected,
        Requisition.Approved,
        Reviewed,
        SignedOff,
        Transfer.Approved,
    }
)
"""Facts that a person decided after looking at something."""


def seen_before(reader: Reader, codec: Codec, row: EventRow) -> dict[str, Any]:
    """Return the state of the thing that was decided on, as it was just before the event."""
    category, _, _ = row.stream.partition("/")
    found = CATEGORIES[category](stream=row.stream)
    for earlier in reader.stream(row.stream, upto_version=row.version - 1):
        found.fold(codec.read(earlier))
    state: dict[str, Any] = msgspec.to_builtins(found)
    return state
