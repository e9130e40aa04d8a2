"""The guide's source in pieces: prose that stays as it is, and blocks that are run.

A block that is run is fenced as ```` ```sh run ````, ```` ```sql run ```` or
```` ```python run ````; SQL that only PostgreSQL has is ```` ```sql run postgresql ````. On the
page the same block stands without those words, and beneath it a ``text`` block with its output.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

_RUN = re.compile(r"^```(sh|sql|python) run( postgresql)?\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
_TOLD = re.compile(r"^```\n```text\n(.*?)^```\n", re.MULTILINE | re.DOTALL)


class Block(Struct, frozen=True):
    """Code that is run: in which language, and whether SQL is asked of PostgreSQL alone."""

    language: str
    postgresql_only: bool
    code: str


class Guide(Struct, frozen=True):
    """Blocks with the prose before each, and the prose after the last."""

    steps: tuple[tuple[str, Block], ...]
    end: str


def parsed(source: str) -> Guide:
    """Take the source apart."""
    steps, end = [], 0
    for found in _RUN.finditer(source):
        block = Block(found[1], bool(found[2]), found[3])
        steps.append((source[end : found.start()], block))
        end = found.end()
    return Guide(tuple(steps), source[end:])


def written(guide: Guide, outputs: Iterable[str]) -> str:
    """The page. Raises ValueError where there is not one output for each block."""
    parts = [
        f"{prose}```{block.language}\n{block.code}```\n```text\n{output}```\n"
        for (prose, block), output in zip(guide.steps, outputs, strict=True)
    ]
    return "".join(parts) + guide.end


def outputs_on(page: str) -> list[str]:
    """Outputs that stand on a page, in their order."""
    return _TOLD.findall(page)
