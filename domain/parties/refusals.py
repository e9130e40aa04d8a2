"""Reasons to refuse what concerns dealers, customers and their rights."""

from domain.kernel.refusal import Refusal


class UsccDuplicate(Refusal):
    """Another dealer is registered under this unified social credit code."""

    status = 409


class TerritoryOverlapExclusive(Refusal):
    """Another dealer of the same level holds exclusive rights there at that time."""


class SubdealerTerritoryNotSubset(Refusal):
    """A sub-dealer's territory must lie inside its parent's."""


class LevelTooDeep(Refusal):
    """Channels are at most three levels deep."""


class ParentCycle(Refusal):
    """A dealer cannot be its own ancestor."""


class OpenBalance(Refusal):
    """The dealer still has orders, goods or money open."""


class ProjectAlreadyRegistered(Refusal):
    """Another dealer has registered this project."""

    status = 409


class ExceptionExhausted(Refusal):
    """The exception has no quantity left, or its time is over."""
