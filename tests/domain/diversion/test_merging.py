"""Merging: alerts of one family about one thing are one case; it begins anew in another region."""

import pytest

from domain.cases import case_events
from domain.cases.case_terms import Decision
from domain.cases.dealer_conduct import DealerConduct
from domain.flows.cases.investigating import (
    CloseCase,
    MergeCase,
    Triage,
    close_case,
    merge_case,
    triage,
)
from domain.policies.diversion import BASE, FAMILY, NAMES
from tests.domain.diversion.steps import (
    CHANGSHA,
    CHENGDU,
    HANGZHOU,
    LOT,
    NANJING,
    add,
    alert,
    bought,
    boxes,
    case,
    cases,
    install,
    leave,
    points,
    register,
    report,
    rules,
    sale,
    see,
    see_lot,
    thresholds,
    unit,
    world,
)
from tests.domain.story import US80_1, US80_2, US80_3
from tests.domain.support import day, fact
from tests.domain.world import BY, MGR_NATIONAL

GHOST = "US80-26-9999"


def kinds(done):
    return [type(one) for one in done.events if one.TOPIC.startswith("diversion.")]


def test_every_rule_has_a_name_a_base_and_a_family():
    assert list(NAMES) == [f"R{number:02}" for number in range(1, 17)]
    assert set(NAMES) == set(BASE) == set(FAMILY)
    assert list(BASE.values()) == [60, 50, 90, 70, 80, 55, 45, 40, 50, 75, 30, 40, 35, 35, 90, 20]


def test_alerts_of_one_family_about_one_device_are_one_case():
    past = bought(US80_1)
    report(past, "D06", sale("H-HZ-03", US80_1)).accepted()

    done = register(past, US80_1, HANGZHOU, on="2026-03-25")

    assert kinds(done) == [case_events.EvidenceAdded, case_events.AlertRescored]
    assert cases(past) == {"DIV-0001": "R01"}
    assert [one.source for one in case(past).evidence] == [
        "DEALER_PORTAL",
        "WARRANTY_REGISTRATION",
    ]


def test_a_graver_sighting_makes_the_case_graver_with_all_its_facts():
    past = bought(US80_1)
    install(past, US80_1, CHANGSHA).accepted()
    assert (case(past).known.score, case(past).known.victim_dealer) == (69, None)

    done = register(past, US80_1, ("H-CD-05", "510100"), on="2026-03-25")

    (again,) = done.recorded(case_events.AlertRescored)
    assert (again.score_before, again.severity_before, again.cause) == (
        69,
        "MEDIUM",
        "R01 in 510100",
    )
    found = case(past).known
    assert (points(found), found.score, found.severity) == ([60, 20, 10, 10, -2], 98, "CRITICAL")
    assert (found.victim_dealer, found.observed_region) == ("D09", "510100")


def test_a_lesser_sighting_is_evidence_and_leaves_the_alert_as_it_is():
    past = install(bought(US80_1), US80_1, HANGZHOU).past
    before = case(past).known

    done = register(past, US80_1, HANGZHOU, on="2026-03-25")

    assert kinds(done) == [case_events.EvidenceAdded]
    assert case(past).known == before


def test_another_family_is_another_case_about_the_same_device():
    past = install(bought(US80_1), US80_1, NANJING).past

    done = install(past, US80_1, HANGZHOU, on="2026-03-22")

    assert done.answer["cases"] == ["DIV-0001", "DIV-0002"]
    assert cases(past) == {"DIV-0001": "R05", "DIV-0002": "R01"}
    assert unit(past, US80_1).cases == {"clone": "DIV-0001", "territory": "DIV-0002"}


def test_another_device_is_another_case():
    past = bought(US80_1, US80_2)
    for serial in (US80_1, US80_2):
        install(past, serial, HANGZHOU).accepted()

    assert cases(past) == {"DIV-0001": "R01", "DIV-0002": "R01"}


def test_a_lot_is_one_case_wherever_it_is_seen_and_another_at_each_dealer_that_oversold_it():
    past = boxes(20, dealer="D06", past=boxes(60))
    for region in ("510100", "440100"):
        see_lot(past, region).accepted()
    report(past, "D05", sale("H-NJ-02", lot=LOT, qty=70)).accepted()
    report(past, "D06", sale("H-HZ-03", lot=LOT, qty=30)).accepted()

    assert cases(past) == {"DIV-0001": "R09", "DIV-0002": "R08", "DIV-0003": "R08"}
    assert case(past).regions() == {"510100", "440100"}


def test_more_that_was_sold_of_a_lot_is_evidence_in_the_same_case():
    past = boxes(20, dealer="D06")
    report(past, "D06", sale("H-HZ-03", lot=LOT, qty=25)).accepted()

    done = report(past, "D06", sale("H-SH-01", lot=LOT, qty=5, on="2026-03-25"))

    assert "DIV-0001" in done.answer["cases"]
    assert (cases(past)["DIV-0001"], case(past).regions()) == ("R08", {"330100", "310100"})


