"""The OpenAPI 3.1 description: FastAPI's own for queries, and ours for commands."""

from __future__ import annotations

import inspect
import re
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.commands import Envelope
from api.decoding import COMMANDS, READ
from domain.flows import FLOWS

REF = "#/components/schemas/{name}"
_CODES = re.compile(r"\b[A-Z][A-Z]+(?:_[A-Z]+)*\b")

SUMMARY = """Baton drives an order from its placement to its settlement, on an append-only log.

Commands need an `Idempotency-Key`: the same key with the same content gets the stored answer,
with other content `IDEMPOTENCY_CONFLICT`. `On-Behalf-Of` names the registered user for whom a
service commands or reads; a dealer's user sees its own dealer's rows. Amounts are integers in
minor units, unit prices decimals written as text, dates ISO 8601."""

_HEADERS = (
    ("Idempotency-Key", "Names the command; a repetition gets the stored answer.", True),
    ("On-Behalf-Of", "Registered user for whom a service acts.", False),
    ("Occurred-At", "Business time with offset, if it is not now.", False),
    ("Expected-Versions", "Stream versions relied on: `Order/SO-0001@5, ...`.", False),
)


def install(app: FastAPI) -> None:
    """Serve the whole description."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _schema(app)
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign] # FastAPI's documented extension point


def _schema(app: FastAPI) -> dict[str, Any]:
    schema = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        description=SUMMARY,
        routes=app.routes,
    )
    types = [*COMMANDS.values(), Envelope]
    _, components = msgspec.json.schema_components(types, ref_template=REF)
    for component in components.values():
        if "properties" in component:
            component["additionalProperties"] = False
    for name in READ:
        components["Scan"]["properties"].pop(name)
    components.pop("Reading")
    for name, command in COMMANDS.items():
        schema["paths"][f"/v1/commands/{name}"] = {"post": _operation(name, command)}
    schema["paths"]["/v1/commands"] = {"post": _batch()}
    for path in schema["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
            if operation.get("tags") != ["health"]:
                operation["responses"]["default"] = _problem("A problem.")
    schema["components"]["schemas"] |= components | {"Problem": PROBLEM, "Accepted": ACCEPTED}
    schema["components"]["schemas"].pop("HTTPValidationError", None)
    schema["components"]["schemas"].pop("ValidationError", None)
    return schema


def _operation(name: str, command: type[Any]) -> dict[str, Any]:
    flow = inspect.getdoc(FLOWS[command]) or ""
    body = {"$ref": REF.format(name=command.__name__)}
    return {
        "tags": ["commands"],
        "operationId": name.replace("-", "_"),
        "summary": (inspect.getdoc(command) or name).splitlines()[0],
        "description": " ".join(flow.split()),
        "parameters": [*(_header(*one) for one in _HEADERS), _DRY_RUN],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            "200": _json("Accepted, and durable.", {"$ref": REF.format(name="Accepted")}),
            "4XX": _problem(f"Refused: {', '.join(codes_of(flow)) or 'see the codes'}."),
        },
        "security": [{"HTTPBearer": []}],
    }


def codes_of(text: str) -> list[str]:
    """Refusal codes that a flow's docstring promises."""
    _, _, refuses = text.partition("Refuses ")
    return [code for code in _CODES.findall(refuses) if "_" in code]


def _batch() -> dict[str, Any]:
    items = {"type": "array", "items": {"$ref": REF.format(name="Envelope")}}
    line = {"type": "string", "description": "One envelope a line."}
    outcome = {"type": "array", "items": {"type": "object"}}
    content = {
        "application/json": {"schema": items},
        "application/x-ndjson": {"schema": line},
    }
    return {
        "tags": ["commands"],
        "operationId": "many",
        "summary": "Run many commands in order, each with its own key and outcome.",
        "parameters": [_DRY_RUN],
        "requestBody": {"required": True, "content": content},
        "responses": {"200": _json("The outcomes, in order.", outcome)},
        "security": [{"HTTPBearer": []}],
    }


def _header(name: str, text: str, required: bool) -> dict[str, Any]:  # noqa: FBT001 - a table row
    schema: dict[str, Any] = {"type": "string"}
    if name == "Occurred-At":
        schema["format"] = "date-time"
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": text,
        "schema": schema,
    }


def _json(text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def _problem(text: str) -> dict[str, Any]:
    schema = {"$ref": REF.format(name="Problem")}
    return {"description": text, "content": {"application/problem+json": {"schema": schema}}}


_DRY_RUN = {
    "name": "dry_run",
    "in": "query",
    "description": "Run the real path and keep nothing.",
    "schema": {"type": "boolean", "default": False},
}

ACCEPTED: dict[str, Any] = {
    "type": "object",
    "description": "What was done: the result, the streams that grew, and the log position.",
    "required": ["outcome", "result", "streams", "position"],
    "properties": {
        "outcome": {"const": "accepted"},
        "result": {"type": "object"},
        "streams": {"type": "object", "additionalProperties": {"type": "integer"}},
        "position": {"type": "integer"},
    },
}

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Problem details (RFC 9457) with a code and all violations at once.",
    "required": ["type", "title", "status", "detail", "code", "violations"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "violations": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "detail", "facts"],
                "properties": {
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                    "facts": {"type": "object"},
                },
            },
        },
    },
}
