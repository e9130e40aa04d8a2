"""The door for commands: one at a time by name, or many in one request."""

from __future__ import annotations

import asyncio
import hashlib
import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError

from api.decoding import COMMANDS, Misfit, to_command, to_json
from api.engine import Engine
from api.instants import checked
from api.keys import service_of
from api.problems import Problem, answer, body_of, problem_of
from domain.flows import run
from domain.flows.company.acting import acting
from domain.flows.touching import touches
from domain.kernel.refusal import FutureDated, NotFound, ValidationFailed
from domain.kernel.stamp import Actor
from eventlog import jobs

TOLERANCE = timedelta(minutes=5)
"""How far a caller's clock may be ahead of ours."""

BATCH_LIMIT = 5_000
T = TypeVar("T")
_INSTANT, _FLAG = TypeAdapter(datetime), TypeAdapter(bool)
_VERSION = re.compile(r"[0-9]{1,18}")
_NAMESPACE = uuid.UUID("6f1c1f0e-8f0b-5d5a-9a6d-6a2f0f5b7c11")


@dataclass(frozen=True)
class Envelope:
    """What comes with a command: its key, who it is for, when it happened, what it relies on."""

    name: str
    key: str
    body: Any
    on_behalf_of: str | None = None
    occurred_at: datetime | None = None
    expected_versions: dict[str, int] | None = None


def install(app: FastAPI) -> None:
    """Open the door, before all others.

    Its bodies are decoded by types of the domain and described by ``api.openapi``; so these are
    plain routes, without FastAPI's own reading of parameters, which costs more than a command.
    """
    app.router.add_route("/v1/commands/{name}", one, methods=["POST"])
    app.router.add_route("/v1/commands", many, methods=["POST"])


async def one(request: Request) -> Response:
    """Run one command. The key makes a repetition harmless: it gets the stored answer."""
    actor, dry_run = await service_of(request), _is_dry(request)
    headers, engine = request.headers, request.app.state.engine
    key, at = headers.get("Idempotency-Key"), headers.get("Occurred-At")
    occurred_at = None if at is None else _said(_INSTANT, at, "header", "occurred-at")
    if not key:
        raise Problem(400, "IDEMPOTENCY_KEY_REQUIRED", "The header Idempotency-Key must be given.")
    envelope = Envelope(
        request.path_params["name"],
        key,
        to_json(await request.body()),
        headers.get("On-Behalf-Of"),
        occurred_at,
        _versions(headers.get("Expected-Versions")),
    )
    promise = engine.submit(to_request(engine, actor, envelope, dry_run=dry_run))
    return respond(await asyncio.wrap_future(promise))


async def many(request: Request) -> Response:
    """Run many commands in order, each with its own key and outcome: a JSON array or NDJSON."""
    actor, dry_run = await service_of(request), _is_dry(request)
    envelopes = _envelopes(await request.body(), request.headers.get("content-type", ""))
    if len(envelopes) > BATCH_LIMIT:
        title = f"At most {BATCH_LIMIT} commands fit into one request."
        raise Problem(413, "BATCH_TOO_LARGE", title)
    engine = request.app.state.engine
    waiting = [_submit(engine, actor, raw, dry_run=dry_run) for raw in envelopes]
    results = [await _settled(key, promise) for key, promise in waiting]
    return Response(msgspec.json.encode(results), media_type="application/json")


def _is_dry(request: Request) -> bool:
    text = request.query_params.get("dry_run")
    return text is not None and _said(_FLAG, text, "query", "dry_run")


def _said(kind: TypeAdapter[T], text: str, place: str, name: str) -> T:
    """Read a parameter as FastAPI does; raises RequestValidationError."""
    try:
        return kind.validate_python(text)
    except ValidationError as error:
        wrong = [{**one, "loc": (place, name)} for one in error.errors()]
        raise RequestValidationError(wrong) from None


def to_request(
    engine: Engine, actor: Actor, envelope: Envelope, *, dry_run: bool = False
) -> jobs.Request:
    """Turn an envelope into a request to the writer. Raises Misfit or Refusal."""
    command_type = COMMANDS.get(envelope.name)
    if command_type is None:
        raise NotFound(kind="Command", id=envelope.name)
    _check_envelope(envelope, engine.clock())
    command = to_command(command_type, envelope.body)
    stamp = engine.stamp(actor, envelope.occurred_at or engine.clock())

    def decide(log: jobs.Log) -> dict[str, Any]:
        by = acting(log, actor, envelope.on_behalf_of)
        return run(log, msgspec.structs.replace(stamp, by=by), command)

    return jobs.Request(
        principal=actor.user,
        key=envelope.key,
        digest=_digest(envelope),
        command=envelope.name,
        command_id=str(uuid.uuid5(_NAMESPACE, f"{actor.user}/{envelope.key}")),
        actor=envelope.on_behalf_of or actor.user,
        decide=decide,
        expected=envelope.expected_versions or {},
        dry_run=dry_run,
        touches=tuple(touches(command)),
    )


