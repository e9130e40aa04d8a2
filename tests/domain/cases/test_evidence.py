"""Evidence: how much of it confirms a case, and that none of it is ever taken away."""

from decimal import Decimal

import pytest

from domain.cases import case_events
from domain.cases.alert import Alert
from domain.cases.case_terms import AWAITING, DECIDED, RESPONDED, Exhibit
from domain.cases.diversion_case import DiversionCase
from domain.cases.refusals import EvidenceInsufficient
from domain.goods.sighting import Sighting
from domain.kernel.refusal import ValidationFailed
from tests.domain.cases.court import (
    CASE,
    DECIDED_ON,
    alerted,
    answering,
    appealing,
    asking,
    assigning,
    case_of,
    closing,
    deciding,
    declaring_wrong,
    does,
    finding,
    reopening,
    sanctioning,
    showing,
    triaging,
    tries,
)
from tests.domain.story import US80_1
from tests.domain.support import day, instant, stamp
from tests.domain.world import DI

AUDIT, SCAN, WARRANTY = "FIELD_AUDIT", "SERVICE_ENGINEER_SCAN", "WARRANTY_REGISTRATION"
HEARD = (triaging(), asking(), answering())


def heard(**sighting):
    """A case with one sighting; its dealer was heard."""
    return does(alerted(**sighting), *HEARD)


def seen_by(source, observer, weight, at="2026-03-21"):
    return Sighting("label", "330100", source, Decimal(weight), observer=observer, at=instant(at))


def shown_by(kind, who, weight, document="sha256:1"):
    return Exhibit(kind, document, day("2026-03-21"), who, Decimal(weight))


def resting_on(*evidence):
    """A case that rests on sightings and exhibits."""
    first, *others = [one for one in evidence if isinstance(one, Sighting)]
    alert = Alert(
        rule="R01", sku="US80", di=DI["US80"], serial=US80_1, severity="HIGH", score=80, parts=(),
        observed_region="330100", observed_on=day("2026-03-21"), source=first.source,
        weight=first.weight, due_at=instant("2026-03-24"),
    )  # fmt: skip
    case = DiversionCase.of("DIV-9")
    case.raise_alert(alert, first, stamp())
    for one in others:
        case.add_evidence("R01", one, stamp())
    for one in evidence:
        if isinstance(one, Exhibit):
            case.add_exhibit(one, stamp())
    return case


@pytest.mark.parametrize(
    ("evidence", "proven"),
    [
        ([seen_by(AUDIT, "se-1", "0.8")], False),
        ([seen_by(AUDIT, "se-1", "0.89")], False),
        ([seen_by(AUDIT, "se-1", "0.9")], True),
        ([seen_by(AUDIT, "se-1", "1.0")], True),
        ([seen_by(AUDIT, "se-1", "0.8"), seen_by(AUDIT, "se-1", "0.8", "2026-03-22")], False),
        ([seen_by(AUDIT, "se-1", "0.4"), seen_by(AUDIT, "se-2", "0.4")], True),
        ([seen_by(AUDIT, "se-1", "0.4"), seen_by("HOT_LINE", "se-1", "0.6")], True),
        ([seen_by(AUDIT, "se-1", "0.8"), shown_by("PHOTO", "se-1", "0.5")], True),
        ([seen_by(AUDIT, "se-1", "0.8"), shown_by(AUDIT, "se-1", "0.5")], False),
        ([seen_by(AUDIT, "se-1", "0.8"), shown_by(AUDIT, "se-1", "0.9")], True),
        ([seen_by(AUDIT, None, "0.8"), seen_by(AUDIT, None, "0.8", "2026-03-22")], False),
        ([seen_by(AUDIT, "se-1", "0.9"), seen_by(AUDIT, "se-1", "0.5", "2026-03-22")], True),
        ([seen_by(AUDIT, "se-1", "0.9"), shown_by(AUDIT, "se-1", "0.5")], True),
        ([seen_by(AUDIT, "se-1", "0.8"), shown_by("PHOTO", "se-2", "0")], False),
        ([seen_by(AUDIT, "se-1", "0.8"), seen_by(AUDIT, "se-2", "0")], False),
        ([seen_by(AUDIT, "se-1", "0"), shown_by("PHOTO", "se-2", "0")], False),
        ([seen_by(AUDIT, "se-1", "0.8"), shown_by("PHOTO", "se-2", "0.01")], True),
    ],
    ids=[
        "one", "one almost strong", "one strong", "one beyond doubt", "the same one twice",
        "another observer", "another source", "a photo", "the same one, photographed",
        "the same one, and strong", "twice by nobody in particular", "strong, then weak",
        "strong, then shown weakly", "a photo worth nothing", "another one worth nothing",
        "two worth nothing", "a photo worth almost nothing",
    ],
)  # fmt: skip
def test_two_independent_observations_or_a_strong_one_prove_a_case(evidence, proven):
    assert resting_on(*evidence).proven() is proven


