"""Commands for auditors: the history of a device, the proof of the log, rebuilt read models."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from api.cli.tables import history_table
from api.engine import Engine
from api.settings import Settings
from projections.catalogue import PROJECTIONS
from replays import verifying
from replays.history import serial_history

console = Console()
errors = Console(stderr=True)


def serial(
    di: Annotated[str, typer.Argument(help="Device identifier (GTIN-14).")],
    number: Annotated[str, typer.Argument(metavar="SERIAL", help="Serial number.")],
    known_at: Annotated[
        datetime | None, typer.Option(help="Only what was recorded by then (company's zone).")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,  # noqa: FBT002
) -> None:
    """Tell who did what with a device, when, where and under which document."""
    with _reading() as engine:
        moment = known_at.replace(tzinfo=engine.zone) if known_at else None
        found = serial_history(engine.reader, engine.codec, di, number, moment)
        if found is None:
            errors.print(f"nothing is known of {di} {number}")
            raise typer.Exit(1)
        if json:
            typer.echo(msgspec.json.format(msgspec.json.encode(found)).decode())
        else:
            console.print(history_table(found, engine.zone))


def verify(
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,  # noqa: FBT002
) -> None:
    """Check that the log is intact; exit 1 and name every fault if it is not."""
    with _reading() as engine, _progress() as progress:
        bar = progress.add_task("verifying", total=engine.reader.head().position)
        found = verifying.verify(engine.reader, partial(_advance, progress, bar))
    if json:
        typer.echo(msgspec.json.format(msgspec.json.encode(found)).decode())
    elif found.intact:
        console.print(
            f"[green]intact[/]: {found.events:,} events, dense and chained, "
            f"head digest {found.digest[:16]}…"
        )
    else:
        for fault in found.faults:
            console.print(f"[red]{fault.kind}[/] at position {fault.position:,}: {fault.text}")
        console.print(f"{len(found.faults)} faults in {found.events:,} events")
    if not found.intact:
        raise typer.Exit(1)


def rebuild(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Projections; all if none.")
    ] = None,
) -> None:
    """Build read models anew beside the live ones, and switch when they are complete."""
    known = {projection.name: projection for projection in PROJECTIONS}
    unknown = [name for name in names or () if name not in known]
    if unknown:
        raise typer.BadParameter(f"{', '.join(unknown)}; known are {', '.join(known)}")
    with _reading() as engine, _progress() as progress:
        for name in names or known:
            bar = progress.add_task(name, total=engine.reader.head().position)
            engine.runner.rebuild(known[name], partial(_advance, progress, bar))
    console.print(f"rebuilt: {', '.join(names or known)}")


def _reading() -> Engine:
    """Return an engine whose projections are left to whoever follows them."""
    return Engine(Settings(follow=False))


def _advance(progress: Progress, bar: TaskID, position: int) -> None:
    progress.update(bar, completed=position)


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=errors,
        transient=True,
    )
