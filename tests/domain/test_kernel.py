"""The few ideas that every aggregate shares: events, versions, refusals, findings."""

import pytest

from domain.catalogue import AGGREGATES, EVENTS
from domain.goods.refusals import InsufficientAtp
from domain.kernel.aggregate import existing
from domain.kernel.refusal import DateRange, NotFound, Refusal, ValidationFailed, refuse
from domain.kernel.validation import Findings
from domain.orders.refusals import DuplicateOrder, OverrideLimitExceeded
from domain.parties.user import User
from tests.domain.support import MemoryLog, day, given, stamp
from tests.domain.world import BY

REP, MGR = User.Registered(*BY, role="REP"), User.Registered(*BY, role="MGR", scope="EAST")


def test_recording_writes_down_applies_and_counts():
    user = User.of("rep-1")
    user.record(REP)
    user.record(MGR)

    assert user.journal == [("User/rep-1", 1, REP), ("User/rep-1", 2, MGR)]
    assert (user.version, user.role, user.scope) == (2, "MGR", "EAST")


def test_folding_applies_and_counts_and_writes_nothing_down():
    user = User.of("rep-1")
    user.fold(REP)

    assert (user.journal, user.version, user.role) == ([], 1, "REP")


def test_what_was_folded_is_what_was_recorded():
    live, refolded = User.of("rep-1"), User.of("rep-1")
    for event in (REP, MGR):
        live.record(event)
        refolded.fold(event)

    assert live == refolded


def test_a_stream_is_named_by_category_and_key():
    assert User.of("rep-1").stream == "User/rep-1"
    assert User.of("a", "b").stream == "User/a/b"
    assert User.of("a", "b").key == "a/b"


def test_an_aggregate_exists_once_something_was_recorded():
    log = MemoryLog()

    assert not log.get(User, "rep-1").exists
    with pytest.raises(NotFound) as refused:
        existing(log, User, "rep-1")
    assert refused.value.facts == {"kind": "User", "id": "rep-1"}
    log.get(User, "rep-1").record(REP)
    assert existing(log, User, "rep-1").exists


def test_two_aggregates_of_a_log_share_its_journal():
    log = MemoryLog()
    log.get(User, "a").record(REP)
    log.get(User, "b").record(REP)
    log.get(User, "a").record(MGR)

    assert [(stream, version) for stream, version, _ in log.journal] == [
        ("User/a", 1),
        ("User/b", 1),
        ("User/a", 2),
    ]


def test_what_is_undone_is_as_if_it_had_never_been():
    past = given()
    past.when(lambda log: log.get(User, "a").record(REP)).accepted()

    def half(log):
        log.get(User, "a").record(MGR)
        log.get(User, "b").record(MGR)
        raise ValidationFailed(field="x")

    past.when(half).refuses(ValidationFailed)

    assert (past.get(User, "a").version, past.get(User, "a").role) == (1, "REP")
    assert not past.get(User, "b").exists


def test_a_code_is_the_name_of_its_class():
    assert InsufficientAtp.code == "INSUFFICIENT_ATP"
    assert DuplicateOrder.code == "DUPLICATE_ORDER"
    assert (NotFound.code, NotFound.status) == ("NOT_FOUND", 404)
    assert (DuplicateOrder.status, ValidationFailed.status) == (409, 422)


def test_all_codes_are_different_and_all_refusals_have_a_sentence():
    def below(kind):
        return {one for child in kind.__subclasses__() for one in (child, *below(child))}

    kinds = {one for one in below(Refusal) if one.__module__.startswith("domain.")}
    assert len({one.code for one in kinds}) == len(kinds) > 50
    assert [one for one in kinds if not one().sentence.endswith(".")] == []


def test_only_a_release_beyond_the_limit_leaves_a_trace():
    assert OverrideLimitExceeded.leaves_trace
    assert not InsufficientAtp.leaves_trace


def test_a_refusal_says_its_code_its_sentence_and_its_facts():
    refusal = InsufficientAtp(wanted=2, available=1)

    assert str(refusal) == "INSUFFICIENT_ATP: That much cannot be promised from this warehouse."
    assert refusal.facts == {"wanted": 2, "available": 1}


def test_of_several_violations_the_first_leads_and_the_others_follow():
    first, second, third = ValidationFailed(field="a"), NotFound(), ValidationFailed(field="b")

    with pytest.raises(ValidationFailed) as refused:
        refuse([first, second, third])

    assert refused.value is first
    assert refused.value.violations == (first, second, third)
    refuse([])


@pytest.mark.parametrize(
    "text",
    ["D01", "a", "x" * 64, "PO 2026-1", "订单一", "a:b", "-", "0", "ü" * 64],
)
def test_an_id_is_1_to_64_characters(text):
    findings = Findings()
    findings.identifier(text, "id")

    findings.refuse()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x" * 65,
        "a/b",
        "/",
        " a",
        "\ta",
        "a\tb",
        "a\n",
        "a\x00",
        "\x1f",
        "a\x7f",
        "a\x85b",
        "\u3000a",
    ],
)
def test_an_id_has_no_slash_no_control_character_and_no_space_at_its_beginning(text):
    findings = Findings()
    findings.identifier(text, "id")

    with pytest.raises(ValidationFailed) as refused:
        findings.refuse()
    assert refused.value.facts["field"] == "id"


def test_a_validity_may_last_a_day_or_for_ever_but_not_less():
    findings = Findings()
    findings.dates(day("2026-03-02"), day("2026-03-02"), "until")
    findings.dates(day("2026-03-02"), None, "until")
    assert findings.found == []
    findings.dates(day("2026-03-02"), day("2026-03-01"), "until")
    assert [type(one) for one in findings.found] == [DateRange]


def test_something_is_known_once_it_was_recorded():
    log, findings = MemoryLog(), Findings()
    log.get(User, "rep-1").record(REP)

    assert findings.known(log, User, "rep-1", "user")
    assert not findings.known(log, User, "rep-2", "user")
    assert not findings.known(log, User, "", "user")
    assert len(findings.found) == 2


def test_automation_is_an_actor_of_its_own():
    automatic = stamp().automatic("checks")

    assert (automatic.by.user, automatic.by.role) == ("system:checks", "SYSTEM")
    assert (automatic.at, automatic.today) == (stamp().at, stamp().today)


def test_every_event_of_every_aggregate_is_in_the_catalogue_once():
    topics = [event.TOPIC for event in EVENTS]

    assert len(set(topics)) == len(topics)
    assert len({one.CATEGORY for one in AGGREGATES}) == len(AGGREGATES)
    assert User.Registered in EVENTS
