"""A statement is drawn up from the log as of a position: the same document, whatever came after."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from domain.kernel.refusal import NotFound
from replays.statements.values import Document
from tests.replays.statements.support import APRIL, MARCH, Finance, as_bytes, at
from tests.support.world import AWAY, BOX_GROSS, RICH, order

OPENED = {"doc": "OLD-1", "gross": 500_000, "due": "2026-04-10"}


def owing(finance: Finance) -> None:
    """D01 owed 5,000.00 when the log began."""
    finance.clock.now = at(3, 2)
    finance.do("set-opening-item", **OPENED, dealer_id=RICH, at_=at(2, 28))


def sell(finance: Finance, number: int, month: int, day: int) -> str:
    """A box is ordered, sent and signed for: its invoice."""
    finance.clock.now = at(month, day)
    so = finance.do("place-order", who=None, **order(RICH))["so"]
    shp, on = {"shp_id": f"SHP-{number}"}, f"2026-{month:02}-{day:02}"
    line = {"so": so, "line": 1, "sku": "INJ", "qty": 1, "lot": "INJ2512A"}
    scans = [{"raw": "010697001234006410INJ2512A"}]
    finance.do("plan-shipment", who="wh-sh-1", **shp, wh="WH-SH", lines=[line])
    finance.do("confirm-pick", who="wh-sh-1", **shp, picker="wh-sh-1", scans=scans)
    finance.do("review-outbound", who="wh-sh-2", **shp, reviewer="wh-sh-2", result="OK")
    finance.do("ship", who="wh-sh-1", **shp, carrier="C", waybill="W")
    proof = {"signed_at": on, "signatory": "x", "region_code": "310100", "document_hash": "h"}
    finance.do("confirm-delivery", who="wh-sh-1", **shp, **proof)
    return f"INV-26{month:02}-001"


def adds_up(document: Document) -> None:
    """4.1: the figures, the lines, the open documents and the ageing come to one balance."""
    told, memo = document.figures, document.memo
    credited = told.returns + told.price_credits + told.rebates + told.claims
    less = credited + told.deposits + told.payments + told.write_offs
    more = told.opening + told.invoices + told.adjustments + told.penalties
    assert more - less == told.closing == sum(one.open for one in memo.open_documents)
    aged = msgspec.structs.asdict(memo.ageing)
    assert sum(amount for name, amount in aged.items() if name != "on") == told.closing
    every = [*document.lines, *document.prior]
    opened = sum(one.gross for one in every if one.type == "OPENING")
    assert told.opening - opened + sum(one.gross for one in every) == told.closing
    assert list(document.lines) == sorted(document.lines, key=lambda one: (one.day, one.doc))


def test_inv_rc_3_an_issued_version_is_the_same_bytes_for_ever(finance: Finance):
    """INV-RC-3: in every format, after late facts, a second version, a dispute and the closing."""
    owing(finance)
    sell(finance, 1, 3, 10)
    finance.clock.now = at(4, 1)
    issued = finance.do("issue-statement", dealer_id=RICH, period=MARCH)
    forms = ("json", "html", "xlsx")
    before = [as_bytes(finance.issued(RICH, 1), one) for one in forms]

    finance.clock.now = at(4, 2)
    finance.pay(RICH, 100_000, "2026-03-31")
    finance.do("issue-statement", dealer_id=RICH, period=MARCH)
    line = {"line_id": "INV-2603-001", "amount": 113, "code": "PRICE_DIFF", "evidence": "mail"}
    finance.do("dispute-line", who=None, dealer_id=RICH, period=MARCH, version=2, **line)
    told = {"dealer_id": RICH, "period": MARCH, "line_id": "INV-2603-001", "red_info_no": "R"}
    finance.do("accept-dispute", **told)
    finance.clock.now = at(4, 5)
    finance.do("close-period", period=MARCH)
    sell(finance, 2, 4, 6)

    first, second = finance.issued(RICH, 1), finance.issued(RICH, 2)
    assert [as_bytes(first, one) for one in forms] == before
    assert first.head.digest == issued["digest"] != second.head.digest
    assert (first.figures.closing, second.figures.closing) == (501_130, 401_130)
    for one in (first, second):
        adds_up(one)


def test_what_was_known_at_a_position_is_known_for_ever(finance: Finance):
    """M4: later facts only add; a document of a position stays as it was drawn up there."""
    owing(finance)
    kept = {}
    for step, amount in enumerate((10_000, 20_000, 30_000)):
        kept[finance.head] = as_bytes(finance.drawn(RICH))
        finance.clock.now = at(3, 10 + step)
        finance.pay(RICH, amount, f"2026-03-{10 + step}")

    assert len(set(kept.values())) == 3
    for position, document in kept.items():
        assert as_bytes(finance.drawn(RICH, position=position)) == document


def test_a_position_between_two_facts_of_one_command_is_nobodys_business(finance: Finance):
    owing(finance)
    finance.clock.now = at(3, 10)
    finance.pay(RICH, 10_000, "2026-03-10")

    for position in range(1, finance.head + 1):
        try:
            adds_up(finance.drawn(RICH, position=position))
        except NotFound:
            continue


def test_the_month_of_an_opening_item_opens_with_it(finance: Finance):
    owing(finance)

    february, march = finance.drawn(RICH, "2026-02"), finance.drawn(RICH, MARCH)

    for one in (february, march):
        adds_up(one)
        assert (one.figures.opening, one.figures.closing) == (500_000, 500_000)
    assert [one.doc for one in february.lines] == ["OLD-1"]
    assert march.lines == ()


@pytest.mark.parametrize(
    ("until", "overdue"), [("2026-03", 0), ("2026-04", 20), ("2026-05", 51), ("2026-06", 81)]
)
def test_documents_age_until_the_months_last_day(finance: Finance, until, overdue):
    owing(finance)

    document = finance.drawn(RICH, until)

    adds_up(document)
    (one,) = document.memo.open_documents
    assert one.days_overdue == overdue
    buckets = msgspec.structs.asdict(document.memo.ageing)
    spans = {"not_due": 0, "overdue_1_30": 20, "overdue_31_60": 51, "overdue_61_90": 81}
    assert [name for name, value in buckets.items() if value == 500_000] == [
        name for name, days in spans.items() if days == overdue
    ]


def test_the_next_month_opens_with_what_the_last_one_closed_with(finance: Finance):
    """INV-RC-1, and the number of the statement before."""
    owing(finance)
    sell(finance, 1, 3, 10)
    finance.clock.now = at(4, 1)
    finance.do("issue-statement", dealer_id=RICH, period=MARCH)
    sell(finance, 2, 4, 6)
    finance.clock.now = at(5, 1)
    finance.do("issue-statement", dealer_id=RICH, period=APRIL)

    march, april = finance.issued(RICH, 1), finance.issued(RICH, 1, APRIL)

    assert april.figures.opening == march.figures.closing == 500_000 + BOX_GROSS
    assert (march.head.previous, april.head.previous) == (None, "2026-03/1")
    assert april.head.issued_on == date(2026, 5, 1)
    adds_up(april)


def test_late_money_settles_an_invoice_of_the_month_after_on_the_invoices_day(finance: Finance):
    owing(finance)
    invoice = sell(finance, 1, 4, 1)
    finance.clock.now = at(4, 2)
    named = [{"doc_no": invoice, "amount": BOX_GROSS}]
    finance.pay(RICH, BOX_GROSS, "2026-03-31", remittance=named)

    assert finance.drawn(RICH).figures.closing == 500_000
    assert finance.drawn(RICH, "2026-04").figures.closing == 500_000


def test_unknown_dealers_and_versions_are_not_there(finance: Finance):
    owing(finance)

    with pytest.raises(NotFound):
        finance.drawn("D99")
    with pytest.raises(NotFound):
        finance.issued(RICH, 1)
    assert finance.drawn(AWAY).figures.closing == 0
