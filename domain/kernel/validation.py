"""Finding everything that is wrong with a command before it is refused."""

from __future__ import annotations

import re
from datetime import date

from domain.kernel.aggregate import Aggregate, Log
from domain.kernel.refusal import Refusal, ValidationFailed, refuse
from domain.refusals import DateRange

_ID = re.compile(r"[^\s/\x00-\x1f][^/\x00-\x1f]{0,63}")


class Findings:
    """Collects violations; ``refuse`` raises them all at once, the first one leading."""

    def __init__(self) -> None:
        self.found: list[Refusal] = []

    def add(self, *violations: Refusal) -> None:
        """Add violations."""
        self.found.extend(violations)

    def require(self, fine: object, violation: Refusal) -> None:
        """Add a violation unless something holds."""
        if not fine:
            self.found.append(violation)

    def field(self, fine: object, field: str, reason: str) -> None:
        """Add a wrong field unless something holds."""
        self.require(fine, ValidationFailed(field=field, reason=reason))

    def identifier(self, text: str, field: str) -> None:
        """Ids name streams: 1 to 64 characters, no slash, no control character."""
        fine = _ID.fullmatch(text)
        self.field(fine, field, "1 to 64 characters without slash or control characters")

    def known(self, log: Log, kind: type[Aggregate], key: str, field: str) -> bool:
        """Something with this id must have been set up."""
        fine = bool(_ID.fullmatch(key)) and log.get(kind, key).exists
        self.field(fine, field, f"no {kind.__name__} {key!r} is known")
        return fine

    def dates(self, valid_from: date, valid_to: date | None, field: str) -> None:
        """A validity must not end before it begins."""
        fine = valid_to is None or valid_from <= valid_to
        self.require(fine, DateRange(field=field, valid_from=valid_from, valid_to=valid_to))

    def refuse(self) -> None:
        """Raise what was found."""
        refuse(self.found)
