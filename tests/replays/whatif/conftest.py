"""Stories that are told once, and asked what if; asking leaves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from api.engine import Engine
from replays.whatif.inquiry import Inquiry
from replays.whatif.report import Report
from tests.support.templates import Make
from tests.support.world import MovableClock, opened

About = Callable[..., Inquiry]
"""Opens the history that a story makes; further fields of the inquiry by name."""


@pytest.fixture(scope="session")
def about(tmp_path_factory: pytest.TempPathFactory) -> Iterator[About]:
    kept: dict[Make, Inquiry] = {}
    with ExitStack() as open_:

        def ask(story: Make, **more: Any) -> Inquiry:
            if story not in kept:
                url = f"sqlite:///{tmp_path_factory.mktemp('story') / 'baton.db'}"
                clock = MovableClock()
                engine = open_.enter_context(opened(url, clock, follow=False))
                story(engine, clock)
                kept[story] = inquiry_of(engine)
            return replace(kept[story], **more)

        yield ask


def inquiry_of(engine: Engine) -> Inquiry:
    """All that an engine knows."""
    known = {"reader": engine.reader, "codec": engine.codec, "zone": engine.zone}
    return Inquiry(**known, currency=engine.settings.currency)


def flips(report: Report) -> list[tuple[str, str, str, str, str]]:
    """Decision, document, how it went, how it would have gone, and where that leads."""
    assert report.unexplained == ()
    return [(one.decision, one.document, one.then, one.now, one.direction) for one in report.flips]
