"""A batch is read back byte for byte, and its totals are those that were recorded."""

from __future__ import annotations

import json
from hashlib import sha256

import msgspec
import pytest

from api.engine import Engine
from domain.books.posting import Posting
from domain.kernel.refusal import NotFound
from replays.journal.batch import ControlsDifferError, batch, control_of
from replays.journal.formats import as_csv, as_json_lines
from tests.replays.journal.support import (
    APRIL,
    MARCH,
    all_entries,
    exported,
    finance,
    post_more,
)
from tests.replays.tampering import tampering


def test_totals_are_those_that_were_recorded(told: Engine):
    answer = finance(told, "export-journal", "one", period=MARCH)

    found = batch(told.reader, told.codec, MARCH, 1, "CNY")

    assert (found.id, found.first, found.last) == ("2026-03/1", answer["first"], answer["last"])
    assert (found.control.debit, found.control.credit) == (answer["debit"], answer["credit"])
    assert found.control.debit == found.control.credit == 1_233_320
    assert (found.control.count, found.control.entries) == (13, 5)


def test_two_batches_cover_everything_once(told: Engine):
    first = exported(told, "one")
    post_more(told)

    second = exported(told, "two")

    assert second.id == "2026-03/2"
    assert [*first.entries, *second.entries] == all_entries(told, MARCH)
    assert second.control.debit == 5_000_05


def test_it_is_exported_again_with_the_same_bytes_whatever_happened_since(told: Engine):
    def written() -> tuple[bytes, bytes]:
        again = batch(told.reader, told.codec, MARCH, 1, "CNY")
        return as_json_lines(again), as_csv(again)

    exported(told, "one")
    before = written()

    post_more(told)
    assert written() == before

    finance(told, "acknowledge-journal", "yes", period=MARCH, seq=1, voucher_no="V-1")
    exported(told, "two")
    assert written() == before


def test_the_hash_is_that_of_the_lines_before_the_control_line(told: Engine):
    *lines, last = as_json_lines(exported(told, "one")).splitlines(keepends=True)

    control = json.loads(last)["control"]

    assert control["hash"] == sha256(b"".join(lines)).hexdigest()
    assert control["count"] == len(lines)


def test_a_changed_line_changes_the_hash(told: Engine):
    found = exported(told, "one")
    *others, payment = found.entries
    bank, *rest = payment.lines
    for changed in (Posting(bank.account, bank.debit + 1), Posting("1405", bank.debit)):
        tampered = msgspec.structs.replace(payment, lines=(changed, *rest))

        control = control_of(found.id, [*others, tampered], "CNY")

        assert control.hash != found.control.hash
    assert control_of(found.id, found.entries, "CNY") == found.control


@pytest.mark.parametrize(("period", "seq"), [(MARCH, 2), (MARCH, 0), (APRIL, 1), ("x", 1)])
def test_a_batch_that_was_never_exported_is_not_found(told: Engine, period: str, seq: int):
    exported(told, "one")

    with pytest.raises(NotFound) as refused:
        batch(told.reader, told.codec, period, seq, "CNY")

    assert refused.value.facts == {"kind": "JournalBatch", "id": f"{period}/{seq}"}


def test_an_auditor_sees_an_entry_that_was_changed_behind_the_guards(
    told: Engine, database_url: str
):
    exported(told, "one")
    with tampering(database_url) as log:
        row = next(one for one in log.rows() if '"INV-2603-001"' in one.data and "Period" in one[1])
        log.change(row.position, data=row.data.replace("115260", "115261"))

    with pytest.raises(ControlsDifferError) as raised:
        batch(told.reader, told.codec, MARCH, 1, "CNY")

    assert str(raised.value) == (
        "batch 2026-03/1: recorded debit 12333.20, credit 12333.20 in 5 entries, "
        "found debit 12333.21, credit 12333.20 in 5 entries"
    )


def test_an_auditor_sees_an_entry_that_is_gone(told: Engine, database_url: str):
    exported(told, "one")
    with tampering(database_url) as log:
        row = next(one for one in log.rows() if '"INV-2603-001"' in one.data and "Period" in one[1])
        log.remove(row.position)

    with pytest.raises(ControlsDifferError, match=r"found debit 10566\.60, .* in 4 entries"):
        batch(told.reader, told.codec, MARCH, 1, "CNY")
