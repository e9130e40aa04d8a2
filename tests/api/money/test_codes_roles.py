"""Money by role: what finance does, what a dealer says for itself, and nobody else."""

from __future__ import annotations

import dataclasses
import datetime as dt
import inspect
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
import pytest

from api.decoding import COMMANDS, command_name
from api.engine import Engine
from api.openapi import codes_of
from domain.flows import FLOWS
from domain.flows.accounts.commands import FLOWS as ACCOUNTS
from domain.flows.books.commands import FLOWS as BOOKS
from domain.flows.incentives.commands import FLOWS as INCENTIVES
from domain.parties.user import ROLES
from tests.api.conftest import populated_world
from tests.api.door import problem
from tests.api.scene import Scene
from tests.support.templates import Templates
from tests.support.world import POOR, RICH, MovableClock, opened

STATED = {"dealer_id": RICH, "period": "2026-03"}
OWN = f"dlr-{RICH}"

FINANCE = """
    record-payment apply-cash unapply-cash reverse-payment refund-money net-money receive-deposit
    apply-deposit refund-deposit transfer-deposit forfeit-deposit receive-security-deposit
    refund-security-deposit post-invoice register-tax-invoice post-credit-note post-adjustment
    write-off-bad-debt resolve-dispute import-bank-statement assign-bank-line issue-statement
    issue-statements supersede-statement deem-confirmed sign-off-statement accept-dispute
    reject-dispute match-statement accept-match reverse-match soft-close-period close-period
    reopen-period export-journal acknowledge-journal reject-journal confirm-rebate settle-rebate
    settle-claim issue-dunning run-dunning bill-retentions accrue-rebates expire-claims
"""
SALES = """
    draft-incentive-policy publish-incentive-policy draft-promotion publish-promotion end-promotion
"""
DECIDED = "approve-incentive-policy approve-promotion begin-claim-review review-claim"
DEALER = """
    view-statement confirm-statement dispute-line accept-incentive-policy enrol-promotion
    submit-claim
"""
MAY = {
    **dict.fromkeys(FINANCE.split(), frozenset({"FIN", "SERVICE"})),
    **dict.fromkeys(SALES.split(), frozenset({"MGR", "SERVICE"})),
    **dict.fromkeys(DECIDED.split(), frozenset({"MGR"})),
    **dict.fromkeys(DEALER.split(), frozenset({"DLR", "SERVICE"})),
    "raise-dispute": {"FIN", "DLR", "SERVICE"},
    "submit-dealer-lines": {"FIN", "DLR", "SERVICE"},
    "respond-dispute": {"FIN", "MGR", "SERVICE"},
    "set-opening-rebate": {"ADM", "FIN", "SERVICE"},
    "protect-prices": {"ADM", "FIN", "MGR", "SERVICE"},
}
"""Roles that may give each command."""


def refused(
    scene: Scene, code: str, who: str | None, name: str, status: int = 422, /, **body: Any
) -> dict[str, Any]:
    """Something is refused, first of all with a code, and leaves nothing: the facts behind it."""
    leading, facts = all_refused(scene, who, name, status, **body)[0]
    assert leading == code
    return facts


def all_refused(
    scene: Scene, who: str | None, name: str, status: int = 422, /, **body: Any
) -> list[tuple[str, dict[str, Any]]]:
    """Something is refused as documented, and leaves nothing: every code, with its facts."""
    head = _head(scene)
    scene.said += 1
    on_behalf = {} if who is None else {"on_behalf_of": who}
    answer = scene.door.command(name, f"refused-{scene.said}", body, **on_behalf)
    assert problem(answer)[0] == status, answer.text
    found = [(one["code"], one["facts"]) for one in answer.json()["violations"]]
    assert {code for code, _ in found} <= set(codes_of(inspect.getdoc(FLOWS[COMMANDS[name]]) or ""))
    assert _head(scene) == head
    return found


def _head(scene: Scene) -> Any:
    return scene.client.get("/v1/events", params={"limit": 1}).json()["head"]


def example(kind: Any) -> Any:
    """A value of a type, as small as it gets; what it names does not exist."""
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if get_origin(kind) in (list, tuple):
        return []
    if dataclasses.is_dataclass(kind) or (
        isinstance(kind, type) and issubclass(kind, msgspec.Struct)
    ):
        return dict(_examples(kind))
    return {str: "X-1", int: 1, Decimal: "1", dt.date: "2026-03-01"}[kind]


def _examples(kind: Any) -> Iterator[tuple[str, Any]]:
    given = set(inspect.signature(kind).parameters.values())
    needed = {one.name for one in given if one.default is inspect.Parameter.empty}
    for name, hint in get_type_hints(kind).items():
        if name in needed:
            yield name, example(hint)


