"""What a check found: each kind of fault with the first position that it spoils."""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """Something that is not as it was written, where first, and how often (position 0: nowhere)."""

    kind: str
    position: int
    text: str
    times: int


class Findings:
    """Faults by kind; however many there are, it stays small."""

    def __init__(self) -> None:
        self._faults: dict[tuple[str, str], Fault] = {}

    def add(self, kind: str, position: int, text: str, of: str = "") -> None:
        """Note a fault; one kind is told once, or once of each thing that ``of`` names."""
        known = self._faults.get((kind, of))
        if known is None:
            self._faults[kind, of] = Fault(kind, position, text, 1)
        elif position < known.position:
            self._faults[kind, of] = Fault(kind, position, text, known.times + 1)
        else:
            self._faults[kind, of] = known._replace(times=known.times + 1)

    @property
    def faults(self) -> list[Fault]:
        """All of them, in the order of their positions."""
        return sorted(self._faults.values(), key=lambda one: one.position)
