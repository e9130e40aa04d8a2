"""The laws of the books hold whatever finance does, in whatever order."""

from __future__ import annotations

from hypothesis import settings

from tests.domain.books.machine import Desk

TestDesk = Desk.TestCase
TestDesk.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