def test_a_single_weak_observation_confirms_nothing():
    past = heard(source=AUDIT)

    tries(past, deciding()).refuses(EvidenceInsufficient, case=CASE, sightings=1, exhibits=0)


def test_the_same_observer_and_source_on_another_day_is_one_observation():
    past = does(heard(source=AUDIT), finding(on="2026-03-22", source=AUDIT))
    assert len(case_of(past).evidence) == 2

    tries(past, deciding()).refuses(EvidenceInsufficient, sightings=2)


@pytest.mark.parametrize("outcome", ["DISMISSED", "INCONCLUSIVE"])
def test_other_outcomes_need_no_proof(outcome):
    tries(heard(source=AUDIT), deciding(outcome)).then(case_events.CaseDecided)


@pytest.mark.parametrize("source", [WARRANTY, SCAN, "ACCEPTANCE_CERTIFICATE"])
def test_a_single_strong_observation_confirms_a_case(source):
    does(heard(source=source), deciding())


@pytest.mark.parametrize(
    "more",
    [
        showing(),
        finding(on="2026-03-22", source=AUDIT, engineer_id="se-9"),
        finding(on="2026-03-22", source="SERVICE_REQUEST"),
    ],
    ids=["a photo", "another engineer", "another source"],
)
def test_a_second_observation_confirms_a_case(more):
    past = does(heard(source=AUDIT), more, deciding())

    assert case_of(past).status == DECIDED


def test_what_is_shown_again_is_the_same_exhibit():
    past = does(alerted(), showing())

    tries(past, showing()).then()
    assert tries(past, showing(document="sha256:other")).answer["exhibits"] == 2


def test_an_exhibit_keeps_who_captured_it_when_and_where():
    past = does(alerted(), showing(gps="30.27,120.15", note="the label"))

    assert case_of(past).exhibits == [
        Exhibit(
            kind="PHOTO",
            document_hash="sha256:photo",
            captured_on=day("2026-03-21"),
            captured_by="se-2",
            weight=Decimal("0.8"),
            note="the label",
            gps="30.27,120.15",
        )
    ]


def test_a_decision_names_evidence_of_its_case_only():
    past = does(heard(), showing())

    tries(past, deciding(evidence=("sha256:photo", "sha256:none"))).refuses(
        ValidationFailed, field="evidence[1]"
    )


def test_no_step_takes_evidence_away():
    past = does(alerted(), showing())
    steps = (
        triaging(), assigning(), asking(), answering(), deciding(), sanctioning(), appealing(),
    )  # fmt: skip
    sightings, exhibits = list(case_of(past).evidence), list(case_of(past).exhibits)

    for step in steps:
        does(past, step)
        assert case_of(past).evidence == sightings
        assert case_of(past).exhibits == exhibits


def test_neither_closing_nor_reopening_takes_evidence_away():
    past = does(heard(), showing(), deciding("DISMISSED"), closing())

    does(past, showing(document="sha256:later"), reopening())

    assert [one.document_hash for one in case_of(past).exhibits] == ["sha256:photo", "sha256:later"]
    assert len(case_of(past).evidence) == 1


def test_a_sighting_that_was_an_error_stays_in_the_log_and_counts_no_more():
    past = heard()

    done = tries(past, declaring_wrong(past))

    [withdrawn] = done.recorded(case_events.EvidenceWithdrawn)
    assert (withdrawn.reason, withdrawn.by.user) == ("DID_NOT_OCCUR", "system:diversion")
    assert case_of(past).evidence == [withdrawn.sighting]
    assert case_of(past).counted == []
    assert [type(one) for _, _, one in past.log.journal].count(case_events.AlertRaised) == 1


def test_a_case_whose_only_sighting_was_an_error_is_not_confirmed():
    past = heard()
    does(past, declaring_wrong(past))

    tries(past, deciding(), on=DECIDED_ON).refuses(EvidenceInsufficient, sightings=0)


@pytest.mark.parametrize(("weight", "enough"), [("0.89", False), ("0.9", True)])
def test_then_a_document_has_to_prove_it_alone(weight, enough):
    past = heard()
    does(past, declaring_wrong(past), showing(weight=Decimal(weight)))

    done = tries(past, deciding())

    if enough:
        assert case_of(done.accepted()).confirmed
    else:
        done.refuses(EvidenceInsufficient, sightings=0, exhibits=1)


def test_what_is_seen_again_while_the_dealer_is_asked_is_evidence_and_no_step():
    past = does(alerted(), triaging(), asking())

    done = tries(past, finding(on="2026-03-23", source=WARRANTY))

    assert [one.rule for one in done.recorded(case_events.EvidenceAdded)] == ["R01"]
    assert (case_of(past).status, len(case_of(past).evidence)) == (AWAITING, 2)
    assert tries(past, answering()).answer["status"] == RESPONDED
