"""Commands about money: a statement as it was issued, and the journal for other programs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from api.cli.terminal import errors
from api.documents import FORMATS
from api.engine import Engine
from api.problems import Problem
from api.queries.books import plain_text
from api.settings import Settings
from domain.kernel.refusal import NotFound
from replays import statements

Form = Literal["html", "xlsx", "json", "pdf"]
Ledger = Literal["beancount", "hledger"]
Out = Annotated[Path | None, typer.Option("--out", help="File to write; else it is printed.")]


def statement(
    dealer: Annotated[str, typer.Argument(help="Dealer.")],
    period: Annotated[str, typer.Argument(help="Month, YYYY-MM.")],
    version: Annotated[int, typer.Option(help="Issued version.")] = 1,
    form: Annotated[Form, typer.Option("--format", help="How it is written.")] = "html",
    out: Out = None,
) -> None:
    """Write a statement as it was issued: the same bytes every time; exit 1 if there is none."""
    with Engine(Settings(follow=False)) as engine:
        try:
            found = statements.issued_document(engine.reader, engine.codec, dealer, period, version)
            _write(FORMATS[form].render(found), out)
        except NotFound:
            errors.print(f"no version {version} of {dealer}, {period}, was issued")
            raise typer.Exit(1) from None
        except Problem as problem:
            errors.print(problem.detail)
            raise typer.Exit(1) from None


def journal(
    form: Annotated[Ledger, typer.Option("--format", help="For which program.")] = "beancount",
    out: Out = None,
) -> None:
    """Write the whole journal in plain text, with balances to check."""
    with Engine(Settings(follow=False)) as engine:
        _write(plain_text(engine, form), out)


def _write(content: bytes, out: Path | None) -> None:
    if out is not None:
        out.write_bytes(content)
    else:
        sys.stdout.buffer.write(content)
