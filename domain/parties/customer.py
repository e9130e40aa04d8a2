"""A customer: the hospital, clinic or imaging centre that uses the device."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp


class Permit(msgspec.Struct, frozen=True, omit_defaults=True):
    """A hospital's permit for large equipment (大型医用设备配置许可); both days inclusive."""

    no: str
    catalogue_code: str
    valid_from: date
    valid_to: date | None = None


class Customer(Aggregate):
    """One customer; the stream is ``Customer/{id}``. ``region_code`` is a GB/T 2260 code."""

    CATEGORY: ClassVar[str] = "Customer"

    name: str = ""
    type: str = ""
    region_code: str = ""
    address_id: str = ""
    gps: str | None = None
    """Position, "latitude,longitude" in degrees."""
    permits: list[Permit] = msgspec.field(default_factory=list)

    # What can happen to a customer. Topics and fields are stored: add, never rename.

    class Registered(Event, frozen=True, kw_only=True):
        """The customer is known."""

        TOPIC = "customer.registered"
        name: str
        type: str
        region_code: str
        address_id: str
        gps: str | None = None

        def apply(self, customer: Customer) -> None:
            """Set the fields."""
            customer.name, customer.type = self.name, self.type
            customer.region_code, customer.address_id = self.region_code, self.address_id
            customer.gps = self.gps

    class Permitted(Event, frozen=True, kw_only=True):
        """A permit for large equipment was verified."""

        TOPIC = "customer.permitted"
        permit: Permit

        def apply(self, customer: Customer) -> None:
            """Add the permit."""
            customer.permits.append(self.permit)

    # What is asked about it.

    def permitted(self, catalogue_code: str, day: date) -> bool:
        """Whether it may run equipment of this catalogue code on a day."""
        return any(
            one.catalogue_code == catalogue_code
            and one.valid_from <= day
            and (one.valid_to is None or day <= one.valid_to)
            for one in self.permits
        )

    # What may be asked of it.

    def permit(self, permit: Permit, stamp: Stamp) -> None:
        """Enter a permit; entering it again alike records nothing."""
        if permit not in self.permits:
            self.record(self.Permitted(stamp.by, stamp.at, permit=permit))

    def register(self, profile: Registered) -> None:
        """Make the customer known; said twice alike, it is said once."""
        said = (profile.name, profile.type, profile.region_code, profile.address_id, profile.gps)
        if said != (self.name, self.type, self.region_code, self.address_id, self.gps):
            self.record(profile)
