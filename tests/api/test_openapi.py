"""The description of the door is complete, and the door does what it says."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import create_app
from api.decoding import COMMANDS
from api.engine import Engine
from tests.api.door import KEY
from tests.support.story import play
from tests.support.world import MovableClock, opened

ENDLESS = "/v1/events/stream"
EXAMPLES = 8
DECIDING = ("On-Behalf-Of", "Occurred-At", "Expected-Versions", "Idempotency-Key", "min_position")
"""With random values in these, no body would be looked at; a position in the future is a 503."""
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    clock = MovableClock()
    url = f"sqlite:///{tmp_path_factory.mktemp('openapi') / 'baton.db'}"
    with opened(url, clock, wait_seconds=0.05) as engine:
        play(engine, clock)
        yield engine


@pytest.fixture(scope="module")
def described(engine: Engine) -> dict[str, Any]:
    return TestClient(create_app(engine)).get("/openapi.json").json()


def _resolved(described: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def test_it_is_openapi_3_1(described: dict[str, Any]):
    assert described["openapi"].startswith("3.1.")
    assert described["info"]["title"] == "Baton"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_described_with_its_body_and_its_headers(
    described: dict[str, Any], name: str
):
    operation = described["paths"][f"/v1/commands/{name}"]["post"]

    body = operation["requestBody"]["content"]["application/json"]["schema"]
    schema = _resolved(described, body)
    assert schema["additionalProperties"] is False
    assert schema["properties"].keys() == COMMANDS[name].__dataclass_fields__.keys()
    headers = {one["name"]: one["required"] for one in operation["parameters"] if "required" in one}
    optional = dict.fromkeys(("On-Behalf-Of", "Occurred-At", "Expected-Versions"), False)
    assert headers == {"Idempotency-Key": True} | optional
    assert operation["security"] == [{"HTTPBearer": []}]
    assert {"200", "4XX"} <= operation["responses"].keys()
    assert operation["summary"]


def test_every_reference_leads_somewhere(described: dict[str, Any]):
    def references(part: Any) -> Iterator[str]:
        if isinstance(part, dict):
            if isinstance(part.get("$ref"), str):
                yield part["$ref"]
            part = list(part.values())
        if isinstance(part, list):
            yield from itertools.chain.from_iterable(map(references, part))

    known = {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}
    assert set(references(described)) <= known


def test_operations_have_names_of_their_own(described: dict[str, Any]):
    names = [one["operationId"] for path in described["paths"].values() for one in path.values()]

    assert len(names) == len(set(names))


def test_no_request_breaks_the_door_or_contradicts_its_description(engine: Engine):
    schema = schemathesis.openapi.from_asgi("/openapi.json", create_app(engine))
    _leave_undecided(schema.raw_schema["paths"])
    keys = (f"schemathesis-{number}" for number in itertools.count())
    broken: dict[str, str] = {}

    for found in schema.exclude(path=ENDLESS).get_all_operations():
        operation = found.ok()
        try:
            _exercise(operation, keys)
        except Exception as error:  # noqa: BLE001 - all operations are tried before the verdict
            broken[operation.label] = f"{type(error).__name__}: {error}"

    assert broken == {}


def _leave_undecided(paths: dict[str, Any]) -> None:
    """Take out of the description what no request of this test is to hold."""
    for operation in itertools.chain.from_iterable(one.values() for one in paths.values()):
        asked = operation.get("parameters", [])
        operation["parameters"] = [one for one in asked if one["name"] not in DECIDING]


def _exercise(operation: Any, keys: Iterator[str]) -> None:
    """Send what the description allows, and let every answer be what it says."""

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy())
    def send(case: Any) -> None:
        case.validate_response(case.call(headers=KEY | {"Idempotency-Key": next(keys)}), CHECKS)

    send()
