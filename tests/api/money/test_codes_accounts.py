"""A dealer's account: whose document it is, its tax invoice, what is put right, what is disputed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.money.test_codes_roles import all_refused, refused
from tests.api.scene import Scene
from tests.support.world import POOR, RICH, MovableClock

OPEN: dict[str, Any] = {"gross": 100_000, "due": "2026-04-01"}
NOTE: dict[str, Any] = {
    "dealer_id": RICH,
    "kind": "PRICE",
    "invoice": "INV-A",
    "red_info_no": "RED-1",
}
NOTE |= {"net": 10_000, "tax_rate": "13"}
FAPIAO = {"doc_no": "INV-A", "fapiao_no": "F-1", "issued_at": "2026-03-01", "amount": 100_000}
PAID = {"dealer_id": RICH, "bank_ref": "BK-1", "value_date": "2026-03-01", "amount": 100_500}
PAID |= {"currency": "CNY", "payer_name": f"Dealer {RICH}"}
DISPUTED = {"dealer_id": RICH, "doc_no": "INV-A", "code": "PRICE_DIFF", "evidence": ["sha256:a"]}
WRITTEN_OFF = {"dealer_id": RICH, "item": "INV-A", "amount": 100, "reason": "bankrupt"}
LIMIT = 100_000
"""What one person adjusts, minor units: 1,000.00."""


@pytest.fixture
def owing(scene: Scene) -> Scene:
    """Two dealers owe an invoice each from before."""
    for doc, dealer in (("INV-A", RICH), ("INV-P", POOR)):
        scene.does("fin-1", "set-opening-item", doc=doc, dealer_id=dealer, **OPEN)
    return scene


def adjustment(amount: int, second: str | None = None, **more: Any) -> dict[str, Any]:
    said = {"dealer_id": RICH, "amount": amount, "reason": "agreed", "second_approver": second}
    return said | more


def test_money_is_not_put_against_another_dealer_s_invoice(owing: Scene):
    paid = owing.does("fin-1", "record-payment", **PAID)
    assert paid["unapplied"] == 500
    put = {"dealer_id": RICH, "receipt": paid["receipt"]}
    put |= {"allocations": [{"doc_no": "INV-P", "amount": 1}]}
    told = refused(owing, "ITEM_OF_OTHER_DEALER", "fin-1", "apply-cash", **put)
    assert told == {"doc": "INV-P", "dealer": RICH}


def test_another_dealer_s_invoice_is_not_credited_and_vat_is_compared_last(owing: Scene):
    late = {"effective_date": "2026-03-02", "vat": 1, "invoice": "INV-P"}
    told = all_refused(owing, "fin-1", "post-credit-note", **NOTE | late)
    assert told == [
        ("ITEM_OF_OTHER_DEALER", {"doc": "INV-P", "dealer": RICH}),
        ("FUTURE_DATED", {"effective_date": "2026-03-02"}),
    ]


def test_vat_is_what_the_rate_of_the_invoice_comes_to(owing: Scene):
    told = refused(owing, "TAX_MISMATCH", "fin-1", "post-credit-note", **NOTE | {"vat": 1_299})
    assert told == {"vat": 1_299, "by_lines": 1_300}


@pytest.mark.parametrize("rate", ["NaN", "Infinity", "1e40", "-50", "100.01"])
def test_a_tax_rate_is_a_share_and_vat_is_not_compared_before(owing: Scene, rate: str):
    body = NOTE | {"tax_rate": rate, "vat": 1}
    told = all_refused(owing, "fin-1", "post-credit-note", **body)
    wrong = {"field": "tax_rate", "reason": "between 0 and 100"}
    assert told == [("VALIDATION_FAILED", wrong)]


def test_a_credit_note_is_not_credited(owing: Scene):
    red = owing.does("fin-1", "post-credit-note", **NOTE)["doc"]
    body = NOTE | {"invoice": red}
    told = refused(owing, "VALIDATION_FAILED", "fin-1", "post-credit-note", **body)
    assert told["field"] == "invoice"


def test_a_tax_invoice_is_one_document_s_and_a_document_has_but_one(owing: Scene):
    owing.does("fin-1", "register-tax-invoice", **FAPIAO)
    taken = FAPIAO | {"doc_no": "INV-P"}
    told = refused(owing, "FAPIAO_DUPLICATE", "fin-1", "register-tax-invoice", 409, **taken)
    assert told == {"fapiao_no": "F-1", "owner": "INV-A"}
    second = FAPIAO | {"fapiao_no": "F-2"}
    told = refused(owing, "FAPIAO_DUPLICATE", "fin-1", "register-tax-invoice", 409, **second)
    assert told == {"doc": "INV-A", "fapiao_no": "F-1"}


def test_a_tax_invoice_is_for_the_amount_of_its_document(owing: Scene):
    body = FAPIAO | {"amount": 99_999}
    told = refused(owing, "AMOUNT_MISMATCH", "fin-1", "register-tax-invoice", **body)
    assert told == {"doc": "INV-A", "amount": 99_999, "gross": 100_000}


def test_above_the_limit_nobody_adjusts_alone_and_all_that_is_wrong_is_named(owing: Scene):
    body = adjustment(-LIMIT - 1, item="INV-P", reason=" ")
    told = all_refused(owing, "fin-1", "post-adjustment", **body)
    assert told == [
        ("REASON_REQUIRED", {"dealer": RICH}),
        ("ITEM_CLOSED", {"doc": "INV-P"}),
        ("ADJUSTMENT_LIMIT", {"amount": -LIMIT - 1, "limit": LIMIT}),
    ]


def test_up_to_the_limit_one_person_adjusts(owing: Scene):
    refused(owing, "ADJUSTMENT_LIMIT", "fin-1", "post-adjustment", **adjustment(LIMIT + 1))
    owing.does("fin-1", "post-adjustment", **adjustment(LIMIT))


@pytest.mark.parametrize("second", ["fin-1", "mgr-east", "nobody"])
@pytest.mark.parametrize(
    ("name", "body"),
    [("post-adjustment", adjustment(LIMIT + 1)), ("write-off-bad-debt", WRITTEN_OFF)],
    ids=["adjust", "write off"],
)
def test_the_second_person_is_another_one_of_finance(
    owing: Scene, name: str, body: dict[str, Any], second: str
):
    body = body | {"second_approver": second}
    told = refused(owing, "SECOND_APPROVER_REQUIRED", "fin-1", name, **body)
    assert told == {"user": second, "required": "FIN"}


def test_no_more_is_disputed_than_is_open_and_nothing_twice(owing: Scene):
    body = DISPUTED | {"amount": 100_001}
    told = refused(owing, "AMOUNT_EXCEEDS_OPEN", "fin-1", "raise-dispute", **body)
    assert told == {"doc": "INV-A", "amount": 100_001, "open": 100_000}
    owing.does("fin-1", "raise-dispute", **DISPUTED | {"amount": 1})
    body = DISPUTED | {"amount": 2}
    told = refused(owing, "ALREADY_DISPUTED", "fin-1", "raise-dispute", 409, **body)
    assert told == {"doc": "INV-A", "disputed": 1}


def test_what_is_not_disputed_is_not_resolved(owing: Scene):
    body = {"dealer_id": RICH, "doc_no": "INV-A", "outcome": "WITHDRAWN"}
    told = refused(owing, "NOT_DISPUTED", "fin-1", "resolve-dispute", 409, **body)
    assert told == {"doc": "INV-A"}


def test_nobody_is_dunned_for_what_is_disputed(owing: Scene, clock: MovableClock):
    owing.does("fin-1", "raise-dispute", **DISPUTED | {"amount": 100_000})
    clock.move(days=32)
    body = {"dealer_id": RICH, "doc_no": "INV-A"}
    told = refused(owing, "DISPUTED_AMOUNT_ONLY", "fin-1", "issue-dunning", **body)
    assert told == {"doc": "INV-A", "disputed": 100_000}
