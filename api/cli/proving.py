"""Commands about proofs: keys and checkpoints, bundles and extracts, and checking them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated, NoReturn

import typer

from api.checkpointing import NoSigningKeyError, take_checkpoint
from api.cli.terminal import bar, errors
from api.engine import Engine
from api.settings import Settings
from domain.parties.dealer import Dealer
from replays.past import Past
from replays.proving import signing
from replays.proving.bundle import RangeError, span_of, write_bundle
from replays.proving.checkpoints import AlteredLogError, EmptyLogError, note_of
from replays.proving.extract import write_extract
from replays.proving.signing import KeyFileError
from replays.proving.verifier.checking import check
from replays.proving.verifier.notes import read_key
from replays.proving.verifier.report import as_json, as_text

Zip = Annotated[Path, typer.Option("--out", help="Zip file to write.")]


def new_signing_key(
    file: Annotated[Path, typer.Argument(help="File to write; it must not be there yet.")],
) -> None:
    """Make a key that signs checkpoints, and print the key with which others verify them."""
    try:
        place = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        _fail(f"{file} is not written: {error.strerror}")
    with os.fdopen(place, "wb") as out:
        out.write(signing.new_private_key())
    typer.echo(signing.load(file, Settings().log_name).key.text)


def checkpoint(
    out: Annotated[Path | None, typer.Option("--out", help="File; else it is printed.")] = None,
) -> None:
    """Sign the head of the log, and write the note down: keep it where nobody can change both."""
    with Engine(Settings(follow=False)) as engine:
        try:
            note = note_of(take_checkpoint(engine)).written.encode()
        except EmptyLogError:
            _fail("the log is empty: there is nothing to sign")
        except AlteredLogError as error:
            _fail(f"nothing is signed: {error}")
        except (NoSigningKeyError, KeyFileError) as error:
            _fail(str(error))
    if out is None:
        sys.stdout.buffer.write(note)
        return
    with _written(out) as file:
        file.write(note)


def bundle(
    out: Zip,
    after: Annotated[int, typer.Option(min=0, help="Begin after this position.")] = 0,
    upto: Annotated[int | None, typer.Option(min=1, help="Last position; that of the log.")] = None,
) -> None:
    """Write the log, or a part of it, to be checked elsewhere: python3 FILE checks it."""
    with Engine(Settings(follow=False)) as engine:
        try:
            span = span_of(engine.reader, after, upto)
        except RangeError as error:
            _fail(str(error))
        log, types = engine.settings.log_name, engine.codec.types
        with bar("bundling", span.head) as advance, _written(out) as file:
            write_bundle(file, engine.reader, span, log=log, types=types, progress=advance)


def extract(
    dealer: Annotated[str, typer.Argument(help="Dealer.")],
    out: Zip,
) -> None:
    """Write what the log has of a dealer's account, to be checked by the dealer: python3 FILE."""
    with Engine(Settings(follow=False)) as engine:
        if not Past(engine.reader, engine.codec).get(Dealer, dealer).exists:
            _fail(f"nothing is known of a dealer {dealer!r}")
        head, log = engine.reader.head().position, engine.settings.log_name
        with bar("extracting", head) as advance, _written(out) as file:
            write_extract(file, engine.reader, dealer, log=log, progress=advance)


def verify_bundle(
    file: Annotated[Path, typer.Argument(help="A bundle or an extract: zip file or folder.")],
    key: Annotated[
        list[str] | None, typer.Option(help="Verifier key that alone is trusted (repeatable).")
    ] = None,
    note: Annotated[
        list[Path] | None, typer.Option(help="A checkpoint that was kept (repeatable).")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,  # noqa: FBT002
) -> None:
    """Check a bundle or an extract with the verifier of this installation, not its own."""
    try:
        trusted = [read_key(one) for one in key or ()]
        kept = [one.read_text(encoding="utf-8") for one in note or ()]
    except (OSError, ValueError) as error:
        raise typer.BadParameter(str(error)) from None
    verdict = check(file, trusted, kept)
    typer.echo(as_json(verdict) if json else as_text(verdict), nl=json)
    if not verdict.intact:
        raise typer.Exit(1)


@contextmanager
def _written(out: Path) -> Iterator[IO[bytes]]:
    """Open a file that takes its name when it is complete."""
    part = out.with_name(f"{out.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(out)
    except OSError as error:
        _fail(f"{out} is not written: {error.strerror}")
    finally:
        part.unlink(missing_ok=True)


def _fail(text: str) -> NoReturn:
    errors.print(text, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1)
