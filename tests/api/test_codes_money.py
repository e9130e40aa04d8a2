"""Money: documents that are there already, items that are not, and orders that are not paid for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.scene import Scene
from tests.support.world import BOX_GROSS, POOR, RICH, MovableClock

OPEN = {"dealer_id": RICH, "gross": 100_000, "due": "2026-04-01"}
RETAINED = [
    {"milestone": "POD", "pct": "90", "due_days": 30},
    {"milestone": "RETENTION", "pct": "10", "due_days": 365},
]


def payment(amount: int, *remittance: tuple[str, int]) -> dict[str, Any]:
    """What the bank says, and what the payer says it is for."""
    paid = {"dealer_id": RICH, "bank_ref": f"BK-{amount}", "value_date": "2026-03-01"}
    paid |= {"amount": amount, "currency": "CNY", "payer_name": f"Dealer {RICH}"}
    return paid | {"remittance": [{"doc_no": doc, "amount": part} for doc, part in remittance]}


@pytest.fixture
def owing(scene: Scene) -> Scene:
    """A dealer owes two invoices from before."""
    for doc in ("INV-A", "INV-B"):
        scene.does("fin-1", "set-opening-item", doc=doc, **OPEN)
    return scene


def test_an_invoice_is_not_opened_twice(owing: Scene):
    owing.refuses("DUPLICATE_DOCUMENT", "fin-1", "set-opening-item", doc="INV-A", **OPEN)


def test_an_invoice_is_not_opened_again_with_another_amount(owing: Scene):
    body = OPEN | {"doc": "INV-A", "gross": 1}
    owing.refuses("DUPLICATE_DOCUMENT", "fin-1", "set-opening-item", **body)


def test_nothing_is_paid_on_an_invoice_that_nobody_knows(owing: Scene):
    body = payment(100_000, ("INV-C", 100_000))
    owing.refuses("ITEM_CLOSED", "fin-1", "record-payment", **body)


def test_nothing_is_paid_on_an_invoice_that_is_settled(owing: Scene):
    owing.does("fin-1", "record-payment", **payment(100_000, ("INV-A", 100_000)))
    owing.refuses("ITEM_CLOSED", "fin-1", "record-payment", **payment(1, ("INV-A", 1)))


def test_nothing_is_paid_on_the_invoice_of_another_dealer(owing: Scene):
    other = payment(1, ("INV-A", 1)) | {"dealer_id": POOR, "payer_name": f"Dealer {POOR}"}
    owing.refuses("ITEM_CLOSED", "fin-1", "record-payment", **other)


@pytest.mark.parametrize(
    "said",
    [
        payment(200_000, ("INV-A", 100_001)),
        payment(200_000, ("INV-A", 60_000), ("INV-A", 60_000)),
        payment(100_000, ("INV-A", 60_000), ("INV-B", 60_000)),
    ],
    ids=["more than is open", "more in two parts", "more than was paid"],
)
def test_no_more_is_allocated_than_is_open_or_was_paid(owing: Scene, said: dict[str, Any]):
    owing.refuses("OVERALLOCATED", "fin-1", "record-payment", **said)


def test_what_is_left_of_an_invoice_is_all_that_can_be_paid_on_it(owing: Scene):
    owing.does("fin-1", "record-payment", **payment(60_000, ("INV-A", 60_000)))
    body = payment(40_001, ("INV-A", 40_001))
    owing.refuses("OVERALLOCATED", "fin-1", "record-payment", **body)


def test_a_payment_that_says_less_than_it_is_keeps_the_rest(owing: Scene):
    paid = owing.does("fin-1", "record-payment", **payment(100_000, ("INV-A", 60_000)))
    assert paid["unapplied"] == 40_000


def test_an_order_with_a_retention_that_nobody_invoiced_is_not_closed(
    scene: Scene, clock: MovableClock
):
    so = scene.placed(qty=10, billing_plan=RETAINED)
    scene.delivered(so, "2026-03-01", qty=10)
    clock.move(days=366)
    scene.refuses("NOT_FULLY_INVOICED", "fin-1", "close-order", so_id=so)

    scene.does("fin-1", "post-invoice", so_id=so, milestone="RETENTION")
    gross = 10 * BOX_GROSS
    paid = payment(gross) | {"value_date": "2027-03-02"}
    assert scene.does("fin-1", "record-payment", **paid)["unapplied"] == 0
    assert scene.does("fin-1", "close-order", so_id=so)["state"] == "CLOSED"
