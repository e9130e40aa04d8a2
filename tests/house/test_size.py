"""The size of things: a reader should neither scroll nor chase files."""

from __future__ import annotations

import ast

from tests.house.test_arrows import ROOMS, ROOT, files_of

FILE_LINES = 300
FUNCTION_LINES = 60
FOLDER_FILES = 30


def test_no_file_is_longer_than_a_reader_will_scroll():
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for room in ROOMS
        for path in files_of(room)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > FILE_LINES
    }

    assert long == {}


def test_no_function_is_longer_than_a_screen():
    long = {
        f"{path.relative_to(ROOT).as_posix()}:{node.name}": node.end_lineno - node.lineno
        for room in ROOMS
        for path in files_of(room)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno > FUNCTION_LINES
    }

    assert long == {}


def test_no_folder_is_a_heap():
    heaps = {
        folder.relative_to(ROOT).as_posix(): len(files)
        for room in ROOMS
        for folder in {path.parent for path in files_of(room)}
        if len(files := list(folder.glob("*.py"))) > FOLDER_FILES
    }

    assert heaps == {}
