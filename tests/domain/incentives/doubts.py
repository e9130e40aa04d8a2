"""The worked quarter with a device of it that was found where D05 has no rights: DIV-0001.

Two months came before the log; in March D05 buys the device for 266,000.00, and more for 75,600.00.
"""

from __future__ import annotations

from typing import Any

from tests.domain.cases.court import came_to, finding, hiring
from tests.domain.cases.court import does as acts
from tests.domain.incentives.schemes import accrue, close, confirmed, opened, sell
from tests.domain.story import US80_1, at_dealer
from tests.domain.support import Given

REST = 75_600_00
END = "2026-03-31"


def bought(*serials: str) -> Given:
    """The device was bought, and the rest; nobody has found anything."""
    past = opened(at_dealer(*(serials or (US80_1,))))
    sell(past, REST, "2026-03-20")
    return past


def doubted(**more: Any) -> Given:
    """It was found in Hangzhou; March is accrued."""
    past = acts(bought(), hiring(), finding(**more))
    accrue(past, "2026-03", END)
    return past


def owed(**more: Any) -> Given:
    """It was found, March is closed, and finance has confirmed all that was accrued."""
    return confirmed(doubted(**more))


def decided(past: Given) -> Given:
    """The case was confirmed."""
    return came_to("DECIDED", past)


def shut(past: Given) -> Given:
    accrue(past, "2026-03", END)
    return close(past)
