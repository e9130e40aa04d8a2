"""Confidence: who may take a step, and that for other dealers there is no case at all."""

import pytest

from domain.cases.case_terms import (
    ALERTED,
    APPEALED,
    AWAITING,
    CLOSED,
    COMPENSATION,
    DECIDED,
    INVESTIGATING,
    PENALTY,
    REBATE_DEDUCTION,
    RESPONDED,
    SANCTIONED,
    SUSPENSION,
    TERRITORY_REDUCTION,
    TIER_DOWNGRADE,
    TRIAGED,
    WARNING,
    Sanction,
)
from domain.kernel.refusal import ForbiddenRole, NotFound
from domain.kernel.stamp import Actor
from tests.domain.cases.court import (
    AUDITOR,
    CASE,
    DEALER_6,
    QUALITY,
    answering,
    appealing,
    asking,
    assigning,
    came_to,
    case_of,
    cloned,
    closing,
    deciding,
    does,
    finding,
    judging,
    merging,
    oversold,
    reopening,
    sanctioning,
    showing,
    supporting,
    triaging,
    tries,
)
from tests.domain.support import SERVICE
from tests.domain.world import DEALER_5, ENGINEER, FINANCE, MGR_EAST, MGR_WEST, REP_EAST

WAREHOUSE = Actor("wh-sh-1", "WH", "WH-SH")
ADMIN = Actor("adm-1", "ADM")
DEALER_12 = Actor("dlr-d12", "DLR", dealer="D12")
DEALER_4 = Actor("dlr-d04", "DLR", dealer="D04")

OF_MANAGERS = {
    "triage": (ALERTED, triaging()),
    "assign": (TRIAGED, assigning()),
    "ask the dealer": (INVESTIGATING, asking()),
    "decide": (RESPONDED, deciding("INCONCLUSIVE")),
    "sanction": (DECIDED, sanctioning(Sanction(kind=WARNING))),
    "decide the appeal": (APPEALED, judging()),
    "close": (SANCTIONED, closing()),
}
"""Steps of sales managers, each in a state that allows it."""

AMOUNTS = [Sanction(kind=one) for one in (PENALTY, COMPENSATION, REBATE_DEDUCTION)]
"""Sanctions that are amounts, and nothing else."""

OTHERS = [what for _, what in OF_MANAGERS.values()] + [
    sanctioning(), reopening(), merging(into=CASE), showing(), supporting(),
]  # fmt: skip
"""All steps that are no dealer's."""

OF_DEALERS = {"answer": (AWAITING, answering()), "appeal": (SANCTIONED, appealing())}
"""Steps of the dealer that is accused."""


@pytest.mark.parametrize(
    "by", [REP_EAST, FINANCE, QUALITY, ENGINEER, WAREHOUSE, ADMIN, AUDITOR, SERVICE],
    ids=lambda one: one.role,
)  # fmt: skip
@pytest.mark.parametrize("step", OF_MANAGERS)
def test_whoever_is_no_manager_does_not_lead_a_case(step, by):
    state, what = OF_MANAGERS[step]

    tries(came_to(state), what, by=by).refuses(ForbiddenRole, role=by.role, required="MGR")


@pytest.mark.parametrize("by", [REP_EAST, FINANCE, QUALITY, ENGINEER, AUDITOR, SERVICE])
def test_whoever_is_no_manager_neither_reopens_nor_merges(by):
    closed = does(came_to(RESPONDED), deciding("DISMISSED"), showing())

    tries(closed, reopening(), by=by).refuses(ForbiddenRole, role=by.role)
    tries(cloned(), merging(), by=by).refuses(ForbiddenRole, role=by.role)


@pytest.mark.parametrize("sanctions", [*([one] for one in AMOUNTS), AMOUNTS])
def test_finance_applies_sanctions_that_are_amounts(sanctions):
    past = came_to(DECIDED)

    tries(past, sanctioning(*sanctions), by=FINANCE).accepted()

    assert FINANCE.user in case_of(past).judges


@pytest.mark.parametrize("kind", [WARNING, TIER_DOWNGRADE, TERRITORY_REDUCTION, SUSPENSION])
def test_finance_applies_no_sanction_that_is_no_amount(kind):
    other = Sanction(kind=kind, tier="B", product_line="ULTRASOUND")

    for wanted in ([other], [*AMOUNTS, other]):
        tries(came_to(DECIDED), sanctioning(*wanted), by=FINANCE).refuses(
            ForbiddenRole, role="FIN", required="MGR"
        )


