"""Progress: a bar for each suite, on the terminal's other stream than the figures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


class Steps:
    """The bar of one suite, which counts what is done."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress, self._task = progress, task

    def advance(self) -> None:
        """One step is done."""
        self._progress.advance(self._task)


class Bars:
    """The bars of all suites, one below the other."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    @contextmanager
    def suite(self, title: str) -> Iterator[Steps]:
        """Show a suite while it runs."""
        task = self._progress.add_task(title, total=None)
        yield Steps(self._progress, task)
        done = self._progress.tasks[task].completed
        self._progress.update(task, total=done or 1, completed=done or 1)


@contextmanager
def bars(*, shown: bool) -> Iterator[Bars]:
    """Show bars while something runs."""
    columns = (
        TextColumn("{task.description:24}"),
        BarColumn(),
        TextColumn("{task.completed} steps"),
    )
    console = Console(stderr=True)
    with Progress(*columns, TimeElapsedColumn(), console=console, disable=not shown) as progress:
        yield Bars(progress)
