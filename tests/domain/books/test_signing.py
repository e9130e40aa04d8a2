"""Signing: the dealer confirms, finance signs off, and the month is settled by it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from domain.accounts import account_events, statement_events
from domain.accounts.refusals import (
    AlreadySigned,
    DisputeOpen,
    NotLatestVersion,
    PreparerSigns,
)
from domain.flows.accounts.signing import DeemConfirmed, SignOffStatement
from domain.flows.accounts.stating import ViewStatement
from domain.kernel.refusal import ForbiddenRole, InvalidState, NotFound, ValidationFailed
from domain.kernel.stamp import Actor
from domain.orders.contract import Contract
from domain.orders.contract_terms import ContractTerms
from tests.domain.books import desk
from tests.domain.books.desk import (
    APRIL,
    MARCH,
    SECOND,
    ask,
    confirming,
    disputing,
    do,
    pay,
    signing_off,
)
from tests.domain.support import SERVICE, Given, day, like
from tests.domain.world import BY, DEALER_5, FINANCE, MGR_EAST, REP_EAST

ON, INVOICE = "2026-04-02", "INV-2603-001"
STRANGER = Actor("dlr-d06", "DLR", dealer="D06")
TERMS = ContractTerms(
    type="FRAME",
    dealer="D05",
    lines=(),
    valid_from=day("2026-01-01"),
    valid_to=day("2026-12-31"),
    deemed_confirmation=True,
)


def stated(on: str = "2026-04-01") -> Given:
    past = desk.owing()
    desk.sold(past, on="2026-03-05")
    desk.issued(past, on=on)
    return past


def confirmed() -> Given:
    past = stated()
    do(past, confirming(), by=DEALER_5, on=ON)
    return past


def test_the_dealer_confirms_the_balance():
    past = stated()

    done = ask(past, confirming(), by=DEALER_5, on=ON)

    done.then(like(statement_events.Confirmed, number=1, amount=466_238_00, e_seal="seal"))
    ask(past, confirming(), by=DEALER_5, on=ON).then()


def test_the_dealer_confirms_what_it_does_not_dispute():
    past = stated()
    do(past, disputing(INVOICE, 2_847_60), by=DEALER_5, on=ON)

    done = ask(past, confirming(), by=DEALER_5, on=ON)

    done.then(like(statement_events.Confirmed, amount=466_238_00 - 2_847_60))


def test_a_confirmation_names_the_latest_version_and_bears_a_seal():
    past = stated()
    pay(past, 1_00, value="2026-03-31", on=ON).accepted()
    desk.issued(past, on=ON)

    ask(past, confirming(1), by=DEALER_5, on=ON).refuses(NotLatestVersion, latest=2)
    ask(past, confirming(7), by=DEALER_5, on=ON).refuses(NotFound)
    bare = desk.ConfirmStatement(dealer_id="D05", period=MARCH, version=2, e_seal=" ")
    ask(past, bare, by=DEALER_5, on=ON).refuses(ValidationFailed, field="e_seal")
    view = ViewStatement(dealer_id="D05", period=MARCH, version=1)
    ask(past, view, by=DEALER_5, on=ON).refuses(NotLatestVersion)


def test_another_dealer_does_not_know_of_it():
    past = stated()

    ask(past, confirming(), by=STRANGER, on=ON).refuses(NotFound)
    view = ViewStatement(dealer_id="D05", period=MARCH, version=1)
    ask(past, view, by=STRANGER, on=ON).refuses(NotFound)


@pytest.mark.parametrize("by", [REP_EAST, MGR_EAST, FINANCE, Actor("wh", "WH")])
def test_only_the_dealer_confirms(by):
    ask(stated(), confirming(), by=by, on=ON).refuses(ForbiddenRole)


def test_finance_signs_what_is_confirmed_and_the_month_is_settled():
    past = confirmed()

    done = ask(past, signing_off(), by=SECOND, on=ON)

    done.then(
        like(statement_events.SignedOff, number=1, signer="fin-2", closing=466_238_00),
        like(account_events.MonthLocked, period=MARCH, closing=466_238_00),
    )
    assert done.answer["confirmed"] == 466_238_00
    ask(past, confirming(), by=DEALER_5, on=ON).refuses(AlreadySigned)


def test_whoever_prepared_it_does_not_sign():
    ask(confirmed(), signing_off(), by=FINANCE, on=ON).refuses(PreparerSigns, signer="fin-1")


def test_nothing_is_signed_that_is_not_confirmed():
    ask(stated(), signing_off(), by=SECOND, on=ON).refuses(InvalidState, state="ISSUED")


def test_nothing_is_signed_while_a_dispute_is_open():
    past = confirmed()
    do(past, disputing(INVOICE, 1_00), by=DEALER_5, on=ON)
    do(past, confirming(), by=DEALER_5, on=ON)

    ask(past, signing_off(), by=SECOND, on=ON).refuses(DisputeOpen, lines=[INVOICE])
    do(past, desk.accepting(INVOICE), on=ON)

    done = do(past, signing_off(), by=SECOND, on=ON)
    assert done["confirmed"] == 466_238_00 - 1_00


def test_only_the_latest_version_is_signed_and_only_once():
    past = stated()
    pay(past, 1_00, value="2026-03-31", on=ON).accepted()
    desk.issued(past, on=ON)
    do(past, confirming(2), by=DEALER_5, on=ON)

    ask(past, signing_off(1), by=SECOND, on=ON).refuses(NotLatestVersion)
    do(past, signing_off(2), by=SECOND, on=ON)
    ask(past, signing_off(2), by=SECOND, on=ON).refuses(AlreadySigned)


@pytest.mark.parametrize("by", [REP_EAST, MGR_EAST, DEALER_5])
def test_only_finance_signs(by):
    ask(confirmed(), signing_off(), by=by, on=ON).refuses(ForbiddenRole)


def test_nobody_signs_for_somebody_else():
    other = SignOffStatement(dealer_id="D05", period=MARCH, version=1, signer="fin-1")

    ask(confirmed(), other, by=SECOND, on=ON).refuses(ValidationFailed, field="signer")


@pytest.mark.parametrize("signer", ["nobody", "mgr-east", "adm-1"])
def test_a_signature_is_that_of_somebody_of_finance(signer):
    named = SignOffStatement(dealer_id="D05", period=MARCH, version=1, signer=signer)

    assert ask(confirmed(), named, by=SERVICE, on=ON).refusal is not None


def test_inv_rc_1_the_next_month_opens_with_what_was_signed():
    """INV-RC-1."""
    past = confirmed()
    do(past, signing_off(), by=SECOND, on=ON)
    pay(past, 5_00, on="2026-04-10").accepted()

    (event,) = ask(past, desk.issuing(period=APRIL), on="2026-04-30").recorded(
        statement_events.Issued
    )

    assert event.figures.opening == 466_238_00 == desk.statement(past).closing


def test_inv_rc_1_what_came_after_the_version_must_be_in_it_before_it_is_signed():
    """INV-RC-1."""
    past = confirmed()
    pay(past, 1_00, value="2026-03-31", on=ON).accepted()

    ask(past, signing_off(), by=SECOND, on=ON).refuses(InvalidState)
    assert desk.statement(past).signed_version == 0


def test_inv_rc_1_neither_is_it_signed_after_the_closing():
    """INV-RC-1."""
    past = confirmed()
    pay(past, 1_00, value="2026-03-31", on=ON).accepted()
    ask(past, desk.closing(), on="2026-04-05")

    ask(past, signing_off(), by=SECOND, on="2026-04-06")

    told = desk.statement(past)
    assert told.signed_version == 0 or told.closing == desk.account(past).balance_before(APRIL)


def test_inv_rc_2_one_version_of_a_month_is_signed():
    """INV-RC-2."""
    past = confirmed()
    do(past, signing_off(), by=SECOND, on=ON)

    for later in ("2026-04-03", "2026-04-04"):
        ask(past, desk.issuing(), on=later)
        ask(past, signing_off(), by=SECOND, on=later).refuses(AlreadySigned)

    signed = [one for _, _, one in past.log.journal if one.TOPIC == "statement.signed_off"]
    assert [one.number for one in signed] == [1]


def with_contract(**changes: Any) -> Given:
    past = stated()
    terms = msgspec.structs.replace(TERMS, **changes)
    in_force = Contract.Signed(*BY, terms=terms, edition=1, document_hash="sha256:1")
    past.get(Contract, "HT-1").record(in_force)
    return past


def deeming(contract: str = "HT-1") -> DeemConfirmed:
    return DeemConfirmed(dealer_id="D05", period=MARCH, contract_id=contract)


def test_silence_is_a_yes_after_ten_working_days_where_the_contract_says_so():
    """Issued on Wednesday, 1 April: the tenth working day after it is the 15th."""
    past = with_contract()

    ask(past, deeming(), on="2026-04-15").refuses(InvalidState, working_days=10)
    done = ask(past, deeming(), on="2026-04-16")

    done.then(like(statement_events.DeemedConfirmed, amount=466_238_00, contract="HT-1"))
    assert do(past, signing_off(), by=SECOND, on="2026-04-16")["state"] == "SIGNED_OFF"


def test_it_is_none_where_no_contract_says_so():
    late = "2026-04-20"
    silent, others = with_contract(deemed_confirmation=False), with_contract(dealer="D06")

    ask(silent, deeming(), on=late).refuses(ValidationFailed, field="contract_id")
    ask(others, deeming(), on=late).refuses(ValidationFailed, field="contract_id")
    ask(silent, deeming("HT-9"), on=late).refuses(NotFound)
    for by in (MGR_EAST, DEALER_5):
        ask(with_contract(), deeming(), on=late, by=by).refuses(ForbiddenRole)


def test_a_dealer_that_said_something_was_not_silent():
    past = with_contract()
    do(past, disputing(INVOICE, 1_00), by=DEALER_5, on=ON)

    ask(past, deeming(), on="2026-04-20").refuses(InvalidState, state="DISPUTED")


def test_a_contract_that_is_over_says_nothing():
    past = with_contract(valid_to=day("2026-02-28"))

    assert ask(past, deeming(), on="2026-04-20").refusal is not None


def test_a_new_version_is_to_be_confirmed_anew():
    past = confirmed()
    pay(past, 1_00, value="2026-03-31", on=ON).accepted()
    desk.issued(past, on=ON)

    assert desk.statement(past).state == "ISSUED"
    ask(past, signing_off(2), by=SECOND, on=ON).refuses(InvalidState)
