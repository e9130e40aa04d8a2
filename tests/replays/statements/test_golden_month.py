"""The golden month's statements and its ledger: the worked figures, to the cent, whenever asked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.replays.statements.golden import APRIL, DEALERS, FORMS, LEDGER, MARCH, Month, in_fen

THEN = "2026-04-01T23:00:00+08:00"
NOW = "2026-04-05T23:00:00+08:00"


def amounts(told: dict[str, Any]) -> int:
    """What the movements of a statement come to from its opening balance (4.1)."""
    credited = told["returns"] + told["price_credits"] + told["rebates"] + told["claims"]
    less = credited + told["deposits"] + told["payments"] + told["write_offs"]
    more = told["opening"] + told["invoices"] + told["adjustments"] + told["penalties"]
    return int(more - less)


@pytest.mark.parametrize("dealer", DEALERS)
def test_every_statement_has_the_worked_figures(month: Month, dealer: str):
    """10.7, and 4.1's identity: it closes with the sum of what is open."""
    told = month.statement(dealer)

    assert in_fen(told) == DEALERS[dealer]
    assert amounts(told) == told["closing"]
    assert sum(one["open"] for one in told["memo"]["open_documents"]) == told["closing"]
    aged = [value for name, value in told["memo"]["ageing"].items() if name != "on"]
    assert sum(aged) == told["closing"]


def test_all_dealers_together_owe_what_the_control_account_says(month: Month):
    """INV-AC-4: the movement of 1122 is closing less opening."""
    told = [month.statement(dealer) for dealer in DEALERS]

    sums = [sum(column) for column in zip(*map(in_fen, told), strict=True)]

    assert (sums[0], sums[-1]) == (2_373_000_00, 1_970_976_50)
    debit, credit = LEDGER["1122"]
    assert sums[-1] - sums[0] == debit - credit == -402_023_50


def test_the_accounts_moved_as_the_worked_journal_says(month: Month):
    rows = month.look("/v1/account-totals", period=MARCH, limit=200)["items"]

    assert {one["account"]: (one["debit"], one["credit"]) for one in rows} == LEDGER
    lines = month.look("/v1/journal", period=MARCH, limit=500)["items"]
    for account, (debit, credit) in LEDGER.items():
        mine = [one for one in lines if one["account"] == account]
        assert sum(one["debit"] for one in mine) == debit
        assert sum(one["credit"] for one in mine) == credit
    assert sum(debit for debit, _ in LEDGER.values()) == 19_834_858_50


def test_entries_of_the_journal_are_numbered_without_gaps(month: Month):
    lines = month.look("/v1/journal", period=MARCH, limit=500)["items"]

    numbers = sorted({one["number"] for one in lines})

    assert numbers == list(range(1, len(numbers) + 1))


def test_both_versions_can_be_read_by_number_and_by_what_was_known(month: Month):
    """10.11: D06's receipt of 31 March was told on 2 April."""
    first, second = month.statement("D06", version=1), month.statement("D06", version=2)
    then, now = month.statement("D06", known_at=THEN), month.statement("D06", known_at=NOW)

    assert (first["closing"], second["closing"]) == (566_604_60, 340_604_60)
    assert (then["closing"], now["closing"]) == (566_604_60, 340_604_60)
    assert (first["state"], second["state"]) == ("SUPERSEDED", "SIGNED_OFF")
    assert (then["head"]["digest"], now["head"]["digest"]) == (
        first["head"]["digest"],
        second["head"]["digest"],
    )
    assert then["lines"] == first["lines"]
    missing = month.client.get(f"/v1/dealers/D06/statements/{MARCH}", params={"version": 3})
    assert missing.status_code == 404


def test_as_known_on_the_first_all_owed_more(month: Month):
    told = [month.statement(dealer, known_at=THEN)["closing"] for dealer in DEALERS]

    assert sum(told) == 2_196_976_50


def test_the_list_of_statements_has_the_digests_of_the_documents(month: Month):
    rows = month.issued()

    assert len(rows) == 10
    for one in rows:
        told = month.statement(one["dealer"], version=one["version"])
        assert told["head"]["digest"] == one["digest"]
        assert told["head"]["log_position"] == one["issued_position"]
        assert in_fen(told) == in_fen(one)
        assert amounts(one) == one["closing"]


