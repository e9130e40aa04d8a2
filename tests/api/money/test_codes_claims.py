"""Promotions and claims: who takes part, when, with what evidence, and how much is paid of it."""

from __future__ import annotations

from typing import Any

from tests.api.money.test_codes_roles import OWN, all_refused, refused
from tests.api.scene import Scene
from tests.support.world import POOR, RICH, MovableClock

FAIR = {"promotion_id": "PR-1"}
TERMS: dict[str, Any] = {"name": "Fair", "type": "MARKET_ACTIVITY", "valid_from": "2026-03-01"}
TERMS |= {"valid_to": "2026-03-31", "budget": 1_500, "cap_per_dealer": 1_000}
ASKED = FAIR | {"amount": 1_000, "evidence": ["sha256:photo"]}
NAMES = "1 to 64 characters without slash or control characters"
CASH = {"claim": "CL-0001", "method": "CASH", "bank_ref": "BK-1"}


def promoted(scene: Scene, *enrolled: str, **terms: Any) -> Scene:
    """A promotion is published, and dealers take part."""
    for dealer in (RICH, POOR):
        name = f"dlr-{dealer}"
        scene.does(None, "register-user", user_id=name, role="DLR", dealer_id=dealer)
    scene.does("mgr-east", "draft-promotion", **FAIR, terms=TERMS | terms)
    scene.does("mgr-national", "approve-promotion", **FAIR)
    scene.does("mgr-east", "publish-promotion", **FAIR)
    for dealer in enrolled:
        scene.does(f"dlr-{dealer}", "enrol-promotion", **FAIR, dealer_id=dealer)
    return scene


def approved(scene: Scene, approve: int = 1_000, **terms: Any) -> Scene:
    promoted(scene, RICH, **terms)
    scene.does(OWN, "submit-claim", **ASKED)
    rest = [{"amount": 1_000 - approve, "code": "AMOUNT_TOO_HIGH"}] if approve < 1_000 else []
    scene.does("mgr-east", "review-claim", claim="CL-0001", approved=approve, rejected=rest)
    return scene


def test_a_promotion_for_some_dealers_enrols_no_others(scene: Scene):
    promoted(scene, dealers=[RICH])
    told = refused(scene, "NOT_ENROLLED", None, "enrol-promotion", **FAIR, dealer_id=POOR)
    assert told == {"promotion": "PR-1", "dealer": POOR}


def test_a_dealer_is_not_told_who_else_takes_part(scene: Scene):
    promoted(scene, dealers=[RICH])
    body = FAIR | {"dealer_id": POOR}
    told = scene.door.command("enrol-promotion", "k", body, on_behalf_of=f"dlr-{POOR}")
    assert told.json()["code"] == "NOT_ENROLLED"
    assert RICH not in told.text


def test_nobody_is_enrolled_when_it_is_over(scene: Scene, clock: MovableClock):
    promoted(scene)
    clock.move(days=31)
    told = refused(scene, "OUT_OF_PERIOD", OWN, "enrol-promotion", **FAIR, dealer_id=RICH)
    assert told == {"promotion": "PR-1", "valid_to": "2026-03-31"}


def test_all_that_is_wrong_with_a_claim_is_named_at_once(scene: Scene):
    promoted(scene, valid_from="2026-03-02")
    body = ASKED | {"evidence": [" "], "for_professionals": True}
    told = all_refused(scene, OWN, "submit-claim", **body)
    assert told == [
        ("EVIDENCE_MISSING", {"promotion": "PR-1"}),
        ("COMPLIANCE_BLOCK", {"promotion": "PR-1"}),
        ("NOT_ENROLLED", {"promotion": "PR-1", "dealer": RICH}),
        ("OUT_OF_PERIOD", {"promotion": "PR-1", "valid_from": "2026-03-02"}),
    ]


def test_a_claim_is_handed_in_within_sixty_days(scene: Scene, clock: MovableClock):
    promoted(scene, RICH)
    clock.move(days=91)
    told = refused(scene, "CLAIM_LATE", OWN, "submit-claim", **ASKED)
    assert told == {"promotion": "PR-1", "valid_to": "2026-03-31"}
    clock.move(days=-1)
    scene.does(OWN, "submit-claim", **ASKED)


def test_evidence_serves_one_claim_and_nothing_is_given_to_professionals(scene: Scene):
    promoted(scene, RICH)
    scene.does(OWN, "submit-claim", **ASKED | {"amount": 1})
    body = ASKED | {"amount": 1, "for_professionals": True}
    told = all_refused(scene, OWN, "submit-claim", **body)
    assert told == [
        ("COMPLIANCE_BLOCK", {"promotion": "PR-1"}),
        ("CLAIM_DUPLICATE", {"evidence": "sha256:photo"}),
    ]
    refused(scene, "CLAIM_DUPLICATE", OWN, "submit-claim", 409, **ASKED)


def test_a_dealer_is_not_told_of_another_one_s_claim(scene: Scene):
    promoted(scene, RICH, POOR)
    scene.does(OWN, "submit-claim", **ASKED)
    told = scene.door.command("submit-claim", "k", ASKED, on_behalf_of=f"dlr-{POOR}")
    assert told.json()["violations"][0]["code"] == "CLAIM_DUPLICATE"
    assert "CL-0001" not in told.text


