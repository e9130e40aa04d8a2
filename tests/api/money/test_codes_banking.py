"""Banks and dealers' own lines: what adds up, what came before, what is taken already."""

from __future__ import annotations

from typing import Any

from tests.api.money.test_codes_roles import OWN, all_refused, refused
from tests.api.scene import Scene
from tests.support.world import RICH, MovableClock

HEAD = {"account": "ACC-1", "reference": "R-1", "currency": "CNY"}
MARCH = {"dealer_id": RICH, "period": "2026-03"}


def line(amount: int = 500, payer: str = "somebody", **more: Any) -> dict[str, Any]:
    return {"value_date": "2026-03-01", "amount": amount, "payer": payer} | more


def test_a_statement_adds_up_in_our_currency_and_all_that_is_wrong_is_named(scene: Scene):
    body = HEAD | {"currency": "USD", "opening": 100, "closing": 700}
    body |= {"lines": [line(value_date="2026-03-02")]}
    told = all_refused(scene, "fin-1", "import-bank-statement", **body)
    assert told == [
        ("CURRENCY_MISMATCH", {"currency": "USD", "account": "CNY"}),
        ("FUTURE_DATED", {"field": "lines[0].value_date"}),
        ("FOOTING_WRONG", {"comes_to": 600, "closing": 700}),
    ]


def test_a_statement_comes_again_only_with_the_same_lines(scene: Scene):
    scene.does("fin-1", "import-bank-statement", **HEAD, lines=[line()])
    body = HEAD | {"lines": [line(501)]}
    told = refused(scene, "DUPLICATE_STATEMENT", "fin-1", "import-bank-statement", 409, **body)
    assert told == {"account": "ACC-1", "reference": "R-1"}
    assert scene.does("fin-1", "import-bank-statement", **HEAD, lines=[line()])["new"] == 0


def test_a_line_is_booked_once(scene: Scene):
    scene.does("fin-1", "import-bank-statement", **HEAD, lines=[line(bank_ref="BK-1")])
    where = {"account": "ACC-1", "reference": "R-1", "line": "BK-1", "dealer_id": RICH}
    refused(scene, "PAYER_MISMATCH", "fin-1", "assign-bank-line", **where)
    receipt = scene.does("fin-1", "assign-bank-line", **where, mandate="M-1")["receipt"]
    again = where | {"mandate": "M-1"}
    told = refused(scene, "LINE_ASSIGNED", "fin-1", "assign-bank-line", 409, **again)
    assert told == {"ref": "BK-1", "doc": receipt}


def test_a_line_whose_reference_looks_like_a_numbered_one_is_kept(scene: Scene):
    lines = [line(bank_ref=ref) for ref in ("A", "A", "A#2")]
    assert scene.does("fin-1", "import-bank-statement", **HEAD, lines=lines)["new"] == 3


def test_money_of_a_dealer_that_signed_its_month_stops_no_statement(
    scene: Scene, clock: MovableClock
):
    signed(scene, clock)
    lines = [line(payer=f"Dealer {RICH}"), line(payer="Dealer D02")]
    told = scene.does("fin-1", "import-bank-statement", **HEAD, lines=lines)
    assert [one["dealer"] for one in told["receipts"]] == [RICH]
    assert len(told["unassigned"]) == 1


def signed(scene: Scene, clock: MovableClock) -> None:
    """March is over, and a dealer's statement of it is signed."""
    scene.does(None, "register-user", user_id="fin-2", role="FIN", scope=None)
    due = {"gross": 100_000, "due": "2026-04-01"}
    scene.does("fin-1", "set-opening-item", doc="INV-A", dealer_id=RICH, **due)
    clock.move(days=33)
    scene.does("fin-1", "issue-statement", **MARCH)
    scene.does(None, "confirm-statement", **MARCH, version=1, e_seal="seal")
    scene.does("fin-2", "sign-off-statement", **MARCH, version=1)


def test_when_one_of_two_suggestions_is_accepted_the_other_one_is_gone(scene: Scene):
    """Which is why ALREADY_MATCHED has nothing to say at the door."""
    for doc in ("INV-A", "INV-B"):
        due = {"gross": 100_000, "due": "2026-04-01"}
        scene.does("fin-1", "set-opening-item", doc=doc, dealer_id=RICH, **due)
    scene.does("fin-1", "issue-statement", **MARCH)
    scene.does(None, "register-user", user_id=OWN, role="DLR", dealer_id=RICH)
    own = {"line_id": "L1", "kind": "PAYMENT", "doc": "", "day": "2026-03-01", "gross": -500}
    for ref in ("BK-1", "BK-2"):
        paid = {"dealer_id": RICH, "bank_ref": ref, "value_date": "2026-03-01", "amount": 500}
        paid |= {"currency": "CNY", "payer_name": f"Dealer {RICH}"}
        scene.does("fin-1", "record-payment", **paid)
    told = scene.does(OWN, "submit-dealer-lines", **MARCH, file_hash="sha256:f", lines=[own])
    assert (told["matched"], told["suggested"]) == (0, 2)
    told = scene.does("fin-1", "accept-match", **MARCH, match_id="M-0001")
    assert (told["matched"], told["suggested"]) == (1, 0)
    refused(scene, "ALREADY_MATCHED", "fin-1", "accept-match", 409, **MARCH, match_id="M-0002")
