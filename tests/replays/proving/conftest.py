"""Bundles of the story, which are written once and altered by copies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from api.engine import Engine
from tests.replays.proving.worlds import bundled, extracted, signed, signed_at
from tests.support.story import play
from tests.support.templates import Templates
from tests.support.world import RICH, MovableClock, done, opened

MIDDLE, LAST = 60, 100
"""Positions of the first two checkpoints."""
AFTER, UPTO = 50, 90
"""The part of the log that is bundled by itself."""


class Bundles(NamedTuple):
    """A whole log, a part of it and a dealer's extract, with where the log and the last note end."""

    engine: Engine
    whole: Path
    part: Path
    extract: Path
    signed: int
    end: int


@pytest.fixture(scope="session")
def bundles(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bundles]:
    """Three checkpoints were signed, and money came in after the last one."""
    folder, clock = tmp_path_factory.mktemp("bundles"), MovableClock()
    url = f"sqlite:///{folder / 'baton.db'}"
    templates.fill(url, play, clock)
    with opened(url, clock, follow=False) as engine:
        signed_at(engine, MIDDLE)
        signed_at(engine, LAST)
        last = signed(engine).position
        pay(engine, RICH, "BK-2")
        yield Bundles(
            engine,
            bundled(engine, folder / "whole.zip"),
            bundled(engine, folder / "part.zip", AFTER, UPTO),
            extracted(engine, folder / "extract.zip", RICH),
            last,
            engine.reader.head().position,
        )


def pay(engine: Engine, dealer: str, reference: str) -> None:
    """Let money of a dealer come in."""
    money = {"dealer_id": dealer, "bank_ref": reference, "value_date": "2026-03-31", "amount": 700}
    paid = money | {"currency": "CNY", "payer_name": f"Dealer {dealer}"}
    done(engine, "record-payment", reference, paid, on_behalf_of="fin-1")
