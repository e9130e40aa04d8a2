from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256

import msgspec
import pytest

from api.documents import FORMATS
from replays.statements.values import Document
from tests.api.documents.statements import DRAFT, LATE, made
from tests.house.test_arrows import ROOT

ELSEWHERE = """
from hashlib import sha256
from api.documents import FORMATS
from tests.api.documents.statements import DRAFT, LATE, made
for document in (made(prior=(LATE,)), made(**DRAFT)):
    for name in sorted(FORMATS):
        print(sha256(FORMATS[name].render(document)).hexdigest())
"""


def test_a_format_says_its_media_type_and_extension():
    assert {name: one.extension for name, one in FORMATS.items()} == {
        "html": "html",
        "json": "json",
        "pdf": "pdf",
        "xlsx": "xlsx",
    }
    assert FORMATS["html"].media_type == "text/html; charset=utf-8"


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_the_same_document_gives_the_same_bytes_in_another_process_and_zone(font, zone):
    mine = [
        sha256(FORMATS[name].render(document)).hexdigest()
        for document in (made(prior=(LATE,)), made(**DRAFT))
        for name in sorted(FORMATS)
    ]

    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        env=os.environ | {"TZ": zone, "PYTHONHASHSEED": "7", "BATON_PDF_FONT": str(font)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == mine


def test_another_document_gives_other_bytes(font):
    for one in FORMATS.values():
        assert one.render(made()) != one.render(made(version=3))


def test_json_is_the_document_in_canonical_form():
    raw = FORMATS["json"].render(made(prior=(LATE,)))

    assert msgspec.json.decode(raw, type=Document) == made(prior=(LATE,))
    assert raw.endswith(b"}\n")
    told = msgspec.json.decode(raw)
    assert [*told] == sorted(told)
    assert [*told["head"]] == sorted(told["head"])
    assert b": " not in raw.replace(b"RC: ", b"")
