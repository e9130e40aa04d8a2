"""The result of one check of an order, with its evidence."""

from __future__ import annotations

import msgspec

Evidence = dict[str, str | int | None]
"""Inputs of a decision: texts, quantities and amounts in minor units."""


class CheckResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a check found. ``hold`` is empty where it passed; ``policy_version`` is the rule's."""

    check: str
    hold: str = ""
    inputs: Evidence = {}
    policy_version: int = 0
