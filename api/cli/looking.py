"""Commands that look at read models: rows of any time, why a figure is what it is, files."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import typer
from rich import box
from rich.markup import escape
from rich.table import Table

from api.cli.auditing import reading
from api.cli.moments import AsOf, KnownAt, moment_of
from api.cli.terminal import bar, errors, printer
from api.decoding import Misfit
from api.engine import Engine
from api.exports import FORMATS
from api.exports.sources import Source, of_log, of_table
from api.filters import conditions, stored_table
from api.problems import Problem
from domain.catalogue import CATEGORIES
from domain.kernel.refusal import NotFound
from projections.catalogue import TABLES
from projections.grants import make_reader
from projections.positions import projection_positions
from projections.views import VIEWS
from replays.histories.states import UnfoldableError, state_of
from replays.tables.explaining import Explainer, Explanation
from replays.tables.moment import facts_until

console = printer()

Name = Annotated[str, typer.Argument(metavar="TABLE", help="Table; `baton tables` lists them.")]
Where = Annotated[
    list[str] | None, typer.Option(help="column:value that rows must have; several are all.")
]
Out = Annotated[Path | None, typer.Option("--out", help="File to write; else it is printed.")]


def tables() -> None:
    """List every table and view, with what it is."""
    views = {view.name for view in VIEWS}
    for name, (_, table) in TABLES.items():
        kind = " (view)" if name in views else ""
        console.print(f"[bold]{name}[/]  {table.comment}{kind}", highlight=False)


def state(
    category: Annotated[str, typer.Argument(help="First part of a stream's name: Order.")],
    key: Annotated[str, typer.Argument(help="The rest of it: SO-0002.")],
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> None:
    """Print an aggregate as JSON, as it is or as it was."""
    with _opened() as engine:
        moment = moment_of(engine, as_of, known_at)
        kind = CATEGORIES.get(category)
        found = kind and state_of(engine.reader, engine.codec, kind.of(key), moment, engine.zone)
        if found is None:
            raise NotFound(kind=category, id=key)
        typer.echo(msgspec.json.format(msgspec.json.encode(found)).decode())


def export(
    name: Name,
    form: Annotated[
        Literal["csv", "ndjson", "parquet", "xlsx"], typer.Option("--format", help="How.")
    ] = "csv",
    where: Where = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    out: Out = None,
) -> None:
    """Write all rows of a table or view (or the log: `events`), now or as of a moment."""
    with _opened() as engine:
        moment = moment_of(engine, as_of, known_at)
        if name == "events":
            source = of_log(engine, 0, moment.position, ())
        else:
            then = moment if as_of or known_at else None
            source = of_table(engine, name, where or [], then, patience=None)
        _write(source, form, out)


def explain(
    name: Name,
    column: Annotated[str, typer.Argument(help="The figure: a column of the table.")],
    where: Where = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> None:
    """Tell which events make a figure up, and what each of them did."""
    with _opened() as engine:
        projection, table = stored_table(name)
        keys = [one.name for one in table.primary_key]
        given = conditions(table, where or [])
        if sorted(given) != sorted(keys) or column not in table.columns:
            raise typer.BadParameter(f"--where must name {', '.join(keys)}, and COLUMN a column")
        moment = moment_of(engine, as_of, known_at)
        explainer = Explainer(projection, table, given)
        with bar("reading the log", moment.position) as advance:
            facts = facts_until(
                engine.reader, engine.codec, moment, [projection], engine.zone, advance
            )
            explainer.watch(facts)
        if not explainer.exists:
            raise NotFound(kind=name, id="/".join(map(str, given.values())))
        _tell(explainer.explain(column))


def grant_reader(
    role: Annotated[str, typer.Argument(help="Role to make, or to grant to.")] = "baton_analyst",
) -> None:
    """Let a role of PostgreSQL read all tables, views and the log, and nothing else."""
    with _opened() as engine:
        if engine.database.dialect.name != "postgresql":
            errors.print("SQLite has no roles: let analysts open the file read-only")
            raise typer.Exit(1)
        names = [*TABLES, str(projection_positions.name)]
        with engine.database.writing() as connection:
            make_reader(connection, role, names)
    console.print(f"{role} may read {len(names)} tables and views, and event_log")


@contextmanager
def _opened() -> Iterator[Engine]:
    """Open an engine; what is asked wrongly is told, with exit code 1."""
    with reading() as engine:
        try:
            yield engine
        except Misfit as misfit:
            for one in misfit.violations:
                errors.print(f"{one.facts['field']}: {one.facts['reason']}")
            raise typer.Exit(1) from None
        except NotFound as missing:
            errors.print(f"nothing is known of {missing.facts['kind']} {missing.facts['id']}")
            raise typer.Exit(1) from None
        except UnfoldableError as error:
            errors.print(f"{error}: ask by --known-at")
            raise typer.Exit(1) from None
        except Problem as problem:
            errors.print(problem.detail)
            raise typer.Exit(1) from None


def _write(source: Source, form: str, out: Path | None) -> None:
    chunks = FORMATS[form].write(source.name, source.columns, source.rows)
    if out is None:
        for chunk in chunks:
            sys.stdout.buffer.write(chunk)
        return
    with out.open("wb") as file:
        file.writelines(chunks)
    errors.print(f"{source.name} as of position {source.position:,}, written to {out}")


def _tell(told: Explanation) -> None:
    key = ", ".join(f"{name}={value}" for name, value in told.key.items())
    title = escape(f"{told.table} {key}: {told.column} = {told.value}")
    if told.formula:
        console.print(f"[bold]{title}[/] = {told.formula}", highlight=False)
    for part in told.parts:
        _tell(part)
    if not told.contributions:
        return
    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold")
    for heading in ("#", "happened", "event", "stream", "who", "did", "value", "after"):
        figure = heading in ("#", "value", "after")
        side: Literal["left", "right"] = "right" if figure else "left"
        table.add_column(heading, justify=side, no_wrap=figure, overflow="fold")
    for one in told.contributions:
        figures: tuple[Any, ...] = (one.did.lower(), one.value, one.after)
        row = (one.position, f"{one.occurred_at:%Y-%m-%d %H:%M}", one.topic, one.stream, one.actor)
        table.add_row(*(escape(str(cell)) for cell in (*row, *figures)))
    console.print(table)
