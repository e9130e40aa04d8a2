"""What a refusal is: a command that is not accepted, with a code, a sentence and the facts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar, NoReturn

_WORD = re.compile(r"(?<!^)(?=[A-Z])")


class Refusal(Exception):  # noqa: N818 - the trade's word; it is an answer, not an error
    """Base of all refusals. One class per reason; its first docstring line is the sentence.

    The code is the class's name in capitals: ``InsufficientAtp`` is ``INSUFFICIENT_ATP``.
    ``facts`` hold the numbers behind it. ``others`` are further violations found with it.
    """

    code: ClassVar[str] = "REFUSED"
    status: ClassVar[int] = 422
    leaves_trace: ClassVar[bool] = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Derive the code from the name."""
        super().__init_subclass__(**kwargs)
        if "code" not in cls.__dict__:
            cls.code = _WORD.sub("_", cls.__name__).upper()

    def __init__(self, **facts: Any) -> None:
        super().__init__()
        self.facts = facts
        self.others: tuple[Refusal, ...] = ()

    def __str__(self) -> str:
        """Code and sentence; put together when asked, for most that are made are never raised."""
        return f"{self.code}: {self.sentence}"

    @property
    def sentence(self) -> str:
        """What happened, in one sentence."""
        return (type(self).__doc__ or "").strip().splitlines()[0]

    @property
    def violations(self) -> tuple[Refusal, ...]:
        """This refusal, which leads, and all that were found with it."""
        return (self, *self.others)


def refuse(violations: Sequence[Refusal]) -> None:
    """Raise the first of several violations with the others in it; do nothing for none."""
    if violations:
        _raise(violations[0], tuple(violations[1:]))


def _raise(leading: Refusal, others: tuple[Refusal, ...]) -> NoReturn:
    leading.others = others
    raise leading


class NotFound(Refusal):
    """Nothing is known under this id."""

    status = 404


class ForbiddenRole(Refusal):
    """This role may not do this."""

    status = 403


class SelfApproval(ForbiddenRole):
    """Whoever made, placed or asked for something does not approve it."""


class BudgetExceeded(ForbiddenRole):
    """The amount is above what there is for it, or above what this person may approve."""


class OutOfScope(Refusal):
    """This is outside the region, warehouse or dealer that the person acts for."""

    status = 403


class InvalidState(Refusal):
    """This cannot be done in the present state."""

    status = 409


class ValidationFailed(Refusal):
    """A field is missing or wrong."""


class ReasonRequired(Refusal):
    """A reason must be given."""


class MasterDataMissing(Refusal):
    """Data that the decision needs has not been set up."""


class FutureDated(Refusal):
    """Business time lies in the future."""


class AlreadyExists(Refusal):
    """This id is taken by something else."""

    status = 409


class DateRange(Refusal):
    """A validity ends before it begins."""
