"""The laws hold whatever is asked: random trade over the real flows, with refusals and repetitions."""

from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.accounts.dealer_account import DealerAccount
from domain.flows.accounts.settling import record_payment
from domain.flows.cases.observing import observe_scan, record_installation
from domain.flows.goods.delivering import confirm_delivery
from domain.flows.goods.picking import confirm_pick, review_outbound
from domain.flows.goods.planning import ShipmentLine, plan_shipment
from domain.flows.goods.shipping import ship
from domain.flows.orders.amending import AmendOrder, FieldChange, amend_order
from domain.flows.orders.holding import RecheckOrder, ReleaseHold, recheck_order, release_hold
from domain.flows.orders.ordering import place_order
from domain.flows.parties.enrolling import SetCreditLimit, set_credit_limit
from domain.goods.shipment import Shipment
from domain.goods.stock_item import StockItem
from domain.orders.order import Order
from domain.orders.order_events import HoldReleaseRejected
from tests.domain.company import company, limit, open_invoice
from tests.domain.laws import LAWS, all_of
from tests.domain.story import (
    installing,
    of,
    order,
    paying,
    plan,
    review,
    scan,
    seeing,
    sending,
    signing,
)
from tests.domain.story import (
    pick as picking,
)
from tests.domain.support import SERVICE, day, given
from tests.domain.world import ENGINEER, FINANCE, MGR_EAST, MGR_NATIONAL, REP_EAST, YEAR

DEALERS = st.sampled_from(["D04", "D05", "D06"])
LINE = st.builds(
    of,
    st.sampled_from(["US80", "US80", "INJ", "INJ"]),
    st.sampled_from([1, 2, 3, 40]),
    st.sampled_from([None, None, None, "262000"]),
)
LINES = st.lists(LINE, min_size=1, max_size=3)
PLACES = st.sampled_from([("H-NJ-02", "320100"), ("H-HZ-03", "330100"), ("H-SH-01", "310100")])
PICK = st.integers(0, 1000)
STEPS = st.sampled_from([5, 5, 5, 5, 4, 3, 3, 2, 1])


