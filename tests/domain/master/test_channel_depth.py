"""The channel keeps its depth and its borders, whichever end of it is moved."""

from domain.flows.parties.enrolling import (
    RegisterDealer,
    RegisterSubDealer,
    register_dealer,
    register_sub_dealer,
)
from domain.flows.parties.granting import GrantTerritory, grant_territory
from domain.parties.dealer import Dealer
from domain.parties.dealer_terms import Authorisation, DealerProfile
from domain.parties.refusals import (
    LevelTooDeep,
    SubdealerTerritoryNotSubset,
    TerritoryOverlapExclusive,
)
from tests.domain.company import company
from tests.domain.support import given
from tests.domain.world import YEAR, hospital


def below(parent, name, **more):
    return RegisterSubDealer(
        dealer_id=name, parent_id=parent, legal_name=name, uscc=f"USCC-{name}", tier="C", **more
    )


def moved(name, parent, level):
    profile = DealerProfile(
        legal_name=name,
        uscc=f"USCC-{name}",
        tier="C",
        sales_region="EAST",
        level=level,
        parent=parent,
    )
    return RegisterDealer(dealer_id=name, profile=profile)


def granting(dealer, *regions, include=(), exclude=(), exclusive=False):
    right = Authorisation(
        "ULTRASOUND",
        regions,
        *YEAR,
        exclusive=exclusive,
        hospitals_include=include,
        hospitals_exclude=exclude,
    )
    return GrantTerritory(dealer_id=dealer, authorisation=right)


def test_a_sub_dealer_stands_one_level_below_its_parent_and_is_known_there():
    past = given(company()).when(register_sub_dealer, below("D05", "D21")).accepted()

    assert past.get(Dealer, "D21").known.level == 2
    assert "D21" in past.get(Dealer, "D05").below


def test_a_dealer_with_sub_dealers_is_not_moved_below_another_where_that_is_too_deep():
    past = given(company())
    for parent, name in (("D05", "D21"), ("D21", "D22"), ("D06", "D31")):
        past.when(register_sub_dealer, below(parent, name)).accepted()

    past.when(register_dealer, moved("D21", "D31", 3)).refuses(LevelTooDeep, level=4)


def test_a_dealer_that_moves_leaves_the_one_that_it_bought_from():
    past = given(company()).when(register_sub_dealer, below("D05", "D21")).accepted()

    past.when(register_dealer, moved("D21", "D06", 2)).accepted()

    assert "D21" not in past.get(Dealer, "D05").below
    assert past.get(Dealer, "D06").below == ["D21"]


def test_a_dealer_does_not_move_below_one_that_holds_less_than_it_does():
    past = given(company()).when(register_sub_dealer, below("D05", "D21")).accepted()
    past.when(grant_territory, granting("D21", "320500")).accepted()

    past.when(register_dealer, moved("D21", "D06", 2)).refuses(SubdealerTerritoryNotSubset)


def test_a_sub_dealer_has_no_hospital_that_its_parent_has_not():
    past = given(company(), hospital("H-FAR", "440100"))
    past.when(register_sub_dealer, below("D05", "D21")).accepted()

    far = granting("D21", "320500", include=("H-FAR",))
    past.when(grant_territory, far).refuses(SubdealerTerritoryNotSubset)


def test_inv_dl_1_a_hospital_belongs_to_one_exclusive_dealer_whatever_names_it():
    past = given(company(), hospital("H-NEAR", "330100"))

    named = granting("D05", "320000", include=("H-NEAR",), exclusive=True)
    past.when(grant_territory, named).refuses(TerritoryOverlapExclusive, dealer="D06")