def _check_envelope(envelope: Envelope, now: datetime) -> None:
    if len(envelope.key) > 200 or not envelope.key.isprintable():  # noqa: PLR2004 - a sane bound
        reason = "at most 200 printable characters"
        raise Misfit([ValidationFailed(field="Idempotency-Key", reason=reason)])
    at = envelope.occurred_at
    if at is not None and checked(at, "Occurred-At") > now + TOLERANCE:
        raise FutureDated(field="Occurred-At", occurred_at=at)


def _digest(envelope: Envelope) -> str:
    """Digest of everything that makes two requests the same."""
    parts = (
        envelope.name,
        envelope.body,
        envelope.on_behalf_of,
        envelope.occurred_at,
        envelope.expected_versions or {},
    )
    return hashlib.sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()


def _versions(text: str | None) -> dict[str, int]:
    """Read ``Order/SO-0001@5, Stock/WH-SH/US80@12``."""
    versions = {}
    for part in (text or "").split(","):
        stream, _, version = part.strip().rpartition("@")
        if part.strip():
            if not stream or not _VERSION.fullmatch(version):
                reason = "STREAM@VERSION, separated by commas"
                raise Misfit([ValidationFailed(field="Expected-Versions", reason=reason)])
            versions[stream] = int(version)
    return versions


def respond(outcome: jobs.Outcome) -> Response:
    """Answer with what became of a command."""
    receipt = outcome.receipt
    headers = {"Command-Id": receipt.command_id}
    if outcome.repeated:
        headers["Idempotency-Replayed"] = "true"
    if receipt.status == "accepted":
        return Response(receipt.body, 200, headers, "application/json")
    return answer(_refused(msgspec.json.decode(receipt.body)), headers)


def _refused(body: dict[str, Any]) -> dict[str, Any]:
    told = body_of(body["status"], body["code"], body["detail"], body["detail"], body["violations"])
    return told | {"position": body["position"], "streams": body["streams"]}


def _envelopes(raw: bytes, content_type: str) -> list[Any]:
    if "ndjson" in content_type or "jsonl" in content_type:
        return [_line(line) for line in raw.splitlines() if line.strip()]
    found = to_json(raw)
    if not isinstance(found, list):
        raise Misfit([ValidationFailed(field="body", reason="a JSON array, or NDJSON")])
    return found


def _line(raw: bytes) -> Any:
    """Read one line; what is wrong with it is its own outcome."""
    try:
        return to_json(raw)
    except Misfit as misfit:
        return misfit


def _submit(engine: Engine, actor: Actor, raw: Any, *, dry_run: bool) -> tuple[str | None, Any]:
    """Queue one of many; what is wrong with it is its own outcome."""
    key = raw.get("key") if isinstance(raw, dict) else None
    if isinstance(raw, Misfit):
        return key, raw
    try:
        envelope = to_command(Envelope, raw)
        return key, engine.submit(to_request(engine, actor, envelope, dry_run=dry_run))
    except Exception as error:  # noqa: BLE001 - one bad command must not stop its neighbours
        return key, error


def _failed(key: str | None, error: Exception) -> dict[str, Any]:
    problem = problem_of(error)
    told = body_of(problem.status, problem.code, problem.title, problem.detail, problem.violations)
    return {"key": key, "outcome": "failed", **told}


async def _settled(key: str | None, promise: Any) -> dict[str, Any]:
    if isinstance(promise, Exception):
        return _failed(key, promise)
    try:
        outcome: jobs.Outcome = await asyncio.wrap_future(promise)
    except Exception as error:  # noqa: BLE001 - the same
        return _failed(key, error)
    receipt = outcome.receipt
    body = msgspec.json.decode(receipt.body)
    status = 200 if receipt.status == "accepted" else body["status"]
    told = body if receipt.status == "accepted" else {"outcome": "refused", **_refused(body)}
    told["status"] = status
    return {"key": key, "command_id": receipt.command_id, "repeated": outcome.repeated, **told}
