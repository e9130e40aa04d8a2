"""Invoices by hand: no more than what reached a milestone, with the VAT of its lines."""

from __future__ import annotations

from tests.api.money.test_codes_roles import all_refused, refused
from tests.api.scene import Scene
from tests.support.world import MovableClock

RETAINED = [
    {"milestone": "POD", "pct": "90", "due_days": 30},
    {"milestone": "RETENTION", "pct": "10", "due_days": 365},
]


def test_no_more_is_invoiced_than_its_time_has_come_for(scene: Scene, clock: MovableClock):
    so = scene.placed(qty=10, billing_plan=RETAINED)
    scene.delivered(so, "2026-03-01", qty=10)
    body = {"so_id": so, "milestone": "RETENTION", "quantities": [{"line_no": 1, "qty": 10}]}
    told = refused(scene, "EXCEEDS_DELIVERED", "fin-1", "post-invoice", **body)
    assert told == {"line_no": 1, "qty": 10, "due": 0}
    clock.move(days=366)
    scene.does("fin-1", "post-invoice", **body | {"quantities": [{"line_no": 1, "qty": 4}]})
    body["quantities"] = [{"line_no": 1, "qty": 7}, {"line_no": 2, "qty": 0}]
    every = all_refused(scene, "fin-1", "post-invoice", **body)
    assert every == [
        ("EXCEEDS_DELIVERED", {"line_no": 1, "qty": 7, "due": 6}),
        ("VALIDATION_FAILED", {"field": "quantities[1].line_no", "reason": "a line of the order"}),
        ("VALIDATION_FAILED", {"field": "quantities[1].qty", "reason": "at least 1"}),
    ]


def test_the_vat_of_an_invoice_is_that_of_its_lines(scene: Scene, clock: MovableClock):
    so = scene.placed(qty=10, billing_plan=RETAINED)
    scene.delivered(so, "2026-03-01", qty=10)
    clock.move(days=366)
    body = {"so_id": so, "milestone": "RETENTION", "vat": 131}
    told = refused(scene, "TAX_MISMATCH", "fin-1", "post-invoice", **body)
    assert told == {"vat": 131, "by_lines": 130}
    scene.does("fin-1", "post-invoice", **body | {"vat": 130})


def test_each_line_is_named_once(scene: Scene, clock: MovableClock):
    so = scene.placed(qty=10, billing_plan=RETAINED)
    scene.delivered(so, "2026-03-01", qty=10)
    clock.move(days=366)
    twice = [{"line_no": 1, "qty": 6}, {"line_no": 1, "qty": 4}]
    body = {"so_id": so, "milestone": "RETENTION", "quantities": twice}
    told = refused(scene, "VALIDATION_FAILED", "fin-1", "post-invoice", **body)
    assert told == {"field": "quantities", "reason": "each line once"}
