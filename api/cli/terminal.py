"""What is printed, and progress bars on standard error, so that what is printed stays clean."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

PIPED = 160
"""Columns of what is printed into a file or another program, which has no width of its own."""

errors = Console(stderr=True)

Advance = Callable[[int], None]


def printer() -> Console:
    """Return what prints: as wide as the terminal, where there is one."""
    piped = not sys.stdout.isatty() and "COLUMNS" not in os.environ
    return Console(width=PIPED if piped else None)


def bars() -> Progress:
    """Return bars that vanish when they are done."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=errors,
        transient=True,
    )


@contextmanager
def bar(what: str, total: int) -> Iterator[Advance]:
    """Show one bar up to a position; what it gives moves it."""
    with bars() as progress:
        task = progress.add_task(what, total=total)
        yield lambda position: progress.update(task, completed=position)