def closed(past, name="DIV-0001"):
    decision = Decision(outcome="DISMISSED", reason="a photo of another device", deciders=("mgr",))
    decided = case_events.CaseDecided(*BY, decision=decision)
    past.when(triage, Triage(case_id=name, note="look"), by=MGR_NATIONAL).accepted()
    add(past, fact(type(case(past)), name, decided))
    command = CloseCase(case_id=name, reason="nothing to it")
    return past.when(close_case, command, by=MGR_NATIONAL).accepted()


def test_a_closed_case_begins_anew_where_it_is_seen_in_another_region():
    past = closed(see(world(), GHOST, "510100").past)

    done = see(past, GHOST, "330100", on="2026-03-30")

    assert kinds(done) == [case_events.EvidenceAdded, case_events.CaseReopened]
    assert (case(past).status, case(past).regions()) == ("REOPENED", {"510100", "330100"})
    assert cases(past) == {"DIV-0001": "R04"}


def test_a_case_that_begins_anew_is_graver_where_it_is_seen_more_surely():
    past = closed(see(world(), GHOST, "510100").past)

    done = see(past, GHOST, "330100", on="2026-03-30", source="SERVICE_ENGINEER_SCAN")

    assert kinds(done) == [
        case_events.EvidenceAdded,
        case_events.CaseReopened,
        case_events.AlertRescored,
    ]
    assert case(past).known.score == 79


def test_a_closed_case_stays_closed_where_it_is_seen_in_the_same_region():
    past = closed(see(world(), GHOST, "510100").past)

    done = see(past, GHOST, "510100", on="2026-03-30", source="SERVICE_ENGINEER_SCAN")

    assert kinds(done) == [case_events.EvidenceAdded]
    assert (case(past).status, case(past).known.score) == ("CLOSED", 76)


def test_an_open_case_that_is_seen_in_another_region_goes_on():
    past = see(world(), GHOST, "510100").past

    assert kinds(see(past, GHOST, "330100", on="2026-03-30")) == [case_events.EvidenceAdded]
    assert case(past).status == "ALERTED"


def test_what_is_seen_of_a_merged_case_is_evidence_in_the_one_that_goes_on():
    past = install(bought(US80_1), US80_1, NANJING).past
    install(past, US80_1, HANGZHOU, on="2026-03-22").accepted()
    command = MergeCase(case_id="DIV-0001", into="DIV-0002")
    past.when(merge_case, command, by=MGR_NATIONAL).accepted()

    done = see(past, US80_1, "320500", on="2026-03-30", hospital="H-SZ-01")

    assert (done.answer["cases"], rules(done)) == (["DIV-0002"], [])
    assert case(past).status == "MERGED"
    assert case(past, "DIV-0002").regions() == {"330100", "320500"}


def test_a_device_that_was_seen_twice_counts_once_and_one_that_was_explained_does_not_count():
    past = leave(bought(US80_1, US80_2, US80_3), region_code="340000")
    install(past, US80_1, CHANGSHA).accepted()
    register(past, US80_1, CHANGSHA).accepted()
    install(past, US80_2, ("H-CD-05", "340100")).accepted()

    assert points(alert(install(past, US80_3, CHANGSHA))) == [60, 10, -1]
    assert len(past.get(DealerConduct, "D05").units) == 2


@pytest.mark.parametrize(
    ("on", "parts"), [("2026-08-27", [60, 10, 10, -1]), ("2026-08-28", [60, 10, -1])]
)
def test_a_case_that_was_confirmed_in_the_last_180_days_scores_10_more(on, parts):
    told = DealerConduct.CaseConfirmed(*BY, case="DIV-0900", decided_on=day("2026-02-28"))
    past = add(bought(US80_1), fact(DealerConduct, "D05", told))

    assert points(alert(install(past, US80_1, CHANGSHA, on=on))) == parts


@pytest.mark.parametrize("rule", ["R01", "R03", "R04", "R09"])
def test_a_rule_that_is_off_raises_nothing_and_others_do(rule):
    past = thresholds(boxes(60, past=bought(US80_1)), off=(rule,))

    found = [
        rules(install(past, US80_1, HANGZHOU)),
        rules(see(past, "P5-26-0001", "430100")),
        rules(see(past, GHOST, "430100")),
        rules(see_lot(past, CHENGDU[1])),
    ]

    told = [[one] if one != rule else [] for one in ("R01", "R03", "R04", "R09")]
    assert found == told


def test_a_rule_that_is_off_adds_nothing_to_an_open_case_and_what_is_seen_is_kept():
    past = thresholds(install(bought(US80_1), US80_1, HANGZHOU).past, off=("R01",))

    done = register(past, US80_1, HANGZHOU, on="2026-03-25")

    assert kinds(done) == []
    assert [one.sighting.source for one in unit(past, US80_1).sights] == [
        "SERVICE_ENGINEER_SCAN",
        "WARRANTY_REGISTRATION",
    ]
