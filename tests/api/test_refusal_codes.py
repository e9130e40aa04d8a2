"""What a flow promises to refuse, and what it can refuse, are the same vocabulary."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.decoding import command_name
from api.openapi import codes_of
from api.pages import reasons
from domain.flows import FLOWS

SAID = re.compile(r"Refuses\b")
UNREACHABLE = {
    "CONTROL_MISMATCH": "every change of an open item posts the same amount to 1122",
    "EXCEPTION_EXHAUSTED": "a unit uses an exception only after it was asked what is left of it",
}
"""Codes that no command can provoke at the door, and what keeps them away from it."""


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


def test_every_reason_is_provoked_at_the_door_by_some_test():
    sources = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.rglob("*.py")]

    provoked = {text for source in sources for text in handed_on(ast.parse(source))}

    assert reasons().keys() - provoked == UNREACHABLE.keys()


def handed_on(tree: ast.Module) -> Iterator[str]:
    """Texts that are arguments or stand in a table; what a dictionary holds may be a hold."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(args=given):
                lists = [one.elts for one in given if isinstance(one, ast.List)]
                told = [*given, *(one for elements in lists for one in elements)]
            case ast.Tuple(elts=told):
                pass
            case _:
                continue
        for one in told:
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                yield one.value
