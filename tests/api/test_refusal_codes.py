"""What a flow promises to refuse, and what it can refuse, are the same vocabulary."""

from __future__ import annotations

import inspect
import re

import pytest

from api.decoding import command_name
from api.openapi import codes_of
from api.pages import reasons
from domain.flows import FLOWS

SAID = re.compile(r"Refuses\b")


@pytest.mark.parametrize("command", FLOWS, ids=command_name)
def test_every_code_that_a_flow_promises_exists(command: type):
    said = inspect.getdoc(FLOWS[command]) or ""

    promised = codes_of(said)

    assert set(promised) <= reasons().keys()
    assert len(promised) == len(set(promised)), "each is named once"


@pytest.mark.parametrize("command", FLOWS, ids=command_name)
def test_every_flow_says_what_it_refuses(command: type):
    said = inspect.getdoc(FLOWS[command]) or ""

    assert SAID.search(said)
    assert codes_of(said) or "UDI codes" in said


def test_every_reason_has_a_code_a_sentence_and_a_status_of_its_own():
    for code, reason in reasons().items():
        assert re.fullmatch(r"[A-Z]+(_[A-Z]+)*", code)
        assert code == reason.code
        assert re.fullmatch(r"[A-Z].*\.", reason().sentence), code
        assert reason.status in (403, 404, 409, 422)
