"""Acting: who a request acts as. Roles come from the log, never from the request."""

from __future__ import annotations

from domain.kernel.aggregate import Log
from domain.kernel.refusal import ForbiddenRole
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


def only(roles: tuple[str, ...], stamp: Stamp) -> None:
    """Refuse FORBIDDEN_ROLE to whoever has none of these roles."""
    if stamp.by.role not in roles:
        raise ForbiddenRole(role=stamp.by.role, required=" or ".join(roles))
