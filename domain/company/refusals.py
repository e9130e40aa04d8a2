"""Reasons to refuse what concerns numbers and opening balances."""

from domain.kernel.refusal import InvalidState, Refusal


class NumberTaken(Refusal):
    """This document number is already in use."""

    status = 409


class AlreadyPosted(InvalidState):
    """Opening balances come before the first posting."""
