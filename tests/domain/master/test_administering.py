"""Administering: users, keys, warehouses, and what the company decides as data."""

from decimal import Decimal

import pytest

from domain.company.company_policy import CompanyPolicy, TaxRate
from domain.flows.company.acting import acting
from domain.flows.company.administering import (
    IssueApiKey,
    RegisterUser,
    RegisterWarehouse,
    RevokeApiKey,
    issue_api_key,
    register_user,
    register_warehouse,
    revoke_api_key,
)
from domain.flows.company.deciding import (
    RankService,
    SetApprovalLimits,
    SetObservationWeights,
    SetTaxRate,
    rank_service,
    set_approval_limits,
    set_observation_weights,
    set_tax_rate,
)
from domain.goods.warehouse import Warehouse
from domain.kernel.refusal import AlreadyExists, ForbiddenRole, NotFound, ValidationFailed
from domain.kernel.stamp import Actor
from domain.parties.api_key import ApiKey
from domain.parties.user import User
from tests.domain.company import company
from tests.domain.support import SERVICE, day, given, like

SECRET = "a" * 64
KEY = IssueApiKey(name="erp", role="SERVICE", secret_digest=SECRET)
RATE = SetTaxRate(tax_code="VAT13", rate_pct=Decimal(13), valid_from=day("2019-04-01"))
SERVED = RankService(region_code="440000", ranking=["WH-GZ"], lead_days={"WH-GZ": 1})

SAYINGS = [
    (register_user, RegisterUser(user_id="fin-9", role="FIN"), User.Registered),
    (register_user, RegisterUser(user_id="d", role="DLR", dealer_id="D05"), User.Registered),
    (issue_api_key, KEY, ApiKey.Issued),
    (
        register_warehouse,
        RegisterWarehouse(wh="WH-XA", region_code="610000", sales_region="WEST"),
        Warehouse.Registered,
    ),
    (
        set_tax_rate,
        SetTaxRate(tax_code="VAT6", rate_pct=Decimal(6), valid_from=day("2026-01-01")),
        CompanyPolicy.TaxRateSet,
    ),
    (rank_service, SERVED, CompanyPolicy.ServiceRanked),
    (set_approval_limits, SetApprovalLimits(credit_pct=Decimal(5)), CompanyPolicy.LimitsSet),
    (
        set_observation_weights,
        SetObservationWeights(weights={"HOTLINE": Decimal("0.6")}),
        CompanyPolicy.WeightsSet,
    ),
]


@pytest.mark.parametrize(("flow", "command", "event"), SAYINGS)
def test_what_is_said_is_recorded_and_said_twice_it_is_recorded_once(flow, command, event):
    given(company()).when(flow, command).then(event).when(flow, command).then()


def test_deciding_the_present_limits_records_nothing():
    given(company()).when(set_approval_limits, SetApprovalLimits(duplicate_hours=0)).then()


