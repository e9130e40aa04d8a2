"""What is said of a bank's file that cannot be read."""

from __future__ import annotations

import pytest

from api.bank_files import read_bank_file
from api.decoding import Misfit


def refused(raw: bytes) -> list[tuple[str, str]]:
    """A file that must be refused: places and reasons, in the order they are told."""
    with pytest.raises(Misfit) as caught:
        read_bank_file(raw)
    told = caught.value.violations
    assert {one.code for one in told} == {"VALIDATION_FAILED"}
    return [(one.facts["field"], one.facts["reason"]) for one in told]


def misread(raw: bytes) -> list[str]:
    """A file that must be refused: places of its problems."""
    return [place for place, _ in refused(raw)]
