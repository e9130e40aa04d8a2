"""Trust: whether the log, and everything that was made from it, is as it was written."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.keys import EngineOf, Reader
from api.reading import Told
from projections.catalogue import PROJECTIONS
from replays.examining import examine
from replays.proving.checkpoints import CheckpointCheck
from replays.readable import ReadableCheck
from replays.verifying import verify

router = APIRouter(tags=["trust"])


class FaultFound(Told):
    """Something that is not as it was written."""

    position: int
    kind: str
    text: str


class LookedAt(Told):
    """What was examined beside the log itself."""

    tables: int
    rows: int
    laws: int
    statements: int
    behind: dict[str, int] = Field(description="Events that read models have not heard of yet.")


class Verification(BaseModel):
    """What a verification found, the first bad position of everything among it."""

    intact: bool
    events: int
    digest: str
    checkpoints: int = Field(description="Signed checkpoints that were compared with the log.")
    examined: LookedAt | None = Field(
        description="Where it was asked for, and the log itself is intact."
    )
    faults: list[FaultFound]


@router.get("/v1/verification", response_model=Verification)
def verification(
    engine: EngineOf,
    _: Reader,
    read_models: Annotated[  # noqa: FBT002
        bool,
        Query(description="Fold all read models anew, too, and ask laws and issued statements."),
    ] = False,
) -> Any:
    """Check the whole log: density, chain, versions, record times, events, head, checkpoints.

    With ``read_models`` every row of every table is compared with what the log gives, every law
    of the books is asked, and the digest of every issued statement is reckoned anew.
    """
    signed = engine.reader.checkpoints()
    watchers = (CheckpointCheck(signed), ReadableCheck(engine.codec))
    verdict = verify(engine.reader, watchers=watchers)
    faults, examined = list(verdict.faults), None
    if read_models and not faults:  # what was made from a spoilt log says nothing
        snapshot = engine.database.snapshot
        examined = examine(engine.reader, engine.codec, snapshot, PROJECTIONS, engine.zone)
        faults += examined.faults
    told = {"events": verdict.events, "digest": verdict.digest, "checkpoints": len(signed)}
    return told | {"intact": not faults, "examined": examined, "faults": faults}
