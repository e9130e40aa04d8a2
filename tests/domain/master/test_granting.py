"""Granting: rights to sell that lie inside of the parent's and meet nobody's exclusive ones."""

import msgspec
import pytest

from domain.flows.parties.granting import GrantTerritory, grant_territory
from domain.kernel.refusal import DateRange, NotFound, ValidationFailed
from domain.parties import dealer_events
from domain.parties.refusals import SubdealerTerritoryNotSubset, TerritoryOverlapExclusive
from domain.parties.territory import Territory
from tests.domain.company import company
from tests.domain.support import day, given
from tests.domain.world import right


def granting(dealer, *regions, line="ULTRASOUND", exclusive=True, **dates):
    granted = msgspec.structs.replace(right(line, *regions, exclusive=exclusive), **dates)
    return GrantTerritory(dealer_id=dealer, authorisation=granted)


def test_a_right_is_granted_to_the_dealer_and_entered_on_the_map_once():
    past = given(company())

    past.when(grant_territory, granting("D05", "340000")).then(
        dealer_events.TerritoryGranted, Territory.Mapped
    ).when(grant_territory, granting("D05", "340000")).then()


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (granting("D04", "320000"), TerritoryOverlapExclusive),
        (granting("D04", "320500"), TerritoryOverlapExclusive),
        (granting("D04", "340000", "330100"), TerritoryOverlapExclusive),
        (granting("D04", "320000", exclusive=False), TerritoryOverlapExclusive),
        (granting("D12", "320000", "330000", exclusive=False), SubdealerTerritoryNotSubset),
        (granting("D12", "330100", exclusive=False), SubdealerTerritoryNotSubset),
        (granting("D12", "320100", line="ENDOSCOPY", exclusive=False), SubdealerTerritoryNotSubset),
        (
            granting("D12", "320100", exclusive=False, valid_to=day("2027-01-01")),
            SubdealerTerritoryNotSubset,
        ),
        (granting("D99", "340000"), NotFound),
        (granting("D05"), ValidationFailed),
        (granting("D05", "34"), ValidationFailed),
        (granting("D05", "340000", line=""), ValidationFailed),
        (granting("D05", "340000", valid_to=day("2025-12-31")), DateRange),
    ],
)
def test_a_right_that_does_not_fit_the_map_is_refused(command, refusal):
    given(company()).when(grant_territory, command).refuses(refusal)


@pytest.mark.parametrize(
    "command",
    [
        granting("D12", "320100", exclusive=False),  # inside of its parent's
        granting("D12", "320000"),  # another level than the one that holds it exclusively
        granting("D04", "320000", valid_from=day("2027-01-01"), valid_to=day("2027-12-31")),
        granting("D04", "320000", line="ENDOSCOPY"),
    ],
)
def test_a_right_that_meets_nobody_elses_is_granted(command):
    given(company()).when(grant_territory, command).then(
        dealer_events.TerritoryGranted, Territory.Mapped
    )


def test_rights_of_which_none_is_exclusive_may_overlap():
    past = given(company())
    past.when(grant_territory, granting("D05", "340000", exclusive=False)).accepted()

    past.when(grant_territory, granting("D06", "340100", exclusive=False)).accepted()
    past.when(grant_territory, granting("D04", "340000")).refuses(*[TerritoryOverlapExclusive] * 2)
