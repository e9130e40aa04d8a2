"""Trust: whether the log is intact."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from api.keys import EngineOf, Reader
from replays.verifying import verify

router = APIRouter(tags=["trust"])


class FaultFound(BaseModel):
    """Something that is not as it was written."""

    position: int
    kind: str
    text: str


class Verification(BaseModel):
    """What a verification of the whole log found."""

    intact: bool
    events: int
    digest: str
    faults: list[FaultFound]


@router.get("/v1/verification", response_model=Verification)
def verification(engine: EngineOf, _: Reader) -> Any:
    """Check the whole log: density, chain, versions, order of record times, and its head."""
    found = verify(engine.reader)
    faults = [
        {"position": one.position, "kind": one.kind, "text": one.text} for one in found.faults
    ]
    told = {"events": found.events, "digest": found.digest, "faults": faults}
    return {"intact": found.intact, **told}
