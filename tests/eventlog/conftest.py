"""A desk at an empty log."""

from __future__ import annotations

import pytest

from tests.eventlog.support import Desk


@pytest.fixture
def desk(database_url, templates):
    templates.begin(database_url)
    with Desk(database_url) as desk:
        yield desk
