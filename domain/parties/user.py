"""A person or service account: role, scope, dealer. Roles decide who may release and approve."""

from __future__ import annotations

from typing import ClassVar

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp

ROLES = {
    "REP": "sales representative",
    "MGR": "sales manager",
    "FIN": "finance",
    "WH": "warehouse",
    "PP": "production planner",
    "PUR": "purchaser",
    "DLR": "dealer user",
    "SE": "service engineer",
    "QA": "quality manager",
    "AUD": "auditor",
    "ANA": "analyst",
    "ADM": "administrator",
}


class User(Aggregate):
    """One user; the stream is ``User/{id}``. Scope is a sales region, a warehouse or ALL."""

    CATEGORY: ClassVar[str] = "User"

    role: str = ""
    scope: str | None = None
    dealer: str | None = None

    # What can happen to a user. Topics and fields are stored: add, never rename.

    class Registered(Event, frozen=True, kw_only=True):
        """The user is known, or got another role or scope."""

        TOPIC = "user.registered"
        role: str
        scope: str | None = None
        dealer: str | None = None

        def apply(self, user: User) -> None:
            """Set the fields."""
            user.role, user.scope, user.dealer = self.role, self.scope, self.dealer

    # What may be asked of it.

    def register(self, role: str, scope: str | None, dealer: str | None, stamp: Stamp) -> None:
        """Make the user known; said twice alike, it is said once."""
        if (self.role, self.scope, self.dealer) != (role, scope, dealer):
            self.record(self.Registered(stamp.by, stamp.at, role=role, scope=scope, dealer=dealer))
