"""Commands for auditors: histories, states of any time, and the proof that all is as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import msgspec
import typer
from rich.markup import escape

from api.auditing.histories import subject_of
from api.cli.moments import KnownAt, instant_of, moment_of
from api.cli.tables import history_table, lines_table
from api.cli.terminal import bar, errors, printer
from api.documents.dossier_html import as_html
from api.engine import Engine
from api.settings import Settings
from domain.kernel.refusal import NotFound
from eventlog.rows import Head
from projections.catalogue import PROJECTIONS
from replays.examining import Examined, examine
from replays.histories.devices import serial_history
from replays.histories.dossier import dossier
from replays.proving.checkpoints import CheckpointCheck
from replays.proving.verifier.notes import read_key
from replays.readable import ReadableCheck
from replays.verifying import Fault, Verdict, Walk, verify

console = printer()

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def serial(
    di: Annotated[str, typer.Argument(help="Device identifier (GTIN-14).")],
    number: Annotated[str, typer.Argument(metavar="SERIAL", help="Serial number.")],
    known_at: KnownAt = None,
    json: Json = False,  # noqa: FBT002
) -> None:
    """Tell who did what with a device, when, where and under which document."""
    with reading() as engine:
        instant = instant_of(engine, known_at)
        found = serial_history(engine.reader, engine.codec, di, number, instant)
        if found is None:
            errors.print(f"nothing is known of {di} {number}")
            raise typer.Exit(1)
        if json:
            typer.echo(msgspec.json.format(msgspec.json.encode(found)).decode())
        else:
            console.print(history_table(found, engine.zone))


def history(
    kind: Annotated[
        Literal["serials", "lots", "orders", "dealers", "contracts", "documents"],
        typer.Argument(help="Kind of thing."),
    ],
    name: Annotated[str, typer.Argument(metavar="ID", help="DI/serial, sku/lot, or a number.")],
    known_at: KnownAt = None,
    json: Json = False,  # noqa: FBT002
    html: Annotated[Path | None, typer.Option(help="File for a dossier to print.")] = None,
) -> None:
    """Tell everything that the log says of a thing, with approvals and what was seen."""
    with reading() as engine:
        moment = moment_of(engine, None, known_at)
        try:
            subject = subject_of(kind, name)
            found = dossier(engine.reader, engine.codec, subject, moment, engine.zone)
        except NotFound:
            _nothing(kind, name)
        if not found.lines:
            _nothing(kind, name)
        if html is not None:
            html.write_bytes(as_html(found, instant_of(engine, known_at), engine.zone))
            console.print(f"{len(found.lines):,} events, written to {html}")
        elif json:
            typer.echo(msgspec.json.format(msgspec.json.encode(found)).decode())
        else:
            console.print(lines_table(f"{kind} {name}", found.lines, engine.zone))


def verify_all(
    json: Json = False,  # noqa: FBT002
    log_only: Annotated[  # noqa: FBT002
        bool, typer.Option("--log-only", help="Leave out read models, laws and statements.")
    ] = False,
    key: Annotated[
        list[str] | None, typer.Option(help="Verifier key to trust; every one if none.")
    ] = None,
    resume: Annotated[
        Path | None, typer.Option(help="File that keeps how far it has come, to go on from.")
    ] = None,
) -> None:
    """Check the log, its checkpoints, the read models, the laws of the books, the statements.

    Exit 1, and every fault with its first bad position, if something is not as it should be.
    """
    try:
        trusted = [read_key(one) for one in key or ()]
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--key") from None
    with reading() as engine:
        head = engine.reader.head().position
        with bar("verifying the log", head) as advance:
            walk = _resumed(engine, resume)
            signed = engine.reader.checkpoints()
            signatures = CheckpointCheck(signed, trusted)
            for link in engine.reader.digests(upto=walk.last.position) if signed else ():
                signatures.take(link)

            def reached(position: int) -> None:
                advance(position)
                if resume is not None and not walk.faults:
                    resume.write_bytes(msgspec.json.encode(walk.last._asdict()))

            watchers = (signatures, ReadableCheck(engine.codec))
            verdict = verify(engine.reader, reached, walk, watchers)
        examined = None
        if not log_only and verdict.intact:
            with bar("folding the read models anew", head) as advance:
                snapshot = engine.database.snapshot
                examined = examine(
                    engine.reader, engine.codec, snapshot, PROJECTIONS, engine.zone, advance
                )
    _report(verdict, examined, len(signed), json=json)


def reading() -> Engine:
    """Return an engine whose projections are left to whoever follows them."""
    return Engine(Settings(follow=False))


def _resumed(engine: Engine, file: Path | None) -> Walk:
    if file is None or not file.exists():
        return Walk()
    try:
        last = Head(**msgspec.json.decode(file.read_bytes(), type=dict[str, Any]))
    except (msgspec.DecodeError, TypeError):
        raise typer.BadParameter(f"{file} is of another kind", param_hint="--resume") from None
    return Walk.resumed(engine.reader, last)


def _report(verdict: Verdict, examined: Examined | None, signed: int, *, json: bool) -> None:
    faults: tuple[Fault, ...] = (*verdict.faults, *(examined.faults if examined else ()))
    if json:
        told = msgspec.structs.replace(verdict, faults=faults)
        looked = msgspec.to_builtins(examined) if examined else {}
        told_more = {**msgspec.to_builtins(told), "checkpoints": signed}
        told_more |= {name: looked[name] for name in looked if name != "faults"}
        typer.echo(msgspec.json.format(msgspec.json.encode(told_more)).decode())
    elif faults:
        for fault in faults:
            said = escape(fault.text)
            console.print(f"[red]{fault.kind}[/] at position {fault.position:,}: {said}")
        console.print(f"{len(faults)} faults in {verdict.events:,} events")
    else:
        console.print(
            f"[green]intact[/]: {verdict.events:,} events, dense and chained, "
            f"head digest {verdict.digest[:16]}…"
        )
        if signed:
            console.print(f"[green]signed[/]: {signed:,} checkpoints fit the log")
        if examined is not None:
            console.print(
                f"[green]equal[/]: {examined.rows:,} rows of {examined.tables} tables, "
                f"{examined.statements:,} issued statements; {examined.laws} laws hold"
            )
        for name, events in (examined.behind if examined else {}).items():
            console.print(f"[yellow]behind[/]: {name} has not heard of {events:,} events")
    if faults:
        raise typer.Exit(1)


def _nothing(kind: str, name: str) -> NoReturn:
    errors.print(f"nothing is known of {kind} {name}")
    raise typer.Exit(1)
