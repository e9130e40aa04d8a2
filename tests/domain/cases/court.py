"""A case of diversion, and what people do with it, in a few words.

D05 of Jiangsu (EAST) bought a device for 266,000.00. An engineer finds it in Hangzhou, where D06
(EAST as well) has the rights and would have paid 277,400.00: the margin is 11,400.00.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from domain.cases.case_terms import (
    ALERTED,
    APPEALED,
    AWAITING,
    CLOSED,
    DECIDED,
    INVESTIGATING,
    MERGED,
    PENALTY,
    REOPENED,
    RESPONDED,
    SANCTIONED,
    SUPPRESSED,
    TRIAGED,
    Sanction,
)
from domain.cases.diversion_case import DiversionCase
from domain.channel.book import Buyer
from domain.flows.cases.investigating import (
    AddEvidence,
    AssignCase,
    CloseCase,
    MergeCase,
    ReopenCase,
    RequestDealerResponse,
    SubmitResponse,
    Triage,
    add_evidence,
    assign_case,
    close_case,
    merge_case,
    reopen_case,
    request_dealer_response,
    submit_response,
    triage,
)
from domain.flows.cases.observing import record_installation
from domain.flows.cases.revoking import DeclareError, declare_error
from domain.flows.cases.ruling import (
    RecordEmergency,
    SetDetectionThresholds,
    record_emergency,
    set_detection_thresholds,
)
from domain.flows.cases.sentencing import (
    Appeal,
    ApplySanction,
    DecideAppeal,
    DecideCase,
    SupportDecision,
    appeal,
    apply_sanction,
    decide_appeal,
    decide_case,
    support_decision,
)
from domain.flows.channel.reporting import ReportDealerSales, ReportedSale, report_sales
from domain.flows.company.administering import RegisterUser, register_user
from domain.goods.serial_number import SerialNumber
from domain.kernel.stamp import Actor
from tests.domain.company import company
from tests.domain.story import US80_1, US80_2, at_dealer, installing
from tests.domain.support import Given, When, day, given
from tests.domain.world import DEALER_5, DI, ENGINEER, LONG, MGR_NATIONAL

CASE = "DIV-0001"
MARGIN = 11_400_00
FOUND_ON, ANSWERED_ON, DECIDED_ON = "2026-03-21", "2026-03-24", "2026-03-25"
LAST_APPEAL, LATER = "2026-04-09", "2026-04-10"

MGR_SOUTH = Actor("mgr-south", "MGR", "SOUTH")
MGR_OTHER = Actor("mgr-other", "MGR", "ALL")
QUALITY = Actor("qa-1", "QA")
AUDITOR = Actor("aud-1", "AUD")
DEALER_6 = Actor("dlr-d06", "DLR", dealer="D06")
INVESTIGATOR = "rep-south"


class Step(NamedTuple):
    """What somebody does with a case, and on which day."""

    flow: Callable[..., Any]
    command: Any
    by: Actor = MGR_NATIONAL
    on: str = FOUND_ON


def triaging(case: str = CASE) -> Step:
    return Step(triage, Triage(case_id=case, note="seen, and not explained"))


def assigning(case: str = CASE, investigator: str = INVESTIGATOR) -> Step:
    return Step(assign_case, AssignCase(case_id=case, investigator=investigator))


def asking(case: str = CASE, due: str | None = None) -> Step:
    until = None if due is None else day(due)
    return Step(request_dealer_response, RequestDealerResponse(case_id=case, due=until))


def answering(case: str = CASE) -> Step:
    answer = SubmitResponse(case_id=case, text="it was lent", documents=("sha256:letter",))
    return Step(submit_response, answer, DEALER_5, ANSWERED_ON)


def supporting(outcome: str = "CONFIRMED", case: str = CASE) -> Step:
    return Step(support_decision, SupportDecision(case_id=case, outcome=outcome), QUALITY)


def deciding(outcome: str = "CONFIRMED", case: str = CASE, **more: Any) -> Step:
    said = {"reason": "what was found", "code": "RELOCATED" if outcome == "DISMISSED" else None}
    command = DecideCase(case_id=case, outcome=outcome, **said | more)
    return Step(decide_case, command, on=DECIDED_ON)


def sanctioning(*sanctions: Sanction, case: str = CASE) -> Step:
    wanted = sanctions or (Sanction(kind=PENALTY),)
    return Step(apply_sanction, ApplySanction(case_id=case, sanctions=wanted), on=DECIDED_ON)


def appealing(case: str = CASE) -> Step:
    return Step(appeal, Appeal(case_id=case, grounds="it was lent"), DEALER_5, LAST_APPEAL)


def judging(outcome: str = "OVERTURNED", case: str = CASE) -> Step:
    command = DecideAppeal(case_id=case, outcome=outcome, reason="the letter")
    return Step(decide_appeal, command, MGR_OTHER, LATER)


def closing(case: str = CASE) -> Step:
    return Step(close_case, CloseCase(case_id=case, reason="done"), on=LATER)


def reopening(case: str = CASE) -> Step:
    return Step(reopen_case, ReopenCase(case_id=case, reason="new evidence"), on=LATER)


def merging(case: str = CASE, into: str = "DIV-0002") -> Step:
    return Step(merge_case, MergeCase(case_id=case, into=into))


def showing(case: str = CASE, document: str = "sha256:photo", **more: Any) -> Step:
    seen = {"kind": "PHOTO", "captured_on": day(FOUND_ON), "captured_by": "se-2"}
    shown = seen | {"weight": Decimal("0.8"), "document_hash": document} | more
    return Step(add_evidence, AddEvidence(case_id=case, **shown), ENGINEER)


def declaring_wrong(past: Given) -> Step:
    """The last sighting of the device was an error."""
    unit = past.get(SerialNumber, DI["US80"], US80_1)
    command = DeclareError(
        di=unit.di, serial=unit.serial, version=unit.sights[-1].version, reason="DID_NOT_OCCUR",
        document_hash="sha256:letter",
    )  # fmt: skip
    return Step(declare_error, command, QUALITY, ANSWERED_ON)


def does(past: Given, *steps: Step) -> Given:
    """Steps that must be accepted, one after the other."""
    for step in steps:
        past.when(step.flow, step.command, by=step.by, on=step.on).accepted()
    return past


def tries(past: Given, step: Step, by: Actor | None = None, on: str | None = None) -> When:
    """A step, by somebody and on some day: what comes of it."""
    return past.when(step.flow, step.command, by=by or step.by, on=on or step.on)


def hiring(user: str = INVESTIGATOR, role: str = "REP") -> Step:
    return Step(register_user, RegisterUser(user_id=user, role=role, scope="SOUTH"))


def finding(serial: str = US80_1, on: str = FOUND_ON, **more: Any) -> Step:
    place = {"hospital": "H-HZ-03", "region": "330100", "installed_at": day(on)} | more
    return Step(record_installation, installing(serial, **place), ENGINEER, on)


def alerted(*serials: str, **more: Any) -> Given:
    """Devices of D05 were found in Hangzhou: a case each."""
    names = serials or (US80_1,)
    return does(at_dealer(*names), hiring(), *(finding(one, **more) for one in names))


def cloned() -> Given:
    """A device stood in Nanjing before it was found in Hangzhou: DIV-0001 (R05), DIV-0002 (R01)."""
    before = finding(hospital="H-NJ-02", region="320100")
    return does(at_dealer(US80_1), hiring(), before, finding())


def explained() -> Given:
    """D05 bought two devices; one was found where the government had ordered such: SUP-0001."""
    first, last = LONG
    order = {"no": "E-1", "product_line": "ULTRASOUND", "region_code": "330000"}
    validity = {"valid_from": first, "valid_to": last, "document_hash": "sha256:order"}
    ordered = Step(record_emergency, RecordEmergency(**order, **validity))
    return does(at_dealer(US80_1, US80_2), hiring(), ordered, finding())


def oversold(qty: int = 5) -> Given:
    """D12, the sub-dealer of D05, says that it sold boxes which nobody sent it: R08, and a photo."""
    sale = ReportedSale(
        line_no=1, day=day(FOUND_ON), sku="INJ", lot="INJ2512A", qty=qty,
        buyer=Buyer(hospital="H-SZ-01"),
    )  # fmt: skip
    told = {"file_hash": "sha256:march", "source": "FIELD_AUDIT", "lines": (sale,)}
    report = Step(report_sales, ReportDealerSales(dealer_id="D12", **told))
    one_rule = Step(set_detection_thresholds, SetDetectionThresholds(off=("R09",)))
    return does(given(company()), hiring(), one_rule, report, showing())


WAYS: dict[str, tuple[str, Callable[[str], tuple[Step, ...]]]] = {
    TRIAGED: (ALERTED, lambda case: (triaging(case),)),
    INVESTIGATING: (TRIAGED, lambda case: (assigning(case),)),
    AWAITING: (INVESTIGATING, lambda case: (asking(case),)),
    RESPONDED: (AWAITING, lambda case: (answering(case),)),
    DECIDED: (RESPONDED, lambda case: (deciding(case=case),)),
    SANCTIONED: (DECIDED, lambda case: (sanctioning(case=case),)),
    APPEALED: (SANCTIONED, lambda case: (appealing(case),)),
    CLOSED: (SANCTIONED, lambda case: (closing(case),)),
    REOPENED: (CLOSED, lambda case: (showing(case), reopening(case))),
    MERGED: (ALERTED, lambda case: (merging(case, CASE),)),
}
"""How a case comes to each state: from which one, and by what."""


def came_to(state: str, past: Given | None = None, case: str = CASE) -> Given:
    """A case came to a state on the common way."""
    past = past or alerted()
    if state not in (ALERTED, SUPPRESSED):
        before, way = WAYS[state]
        does(came_to(before, past, case), *way(case))
    assert past.get(DiversionCase, case).status == state
    return past


def case_of(past: Given, name: str = CASE) -> DiversionCase:
    return past.get(DiversionCase, name)
