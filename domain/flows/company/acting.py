"""Acting: who a request acts as. Roles come from the log, never from the request."""

from __future__ import annotations

from domain.kernel.aggregate import Log
from domain.kernel.refusal import ForbiddenRole, NotFound
from domain.kernel.stamp import Actor, Stamp
from domain.parties.user import User


def acting(log: Log, principal: Actor, on_behalf_of: str | None) -> Actor:
    """Return the principal itself, or the registered user it acts for.

    Refuses FORBIDDEN_ROLE.
    """
    if on_behalf_of is None:
        return principal
    user = log.get(User, on_behalf_of)
    if not user.exists:
        raise ForbiddenRole(user=on_behalf_of, reason="this user is not registered")
    return Actor(user.key, user.role, user.scope, user.dealer, via=principal.user)


FINANCE = ("FIN", "SERVICE")
"""Who moves money: people of finance, and services."""

SCHEDULER = ("FIN", "SERVICE", "SYSTEM")
"""Who runs what time brings: the scheduler is a service; finance may run it by hand."""


def own(dealer: str, stamp: Stamp, *others: str) -> None:
    """Let a dealer's own users act for it, and services, and people of some other roles.

    To the users of other dealers it is unknown: raises NotFound, or ForbiddenRole for our people.
    """
    if stamp.by.dealer is not None:
        if stamp.by.dealer != dealer:
            raise NotFound(kind="Dealer", id=dealer)
        return
    only(("SERVICE", *others), stamp)


def only(roles: tuple[str, ...], stamp: Stamp) -> None:
    """Refuse FORBIDDEN_ROLE to whoever has none of these roles."""
    if stamp.by.role not in roles:
        raise ForbiddenRole(role=stamp.by.role, required=" or ".join(roles))
