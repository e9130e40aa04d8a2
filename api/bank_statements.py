"""Bank statements as files: read, checked, and entered, statement by statement."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import uuid
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Header, Query, Request, Response

from api.bank_files import BankStatementFile, read_bank_file
from api.commands import Envelope, respond, to_request
from api.keys import EngineOf, Service
from eventlog.jobs import Outcome

router = APIRouter(tags=["bank-statements"])

LONGEST_KEY = 200
"""Characters of a key of a command."""


@router.post("/v1/bank-statements", response_class=Response)
async def enter(  # noqa: PLR0913 - each parameter is a header or a part of the URL
    request: Request,
    engine: EngineOf,
    actor: Service,
    *,
    account: Annotated[
        str | None, Query(description="Our account, where no line names it.")
    ] = None,
    reference: Annotated[str | None, Query(description="Name of a table without one.")] = None,
    dry_run: Annotated[bool, Query(description="Try it out: enter nothing.")] = False,
    on_behalf_of: Annotated[str | None, Header()] = None,
    idempotency_key: Annotated[str | None, Header()] = None,
) -> Response:
    """Enter a file of the bank: MT940, camt.053, CSV or XLSX; each of its statements for itself.

    A file that does not fit is refused as a whole, with every place that is wrong. A statement that
    was entered before adds nothing; what is wrong with one statement does not stop the next. A
    statement that has a number, and no name, is called by its year and its number: ``2026-00042``.
    """
    raw = await request.body()
    found = read_bank_file(raw)
    name = reference or f"FILE-{hashlib.sha256(raw).hexdigest()[:12]}"
    key = idempotency_key or f"file-{uuid.uuid4()}"
    bodies = [_body(one, account, name, number) for number, one in enumerate(found.statements, 1)]
    for body in bodies:
        body["currency"] = body["currency"] or engine.settings.currency
    # What the door refuses is refused before the first statement is entered.
    wishes = [
        to_request(
            engine,
            actor,
            Envelope("import-bank-statement", _own_key(key, number), body, on_behalf_of),
            dry_run=dry_run,
        )
        for number, body in enumerate(bodies, 1)
    ]
    outcomes = [await asyncio.wrap_future(engine.submit(wish)) for wish in wishes]
    told = [msgspec.json.decode(one.receipt.body) for one in outcomes]
    if all(one["outcome"] == "refused" for one in told):
        return _refused(outcomes[0], bodies, told)
    results = [
        {"account": body["account"], "reference": body["reference"], **one}
        for body, one in zip(bodies, told, strict=True)
    ]
    answer = {"format": found.format, "statements": results}
    return Response(msgspec.json.encode(answer), media_type="application/json")


def _own_key(key: str, number: int) -> str:
    """Key of one statement: the file's own, if it fits, or its digest, with the number.

    A key that is none is left as it is, to be refused.
    """
    own = f"{key}-{number}"
    if len(own) <= LONGEST_KEY or len(key) > LONGEST_KEY or not key.isprintable():
        return own
    return f"file-{hashlib.sha256(key.encode()).hexdigest()}-{number}"


def _refused(
    leading: Outcome, bodies: list[dict[str, Any]], told: list[dict[str, Any]]
) -> Response:
    """Answer for a file of which nothing was taken: all that is wrong, each with its statement."""
    violations = [
        wrong | {"facts": wrong["facts"] | {"statement": f"{body['account']}/{body['reference']}"}}
        for body, one in zip(bodies, told, strict=True)
        for wrong in one["violations"]
    ]
    streams = {name: version for one in told for name, version in one["streams"].items()}
    whole = {"violations": violations, "streams": streams, "position": told[-1]["position"]}
    text = msgspec.json.encode(told[0] | whole).decode()
    return respond(dataclasses.replace(leading, receipt=leading.receipt._replace(body=text)))


def _body(
    one: BankStatementFile, account: str | None, reference: str, number: int
) -> dict[str, Any]:
    """Command of a statement. Only booked lines with an amount are money."""
    lines = [
        {
            "value_date": line.value_date.isoformat(),
            "amount": line.amount,
            "bank_ref": line.bank_ref,
            "payer": line.payer,
            "payer_account": line.payer_account,
            "text": line.text,
        }
        for line in one.lines
        if line.amount
    ]
    return {
        "account": (one.account or account or "").replace("/", "|"),
        "reference": _name(one, reference, number).replace("/", "|"),
        "currency": one.currency,
        "opening": one.opening,
        "closing": one.closing,
        "lines": lines,
    }


def _name(one: BankStatementFile, reference: str, number: int) -> str:
    """Name of a statement among all of its account: a number has its year before it."""
    if not one.reference:
        return f"{reference}-{number}" if number > 1 else reference
    return f"{one.year}-{one.reference}" if one.is_numbered and one.year else one.reference
