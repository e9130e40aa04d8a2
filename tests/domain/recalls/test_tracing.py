"""Whatever happens to two lots, each adds up, and a recall of one names nobody of the other."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant

from domain.cases.recall_terms import LotScope, Scope
from domain.channel.dealer_stock import DealerStock
from domain.flows.cases.locating import consignees_of
from domain.flows.goods.delivering import confirm_delivery
from domain.flows.goods.disposing import InspectReturn, inspect_return
from domain.goods import shipment_events, stock_events
from domain.goods.goods_return import Disposed
from domain.goods.package import Discrepancy
from domain.goods.shipment import Shipment
from domain.supply.transfer import Transfer
from projections.effects import Fact
from projections.folding import Fold
from projections.lots import PROJECTION, lot_trace
from tests.domain.diversion.steps import LOT, boxes, report, sale
from tests.domain.recalls.steps import SECOND, two_lots
from tests.domain.recalls.trading import LOTS, Trading
from tests.domain.story import goods, of, placed, sent, signing
from tests.domain.supply.steps import QUALITY, came_back, item
from tests.domain.support import Given

BROUGHT = ("PURCHASE", "PRODUCTION")


class Trace:
    """The read model of lots in memory, and what it must agree with."""

    def __init__(self) -> None:
        self.fold = Fold()
        self.read = 0
        self.brought: Counter[str] = Counter()
        """Base units that we opened with or received, by lot."""
        self.had: dict[str, set[str]] = {}
        """Whoever was sent a lot, sold it or bought it."""

    def follow(self, past: Given) -> Trace:
        """Read on in the journal."""
        journal = past.log.journal
        for position in range(self.read, len(journal)):
            stream, version, event = journal[position]
            at = event.occurred_at
            self.fold.take(PROJECTION, Fact(position + 1, stream, version, at, "", event))
            self.note(past, stream.partition("/")[2], event)
        self.read = len(journal)
        return self

    def note(self, past: Given, key: str, event: Any) -> None:
        match event:
            case stock_events.OpeningSet(goods=goods):
                self.brought[goods.lot] += goods.qty
            case stock_events.Received(goods=goods, source=source) if source in BROUGHT:
                self.brought[goods.lot] += goods.qty
            case shipment_events.GoodsShipped(items=items):
                dealer = past.get(Shipment, key).known.dealer
                for one in items:
                    self.knew(one.goods.lot, dealer)
            case DealerStock.SaleReported(moved=moved, buyer=buyer):
                self.knew(moved.lot, key, buyer.dealer, buyer.hospital)

    def knew(self, name: str | None, *who: str | None) -> None:
        self.had.setdefault(name or "", set()).update(one for one in who if one)

    def balances(self, name: str, *kinds: str) -> dict[str, int]:
        """Base units of a lot by holder, of some kinds or all."""
        return {
            holder: row.adds.get("came", 0) - row.adds.get("went", 0)
            for (_, of, holder), row in self.fold.rows[lot_trace].items()
            if of == name and (not kinds or row.puts["kind"] in kinds)
        }


def listed(past: Given, name: str) -> set[str]:
    scope = Scope(lots=(LotScope(LOTS, name),))
    return {one.name for one in consignees_of(past.log, scope)}


class Tracing(Trading):
    """What must be true of both lots, after every step."""

    def __init__(self) -> None:
        super().__init__()
        self.trace = Trace()

    @invariant()
    def a_lot_sums_to_what_was_brought_of_it(self) -> None:
        trace = self.trace.follow(self.past)
        for name in (LOT, SECOND):
            assert sum(trace.balances(name).values()) == trace.brought[name]

    @invariant()
    def what_it_says_of_us_and_of_dealers_is_in_our_books(self) -> None:
        trace = self.trace.follow(self.past)
        for name in (LOT, SECOND):
            for wh, qty in trace.balances(name, "WAREHOUSE").items():
                assert qty == self.bucket(wh, name).on_hand
            for to, qty in trace.balances(name, "TRANSFER").items():
                assert qty == self.past.get(Transfer, to).still.get(name, 0)
            for dealer, qty in trace.balances(name, "DEALER").items():
                assert qty == self.past.get(DealerStock, dealer).balance(f"{LOTS}/{name}")
            for shp, qty in trace.balances(name, "SHIPMENT").items():
                on_its_way = self.past.get(Shipment, shp).state in ("IN_TRANSIT", "RETURNING")
                assert on_its_way or qty == 0, shp
            for kind in ("HOSPITAL", "SHIPMENT", "SCRAP", "LOST"):
                assert min(trace.balances(name, kind).values(), default=0) >= 0

    @invariant()
    def a_recall_names_nobody_who_had_the_other_lot_only(self) -> None:
        trace = self.trace.follow(self.past)
        for name in (LOT, SECOND):
            assert listed(self.past, name) <= trace.had.get(name, set())

    @invariant()
    def a_recall_names_everybody_whose_book_is_not_empty(self) -> None:
        trace = self.trace.follow(self.past)
        for name in (LOT, SECOND):
            books = trace.balances(name, "DEALER", "HOSPITAL")
            assert {one for one, qty in books.items() if qty} <= listed(self.past, name)


TestTracing = Tracing.TestCase
TestTracing.settings = settings(
    max_examples=60,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def test_the_law_sees_both_lots_at_dealers_and_hospitals():
    past = boxes(80, SECOND, past=two_lots())
    boxes(60, dealer="D06", past=past)
    report(past, "D05", sale("H-NJ-02", lot=SECOND, qty=10)).accepted()
    report(past, "D06", sale("H-HZ-03", lot=LOT, qty=70)).accepted()
    came_back(past, item("INJ", 5, lot=SECOND), on="2026-03-23")

    trace = Trace().follow(past)

    assert trace.balances(SECOND) == {"WH-SH": 5, "SHP-0001": 0, "D05": 65, "H-NJ-02": 10}
    assert trace.balances(LOT) == {
        "WH-SH": 140,
        "WH-WH": 300,
        "SHP-0002": 0,
        "D06": -10,
        "H-HZ-03": 70,
    }
    assert (trace.brought[LOT], trace.brought[SECOND]) == (500, 80)
    assert (listed(past, SECOND), listed(past, LOT)) == ({"D05", "H-NJ-02"}, {"D06", "H-HZ-03"})


def test_what_was_short_at_delivery_is_lost_and_on_its_way_no_more():
    past = placed(of("INJ", 60), past=two_lots(60))
    sent(past, "SHP-0001", goods("SO-0001", 1, "INJ", SECOND, qty=60))
    short = Discrepancy("SO-0001", 1, "SHORT", 4)
    past.when(confirm_delivery, signing("SHP-0001", discrepancies=(short,)), on="2026-03-05")

    balances = Trace().follow(past).balances(SECOND)

    assert balances == {"WH-SH": 0, "SHP-0001": 0, "D05": 56, "LOST": 4}


def test_what_goes_back_to_its_dealer_is_in_its_book_again():
    past = boxes(60)
    rma = came_back(past, item("INJ", 20, lot=LOT), on="2026-03-10")
    back = (Disposed("INJ", "BACK_TO_DEALER", 20, LOT),)
    command = InspectReturn(rma_id=rma, items=back, report_hash="r")
    past.when(inspect_return, command, by=QUALITY, on="2026-03-11").accepted()

    balances = Trace().follow(past).balances(LOT)

    assert balances == {"WH-SH": 140, "WH-WH": 300, "SHP-0001": 0, "D05": 60}
    assert listed(past, LOT) == {"D05"}