def test_no_dealer_claims_more_than_its_share(scene: Scene):
    promoted(scene, RICH)
    told = refused(scene, "CAP_EXCEEDED", OWN, "submit-claim", **ASKED | {"amount": 1_001})
    assert told == {"promotion": "PR-1", "amount": 1_001, "left": 1_000}


def test_dealers_together_claim_no_more_than_there_is(scene: Scene):
    promoted(scene, RICH, POOR)
    scene.does(OWN, "submit-claim", **ASKED)
    body = ASKED | {"amount": 501, "evidence": ["sha256:bill"]}
    told = refused(scene, "BUDGET_EXCEEDED", f"dlr-{POOR}", "submit-claim", 403, **body)
    assert told == {"promotion": "PR-1", "amount": 501}


def test_a_service_is_paid_by_the_dealer_s_own_invoice(scene: Scene):
    approved(scene)
    told = all_refused(scene, "fin-1", "settle-claim", **CASH | {"bank_ref": " "})
    assert told == [
        ("INVOICE_MISSING", {"claim": "CL-0001"}),
        ("VALIDATION_FAILED", {"field": "bank_ref", "reason": NAMES}),
    ]


def test_a_reference_of_the_bank_pays_one_claim(scene: Scene):
    approved(scene, 600)
    body = CASH | {"invoice_ref": "SERVICE-1", "amount": 1}
    doc = scene.does("fin-1", "settle-claim", **body)["doc"]
    told = refused(scene, "DUPLICATE_BANK_REF", "fin-1", "settle-claim", 409, **body)
    assert told == {"bank_ref": "BK-1", "receipt": doc}


def test_the_review_of_a_claim_begins_once(scene: Scene):
    promoted(scene, RICH)
    scene.does(OWN, "submit-claim", **ASKED)
    body = {"claim": "CL-0001"}
    assert scene.does("mgr-east", "begin-claim-review", **body)["state"] == "UNDER_REVIEW"
    refused(scene, "INVALID_STATE", "mgr-east", "begin-claim-review", 409, **body)


def test_an_invoice_that_the_claim_named_is_enough(scene: Scene):
    promoted(scene, RICH)
    scene.does(OWN, "submit-claim", **ASKED, invoice_ref="SERVICE-1")
    scene.does("mgr-east", "review-claim", claim="CL-0001", approved=1_000)
    scene.does("fin-1", "settle-claim", **CASH)


def test_no_more_of_a_claim_is_paid_than_was_approved_and_nothing_twice(scene: Scene):
    approved(scene, 600)
    body = CASH | {"invoice_ref": "SERVICE-1"}
    told = refused(scene, "EXCEEDS_APPROVED", "fin-1", "settle-claim", **body, amount=601)
    assert told == {"claim": "CL-0001", "amount": 601, "left": 600}
    scene.does("fin-1", "settle-claim", **body)
    told = refused(scene, "ALREADY_SETTLED", "fin-1", "settle-claim", 409, **body)
    assert told == {"claim": "CL-0001", "settled": 600}


def test_a_claim_settles_its_own_dealer_s_invoices(scene: Scene):
    due = {"gross": 100_000, "due": "2026-04-01"}
    scene.does("fin-1", "set-opening-item", doc="INV-P", dealer_id=POOR, **due)
    approved(scene)
    body = {"claim": "CL-0001", "method": "OFFSET", "invoice": "INV-P"}
    told = refused(scene, "ITEM_OF_OTHER_DEALER", "fin-1", "settle-claim", **body)
    assert told == {"doc": "INV-P", "dealer": RICH}


def test_nobody_decides_what_he_asked_for(scene: Scene):
    """Not even a dealer's user who has become a manager of ours."""
    promoted(scene, RICH)
    scene.does(OWN, "submit-claim", **ASKED)
    scene.does(None, "register-user", user_id=OWN, role="MGR", scope="ALL")
    body = {"claim": "CL-0001", "approved": 1_000}
    told = refused(scene, "SELF_APPROVAL", OWN, "review-claim", 403, **body)
    assert told == {"claim": "CL-0001", "submitted_by": OWN}
    scene.does("mgr-east", "review-claim", **body)


def test_nobody_approves_a_promotion_of_his_own(scene: Scene):
    scene.does("mgr-east", "draft-promotion", **FAIR, terms=TERMS)
    told = refused(scene, "SELF_APPROVAL", "mgr-east", "approve-promotion", 403, **FAIR)
    assert told == {"promotion": "PR-1", "author": "mgr-east"}
    scene.does("mgr-national", "approve-promotion", **FAIR)


def test_claims_do_not_expire_ahead_of_time(scene: Scene):
    promoted(scene, RICH)
    scene.does(OWN, "submit-claim", **ASKED)
    body = {"claims": ["CL-0001"], "as_of": "2099-01-01"}
    told = refused(scene, "FUTURE_DATED", "fin-1", "expire-claims", **body)
    assert told == {"field": "as_of", "day": "2099-01-01"}


def test_claims_that_were_decided_do_not_expire_and_asking_again_says_nothing(
    scene: Scene, clock: MovableClock
):
    promoted(scene, RICH)
    scene.does(OWN, "submit-claim", **ASKED)
    clock.move(days=61)
    body = {"claims": ["CL-0001"], "as_of": "2026-05-01"}
    assert scene.does("fin-1", "expire-claims", **body) == {"expired": ["CL-0001"]}
    assert scene.does("fin-1", "expire-claims", **body) == {"expired": []}
