"""A checkpoint says what the log was; a log that is something else does not fit it any more."""

from __future__ import annotations

import pytest

from api.engine import Engine
from eventlog.chain import GENESIS, chained
from eventlog.rows import Checkpoint, EventRow, Link
from replays.proving.checkpoints import (
    AlteredLogError,
    CheckpointCheck,
    EmptyLogError,
    make,
    note_of,
    sign,
)
from replays.proving.merkle import leaf_of, root
from replays.proving.signing import Signer
from replays.proving.verifier import ed25519
from replays.proving.verifier.notes import Key, TreeHead, read_head, signers
from replays.verifying import verify
from tests.replays.proving.worlds import LOG, OURS, SIGNED_AT, STRANGER, signed, signed_at
from tests.replays.tampering import tampering
from tests.support.world import opened

AT = "2026-03-02T12:00:00.000000Z"
ROWS = list(chained(GENESIS, [(one, f"Bin/{one}", 1, "t", "{}", AT, "c") for one in range(1, 21)]))


def checkpoint(rows: list[EventRow], signer: Signer = OURS) -> Checkpoint:
    """What is signed of a log that ends with these rows."""
    over = root(leaf_of(row.digest) for row in rows)
    return sign(TreeHead(LOG, rows[-1].position, over, rows[-1].digest, SIGNED_AT), signer)


def compared(
    rows: list[EventRow], stored: list[Checkpoint], *trusted: Key
) -> list[tuple[int, str]]:
    """Position and text of what is found on a walk over rows."""
    check = CheckpointCheck(stored, trusted)
    for row in rows:
        check.take(row)
    found = check.close()
    assert {one.kind for one in found} <= {"CHECKPOINT"}
    return [(one.position, one.text) for one in found]


def test_a_checkpoint_names_the_log_its_size_its_root_and_its_last_digest(told: Engine):
    kept = signed(told)
    head = read_head(note_of(kept).text)

    assert (head.origin, head.size, head.signed_at) == (LOG, kept.position, SIGNED_AT)
    assert head.digest == told.reader.head().digest
    assert head.root == root(leaf_of(one.digest) for one in told.reader.digests())
    assert signers(note_of(kept), [OURS.key], ed25519.verify) == [OURS.key]
    assert told.reader.checkpoints() == [kept]
    check = CheckpointCheck(told.reader.checkpoints(), [OURS.key])
    assert verify(told.reader, watchers=[check]).intact


def found_in(engine: Engine) -> list[tuple[str, int]]:
    """Kind and position of what is found in a log and its checkpoints."""
    check = CheckpointCheck(engine.reader.checkpoints())
    return [(one.kind, one.position) for one in verify(engine.reader, watchers=[check]).faults]


def test_a_log_that_was_chained_anew_does_not_fit_what_was_signed_and_nothing_more_is_signed(
    told: Engine, database_url: str
):
    with tampering(database_url) as log:
        signed_at(told, log.at - 1)
        end = signed(told).position
        log.change(log.at, data=log.row(log.at).data.replace("wh-sh-1", "wh-sh-2", 1))
        log.forge()

    assert found_in(told) == [("CHECKPOINT", end)]
    with pytest.raises(AlteredLogError, match="another digest was signed"):
        make(told.reader, OURS, SIGNED_AT)


def test_a_log_whose_tail_was_cut_does_not_reach_what_was_signed(told: Engine, database_url: str):
    end = signed_at(told, told.reader.head().position).position
    with tampering(database_url) as log:
        log.run("DELETE FROM events WHERE position > ?", log.at)
        last = log.at

    assert found_in(told) == [("HEAD", end), ("CHECKPOINT", end)]
    with tampering(database_url) as log:
        log.forge()
    assert found_in(told) == [("CHECKPOINT", end)]
    with pytest.raises(AlteredLogError, match=f"the log ends before {end}"):
        make(told.reader, OURS, SIGNED_AT)
    assert told.reader.head().position == last


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_is_signed_of_a_log_that_ends_elsewhere_than_its_head_says(
    told: Engine, database_url: str
):
    with tampering(database_url) as log:
        log.run("DELETE FROM events WHERE position > ?", log.at)

    with pytest.raises(AlteredLogError, match="does not end"):
        make(told.reader, OURS, SIGNED_AT)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_of_an_empty_log_nothing_is_signed(database_url: str):
    engine = opened(database_url, follow=False)
    with pytest.raises(EmptyLogError):
        make(engine.reader, OURS, SIGNED_AT)
    engine.database.close()


def test_a_log_fits_its_checkpoints():
    stored = [checkpoint(ROWS[:end]) for end in (20, 1, 7, 16)]

    assert compared(ROWS, stored) == []
    assert compared(ROWS, stored, OURS.key) == []


def test_digests_alone_are_enough_to_compare():
    check = CheckpointCheck([checkpoint(ROWS)])
    for row in ROWS:
        check.take(Link(row.position, row.digest))

    assert check.close() == []


@pytest.mark.parametrize("last", [0, 5])
def test_where_no_checkpoint_is_ahead_nothing_is_hashed(last: int):
    check = CheckpointCheck([checkpoint(ROWS[:last])] if last else [])
    for row in ROWS:
        check.take(row)

    assert check._tree.size == last


@pytest.mark.parametrize("digest", ["f" * 64, "no digest"])
def test_a_digest_that_was_changed_alone_is_found_by_the_root(digest: str):
    rows = [*ROWS[:4], ROWS[4]._replace(digest=digest), *ROWS[5:]]

    assert compared(rows, [checkpoint(ROWS[:4]), checkpoint(ROWS[:9])]) == [
        (9, "another root was signed: an event before it was changed")
    ]


def test_an_event_that_is_gone_where_something_was_signed_is_named():
    assert compared([*ROWS[:4], *ROWS[5:]], [checkpoint(ROWS[:5])]) == [
        (5, "there is no event at 5, which was signed")
    ]


def test_another_key_than_the_trusted_ones_does_not_count():
    stored = [checkpoint(ROWS[:5]), checkpoint(ROWS, STRANGER)]

    assert compared(ROWS, stored) == []
    assert compared(ROWS, stored, OURS.key, STRANGER.key) == []
    assert compared(ROWS, stored, OURS.key) == [
        (20, f"the key is not trusted: {STRANGER.key.text}")
    ]


def test_with_trusted_keys_a_log_without_checkpoints_is_no_proof():
    assert compared(ROWS, [], OURS.key) == [(0, "no checkpoint is signed with a trusted key")]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("signature", "AAAA"),
        ("signature", "no base64"),
        ("root", "00" * 32),
        ("root", "no root"),
        ("root", None),
        ("digest", "ab" * 32),
        ("key_id", "no key"),
        ("key_id", STRANGER.key.text),
        ("signed_at", "2026-04-02T02:00:01.000000Z"),
        ("signed_at", "yesterday"),
    ],
)
def test_a_row_that_was_changed_is_a_fault_and_never_an_error(column: str, value: str | None):
    row = checkpoint(ROWS)._replace(**{column: value})

    assert {position for position, _ in compared(ROWS, [row])} == {20}


@pytest.mark.parametrize("root_hex", [None, "", "zz", "ab" * 31])
def test_of_a_row_without_a_root_there_is_no_note(root_hex: str | None):
    row = Checkpoint(1, "ab" * 32, SIGNED_AT, OURS.key.text, "AAAAAAAA", root_hex)

    with pytest.raises(ValueError):
        note_of(row)