def test_documents_have_the_same_bytes_asked_twice_and_after_late_facts(month: Month):
    again = month.documents()

    assert len(again) == 10 * len(FORMS)
    assert again == month.before


def within(written: Any, told: Any) -> bool:
    """Whether a document, in which what is empty is left out, says the same."""
    if isinstance(written, dict):
        return all(within(one, told[name]) for name, one in written.items())
    if isinstance(written, list):
        return len(written) == len(told) and all(map(within, written, told))
    return bool(written == told)


def test_the_document_in_json_says_what_the_statement_says(month: Month):
    for (dealer, version, form), content in month.before.items():
        if form == "json":
            told, written = month.statement(dealer, version=version), json.loads(content)
            assert set(written) == {"head", "figures", "lines", "prior", "memo", "goods"}
            assert within(written, told)
            assert len(written["lines"]) == len(told["lines"])


def test_the_lines_of_d05_run_to_its_balance(month: Month):
    """10.7, the statement detail."""
    told = month.statement("D05", version=1)

    balances: dict[str, int] = {}
    for one in told["lines"]:
        balances[one["doc"]] = one["balance"]
    assert balances == {
        "INV-2603-001": 1_138_588_00,
        "CN-2603-001": 1_104_688_00,
        "CN-2603-002": 804_108_00,
        "RCPT-0002": 204_108_00,
        "CS-2603-001": 194_108_00,
    }
    memo = told["memo"]
    assert (memo["exposure"], memo["available"]) == (194_108_00, 5_805_892_00)
    policy = {"policy": "RB-2026-Q1", "accrued": 24_632_00, "withheld": 5_320_00}
    assert memo["rebates"] == [policy]
    assert memo["ageing"]["not_due"] == 194_108_00


def test_what_d05_confirmed_is_its_balance_less_what_it_disputed(month: Month):
    rows = {(one["dealer"], one["version"]): one for one in month.issued()}

    assert rows["D05", 1]["closing"] == 194_108_00
    assert rows["D05", 1]["confirmed_amount"] == 191_260_40
    assert rows["D06", 2]["confirmed_amount"] == 340_604_60


def test_documents_were_open_at_the_end_of_the_month_as_the_worked_table_says(month: Month):
    told = month.look("/v1/open-items", as_of="2026-03-31", limit=200)["items"]

    assert len(told) == 17
    assert sum(one["open"] for one in told) == 1_970_976_50
    by_statement = {
        one["doc"]: one["open"]
        for dealer in DEALERS
        for one in month.statement(dealer)["memo"]["open_documents"]
    }
    assert {one["doc"]: one["open"] for one in told if one["open"]} == by_statement


def test_march_was_closed_with_its_totals(month: Month):
    (row,) = [one for one in month.look("/v1/periods", limit=50)["items"] if one["period"] == MARCH]

    assert (row["state"], row["revision"]) == ("CLOSED", 1)
    assert row["closed_debit"] == row["closed_credit"] == 19_834_858_50
    assert row["receivables"] == 1_970_976_50


def test_a_return_of_march_that_was_told_in_april_is_aprils(month: Month):
    """10.11: D11 owes 41,132.00 at the end of March for ever, and 39,075.40 after the note."""
    march, april = month.statement("D11"), month.statement("D11", APRIL)

    assert (march["closing"], april["opening"]) == (41_132_00, 41_132_00)
    assert april["closing"] == 39_075_40
    assert april["lines"] == []
    (note,) = april["prior"]
    assert (note["doc"], note["day"], note["effective"]) == (
        "CN-2604-002",
        "2026-04-06",
        "2026-03-30",
    )
    assert (note["net"], note["vat"], note["gross"]) == (-1_820_00, -236_60, -2_056_60)
    rows = month.look("/v1/journal", period=APRIL, limit=200)["items"]
    goods = [one for one in rows if one["account"] in ("1405", "6401")]
    assert [(one["account"], one["debit"], one["credit"]) for one in goods] == [
        ("1405", 900_00, 0),
        ("6401", 0, 900_00),
    ]
    assert {one["accounting_date"] for one in goods} == {"2026-04-06"}
