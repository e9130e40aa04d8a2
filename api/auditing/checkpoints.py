"""Checkpoints and what can be proved with them: to an auditor, and to a dealer."""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import PlainTextResponse, StreamingResponse
from pydantic import BaseModel, Field

from api.checkpointing import NoSigningKeyError, take_checkpoint
from api.decoding import LARGEST, Misfit
from api.documents import inline
from api.downloads import Download
from api.keys import EngineOf, Reader, Service
from api.problems import DOOR_CODES, Problem
from api.reading import Reads, model_of
from domain.kernel.refusal import NotFound, ValidationFailed
from domain.parties.dealer import Dealer
from eventlog.rows import Checkpoint
from replays.past import Past
from replays.proving.bundle import RangeError, span_of, write_bundle
from replays.proving.checkpoints import AlteredLogError, note_of
from replays.proving.extract import write_extract
from replays.proving.proofs import Consistency, Inclusion, prove_consistency, prove_inclusion
from replays.proving.signing import KeyFileError

router = APIRouter(tags=["trust"])

ZIP = "application/zip"
IN_MEMORY = 8 * 1024 * 1024
"""Bytes of a zip that are kept in memory; a larger one is written to a file that has no name."""
CHUNK = 1 << 16

Position = Annotated[int, Query(ge=1, le=LARGEST, description="Position in the log.")]
Proved: Any = model_of(Inclusion)
Consistent: Any = model_of(Consistency)


class SignedCheckpoint(BaseModel):
    """What the log was at a position, signed."""

    position: int
    digest: str = Field(description="Chain digest at the position, hex.")
    root: str | None = Field(description="Root of the Merkle tree over all digests so far, hex.")
    signed_at: str = Field(description="UTC.")
    key: str = Field(description="Verifier key: name+hash+base64(0x01 || public key).")
    signature: str = Field(description="What stands behind the name in the signed note.")


@router.get("/v1/checkpoints", response_model=list[SignedCheckpoint])
def checkpoints(engine: EngineOf, _: Reader) -> Any:
    """Every checkpoint that was signed, in order of position."""
    return [_told(one) for one in engine.reader.checkpoints()]


@router.post("/v1/checkpoints", response_model=SignedCheckpoint)
def sign(engine: EngineOf, _: Service) -> Any:
    """Sign the head of the log and keep the checkpoint; one that is there already is returned."""
    try:
        return _told(take_checkpoint(engine))
    except NoSigningKeyError as error:
        raise _problem("NO_SIGNING_KEY") from error
    except KeyFileError as error:
        raise _problem("SIGNING_KEY_UNREADABLE") from error
    except AlteredLogError as error:
        raise _problem("LOG_ALTERED") from error


@router.get("/v1/checkpoints/{position}", response_class=PlainTextResponse)
def note(
    engine: EngineOf,
    _: Reader,
    position: Annotated[int, Path(ge=1, le=LARGEST, description="Position of the checkpoint.")],
) -> str:
    """Return a checkpoint as a signed note, to be kept elsewhere."""
    try:
        return note_of(_checkpoint(engine.reader.checkpoints(), position)).written
    except ValueError as error:
        raise _problem("LOG_ALTERED") from error


@router.get("/v1/proofs/inclusion", response_model=Proved)
def inclusion(
    engine: EngineOf,
    _: Reader,
    position: Position,
    checkpoint: Annotated[
        int | None, Query(ge=1, le=LARGEST, description="Position of a checkpoint; the newest.")
    ] = None,
) -> Any:
    """Prove that an event is in the tree of a checkpoint."""
    stored = engine.reader.checkpoints()
    if position > engine.reader.head().position:
        raise NotFound(kind="events", id=str(position))
    if checkpoint is not None:
        size = _checkpoint(stored, checkpoint).position
    else:
        size = stored[-1].position if stored else 0
    if position > size:
        raise _problem("NOT_COVERED")
    return prove_inclusion(engine.reader, position, size)


@router.get("/v1/proofs/consistency", response_model=Consistent)
def consistency(engine: EngineOf, _: Reader, old: Position, new: Position) -> Any:
    """Prove that the log at one position begins with the log at an earlier one."""
    if old > new:
        raise Misfit([ValidationFailed(field="old", reason="at most as large as new")])
    if new > engine.reader.head().position:
        raise NotFound(kind="events", id=str(new))
    return prove_consistency(engine.reader, old, new)


@router.get("/v1/bundle", response_class=StreamingResponse, responses={200: {"content": {ZIP: {}}}})
def bundle(
    engine: EngineOf,
    _: Reader,
    after: Annotated[int, Query(ge=0, le=LARGEST, description="Begin after this position.")] = 0,
    upto: Annotated[
        int | None, Query(ge=1, le=LARGEST, description="Last position; that of the log.")
    ] = None,
) -> StreamingResponse:
    """Events with everything that is needed to check them elsewhere, and a program that does."""
    try:
        span = span_of(engine.reader, after, upto)
    except RangeError as error:
        raise Misfit([ValidationFailed(field="upto", reason=str(error))]) from None
    log = engine.settings.log_name
    file = _spooled()
    write_bundle(file, engine.reader, span, log=log, types=engine.codec.types)
    return _download(file, f"bundle-{log}-{span.after + 1}-{span.upto}.zip")


@router.get(
    "/v1/dealers/{dealer}/extract",
    response_class=StreamingResponse,
    responses={200: {"content": {ZIP: {}}}},
)
def extract(reads: Reads, dealer: str) -> StreamingResponse:
    """What the log has of a dealer's account, each event proved to be in it, to check elsewhere."""
    reads.of_dealer(dealer)
    engine = reads.engine
    if not Past(engine.reader, engine.codec).get(Dealer, dealer).exists:
        raise NotFound(kind="dealers", id=dealer)
    log = engine.settings.log_name
    file = _spooled()
    write_extract(file, engine.reader, dealer, log=log)
    return _download(file, f"extract-{log}-{dealer}.zip")


def _told(row: Checkpoint) -> dict[str, Any]:
    told = row._asdict()
    return told | {"key": told.pop("key_id")}


def _checkpoint(stored: list[Checkpoint], position: int) -> Checkpoint:
    found = next((one for one in stored if one.position == position), None)
    if found is None:
        raise NotFound(kind="checkpoints", id=str(position))
    return found


def _problem(code: str) -> Problem:
    status, sentence = DOOR_CODES[code]
    return Problem(status, code, sentence)


def _spooled() -> IO[bytes]:
    return SpooledTemporaryFile(IN_MEMORY)


def _download(file: IO[bytes], name: str) -> StreamingResponse:
    """Send a file from its beginning, and close it."""
    size = file.tell()
    file.seek(0)
    headers = {"Content-Disposition": inline(name), "Content-Length": str(size)}
    return Download(_chunks(file), ZIP, headers)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
