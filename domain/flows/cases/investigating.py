"""Investigating: what people do with an alert, until it is decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from domain.cases.case_terms import Exhibit
from domain.cases.diversion_case import DiversionCase
from domain.flows.company.acting import only
from domain.flows.incentives.accruing import let_go, pass_on
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import FutureDated, InvalidState, NotFound
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.parties.user import User

MANAGERS = ("MGR",)
WITNESSES = ("MGR", "SE", "SERVICE")


@dataclass(frozen=True, kw_only=True)
class Triage:
    """Decide that an alert is a case."""

    case_id: str
    note: str


def triage(log: Log, stamp: Stamp, command: Triage) -> dict[str, Any]:
    """Triage a case. For sales managers.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, INVALID_STATE, VALIDATION_FAILED.
    """
    case, findings = gated(log, command.case_id, MANAGERS, stamp), Findings()
    findings.field(command.note.strip(), "note", "what was found at first sight")
    findings.refuse()
    case.triage(command.note, stamp)
    return standing(case)


@dataclass(frozen=True, kw_only=True)
class AssignCase:
    """Name who investigates a case: a registered user."""

    case_id: str
    investigator: str


def assign_case(log: Log, stamp: Stamp, command: AssignCase) -> dict[str, Any]:
    """Assign a case. For sales managers.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, INVALID_STATE, VALIDATION_FAILED.
    """
    case, findings = gated(log, command.case_id, MANAGERS, stamp), Findings()
    findings.known(log, User, command.investigator, "investigator")
    ours = log.get(User, command.investigator).role != "DLR"
    findings.field(ours, "investigator", "one of our own people")
    findings.refuse()
    case.assign(command.investigator, stamp)
    return standing(case)


@dataclass(frozen=True, kw_only=True)
class RequestDealerResponse:
    """Ask the dealer that answers for it what it says, until ``due`` or for ten days."""

    case_id: str
    due: date | None = None


def request_dealer_response(
    log: Log, stamp: Stamp, command: RequestDealerResponse
) -> dict[str, Any]:
    """Request a dealer's response. For sales managers.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, INVALID_STATE, VALIDATION_FAILED.
    """
    case, findings = gated(log, command.case_id, MANAGERS, stamp), Findings()
    dealer = case.known.responsible_dealer
    findings.field(dealer is not None, "case_id", "a case for which a dealer answers")
    later = command.due is None or command.due > stamp.today
    findings.field(later, "due", "after today")
    findings.refuse()
    case.request_response(dealer or "", command.due, stamp)
    return standing(case) | {"dealer": dealer, "due": case.response_due}


@dataclass(frozen=True, kw_only=True)
class SubmitResponse:
    """Answer as the dealer that was asked. ``documents`` are hashes."""

    case_id: str
    text: str
    documents: tuple[str, ...] = ()


def submit_response(log: Log, stamp: Stamp, command: SubmitResponse) -> dict[str, Any]:
    """Submit a dealer's response. For the dealer's own users; to others the case is unknown.

    Refuses NOT_FOUND, INVALID_STATE, VALIDATION_FAILED.
    """
    case, findings = of_dealer(log, command.case_id, stamp), Findings()
    findings.field(command.text.strip(), "text", "an answer")
    findings.refuse()
    case.respond(stamp.by.dealer or case.asked or "", command.text, command.documents, stamp)
    return standing(case)


@dataclass(frozen=True, kw_only=True)
class AddEvidence:
    """Add a document, a photo or a statement to a case, with its weight between 0 and 1."""

    case_id: str
    kind: str
    document_hash: str
    captured_on: date
    captured_by: str
    weight: Decimal
    note: str = ""
    gps: str | None = None


def add_evidence(log: Log, stamp: Stamp, command: AddEvidence) -> dict[str, Any]:
    """Add evidence. It is never taken away again. Not for dealers: they answer.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, FUTURE_DATED, INVALID_STATE, VALIDATION_FAILED.
    """
    case, findings = gated(log, command.case_id, WITNESSES, stamp), Findings()
    findings.field(command.document_hash.strip(), "document_hash", "the document's hash")
    findings.identifier(command.kind, "kind")
    findings.identifier(command.captured_by, "captured_by")
    findings.between(command.weight, 0, 1, "weight")
    ahead = command.captured_on > stamp.today
    findings.require(not ahead, FutureDated(field="captured_on", day=command.captured_on))
    findings.refuse()
    said = {name: value for name, value in vars(command).items() if name != "case_id"}
    if case.merged_into is not None:
        raise InvalidState(case=case.key, status=case.status, into=case.merged_into)
    case.add_exhibit(Exhibit(**said), stamp)
    return standing(case) | {"exhibits": len(case.exhibits)}


@dataclass(frozen=True, kw_only=True)
class MergeCase:
    """Let another case about the same thing go on for this one."""

    case_id: str
    into: str


def merge_case(log: Log, stamp: Stamp, command: MergeCase) -> dict[str, Any]:
    """Merge a case into another; its evidence goes along. For sales managers.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, INVALID_STATE, VALIDATION_FAILED.
    """
    case, findings = gated(log, command.case_id, MANAGERS, stamp), Findings()
    other = existing(log, DiversionCase, command.into)
    findings.field(case.key != other.key, "into", "another case")
    findings.field(not other.ended, "into", "a case that goes on")
    same = case.known.about == other.known.about
    findings.field(same, "into", "a case about the same device or lot")
    findings.refuse()
    case.merge(other.key, stamp)
    pass_on(log, case.key, other.key, case.known, stamp)
    for sighting in case.counted:
        other.add_evidence(case.known.rule, sighting, stamp)
    for exhibit in case.exhibits:
        other.add_exhibit(exhibit, stamp)
    return standing(case) | {"into": other.key}


@dataclass(frozen=True, kw_only=True)
class CloseCase:
    """Do nothing more about a case that is decided, once nobody may appeal any more."""

    case_id: str
    reason: str


def close_case(log: Log, stamp: Stamp, command: CloseCase) -> dict[str, Any]:
    """Close a case. For sales managers.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, INVALID_STATE, APPEAL_PERIOD_RUNNING, VALIDATION_FAILED.
    """
    case, findings = gated(log, command.case_id, MANAGERS, stamp), Findings()
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    findings.refuse()
    case.close(command.reason, stamp)
    if not case.confirmed:
        let_go(log, case.key, case.known, stamp)
    return standing(case)


@dataclass(frozen=True, kw_only=True)
class ReopenCase:
    """Take a case up again: new evidence came, or its explanation does not hold."""

    case_id: str
    reason: str


def reopen_case(log: Log, stamp: Stamp, command: ReopenCase) -> dict[str, Any]:
    """Reopen a case. For sales managers.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, INVALID_STATE, NO_NEW_EVIDENCE, VALIDATION_FAILED.
    """
    case, findings = gated(log, command.case_id, MANAGERS, stamp), Findings()
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    findings.refuse()
    case.reopen(command.reason, stamp)
    return standing(case)


def of_dealer(log: Log, case_id: str, stamp: Stamp) -> DiversionCase:
    """Return a case for the dealer that it is against; for other dealers there is none."""
    case = existing(log, DiversionCase, case_id)
    theirs = case.asked is not None and stamp.by.dealer in (None, case.asked)
    if stamp.by.role not in ("DLR", "SERVICE") or not theirs:
        raise NotFound(kind="DiversionCase", id=case_id)
    return case


def gated(log: Log, case_id: str, roles: tuple[str, ...], stamp: Stamp) -> DiversionCase:
    """Return a case to whoever has one of these roles; raises NotFound or ForbiddenRole.

    A dealer learns of no case but those of which it was asked.
    """
    case = existing(log, DiversionCase, case_id)
    if stamp.by.role == "DLR" and case.asked != stamp.by.dealer:
        raise NotFound(kind="DiversionCase", id=case_id)
    only(roles, stamp)
    return case


def standing(case: DiversionCase) -> dict[str, Any]:
    """What a step of a case is answered with."""
    return {"case": case.key, "status": case.status}
