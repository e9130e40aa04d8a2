"""The analysts' guide is what its source gave: no block without its output, no word beside it."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location

import pytest

from tests.house.test_arrows import ROOT

DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def blocks():
    spec = spec_from_file_location("blocks", DOCS / "analysts" / "blocks.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def guide(blocks):
    return blocks.parsed((DOCS / "analysts" / "guide.md").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def page():
    return (DOCS / "analysts.md").read_text(encoding="utf-8")


def test_every_block_stands_on_the_page_in_its_place_with_an_output_beneath(blocks, guide, page):
    outputs = blocks.outputs_on(page)

    assert len(outputs) == len(guide.steps)
    assert all(output.strip() for output in outputs)
    assert blocks.written(guide, outputs) == page


def test_a_page_that_was_edited_past_its_source_would_be_found(blocks, guide, page):
    _, block = guide.steps[-1]
    edited = page.replace(block.code, f"{block.code}true\n")

    assert blocks.written(guide, blocks.outputs_on(edited)) != edited


def test_an_output_that_is_missing_would_be_found(blocks, guide, page):
    with pytest.raises(ValueError, match="shorter"):
        blocks.written(guide, blocks.outputs_on(page)[1:])


def test_what_is_not_marked_to_be_run_is_prose(blocks):
    source = "Say\n```sh\nrm -r /\n```\nand\n```sql run postgresql\nSELECT 1\n```\nor not.\n"

    guide = blocks.parsed(source)

    prose = "Say\n```sh\nrm -r /\n```\nand\n"
    assert guide.steps == ((prose, blocks.Block("sql", postgresql_only=True, code="SELECT 1\n")),)
    assert guide.end == "or not.\n"
