"""Idempotency keys: a repetition finds the receipt, another content is refused by name."""

from __future__ import annotations

import pytest

from eventlog.jobs import KeyReusedError
from tests.eventlog.bins import pick, stock
from tests.eventlog.support import Desk, request, statuses


def test_the_same_key_twice_gives_the_same_receipt_and_no_new_event(desk):
    first = desk.do(stock("A"), key="k")
    second = desk.do(stock("A"), key="k")

    assert second.repeated
    assert not first.repeated
    assert second.receipt == first.receipt
    assert len(desk.rows()) == 1


def test_the_same_key_twice_in_one_batch_is_decided_once(desk):
    first, second = desk.together(request(stock("A"), "k"), request(stock("A"), "k"))

    assert (first.repeated, second.repeated) == (False, True)
    assert second.receipt == first.receipt
    assert len(desk.rows()) == 1


def test_the_same_key_with_another_digest_is_refused_by_name(desk):
    first = desk.do(stock("A"), key="k", digest="one")

    with pytest.raises(KeyReusedError) as refused:
        desk.do(stock("A"), key="k", digest="another")

    assert refused.value.receipt == first.receipt
    assert len(desk.rows()) == 1
    assert desk.receipts() == 1


def test_a_key_reused_within_a_batch_harms_nobody_else(desk):
    answers = desk.together(
        request(stock("A"), "k", "one"), request(stock("A"), "k", "another"), stock("A")
    )

    assert statuses(answers) == ["accepted", "KeyReusedError", "accepted"]
    assert len(desk.rows()) == 2


def test_the_same_key_of_another_principal_is_another_command(desk):
    desk.do(stock("A"), key="k", principal="shop")
    other = desk.do(stock("A"), key="k", principal="depot")

    assert not other.repeated
    assert len(desk.rows()) == 2


def test_a_refusal_is_repeated_as_it_was_although_it_would_be_accepted_now(desk):
    first = desk.do(pick("A"), key="k")
    desk.do(stock("A"))
    second = desk.do(pick("A"), key="k")

    assert first.receipt.status == "refused"
    assert second.repeated
    assert second.receipt == first.receipt
    assert desk.counted("A") == 1


def test_a_receipt_is_found_after_a_restart(database_url):
    with Desk(database_url) as desk:
        first = desk.do(stock("A"), key="k")
    with Desk(database_url) as desk:
        second = desk.do(stock("A"), key="k")

        assert second.repeated
        assert second.receipt == first.receipt
        assert len(desk.rows()) == 1


def test_a_key_that_only_ran_dry_is_still_new(desk):
    desk.do(stock("A"), key="k", dry_run=True)
    wet = desk.do(stock("A"), key="k")

    assert not wet.repeated
    assert len(desk.rows()) == 1


def test_a_dry_run_of_a_used_key_finds_the_receipt(desk):
    first = desk.do(stock("A"), key="k")
    dry = desk.do(stock("A"), key="k", dry_run=True)

    assert dry.repeated
    assert dry.receipt == first.receipt