@pytest.mark.parametrize("by", [REP_EAST, QUALITY, ENGINEER, AUDITOR, ADMIN, SERVICE])
def test_nobody_but_managers_and_finance_applies_sanctions_that_are_amounts(by):
    tries(came_to(DECIDED), sanctioning(*AMOUNTS), by=by).refuses(
        ForbiddenRole, role=by.role, required="MGR or FIN"
    )


@pytest.mark.parametrize("step", OTHERS, ids=lambda one: one.flow.__name__)
@pytest.mark.parametrize(
    ("state", "by"), [(INVESTIGATING, DEALER_5), (INVESTIGATING, DEALER_6), (CLOSED, DEALER_6)],
    ids=["not asked yet", "never asked", "another was asked"],
)  # fmt: skip
def test_for_a_dealer_that_was_not_asked_there_is_no_case_whatever_it_tries(state, by, step):
    tries(came_to(state), step, by=by).refuses(NotFound, kind="DiversionCase", id=CASE)


@pytest.mark.parametrize("step", OTHERS, ids=lambda one: one.flow.__name__)
@pytest.mark.parametrize("state", [AWAITING, CLOSED])
def test_a_dealer_that_was_asked_hears_that_the_step_of_others_is_not_its_own(state, step):
    tries(came_to(state), step, by=DEALER_5).refuses(ForbiddenRole, role="DLR")


@pytest.mark.parametrize("by", [AUDITOR, ADMIN, WAREHOUSE, FINANCE, QUALITY, REP_EAST])
def test_nobody_adds_evidence_to_whom_it_is_not_given(by):
    tries(came_to(INVESTIGATING), showing(), by=by).refuses(ForbiddenRole, role=by.role)


@pytest.mark.parametrize("by", [ENGINEER, MGR_EAST, MGR_WEST, SERVICE])
def test_engineers_managers_and_services_add_evidence(by):
    tries(came_to(INVESTIGATING), showing(), by=by).accepted()


@pytest.mark.parametrize("by", [AUDITOR, ADMIN, WAREHOUSE])
def test_nobody_else_is_a_second_person(by):
    tries(came_to(RESPONDED), supporting(), by=by).refuses(ForbiddenRole, role=by.role)


@pytest.mark.parametrize(
    "by",
    [DEALER_6, DEALER_4, DEALER_12, MGR_EAST, REP_EAST, FINANCE, QUALITY, AUDITOR],
    ids=["the victim", "a stranger", "its sub-dealer", "MGR", "REP", "FIN", "QA", "AUD"],
)
@pytest.mark.parametrize("step", OF_DEALERS)
def test_nobody_but_the_accused_answers_and_to_others_there_is_no_case(step, by):
    state, what = OF_DEALERS[step]
    unknown = type(what.command)(**vars(what.command) | {"case_id": "DIV-9999"})
    past = came_to(state)

    for case, command in ((CASE, what.command), ("DIV-9999", unknown)):
        done = tries(past, what._replace(command=command), by=by)
        done.refuses(NotFound)
        assert done.refusal.facts == {"kind": "DiversionCase", "id": case}


@pytest.mark.parametrize("step", OF_DEALERS)
@pytest.mark.parametrize("text", ["", " "])
def test_what_is_wrong_with_an_answer_is_not_told_to_strangers(step, text):
    state, what = OF_DEALERS[step]
    field = "text" if step == "answer" else "grounds"
    empty = type(what.command)(**vars(what.command) | {field: text})

    tries(came_to(state), what._replace(command=empty), by=DEALER_6).refuses(NotFound, id=CASE)


@pytest.mark.parametrize("state", [ALERTED, TRIAGED, INVESTIGATING])
def test_before_it_is_asked_there_is_no_case_for_the_accused_either(state):
    tries(came_to(state), answering(), by=DEALER_5).refuses(NotFound, id=CASE)


def test_a_sub_dealer_does_not_answer_for_its_parent():
    past = came_to(AWAITING, oversold())

    tries(past, answering(), by=DEALER_12).refuses(NotFound, id=CASE)
    tries(past, answering(), by=DEALER_5).accepted()


@pytest.mark.parametrize("state", [DECIDED, SANCTIONED, APPEALED, CLOSED])
def test_a_case_stays_hidden_from_others_to_its_end(state):
    past = came_to(state)

    for step in (answering(), appealing()):
        tries(past, step, by=DEALER_6).refuses(NotFound, id=CASE)


def test_a_dealer_that_reports_a_device_learns_of_no_case_of_others_by_answering():
    past = does(came_to(AWAITING), finding("US80-26-9999"))

    tries(past, answering("DIV-0002"), by=DEALER_5).refuses(NotFound, id="DIV-0002")
