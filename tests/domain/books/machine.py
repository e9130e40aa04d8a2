"""A desk where anything may happen that finance may do: money, goods, statements, periods."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.statement import Statement
from domain.books.period import Period
from domain.flows.accounts import disputing, securing, stating
from domain.flows.books import closing, handing_over
from domain.flows.books.dating import require_open
from domain.flows.books.keeping import keep_books
from domain.flows.company.numbering import monthly, next_number
from domain.flows.incentives.accruing import AccrueRebates
from domain.flows.incentives.claiming import ReviewClaim, SettleClaim, SubmitClaim
from domain.incentives.claim import Claim
from domain.kernel.stamp import Stamp
from tests.domain.books import desk, laws, projected
from tests.domain.books.trade import DEALERS, PART, PICK, Trade
from tests.domain.laws import all_of, replay_is_live
from tests.domain.support import SERVICE, day, instant
from tests.domain.world import DEALER_5, FINANCE, MGR_EAST


class Desk(Trade):
    """Anything that finance may do besides: securities, claims, statements, periods."""

    @rule(dealer=DEALERS, back=st.booleans())
    def secure(self, dealer: str, back: bool) -> None:
        if back:
            out = {"amount": 2_00, "bank_ref": "OUT"}
            self.ask(securing.RefundSecurityDeposit(dealer_id=dealer, **out))
        else:
            told = {"bank_ref": f"SD-{self.number()}", "value_date": self.today, "amount": 9_00}
            self.ask(securing.ReceiveSecurityDeposit(dealer_id=dealer, **told))

    @rule(dealer=DEALERS)
    def punish(self, dealer: str) -> None:
        """A penalty as a case of diversion charges it."""
        made = Stamp(FINANCE, instant(self.today.isoformat()), self.today)

        def charge(log: Any) -> None:
            mark = len(log.journal)
            require_open(log, made.today, dealer, made)
            doc = next_number(log, monthly("PEN", made.today), made)
            terms: Any = {"doc": doc, "case": "DIV-1", "amount": 50_00, "due": made.today}
            terms["accounting_date"] = made.today
            log.get(DealerAccount, dealer, "CNY").owe(
                account_events.PenaltyCharged(made.by, made.at, **terms)
            )
            keep_books(log, log.journal[mark:], made)

        self.checked(self.past.when(charge))

    @rule(part=PART, method=st.sampled_from(["OFFSET", "CREDIT_NOTE", "CASH", "NONE"]))
    def claim(self, part: int, method: Any) -> None:
        amount = min(part, 300_00)
        evidence = [f"sha256:{self.number()}"]
        claim = SubmitClaim(promotion_id="P", amount=amount, evidence=evidence)
        told = self.ask(claim, by=DEALER_5)
        if told and self.ask(ReviewClaim(claim=told["claim"], approved=amount), by=MGR_EAST):
            papers = {"red_info_no": "RED", "bank_ref": "OUT"}
            if method != "NONE":
                self.ask(SettleClaim(claim=told["claim"], method=method, **papers))

    @precondition(lambda self: self.today.month > 3)
    @rule(dealer=DEALERS)
    def issue(self, dealer: str) -> None:
        self.ask(desk.issuing(dealer, self.last_month))

    @rule(place=PICK, line=PICK, part=PART, code=st.sampled_from(["PRICE_DIFF", "QTY_SHORT"]))
    def dispute(self, place: int, line: int, part: int, code: str) -> None:
        found = self.one(Statement, place, lambda one: one.documents)
        if found:
            doc = sorted(found.documents)[line % len(found.documents)]
            amount = min(part, max(1, found.documents[doc] // 2))
            goods: Any = {"sku": "INJ", "qty": 1} if code == "QTY_SHORT" else {}
            where: Any = {"dealer_id": found.dealer, "period": found.period}
            command = desk.disputing(doc, amount, code, found.version_no, **where, **goods)
            self.ask(command, by=msgspec.structs.replace(DEALER_5, dealer=found.dealer))

    @rule(place=PICK, accept=st.booleans())
    def decide(self, place: int, accept: bool) -> None:
        found = self.one(Statement, place, lambda one: one.disputes)
        if found:
            for line in sorted(found.disputes):
                where: Any = {"dealer_id": found.dealer, "period": found.period}
                if accept and line in found.documents and line.startswith("INV"):
                    self.ask(desk.accepting(line, **where))
                else:
                    self.ask(disputing.RejectDispute(line_id=line, reason="no", **where))

    @rule(place=PICK)
    def sign(self, place: int) -> None:
        found = self.one(Statement, place, lambda one: not one.signed_version)
        if found:
            where = (found.version_no, found.dealer, found.period)
            by = msgspec.structs.replace(DEALER_5, dealer=found.dealer)
            self.ask(desk.confirming(*where), by=by)
            self.ask(desk.signing_off(*where), by=desk.SECOND)

    @precondition(lambda self: self.today.month > 3)
    @rule(softly=st.booleans())
    def close(self, softly: bool) -> None:
        """Statements go out first: one that is stale would be closed over (see test_closing).

        A month without entries is left alone: see test_read_models.
        """
        if not self.log.get(Period, self.last_month).entries:
            return
        if softly:
            self.ask(closing.SoftClosePeriod(period=self.last_month))
        else:
            self.ask(stating.IssueStatements(period=self.last_month))
            self.ask(AccrueRebates(period=self.last_month), by=SERVICE)
            self.ask(desk.closing(self.last_month))

    @rule(place=PICK)
    def reopen(self, place: int) -> None:
        found = self.one(Period, place, lambda one: one.is_closed)
        if found:
            self.ask(desk.reopening(found.key))

    @rule(place=PICK, taken=st.booleans())
    def hand_over(self, place: int, taken: bool) -> None:
        found = self.one(Period, place)
        self.ask(handing_over.ExportJournal(period=found.key))
        if taken and found.batches:
            batch: Any = {"period": found.key, "seq": place % found.batches + 1}
            self.ask(handing_over.AcknowledgeJournal(**batch, voucher_no="V-1"))

    @rule(days=st.sampled_from([1, 3, 9]))
    def days_pass(self, days: int) -> None:
        self.today = min(self.today + timedelta(days=days), day("2026-07-20"))

    @precondition(lambda self: self.today < day("2026-07-01"))
    @rule(stated=st.booleans())
    def a_month_ends(self, stated: bool) -> None:
        """It is the second day of the next month; statements may go out at once."""
        self.today = (self.today.replace(day=1) + timedelta(days=32)).replace(day=2)
        if stated:
            self.ask(stating.IssueStatements(period=self.last_month))

    def teardown(self) -> None:
        for law in laws.IN_THE_END:
            law(self.log)
        replay_is_live(self.log)
        projected.all_agree(self.log)
        assert all(one.settled <= one.approved for one in all_of(self.log, Claim))
