"""A device's trail: where it stood when, so that a late fact is judged by what was true then."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from domain.goods.passport import Passport
from domain.goods.sighting import Sighting


class Stay(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a device stood from an instant on, and the version of the event that put it there."""

    at: datetime
    version: int
    state: str
    dealer: str | None = None
    hospital: str | None = None
    region: str | None = None
    warehouse: str | None = None
    order: str | None = None
    passport: Passport | None = None


class Sight(msgspec.Struct, frozen=True):
    """A sighting, with the version of the event that told of it, and its business time.

    ``use`` says that the device was sold to a hospital or installed there.
    """

    version: int
    sighting: Sighting
    at: datetime
    use: bool = False


class Relocation(msgspec.Struct, frozen=True):
    """Where its owner moved a device, when, and under which document."""

    hospital: str
    moved_on: date
    document_hash: str