class Trade(RuleBasedStateMachine):
    """Dealers order, we ship and bill, they pay; some of it makes no sense and is refused."""

    def __init__(self) -> None:
        super().__init__()
        owing = open_invoice("D06", "INV-2602-015", 226_000_00, "2026-03-08")
        self.past = given(company(), limit("D05", 1_500_000_00), owing)
        self.log = self.past.log
        self.today = day("2026-03-02")
        self.last: tuple[Any, Any, Any] = ()
        self.shipments = 0

    def ask(self, flow: Any, command: Any, by: Any = SERVICE) -> Any:
        self.last = (flow, command, by)
        before = len(self.log.journal)
        done = self.past.when(flow, command, by=by, on=self.today.isoformat())
        if done.refusal is not None:
            traces = [type(one[2]) for one in self.log.journal[before:]]
            assert traces == [HoldReleaseRejected] * done.refusal.leaves_trace
        return done

    def one_of(self, kind: Any, pick: int) -> Any:
        found = all_of(self.log, kind)
        return found[pick % len(found)] if found else None

    @initialize(wishes=st.lists(st.tuples(DEALERS, LINES), min_size=3, max_size=6))
    def some_have_ordered(self, wishes):
        for dealer, lines in wishes:
            self.somebody_orders(dealer, lines, None)

    @rule(dealer=DEALERS, lines=LINES, ref=st.sampled_from([None, None, "PO-1", "PO-2"]))
    def somebody_orders(self, dealer, lines, ref):
        wish = order(dealer, *lines, external_ref=ref, requested_date=self.today)
        self.ask(place_order, wish, REP_EAST)

    @rule(pick=PICK, by=st.sampled_from([MGR_NATIONAL, MGR_EAST, FINANCE, REP_EAST]), code=PICK)
    def somebody_releases(self, pick, by, code):
        held = [one for one in all_of(self.log, Order) if one.holds]
        if held:
            chosen = held[pick % len(held)]
            release = ReleaseHold(
                so_id=chosen.so, code=chosen.holds[code % len(chosen.holds)], reason="x"
            )
            self.ask(release_hold, release, by)

    @rule(pick=PICK, field=st.sampled_from([("qty", "1"), ("qty", "3"), ("unit_price", "262000")]))
    def somebody_amends(self, pick, field):
        if chosen := self.one_of(Order, pick):
            change = FieldChange(field=field[0], value=field[1], line_no=1)
            self.ask(
                amend_order, AmendOrder(so_id=chosen.so, changes=[change], reason="x"), REP_EAST
            )

    @rule(pick=PICK)
    def somebody_looks_again(self, pick):
        if chosen := self.one_of(Order, pick):
            self.ask(recheck_order, RecheckOrder(so_id=chosen.so))

    @rule(pick=PICK, part=st.integers(1, 60), steps=STEPS, old=st.integers(0, 5))
    def goods_go_on_their_way(self, pick, part, steps, old):
        claims = [
            (item, so, goods)
            for item in all_of(self.log, StockItem)
            for so, held in item.shelf.reservations.items()
            for goods in held
        ]
        if not claims:
            return
        item, so, goods = claims[pick % len(claims)]
        lines = self.log.get(Order, so).lines.items()
        numbers = [n for n, one in lines if one.terms.sku == item.sku]
        number = numbers[part % len(numbers)]
        serials = goods.serials[:part]
        qty = len(serials) or min(part, goods.qty)
        line = ShipmentLine(
            so=so, line=number, sku=item.sku, qty=qty, lot=goods.lot, serials=serials
        )
        self.shipments += 0 if old == 1 else 1
        shp = f"SHP-{self.shipments}"
        labels = [scan(item.sku, serial, goods.lot) for serial in (serials or (None,))]
        for flow, command in (
            (plan_shipment, plan(shp, line, wh=item.warehouse)),
            (confirm_pick, picking(shp, *labels)),
            (review_outbound, review(shp)),
            (ship, sending(shp)),
            (confirm_delivery, signing(shp, self.today.isoformat())),
        )[:steps]:
            self.ask(flow, command)

    @rule(pick=PICK, flow=st.sampled_from([ship, confirm_delivery]))
    def a_shipment_leaves_or_arrives(self, pick, flow):
        if chosen := self.one_of(Shipment, pick):
            proof = signing(chosen.shp, self.today.isoformat())
            self.ask(flow, sending(chosen.shp) if flow is ship else proof)

    @rule(
        dealer=DEALERS, kind=st.sampled_from(["exact", "short", "half", "named", "more"]), pick=PICK
    )
    def somebody_pays(self, dealer, kind, pick):
        items = self.log.get(DealerAccount, dealer, "CNY").items
        doc, open_ = "INV-9", 1_000_00
        if items:
            doc = sorted(items)[pick % len(items)]
            open_ = items[doc].open
        amount = {"short": open_ - 5_00, "half": open_ // 2, "more": open_ + 7_00}.get(kind, open_)
        told = [(doc, max(1, amount - 1))] if kind == "named" else []
        terms = {"bank_ref": f"BK-{pick % 9}-{amount}", "value_date": self.today}
        self.ask(record_payment, paying(dealer, amount, *told, **terms), FINANCE)

    @rule(number=st.integers(1, 10), place=PLACES, installed=st.booleans())
    def somebody_finds_a_device(self, number, place, installed):
        serial = f"US80-26-{number:04}"
        if installed:
            seen = installing(serial, *place, installed_at=self.today)
            self.ask(record_installation, seen, ENGINEER)
        else:
            self.ask(observe_scan, seeing(serial, place[1], "FIELD_AUDIT"), ENGINEER)

    @rule(amount=st.sampled_from([300_000_00, 5_000_000_00]), dealer=DEALERS)
    def finance_decides_a_limit(self, amount, dealer):
        decided = SetCreditLimit(
            dealer_id=dealer, limit=amount, valid_from=YEAR[0], valid_to=YEAR[1]
        )
        self.ask(set_credit_limit, decided, FINANCE)

    @rule(days=st.integers(1, 4))
    def days_pass(self, days):
        self.today += timedelta(days=days)

    @precondition(lambda self: self.last)
    @rule()
    def the_last_command_comes_again(self):
        self.ask(*self.last)

    @invariant()
    def the_laws_hold(self):
        for law in LAWS:
            law(self.log)


TestTrade = Trade.TestCase
TestTrade.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