def allowed(scene: Scene, name: str) -> set[str]:
    """Roles to which a command is not forbidden as such."""
    body = example(COMMANDS[name])
    every = [
        {"name": name, "key": role, "body": body, "on_behalf_of": f"the-{role}"} for role in ROLES
    ]
    every.append({"name": name, "key": "SERVICE", "body": body})
    answers = scene.client.post("/v1/commands", json=every).json()
    codes = [one.get("code") for one in answers]
    assert not {"INTERNAL_ERROR", "MALFORMED", "IDEMPOTENCY_CONFLICT"} & {*codes}
    asked = zip((*ROLES, "SERVICE"), codes, strict=True)
    return {role for role, code in asked if code != "FORBIDDEN_ROLE"}


def crowded_world(engine: Engine, clock: MovableClock) -> None:
    """Somebody of every role is known; dealers have users of their own."""
    populated_world(engine, clock)
    users = [(f"the-{one}", one, RICH if one == "DLR" else None) for one in ROLES]
    users += [(f"dlr-{dealer}", "DLR", dealer) for dealer in (RICH, POOR)]
    for name, role, dealer in users:
        body = {"user_id": name, "role": role, "scope": None, "dealer_id": dealer}
        Scene(engine).door.accepted("register-user", f"user-{name}", body)


@pytest.fixture
def everyone(tmp_path: Path, clock: MovableClock, templates: Templates) -> Iterator[Scene]:
    url = f"sqlite:///{tmp_path / 'everyone.db'}"
    templates.fill(url, crowded_world, clock)
    with opened(url, clock, follow=False) as engine:
        yield Scene(engine)


def test_the_table_of_roles_is_whole():
    money = {command_name(one) for one in (*ACCOUNTS, *BOOKS, *INCENTIVES)}
    assert money == MAY.keys()


@pytest.mark.parametrize("name", MAY)
def test_money_is_moved_only_by_whom_it_is_for(everyone: Scene, name: str):
    assert allowed(everyone, name) == MAY[name]


@pytest.fixture
def theirs(everyone: Scene) -> Scene:
    """One dealer has an invoice, a statement, a policy and a promotion of its own."""
    due = {"gross": 100_000, "due": "2026-04-01"}
    everyone.does("fin-1", "set-opening-item", doc="INV-A", dealer_id=RICH, **due)
    everyone.does("fin-1", "issue-statement", **STATED)
    for kind, name, terms in (
        ("incentive-policy", {"policy_id": "RB-1"}, POLICY),
        ("promotion", {"promotion_id": "PR-1"}, PROMOTION),
    ):
        everyone.does("mgr-east", f"draft-{kind}", **name, terms=terms | {"dealers": [RICH]})
        everyone.does("mgr-national", f"approve-{kind}", **name)
        everyone.does("mgr-east", f"publish-{kind}", **name)
    everyone.does(OWN, "enrol-promotion", promotion_id="PR-1", dealer_id=RICH)
    return everyone


POLICY: dict[str, Any] = {
    "name": "March",
    "period": "2026-03",
    "metric": "SELL_IN_NET",
    "method": "SLICED",
}
POLICY |= {"tiers": [{"floor": 0, "rate_pct": "1"}]}
PROMOTION: dict[str, Any] = {"name": "Fair", "type": "DISCOUNT", "valid_from": "2026-03-01"}
PROMOTION |= {"valid_to": "2026-03-31", "budget": 1_000, "cap_per_dealer": 1_000}
LINE = {"line_id": "INV-A", "amount": 1, "code": "PRICE_DIFF", "evidence": "sha256:a"}
OWN_LINE = {"line_id": "L1", "kind": "INVOICE", "doc": "A", "day": "2026-03-01", "gross": 1}
OF_A_DEALER: dict[str, dict[str, Any]] = {
    "view-statement": STATED | {"version": 1},
    "confirm-statement": STATED | {"version": 1, "e_seal": "seal"},
    "dispute-line": STATED | {"version": 1} | LINE,
    "submit-dealer-lines": STATED | {"file_hash": "sha256:f", "lines": [OWN_LINE]},
    "accept-incentive-policy": {"policy_id": "RB-1", "dealer_id": RICH, "e_seal": "seal"},
    "enrol-promotion": {"promotion_id": "PR-1", "dealer_id": RICH},
    "raise-dispute": {"dealer_id": RICH, "doc_no": "INV-A", "amount": 1, "code": "PRICE_DIFF"}
    | {"evidence": ["sha256:a"]},
    "submit-claim": {"promotion_id": "PR-1", "dealer_id": RICH, "amount": 1}
    | {"evidence": ["sha256:b"]},
}
"""What a dealer says for itself."""


@pytest.mark.parametrize("name", OF_A_DEALER)
def test_a_dealer_speaks_for_no_other_one_and_is_told_nothing(theirs: Scene, name: str):
    refused(theirs, "NOT_FOUND", f"dlr-{POOR}", name, 404, **OF_A_DEALER[name])
    theirs.does(OWN, name, **OF_A_DEALER[name])
