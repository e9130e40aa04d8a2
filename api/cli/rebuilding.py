"""Rebuilding read models: one, some or all, several at once, compared before they are switched."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import suppress
from queue import Empty
from typing import Annotated, Any

import typer

from api.cli.auditing import reading
from api.cli.terminal import bars, printer
from projections.catalogue import PROJECTIONS
from projections.rebuilding import Rebuilt, Wish

console = printer()

KNOWN = {projection.name: projection for projection in PROJECTIONS}
GLANCE_SECONDS = 0.1


def rebuild(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Projections; all if none.")
    ] = None,
    jobs: Annotated[
        int, typer.Option(min=1, help="Processes; each rebuilds one projection at a time.")
    ] = min(os.cpu_count() or 1, 4),
    compare: Annotated[  # noqa: FBT002
        bool, typer.Option("--compare", help="Compare with the live tables before the switch.")
    ] = False,
    keep: Annotated[  # noqa: FBT002
        bool, typer.Option("--dry-run", help="Compare only, and keep the live tables.")
    ] = False,
) -> None:
    """Build read models anew beside the live ones, and switch when they are complete.

    Commands and readers go on meanwhile. Exit 1 if a comparison found rows that differ.
    """
    unknown = [name for name in names or () if name not in KNOWN]
    if unknown:
        raise typer.BadParameter(f"{', '.join(unknown)}; known are {', '.join(KNOWN)}")
    wish = Wish(compare=compare or keep, switch=not keep)
    chosen = list(dict.fromkeys(names or KNOWN))
    done = _rebuilt(chosen, wish, min(jobs, len(chosen)))
    differ = False
    for _, one in done:
        for table, keys in one.differences.items():
            differ = True
            for key in keys:
                console.print(f"[red]differs[/]: {table} {key}")
    rows = sum(one.rows for _, one in done)
    said = "compared" if keep else "rebuilt, and compared" if compare else "rebuilt"
    console.print(f"{said}: {rows:,} rows of {', '.join(chosen)}")
    if differ:
        raise typer.Exit(1)


def _rebuilt(names: list[str], wish: Wish, jobs: int) -> list[tuple[str, Rebuilt]]:
    """Rebuild, in this process or in several, with a bar for each projection."""
    with reading() as engine, bars() as progress:
        head = engine.reader.head().position
        tasks = {name: progress.add_task(name, total=head) for name in names}

        def advance(name: str) -> Callable[[int], None]:
            return lambda position: progress.update(tasks[name], completed=position)

        if jobs == 1:
            return [
                (name, engine.runner.rebuild(KNOWN[name], advance(name), wish)) for name in names
            ]
        return list(_together(names, wish, jobs, advance))


def _together(
    names: list[str], wish: Wish, jobs: int, advance: Callable[[str], Callable[[int], None]]
) -> Iterator[tuple[str, Rebuilt]]:
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, ProcessPoolExecutor(jobs, context) as pool:
        heard: Any = manager.Queue()
        futures: dict[str, Future[Rebuilt]] = {
            name: pool.submit(_in_a_process, name, wish, heard) for name in names
        }
        while not all(future.done() for future in futures.values()):
            with suppress(Empty):
                name, position = heard.get(timeout=GLANCE_SECONDS)
                advance(name)(position)
        for name, future in futures.items():
            yield name, future.result()


def _in_a_process(name: str, wish: Wish, heard: Any) -> Rebuilt:
    with reading() as engine:
        return engine.runner.rebuild(
            KNOWN[name], lambda position: heard.put((name, position)), wish
        )
