"""Problems: every answer that is not a success, as RFC 9457 problem details.

The ``type`` of a problem is a relative reference to its description. No exception text leaves.
"""

from __future__ import annotations

import logging
from typing import Any

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from api.decoding import Misfit
from api.engine import describe
from domain.kernel.refusal import Refusal
from eventlog.codec import UnreadableRowError
from eventlog.jobs import (
    KeyReusedError,
    LogBusyError,
    LogUnavailableError,
    VersionConflictError,
)

MEDIA_TYPE = "application/problem+json"
logger = logging.getLogger(__name__)


class Problem(Exception):  # noqa: N818 - it is an answer
    """A problem of the door itself, as opposed to a refusal of the domain."""

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        detail: str = "",
        violations: list[dict[str, Any]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail or title
        self.violations = violations or []
        self.headers = headers or {}

    def response(self, **more: Any) -> Response:
        """Write it."""
        body = body_of(self.status, self.code, self.title, self.detail, self.violations) | more
        return answer(body, self.headers)


def body_of(
    status: int, code: str, title: str, detail: str, violations: list[dict[str, Any]]
) -> dict[str, Any]:
    """Members of a problem."""
    return {
        "type": f"/v1/problems/{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "violations": violations,
    }


def answer(body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    """Respond with a problem."""
    content = msgspec.json.encode(body)
    return Response(content, body["status"], headers, MEDIA_TYPE)


def problem_of(error: Exception) -> Problem:
    """Return the problem that an error is to the caller."""
    match error:
        case Problem():
            return error
        case Misfit(violations=violations):
            leading = violations[0]
            return Problem(
                400,
                leading.code,
                leading.sentence,
                f"{len(violations)} fields do not fit",
                [item for one in violations for item in describe(one)["violations"]],
            )
        case Refusal():
            told = describe(error)
            return Problem(told["status"], told["code"], told["detail"], "", told["violations"])
        case KeyReusedError():
            return Problem(
                409,
                "IDEMPOTENCY_CONFLICT",
                "This idempotency key was used for another request.",
            )
        case VersionConflictError(conflicts=conflicts):
            facts = [
                {
                    "code": "VERSION_CONFLICT",
                    "detail": stream,
                    "facts": {"expected": e, "actual": a},
                }
                for stream, (e, a) in conflicts.items()
            ]
            return Problem(
                409, "VERSION_CONFLICT", "A stream is not at the expected version.", "", facts
            )
        case LogBusyError(retry_after=seconds):
            wait = {"Retry-After": str(seconds)}
            return Problem(503, "BUSY", "Too many commands wait; try again.", headers=wait)
        case UnreadableRowError():
            logger.error("unreadable event", exc_info=error)
            status, title = DOOR_CODES["LOG_UNREADABLE"]
            return Problem(status, "LOG_UNREADABLE", title, str(error))
        case LogUnavailableError():
            wait = {"Retry-After": "1"}
            title = "The log could not be written; repeat with the same key."
            return Problem(503, "LOG_UNAVAILABLE", title, headers=wait)
        case _:
            logger.error("unexpected error", exc_info=error)
            return Problem(500, "INTERNAL_ERROR", "Something went wrong on our side.")


DOOR_CODES = {
    "AS_OF_UNFOLDABLE": (422, "What happened by this day rests on what happened after it."),
    "BATCH_TOO_LARGE": (413, "Too many commands in one request."),
    "BODY_TOO_LARGE": (413, "The request is too large."),
    "BUSY": (503, "Too many commands wait; try again."),
    "CONTROLS_DIFFER": (500, "A batch of the journal is not what was handed over."),
    "CURSOR_INVALID": (400, "The cursor belongs to another list, or is none."),
    "HTTP_ERROR": (400, "The request does not fit the protocol."),
    "IDEMPOTENCY_CONFLICT": (409, "The idempotency key was used for another request."),
    "IDEMPOTENCY_KEY_REQUIRED": (400, "The header Idempotency-Key must be given."),
    "INTERNAL_ERROR": (500, "Something went wrong on our side."),
    "KEY_REQUIRED": (401, "A valid API key is needed."),
    "LOG_ALTERED": (500, "The log is not what was signed of it."),
    "LOG_UNAVAILABLE": (503, "The log could not be written; repeat with the same key."),
    "LOG_UNREADABLE": (500, "An event of the log cannot be read; `baton verify` tells more."),
    "METHOD_NOT_ALLOWED": (405, "The path does not take this method."),
    "NOT_COVERED": (409, "No checkpoint covers the position."),
    "NOT_READY": (503, "The log cannot be read."),
    "NO_SIGNING_KEY": (409, "No key that signs checkpoints is configured."),
    "PARQUET_NOT_INSTALLED": (501, "Parquet cannot be written here."),
    "PDF_NOT_INSTALLED": (501, "Statements cannot be written as PDF here."),
    "PROJECTION_BEHIND": (503, "The projections have not reached the position in time."),
    "SIGNING_KEY_UNREADABLE": (500, "The key that signs checkpoints cannot be read."),
    "TOO_LARGE_FOR_XLSX": (413, "A workbook cannot hold this."),
    "VERSION_CONFLICT": (409, "A stream is not at the expected version."),
}
"""Problems of the door itself, beside the refusals of the domain: status and sentence."""

_HTTP_CODES = {404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED", 413: "BODY_TOO_LARGE"}


def install(app: FastAPI) -> None:
    """Answer every error of the app with a problem."""

    async def on_error(_: Request, error: Exception) -> Response:
        return problem_of(error).response()

    async def on_http(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
        code = _HTTP_CODES.get(error.status_code, "HTTP_ERROR")
        headers = dict(error.headers or {})
        problem = Problem(error.status_code, code, str(error.detail), headers=headers)
        return problem.response()

    async def on_validation(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - the same
        violations = [
            {
                "code": "VALIDATION_FAILED",
                "detail": one["msg"],
                "facts": {"field": ".".join(str(part) for part in one["loc"])},
            }
            for one in error.errors()
        ]
        title = "A parameter is missing or wrong."
        return Problem(400, "VALIDATION_FAILED", title, "", violations).response()

    for kind in (
        Problem,
        Misfit,
        Refusal,
        KeyReusedError,
        VersionConflictError,
        LogBusyError,
        LogUnavailableError,
        UnreadableRowError,
        Exception,
    ):
        app.add_exception_handler(kind, on_error)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(RequestValidationError, on_validation)