@pytest.mark.parametrize(
    ("flow", "command", "fields"),
    [
        (register_user, RegisterUser(user_id="", role="BOSS"), ["user_id", "role"]),
        (register_user, RegisterUser(user_id="a/b", role="FIN"), ["user_id"]),
        (register_user, RegisterUser(user_id="d", role="DLR"), ["dealer_id"]),
        (register_user, RegisterUser(user_id="d", role="FIN", dealer_id="D05"), ["dealer_id"]),
        (
            issue_api_key,
            IssueApiKey(name=" ", role="ROOT", secret_digest="A" * 64),
            ["name", "role", "secret_digest"],
        ),
        (
            register_warehouse,
            RegisterWarehouse(wh="", region_code="33", sales_region=""),
            ["wh", "region_code", "sales_region"],
        ),
        (
            set_tax_rate,
            SetTaxRate(tax_code="X", rate_pct=Decimal("100.01"), valid_from=day("2026-01-01")),
            ["rate_pct"],
        ),
        (
            set_tax_rate,
            SetTaxRate(tax_code="X", rate_pct=Decimal(-1), valid_from=day("2026-01-01")),
            ["rate_pct"],
        ),
        (
            set_tax_rate,
            SetTaxRate(tax_code="X", rate_pct=Decimal("NaN"), valid_from=day("2026-01-01")),
            ["rate_pct"],
        ),
        (
            rank_service,
            RankService(region_code="44000", ranking=[], lead_days={}),
            ["region_code", "ranking"],
        ),
        (
            rank_service,
            RankService(region_code="440000", ranking=["WH-XX", "WH-GZ"], lead_days={"WH-GZ": -1}),
            ["ranking[0]", "lead_days.WH-XX", "lead_days.WH-GZ"],
        ),
        (
            set_approval_limits,
            SetApprovalLimits(credit_amount=-1, small_difference_floor=-1),
            ["credit_amount", "small_difference_floor"],
        ),
        (set_observation_weights, SetObservationWeights(), ["weights"]),
        (
            set_observation_weights,
            SetObservationWeights(weights={"A": Decimal("1.01"), "B": Decimal("-0.1")}),
            ["weights.A", "weights.B"],
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_every_field(flow, command, fields):
    done = given(company()).when(flow, command)

    done.refuses(*[ValidationFailed] * len(fields))
    assert [one.facts["field"] for one in done.refusal.violations] == fields


def test_a_user_may_get_another_role():
    past = given(company()).when(register_user, RegisterUser(user_id="x", role="REP")).accepted()

    past.when(register_user, RegisterUser(user_id="x", role="MGR", scope="EAST")).then(
        like(User.Registered, role="MGR", scope="EAST")
    )


def test_a_request_acts_as_a_registered_user_with_the_role_from_the_log():
    manager = RegisterUser(user_id="mgr-east", role="MGR", scope="EAST")
    log = given().when(register_user, manager).accepted().log

    assert acting(log, SERVICE, "mgr-east") == Actor("mgr-east", "MGR", "EAST", via="erp")
    assert acting(log, SERVICE, None) is SERVICE
    with pytest.raises(ForbiddenRole):
        acting(log, SERVICE, "nobody")


def test_a_secret_opens_the_door_for_one_key():
    past = given().when(issue_api_key, KEY).accepted()

    other = IssueApiKey(name="shop", role="SERVICE", secret_digest=SECRET)
    past.when(issue_api_key, other).refuses(AlreadyExists, name="erp")


def test_a_key_is_revoked_once_and_stays_revoked():
    past = given().when(issue_api_key, KEY).accepted()
    revoke = RevokeApiKey(secret_digest=SECRET, reason="lost")

    past.when(revoke_api_key, revoke).then(like(ApiKey.Revoked, reason="lost"))
    past.when(revoke_api_key, revoke).then()
    past.when(issue_api_key, KEY).then()
    assert past.get(ApiKey, SECRET).revoked


def test_an_unknown_key_is_not_revoked():
    given().when(revoke_api_key, RevokeApiKey(secret_digest=SECRET, reason="x")).refuses(NotFound)


@pytest.mark.parametrize(
    ("on", "rate"),
    [("2019-03-31", 16), ("2019-04-01", 13), ("2026-03-02", 13), ("2017-12-31", None)],
)
def test_a_rate_of_tax_holds_from_its_day_on(on, rate):
    past = given()
    for pct, first in ((13, "2019-04-01"), (16, "2018-05-01")):
        command = SetTaxRate(tax_code="VAT13", rate_pct=Decimal(pct), valid_from=day(first))
        past.when(set_tax_rate, command).accepted()

    assert past.get(CompanyPolicy, "company").tax_rate("VAT13", day(on)) == rate


def test_a_rate_that_is_decided_again_for_the_same_day_replaces_the_first():
    wrong = SetTaxRate(tax_code="VAT13", rate_pct=Decimal(17), valid_from=day("2019-04-01"))
    past = given().when(set_tax_rate, wrong).accepted()

    past.when(set_tax_rate, RATE).then(
        like(CompanyPolicy.TaxRateSet, rate=TaxRate("VAT13", Decimal(13), day("2019-04-01")))
    )

    assert past.get(CompanyPolicy, "company").tax_rate("VAT13", day("2026-03-02")) == 13
