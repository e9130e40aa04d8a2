"""``baton demo``: play the month, show what came of it, and say how to go on."""

from __future__ import annotations

import json as jsonlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from api.cli.tables import history_table
from api.cli.terminal import errors, printer
from demo import tables
from demo.exporting import PERIOD, differences, export, figures
from demo.playing import DemoFailed, Played, load, played
from replays.histories.devices import serial_history
from replays.verifying import verify

DI, SERIAL = "06970012340033", "US80-26-0001"

console = printer()


def demo(
    json: Annotated[
        Path | None, typer.Option("--json", help="Write the read models to this file.")
    ] = None,
) -> None:
    """Play a month of a fictional maker on a fresh log, and check it against worked figures."""
    url = os.environ.get("BATON_DATABASE_URL") or _scratch()
    try:
        with (
            Progress(console=errors, transient=True) as progress,
            played(url, _bar(progress)) as month,
        ):
            progress.stop()
            _show(month)
            found = export(month)
            _check(month, found)
            if json is not None:
                text = jsonlib.dumps(found, indent=1, ensure_ascii=False)
                json.write_text(text, encoding="utf-8")
            shown = month.engine.database.url.render_as_string(hide_password=False)
            _how_to_go_on(shown, month.key)
    except DemoFailed as failure:
        errors.print(f"[red]{failure}[/]")
        raise typer.Exit(1) from None


def _scratch() -> str:
    folder = tempfile.mkdtemp(prefix="baton-demo-")
    return f"sqlite:///{Path(folder) / 'baton.db'}"


def _bar(progress: Progress) -> Callable[[int, int], None]:
    task = progress.add_task("playing March 2026")

    def advance(done: int, total: int) -> None:
        progress.update(task, completed=done, total=total)

    return advance


def _show(month: Played) -> None:
    console.print(f"\n[bold]{month.company}, March 2026[/], played over HTTP\n")
    console.print(tables.happened(month.steps))
    console.print(tables.stock(month))
    console.print(tables.alerts(month))
    for dealer in ("D05", "D06"):
        console.print(tables.statement(month, dealer, PERIOD))
    console.print(tables.ledger(month, PERIOD))
    engine = month.engine
    history = serial_history(engine.reader, engine.codec, DI, SERIAL)
    if history is None:
        raise DemoFailed(f"{SERIAL} has no history")
    console.print(history_table(history, engine.zone))


def _check(month: Played, found: dict[str, object]) -> None:
    expected = load("expected.json")
    late = expected.pop("late")
    del expected["note"]
    _compare(found, expected)
    month.go_on()
    _compare(export(month), late)
    verdict = verify(month.engine.reader)
    if not verdict.intact:
        raise DemoFailed(f"the log does not verify: {verdict.faults[0]}")
    console.print(
        f"[green]equal[/]: {figures(expected):,} worked figures and texts, "
        f"and {figures(late)} more after what came late"
    )
    console.print(
        f"[green]intact[/]: {verdict.events:,} events, dense and chained, "
        f"head digest {verdict.digest[:16]}…"
    )


def _compare(found: dict[str, object], expected: dict[str, object]) -> None:
    wrong = differences(found, expected)
    if wrong:
        raise DemoFailed("\n".join(["the figures differ from the worked ones:", *wrong]))


def _how_to_go_on(url: str, key: str) -> None:
    console.print("\n[bold]How to go on[/] (in the folder of the project)")
    for line in (
        f"export BATON_DATABASE_URL='{url}'",
        ".venv/bin/baton serve            # then open http://127.0.0.1:8000",
        f"curl -H 'Authorization: Bearer {key}' http://127.0.0.1:8000/v1/orders/SO-0002",
        f".venv/bin/baton serial {DI} {SERIAL}",
        ".venv/bin/baton verify",
    ):
        console.print(f"  {line}", highlight=False, soft_wrap=True)
