"""Whole periods as ledgers: bean-check accepts what the log holds, and rejects what it cannot."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
from beancount import loader
from beancount.core.data import Open, Transaction
from beancount.ops.balance import BalanceError as BalanceFailed
from beancount.ops.validation import ValidationError
from hypothesis import given

from api.engine import Engine
from domain.books.posting import Posting, move
from replays.journal.beancount import as_beancount
from replays.journal.hledger import as_hledger
from tests.replays.journal.support import (
    APRIL,
    MARCH,
    all_entries,
    balanced_entries,
    entry,
    exported,
    post_more,
)

SMALL = [
    entry(
        2,
        "2026-03-09",
        move("1122", "6001", 100_05),
        dealer="D 05",
        doc="IN;V",
        source="Account/D 05/CNY/1",
    ),
    entry(1, "2026-03-31", move("1405", "2202", 7_00), effective=date(2026, 2, 27)),
    entry(1, "2026-04-01", move("1002", "1122", 100_05), dealer="D 05", doc='"\\'),
]
"""Three entries of two periods; one has a day before that of an earlier one."""


def checked(written: bytes):
    """What beancount reads, and what it has against it."""
    found, errors, options = loader.load_string(written.decode())
    return found, errors, options


def test_bean_check_accepts_a_told_log(told: Engine, tmp_path: Path):
    post_more(told)
    file = tmp_path / "journal.beancount"
    file.write_bytes(as_beancount(all_entries(told, MARCH, APRIL), "CNY", "The maker"))

    program = Path(sys.executable).with_name("bean-check")
    ran = subprocess.run([program, "--no-cache", file], capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_beancount_reads_every_entry_with_its_number_and_its_document(told: Engine):
    post_more(told)
    posted = all_entries(told, MARCH)

    found, errors, options = checked(as_beancount(posted, "CNY", 'The "maker" \\ 公司'))

    assert errors == []
    assert (options["title"], options["operating_currency"]) == ('The "maker" \\ 公司', ["CNY"])
    read = {one.meta["entry_no"]: one for one in found if isinstance(one, Transaction)}
    assert read.keys() == {one.entry_no for one in posted}
    for one in posted:
        meta, day, *_ = read[one.entry_no]
        assert (day, meta["doc"], meta["source"]) == (one.day, one.doc, one.source)
        assert Decimal(one.position) == meta["position"]
    assert read["2026-03-000004"].links == {"INV-2603-001"}
    assert read["2026-03-000006"].links == {"X--3D-HYPERLINK-28-A1-29-"}


def test_an_entry_that_does_not_balance_is_rejected(told: Engine):
    *others, payment = all_entries(told, MARCH)
    bank, *rest = payment.lines
    broken = msgspec.structs.replace(payment, lines=(Posting("1002", bank.debit + 1), *rest))

    _, errors, _ = checked(as_beancount([*others, broken], "CNY", "The maker"))

    assert [type(one) for one in errors] == [ValidationError]
    assert "does not balance: (0.01 CNY)" in errors[0].message


def test_a_cent_that_is_moved_within_the_file_is_rejected_by_the_balances(told: Engine):
    written = as_beancount(all_entries(told, MARCH), "CNY", "The maker").decode()
    forged = written.replace(" 1152.60 CNY\n  Assets:R", " 1152.61 CNY\n  Assets:R")
    forged = forged.replace("-1152.60 CNY", "-1152.61 CNY")

    _, errors, _ = checked(forged.encode())

    assert {type(one) for one in errors} == {BalanceFailed}
    assert {one.entry.account for one in errors} == {
        "Assets:Bank-1002",
        "Assets:Receivables-1122",
        "Assets:Receivables-1122:D01",
    }


def test_an_entry_that_is_missing_in_the_file_is_rejected_by_the_balances(told: Engine):
    written = as_beancount(all_entries(told, MARCH), "CNY", "The maker").decode()
    blocks = [one for one in written.split("\n\n") if "INV-2603-001" not in one]

    _, errors, _ = checked("\n\n".join(blocks).encode())

    assert {type(one) for one in errors} == {BalanceFailed}


@given(balanced_entries())
def test_beancount_accepts_whatever_balances(drawn):
    found, errors, _ = checked(as_beancount(drawn, "CNY", "The maker"))

    assert errors == []
    assert sum(isinstance(one, Transaction) for one in found) == len(drawn)
    below = {one.account for one in found if isinstance(one, Open) and one.account.count(":") == 2}
    assert len(below) == len(
        {
            (line.account, one.dealer)
            for one in drawn
            for line in one.lines
            if line.account in {"1122", "2203"} and one.dealer
        }
    )


@given(balanced_entries())
def test_the_order_in_which_entries_come_does_not_matter(drawn):
    for write in (
        lambda found: as_beancount(found, "CNY", "M"),
        lambda found: as_hledger(found, "CNY"),
    ):
        assert write(drawn) == write(list(reversed(drawn)))


@given(balanced_entries())
def test_an_hledger_journal_has_its_days_in_order_and_declares_what_it_uses(drawn):
    lines = as_hledger(drawn, "CNY").decode().split("\n")

    days = [line[:10] for line in lines if line[:2] == "20"]
    declared = {
        line.split("  ")[0].removeprefix("account ")
        for line in lines
        if line.startswith("account ")
    }
    payees = {line.removeprefix("payee ") for line in lines if line.startswith("payee ")}
    assert days == sorted(days)
    assert {
        line.split()[0] for line in lines if line.startswith("    ") and line[4] != ";"
    } <= declared
    assert {line.split(") ")[1].split(" |")[0] for line in lines if line[:2] == "20"} <= payees


def test_ledgers_are_written_again_with_the_same_bytes(told: Engine):
    def written():
        found = all_entries(told, MARCH)
        return as_beancount(found, "CNY", "The maker"), as_hledger(found, "CNY")

    before = written()
    exported(told, "one")

    assert written() == before


def test_without_entries_there_is_only_a_head():
    assert checked(as_beancount([], "CNY", "M"))[:2] == ([], [])
    assert as_hledger([], "CNY") == b"decimal-mark .\ncommodity 1000.00 CNY\n"


def test_a_small_beancount_ledger_reads_so():
    written = as_beancount(SMALL, "CNY", "M").decode()

    assert written == (Path(__file__).parent / "small.beancount").read_text(encoding="utf-8")
    assert checked(written.encode())[1] == []


def test_a_small_hledger_journal_reads_so():
    assert as_hledger(SMALL, "CNY").decode() == (Path(__file__).parent / "small.journal").read_text(
        encoding="utf-8"
    )
