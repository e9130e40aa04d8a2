"""The command line of the verifier."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from .checking import check
from .notes import Key, read_key
from .report import as_json, as_text


def main(argv: Sequence[str], here: Path) -> int:
    """Check a bundle, the one at ``here`` if none is named; 0 if it is intact, 1 if it is not."""
    parser = argparse.ArgumentParser(description="Check a bundle or an extract of a log.")
    parser.add_argument("bundle", nargs="?", type=Path, default=here, help="zip, or its folder")
    parser.add_argument(
        "--key",
        action="append",
        default=[],
        type=_key,
        metavar="VKEY",
        help="a verifier key that you trust; no other counts then (repeatable)",
    )
    parser.add_argument(
        "--note",
        action="append",
        default=[],
        type=_note,
        metavar="FILE",
        help="a checkpoint that you kept elsewhere; the bundle must fit it (repeatable)",
    )
    parser.add_argument("--json", action="store_true", help="print a verdict for machines")
    given = parser.parse_args(argv)
    verdict = check(given.bundle, given.key, given.note)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A name in the log may have letters that the terminal has not.
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.stdout.write(as_json(verdict) + "\n" if given.json else as_text(verdict))
    return 0 if verdict.intact else 1


def _key(text: str) -> Key:
    try:
        return read_key(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _note(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError(str(error)) from None
