"""The story behind a door that signs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.engine import Engine
from replays.proving import signing
from tests.api.door import signed_in
from tests.conftest import BACKENDS
from tests.support.backends import note_backend, shared_url
from tests.support.story import play
from tests.support.templates import Templates
from tests.support.world import POOR, RICH, MovableClock, done, opened

LOG = "maker.example/log"
AUDITING = "the-auditor-s-own-secret"
USERS = {"dlr-rich": RICH, "dlr-poor": POOR}


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("key") / "key.pem"
    path.write_bytes(signing.new_private_key())
    return path


@pytest.fixture(scope="module", params=BACKENDS)
def signing_engine(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    templates: Templates,
    key_file: Path,
) -> Iterator[Engine]:
    """An engine with a key, an auditor and two dealers' users; tests add checkpoints alone."""
    url, clock = shared_url(request, tmp_path_factory), MovableClock()
    templates.fill(url, play, clock)
    with opened(url, clock, follow=False, signing_key=key_file, log_name=LOG) as engine:
        engine.issue_key("audit", "AUDITOR", AUDITING)
        for user, dealer in USERS.items():
            body = {"user_id": user, "role": "DLR", "dealer_id": dealer}
            done(engine, "register-user", f"user-{user}", body)
        yield engine


@pytest.fixture
def service(request: pytest.FixtureRequest, signing_engine: Engine) -> TestClient:
    """A service that asks this engine."""
    note_backend(request, signing_engine.database.url.render_as_string())
    return signed_in(signing_engine)
