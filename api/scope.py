"""Scope: what a reader may see. A dealer's user sees rows of its own dealer, and nothing else.

Whatever does not say which of its rows are a dealer's is forbidden to whoever is bound to one: an
endpoint that forgets the rule shows too little, never too much.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, Table

from domain.kernel.refusal import ForbiddenRole
from domain.kernel.stamp import Actor

Own = Callable[[str], ColumnElement[bool]]
"""Tells which rows of a table are a dealer's, where the column ``dealer`` does not."""

DEALER_USER = "DLR"

UNTOLD: dict[str, frozenset[str]] = {
    "inventory_serials": frozenset({"diversion_case"}),  # who is accused learns it when asked
    "order_lines": frozenset({"floor", "ceiling"}),  # how far our own people may go
    "order_sourcing": frozenset({"donor", "passed_over"}),  # exact stock, by warehouse
    "hold_log": frozenset({"evidence"}),  # the same, and what other dealers registered
    "rebates": frozenset({"withheld_cases"}),  # the dealer learns of a case when it is asked
    "rebate_ledger": frozenset({"case"}),  # the same
}
"""Columns that a dealer's own rows have, and that a bound reader gets empty; they are nullable."""


def bound_to(actor: Actor) -> str | None:
    """Return the dealer that a reader is bound to; None for one that is bound to none.

    Raises ForbiddenRole for a dealer's user of whom nobody said whose: it sees nothing.
    """
    if actor.role == DEALER_USER and not actor.dealer:
        raise ForbiddenRole(user=actor.user, role=actor.role, reason="no dealer is known of it")
    return actor.dealer


def unscoped(actor: Actor) -> ForbiddenRole:
    """Return the refusal of what nobody narrowed. It is the same whatever exists."""
    reason = "it is not said which part of this is a dealer's own"
    return ForbiddenRole(role=actor.role, reason=reason)


def own_rows(actor: Actor, table: Table, own: Own | None = None) -> list[ColumnElement[bool]]:
    """Conditions that leave of a table what a reader may see; none for one that sees all.

    Raises ForbiddenRole where a reader is bound, and neither a column nor ``own`` names the dealer.
    """
    dealer = bound_to(actor)
    if dealer is None:
        return []
    if own is not None:
        return [own(dealer)]
    if "dealer" not in table.columns:
        raise unscoped(actor)
    return [table.c.dealer == dealer]


def told(actor: Actor, query: Select[Any], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of a query as a reader may see them: a bound one gets some columns empty."""
    if bound_to(actor) is None:
        return rows
    tables = (getattr(one, "name", "") for one in query.get_final_froms())
    hidden = frozenset().union(*(UNTOLD.get(name, frozenset()) for name in tables))
    return [row | dict.fromkeys(hidden & row.keys()) for row in rows]
