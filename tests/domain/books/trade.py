"""Random trade with three dealers: goods, and what is done with their money."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from domain.accounts.dealer_account import DealerAccount
from domain.accounts.deposit_account import DepositAccount
from domain.accounts.invoice import Invoice
from domain.books.period import before, period_of
from domain.flows.accounts import applying, depositing
from domain.flows.accounts.putting_right import WriteOffBadDebt
from domain.flows.accounts.settling import RemittanceLine
from domain.goods.shipment import Shipment
from domain.orders.order import Order
from tests.domain.books import desk, laws
from tests.domain.books.incentives import promotion
from tests.domain.laws import all_of
from tests.domain.story import paying, signing
from tests.domain.support import SERVICE, Given, day
from tests.domain.world import FINANCE

DEALERS = st.sampled_from(["D04", "D05", "D06"])
PICK = st.integers(0, 50)
PART = st.sampled_from([1, 3, 100_00, 1_000_00, 10**9])
BACK = st.sampled_from([0, 0, 0, 1, 4, 9])


class Trade(RuleBasedStateMachine):
    """Three dealers and their accounts from March on; after every command the laws are asked."""

    def __init__(self) -> None:
        super().__init__()
        self.past: Given = desk.desk(promotion())
        self.log = self.past.log
        self.today = day("2026-03-05")
        self.numbers = 0

    # Doing.

    def ask(self, command: Any, *, by: Any = FINANCE, back: int = 0) -> Any:
        """Run a command as of some days ago; a refusal leaves nothing."""
        on = max(self.today - timedelta(days=back), day("2026-03-01"))
        come = {"on": on.isoformat(), "entered": self.today.isoformat()}
        return self.checked(desk.ask(self.past, command, by=by, **come))

    def checked(self, done: Any) -> Any:
        assert done.refusal is None or done.events == []
        for law in laws.AT_EVERY_STEP if done.events else ():
            law(self.log)
        return done.answer

    def number(self) -> int:
        self.numbers += 1
        return self.numbers

    def one(self, kind: Any, place: int, fits: Any = lambda one: True) -> Any:
        found = [one for one in all_of(self.log, kind) if fits(one)]
        return found[place % len(found)] if found else None

    def account(self, dealer: str) -> DealerAccount:
        return self.log.get(DealerAccount, dealer, "CNY")

    def document(self, dealer: str, place: int) -> tuple[str, int]:
        """An open document and what is open of it; one that is unknown where there is none."""
        items = self.account(dealer).items
        doc = sorted(items)[place % len(items)] if items else "INV-9"
        return doc, items[doc].open if items else 1_000_00

    def money(self, place: int) -> tuple[str, str, int] | None:
        """A dealer's money that is not applied."""
        found = [
            (one.dealer, doc, left)
            for one in all_of(self.log, DealerAccount)
            for doc, left in one.unapplied.items()
        ]
        return found[place % len(found)] if found else None

    @property
    def last_month(self) -> str:
        return before(period_of(self.today))

    # Rules.

    @initialize(gross=st.lists(st.sampled_from([1_000_00, 452_000_00, 7]), min_size=3, max_size=3))
    def some_owe_already(self, gross: list[int]) -> None:
        for dealer, amount in zip(("D04", "D05", "D06"), gross, strict=True):
            desk.owe(self.past, f"OLD-{dealer}", amount, dealer, due="2026-04-20")

    @rule(dealer=DEALERS, qty=st.integers(1, 4), fate=st.sampled_from(["POD", "POD", "SHIP", "SO"]))
    def buy(self, dealer: str, qty: int, fate: str) -> None:
        placed = self.ask(desk.bought(dealer, qty), by=SERVICE)
        shp = f"SHP-{self.number()}"
        if not placed or fate == "SO":
            return
        if desk.ship_all(self.past, placed["so"], shp, self.today.isoformat()) and fate == "POD":
            self.ask(signing(shp, self.today.isoformat()), by=SERVICE)

    @rule(place=PICK, back=BACK)
    def deliver(self, place: int, back: int) -> None:
        shipment = self.one(Shipment, place, lambda one: one.state == "IN_TRANSIT")
        if shipment:
            on = max(self.today - timedelta(days=back), day("2026-03-01")).isoformat()
            self.ask(signing(shipment.shp, on), by=SERVICE, back=back)

    @rule(
        dealer=DEALERS,
        kind=st.sampled_from(["exact", "short", "half", "named", "more", "order"]),
        place=PICK,
        back=BACK,
    )
    def pay(self, dealer: str, kind: str, place: int, back: int) -> None:
        doc, open_ = self.document(dealer, place)
        amounts = {"short": open_ - 5, "half": open_ // 2, "more": open_ + 7_00}
        amount = max(1, amounts.get(kind, open_))
        named = [(doc, max(1, amount - 1))] if kind == "named" else []
        order = self.one(Order, place, lambda one: one.known.dealer == dealer)
        if kind == "order" and order:
            amount, named = 60_00, [(order.so, 20_00)]
        terms = {"bank_ref": f"BK-{self.number()}", "value_date": self.today - timedelta(days=back)}
        self.ask(paying(dealer, amount, *named, **terms))

    @rule(place=PICK, other=PICK, part=PART, act=st.sampled_from(["apply", "refund", "net"]))
    def use_money(self, place: int, other: int, part: int, act: str) -> None:
        found = self.money(place)
        if not found:
            return
        dealer, receipt, left = found
        doc, open_ = self.document(dealer, other)
        amount = min(part, left, open_ if act == "apply" else left)
        told: Any = {"dealer_id": dealer, "receipt": receipt}
        if act == "apply":
            line = RemittanceLine(doc_no=doc, amount=amount)
            self.ask(applying.ApplyCash(**told, allocations=[line]))
        elif act == "refund":
            self.ask(applying.RefundMoney(**told, amount=amount, bank_ref="OUT"))
        else:
            told |= {"to_dealer_id": "D04" if dealer != "D04" else "D06", "agreement": "three"}
            self.ask(applying.NetMoney(**told, amount=amount))

    @rule(place=PICK, dealer=DEALERS, part=PART, whole=st.booleans(), back=BACK)
    def take_money_back(self, place: int, dealer: str, part: int, whole: bool, back: int) -> None:
        applied = self.account(dealer).applied
        used = [(receipt, doc) for receipt, docs in applied.items() for doc in docs]
        if not used:
            return
        receipt, doc = used[place % len(used)]
        told: Any = {"dealer_id": dealer, "receipt": receipt, "reason": "wrong"}
        if whole:
            self.ask(applying.ReversePayment(**told), back=back)
        else:
            line = RemittanceLine(doc_no=doc, amount=min(part, applied[receipt][doc]))
            self.ask(applying.UnapplyCash(**told, allocations=[line]), back=back)

    @rule(place=PICK, part=PART, back=BACK)
    def credit(self, place: int, part: int, back: int) -> None:
        invoice = self.one(Invoice, place, lambda one: one.known.lines)
        if invoice:
            net = min(part, invoice.known.lines[0].net // 3)
            self.ask(desk.credit(invoice.doc, net, invoice.known.dealer), back=back)

    @rule(dealer=DEALERS, amount=st.sampled_from([3, 90_00, -4, -80_00, -1_000_00]), back=BACK)
    def adjust(self, dealer: str, amount: int, back: int) -> None:
        self.ask(desk.adjusting(amount, dealer), back=back)

    @rule(dealer=DEALERS, place=PICK, part=PART)
    def write_off(self, dealer: str, place: int, part: int) -> None:
        doc, open_ = self.document(dealer, place)
        told: Any = {"reason": "gone", "second_approver": "fin-2", "amount": min(part, open_)}
        self.ask(WriteOffBadDebt(dealer_id=dealer, item=doc, **told))

    @rule(place=PICK, amount=st.sampled_from([5_00, 2_000_00]), back=BACK)
    def receive_deposit(self, place: int, amount: int, back: int) -> None:
        order = self.one(Order, place)
        if order:
            told: Any = {"bank_ref": f"DP-{self.number()}", "amount": amount}
            told["value_date"] = self.today - timedelta(days=back)
            dealer = order.known.dealer
            self.ask(depositing.ReceiveDeposit(dealer_id=dealer, so_id=order.so, **told))

    @rule(place=PICK, act=st.sampled_from(["apply", "refund", "keep"]), part=PART)
    def use_deposit(self, place: int, act: str, part: int) -> None:
        found = self.one(DepositAccount, place, lambda one: one.held)
        if not found:
            return
        so = sorted(found.held)[place % len(found.held)]
        doc, left = next(iter(found.held[so].items()))
        told: Any = {"dealer_id": found.key.partition("/")[0], "so_id": so, "doc_no": doc}
        told["amount"] = min(part, left)
        invoice = next(iter(self.log.get(Order, so).invoices), "INV-9")
        if act == "apply":
            self.ask(depositing.ApplyDeposit(**told, invoice=invoice))
        elif act == "refund":
            self.ask(depositing.RefundDeposit(**told, bank_ref="OUT"))
        else:
            self.ask(depositing.ForfeitDeposit(**told, reason="contract"))
