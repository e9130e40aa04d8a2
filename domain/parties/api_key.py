"""An API key: who stands behind a request, and what kind of caller that is.

Only the SHA-256 of the secret is kept; the secret itself never reaches the log.
"""

from __future__ import annotations

from typing import ClassVar

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import AlreadyExists
from domain.kernel.stamp import Stamp

SERVICE = "SERVICE"
AUDITOR = "AUDITOR"
KEY_ROLES = (SERVICE, AUDITOR)


class ApiKey(Aggregate):
    """One key; the stream is ``ApiKey/{secret_digest}``, so that a request finds it at once."""

    CATEGORY: ClassVar[str] = "ApiKey"

    name: str = ""
    role: str = ""
    revoked: bool = False

    # What can happen to a key. Topics and fields are stored: add, never rename.

    class Issued(Event, frozen=True, kw_only=True):
        """The key opens the door, as the actor ``name`` in a role."""

        TOPIC = "api_key.issued"
        name: str
        role: str

        def apply(self, key: ApiKey) -> None:
            """Set the fields."""
            key.name, key.role = self.name, self.role

    class Revoked(Event, frozen=True, kw_only=True):
        """The key no longer opens the door."""

        TOPIC = "api_key.revoked"
        reason: str

        def apply(self, key: ApiKey) -> None:
            """Close it."""
            key.revoked = True

    # What may be asked of it.

    def issue(self, name: str, role: str, stamp: Stamp) -> None:
        """Issue the key; issuing it again alike records nothing. Raises AlreadyExists."""
        if (self.name, self.role) == (name, role):
            return
        if self.exists:
            raise AlreadyExists(kind="ApiKey", name=self.name)
        self.record(self.Issued(stamp.by, stamp.at, name=name, role=role))

    def revoke(self, reason: str, stamp: Stamp) -> None:
        """Revoke the key, once."""
        if not self.revoked:
            self.record(self.Revoked(stamp.by, stamp.at, reason=reason))
