"""Reasons to refuse what dealers report: errors of form alone, never what it says."""

from domain.kernel.refusal import Refusal


class DateFuture(Refusal):
    """A report is about the past."""


class DuplicateLine(Refusal):
    """This line of this file was reported before."""

    status = 409
