"""A desk for dealers' files."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.files.desk import Desk
from tests.support.world import RICH, MovableClock, build, opened

WEIGHTS = {"SERVICE_ENGINEER_SCAN": "0.95", "DEALER_PORTAL": "0.8"}


@pytest.fixture(scope="package")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk for all tests, on one database; each tells its own lines."""
    url = f"sqlite:///{tmp_path_factory.mktemp('desk') / 'desk.db'}"
    with opened(url, MovableClock()) as engine:
        build(engine)
        desk = Desk(engine)
        desk.people()
        desk.does(None, "set-observation-weights", weights=WEIGHTS)
        desk.does(None, "register-user", user_id="dlr-d01", role="DLR", dealer_id=RICH)
        yield desk
