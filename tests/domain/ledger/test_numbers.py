"""Numbers of documents: gapless by type and month of posting, whatever was refused in between."""

import pytest

from domain.accounts.refusals import ExceedsInvoiced
from domain.company.number_series import NumberSeries
from domain.company.refusals import NumberTaken
from domain.flows.accounts.noting import NotedLine, PostCreditNote
from domain.flows.accounts.putting_right import PostAdjustment, WriteOffBadDebt
from domain.flows.company.numbering import VoidNumber
from tests.domain.ledger.books import does, opened
from tests.domain.story import goods, of, paying, placed, sent, signing
from tests.domain.support import like

INV, LOT, RED = "INV-2603-001", "INJ2512A", {"dealer_id": "D05", "red_info_no": "RED-1"}


def noting(net, invoice=INV):
    part = [NotedLine(so_line=1, net=net)]
    return PostCreditNote(kind="PRICE", invoice=invoice, lines=part, **RED)


def adjusting(amount, **more):
    return PostAdjustment(dealer_id="D05", amount=amount, **{"reason": "freight"} | more)


def sells(past, number, on):
    """The next order of a box was shipped, and signed for on a day: its invoice."""
    placed(of("INJ", 1, "1260"), past=past)
    sent(past, f"SHP-000{number}", goods(f"SO-000{number}", 1, "INJ", LOT, qty=1))
    done = does(past, signing(f"SHP-000{number}", on), on=on)
    done.accepted()
    return f"INV-{on[2:4]}{on[5:7]}", past


def used(past, series):
    numbers = past.get(NumberSeries, series)
    return numbers.next - 1, numbers.ahead


def test_invoices_are_numbered_by_the_month_of_posting():
    past = opened()
    for number, on in enumerate(("2026-03-05", "2026-03-31", "2026-04-01"), 1):
        sells(past, number, on)

    assert [used(past, f"INV-260{month}")[0] for month in (3, 4)] == [2, 1]


def test_a_note_that_is_refused_uses_no_number():
    past = opened()
    sells(past, 1, "2026-03-05")
    for net, doc in ((1_00, "CN-2603-001"), (2_000_00, None), (1_00, "CN-2603-002")):
        done = does(past, noting(net), on="2026-03-10")
        if doc is None:
            done.refuses(ExceedsInvoiced)
        else:
            assert done.answer["doc"] == doc

    assert does(past, noting(1_00), on="2026-04-01").answer["doc"] == "CN-2604-001"


def test_adjustments_and_small_differences_share_a_series_without_a_gap():
    past = opened(565_000_00, 300_00)
    assert does(past, adjusting(1_00)).answer["doc"] == "ADJ-2603-001"
    assert does(past, adjusting(1_00, reason="")).refusal is not None
    does(past, paying("D05", 564_995_00), on="2026-03-09").accepted()

    assert does(past, adjusting(-1_00), on="2026-03-10").answer["doc"] == "ADJ-2603-003"
    assert used(past, "ADJ-2603") == (3, set())


def test_bad_debts_are_numbered_too():
    past = opened(300_00)
    wish = WriteOffBadDebt(
        dealer_id="D05", item="INV-1", amount=1_00, reason="x", second_approver="fin-2"
    )

    assert [does(past, wish).answer["doc"] for _ in (1, 2)] == ["BDW-2603-001", "BDW-2603-002"]


def test_a_number_that_is_void_is_left_out_and_its_event_says_so():
    past = opened()
    void = VoidNumber(series="INV-2603", number=1, reason="misprinted")
    does(past, void).then(like(NumberSeries.NumberVoided, number=1, reason="misprinted"))

    sells(past, 1, "2026-03-05")

    assert used(past, "INV-2603") == (2, set())
    does(past, VoidNumber(series="INV-2603", number=2, reason="x")).refuses(NumberTaken)


@pytest.mark.parametrize("series", ["INV-2603", "CN-2603", "ADJ-2603"])
def test_a_number_is_void_once(series):
    void = VoidNumber(series=series, number=1, reason="misprinted")
    past = does(opened(), void).accepted()

    does(past, void).refuses(NumberTaken)
