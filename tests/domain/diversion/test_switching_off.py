"""Switching off: each of the sixteen rules fires in its story, and is silent in it once it is off."""

import pytest

from domain.cases.detection_policy import RULES, DetectionPolicy, Thresholds
from domain.channel.book import Buyer
from domain.flows.cases.ruling import SetDetectionThresholds, set_detection_thresholds
from domain.kernel.refusal import ValidationFailed
from domain.policies.diversion import NAMES
from tests.domain.diversion.steps import (
    CHENGDU,
    HANGZHOU,
    LOT,
    NANJING,
    bought,
    boxes,
    case,
    cases,
    delivered,
    install,
    points,
    report,
    sale,
    see,
    see_lot,
    serve,
    thresholds,
    unit,
    world,
)
from tests.domain.diversion.test_rules_of_presence import returned
from tests.domain.diversion.test_rules_of_the_channel import on_its_way
from tests.domain.diversion.test_rules_of_watching import (
    listed,
    potential,
    quoted,
    steady,
    watch,
)
from tests.domain.story import US80_1, scan
from tests.domain.support import like

STRANGER = Buyer(name="a shop", region_code="320200")


def served(past):
    for on in ("2026-03-06", "2026-03-07", "2026-03-08"):
        done = serve(past, US80_1, HANGZHOU, on=on)
    return done


STORIES = {
    "R01": (lambda: bought(US80_1), lambda past: install(past, US80_1, HANGZHOU)),
    "R02": (
        lambda: on_its_way("US80", US80_1),
        lambda past: delivered(past, "SHP-0001", "330100", "2026-03-05"),
    ),
    "R03": (world, lambda past: see(past, US80_1, "320100")),
    "R04": (world, lambda past: see(past, "US80-26-9999", "320100")),
    "R05": (
        lambda: install(bought(US80_1), US80_1, NANJING).past,
        lambda past: see(past, US80_1, "320500", hospital="H-SZ-01"),
    ),
    "R06": (lambda: bought(US80_1), lambda past: report(past, "D06", sale("H-HZ-03", US80_1))),
    "R07": (lambda: bought(US80_1), lambda past: report(past, "D05", sale(STRANGER, US80_1))),
    "R08": (
        lambda: boxes(20, dealer="D06"),
        lambda past: report(past, "D06", sale("H-HZ-03", lot=LOT, qty=25)),
    ),
    "R09": (lambda: boxes(20), lambda past: see_lot(past, CHENGDU[1])),
    "R10": (
        lambda: see(bought(US80_1), US80_1, "320100").past,
        lambda past: see(past, US80_1, "510100"),
    ),
    "R11": (lambda: potential(steady(60), 20), watch),
    "R12": (lambda: bought(US80_1), served),
    "R13": (world, lambda past: quoted(past, "266000")),
    "R14": (lambda: bought(US80_1), lambda past: listed(past, scan("US80", US80_1))),
    "R15": (lambda: returned()[0], lambda past: see(past, US80_1, "330100")),
    "R16": (lambda: bought(US80_1), lambda past: watch(past, on="2026-08-31")),
}


def test_there_is_a_story_for_every_rule():
    assert list(STORIES) == list(NAMES)


@pytest.mark.parametrize("rule", STORIES)
def test_a_rule_fires_and_says_by_which_version_of_the_policy(rule):
    begin, act = STORIES[rule]
    past = thresholds(begin(), off=tuple(one for one in NAMES if one != rule))

    act(past).accepted()

    assert cases(past) == {"DIV-0001": rule}
    found = case(past).known
    assert found.rules_version == past.get(DetectionPolicy, RULES).version
    assert found.parts[0].reason == f"base of {rule}"
    assert found.score == min(100, sum(points(found)))


@pytest.mark.parametrize("rule", STORIES)
def test_a_rule_that_is_off_raises_nothing_and_what_happened_is_kept(rule):
    begin, act = STORIES[rule]
    past = thresholds(begin(), off=(rule,))
    before = len(past.log.journal)

    act(past).accepted()

    assert rule not in cases(past).values()
    assert len(past.log.journal) > before or rule in ("R11", "R16")


def test_a_rule_that_is_on_again_judges_what_comes_and_not_what_was():
    past = thresholds(bought(US80_1), off=("R01",))
    install(past, US80_1, HANGZHOU).accepted()

    thresholds(past)

    assert cases(past) == {}
    see(past, US80_1, "330100", hospital="H-HZ-03").accepted()
    assert (cases(past), unit(past, US80_1).hospital) == ({}, "H-HZ-03")


def test_the_policy_is_set_once_and_counts_its_versions():
    past, command = world(), SetDetectionThresholds(grace_days=30, off=("R16", "R11"))

    past.when(set_detection_thresholds, command).then(
        like(
            DetectionPolicy.ThresholdsSet,
            thresholds=Thresholds(grace_days=30, off=("R16", "R11")),
        )
    )
    done = past.when(set_detection_thresholds, command)
    done.then()
    assert done.answer == {"version": 1}
    assert past.get(DetectionPolicy, RULES).in_force("R01")
    assert not past.get(DetectionPolicy, RULES).in_force("R16")


@pytest.mark.parametrize(
    "wrong",
    [
        {"off": ("R17",)},
        {"off": ("OUT_OF_TERRITORY",)},
        {"grace_days": -1},
        {"travel_km": 100_001},
        {"volume_explained_pct": 101},
    ],
)
def test_a_threshold_out_of_bounds_and_an_unknown_rule_are_refused(wrong):
    past = world()

    past.when(set_detection_thresholds, SetDetectionThresholds(**wrong)).refuses(ValidationFailed)
