"""A product: what is made or bought, how it is traced, and what it must be licensed for."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from domain.goods.product_terms import Identifier, ProductTerms, Registration
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import InvalidState
from domain.kernel.stamp import Stamp


class Product(Aggregate):
    """One product; the stream is ``Product/{sku}``."""

    CATEGORY: ClassVar[str] = "Product"

    terms: ProductTerms | None = None
    locks: dict[str, str] = msgspec.field(default_factory=dict)
    """What stops the product from being sold: the hold's code and the reason."""

    # What can happen to a product. Topics and fields are stored: add, never rename.

    class Registered(Event, frozen=True, kw_only=True):
        """The product is known."""

        TOPIC = "product.registered"
        terms: ProductTerms

        def apply(self, product: Product) -> None:
            """Set the terms."""
            product.terms = self.terms

    class RegistrationAdded(Event, frozen=True, kw_only=True):
        """A registration or filing was granted; ``renews`` is the one that it follows, if any."""

        TOPIC = "product.registration_added"
        registration: Registration
        renews: str = ""

        def apply(self, product: Product) -> None:
            """Add it; the renewed one is not pending any more."""
            product.terms = product.known.with_registration(self.registration, self.renews)

    class RenewalFiled(Event, frozen=True, kw_only=True):
        """A renewal was applied for in time: until it is decided, the registration goes on."""

        TOPIC = "product.renewal_filed"
        no: str

        def apply(self, product: Product) -> None:
            """Let it go on."""
            product.terms = product.known.with_renewal_pending(self.no)

    class IdentifierAdded(Event, frozen=True, kw_only=True):
        """A packaging level got its device identifier."""

        TOPIC = "product.identifier_added"
        identifier: Identifier

        def apply(self, product: Product) -> None:
            """Add it."""
            levels = (*product.known.identifiers, self.identifier)
            product.terms = msgspec.structs.replace(product.known, identifiers=levels)

    class LifeSet(Event, frozen=True, kw_only=True):
        """The product entered another stage of its life: INTRO, ACTIVE, PHASE_OUT or END."""

        TOPIC = "product.life_set"
        before: str
        life: str
        reason: str

        def apply(self, product: Product) -> None:
            """Set it."""
            product.terms = msgspec.structs.replace(product.known, life=self.life)

    class TrackingChanged(Event, frozen=True, kw_only=True):
        """From now on the product is tracked otherwise; nothing of it was in stock."""

        TOPIC = "product.tracking_changed"
        before: str
        tracking: str

        def apply(self, product: Product) -> None:
            """Set it."""
            product.terms = msgspec.structs.replace(product.known, tracking=self.tracking)

    class Locked(Event, frozen=True, kw_only=True):
        """The product may not be sold: ``code`` is QUALITY_LOCK or RECALL_BLOCK."""

        TOPIC = "product.locked"
        code: str
        reason: str

        def apply(self, product: Product) -> None:
            """Lock it."""
            product.locks[self.code] = self.reason

    class Unlocked(Event, frozen=True, kw_only=True):
        """The product may be sold again."""

        TOPIC = "product.unlocked"
        code: str
        reason: str

        def apply(self, product: Product) -> None:
            """Unlock it."""
            product.locks.pop(self.code, None)

    # What is asked about it.

    @property
    def known(self) -> ProductTerms:
        """The terms of a registered product."""
        assert self.terms is not None  # noqa: S101 - only existing products are asked
        return self.terms

    @property
    def base_di(self) -> str:
        """Device identifier of the base unit, the one that serials belong to."""
        return next(one.di for one in self.known.identifiers if one.contains_qty == 1)

    def registered_on(self, day: date) -> bool:
        """Whether a registration or filing covers a day; a pending renewal extends it."""
        return any(one.covers(day) for one in self.known.registrations)

    # What may be asked of it.

    def lock(self, code: str, reason: str, stamp: Stamp) -> None:
        """Stop its sale; raises InvalidState if it is stopped for this already."""
        if code in self.locks:
            raise InvalidState(sku=self.key, locked=code)
        self.record(self.Locked(stamp.by, stamp.at, code=code, reason=reason))

    def unlock(self, code: str, reason: str, stamp: Stamp) -> None:
        """Let it be sold again; raises InvalidState if nothing stopped it."""
        if code not in self.locks:
            raise InvalidState(sku=self.key, locks=sorted(self.locks))
        self.record(self.Unlocked(stamp.by, stamp.at, code=code, reason=reason))

    def register(self, terms: ProductTerms, stamp: Stamp) -> None:
        """Make the product known; said twice with the same terms, it is said once."""
        if terms != self.terms:
            self.record(self.Registered(stamp.by, stamp.at, terms=terms))

    def add_registration(self, registration: Registration, renews: str, stamp: Stamp) -> None:
        """Enter a certificate; entering it again alike records nothing."""
        if registration not in self.known.registrations:
            self.record(
                self.RegistrationAdded(stamp.by, stamp.at, registration=registration, renews=renews)
            )

    def file_renewal(self, no: str, stamp: Stamp) -> None:
        """Let a certificate go on until its renewal is decided; said twice, it is said once."""
        if self.known.with_renewal_pending(no) != self.known:
            self.record(self.RenewalFiled(stamp.by, stamp.at, no=no))

    def identify(self, identifier: Identifier, stamp: Stamp) -> None:
        """Give a packaging level its identifier; said twice alike, it is said once."""
        if identifier not in self.known.identifiers:
            self.record(self.IdentifierAdded(stamp.by, stamp.at, identifier=identifier))

    def set_life(self, life: str, reason: str, stamp: Stamp) -> None:
        """Enter another stage of life; the same one again records nothing."""
        before = self.known.life
        if life != before:
            self.record(self.LifeSet(stamp.by, stamp.at, before=before, life=life, reason=reason))

    def track(self, tracking: str, stamp: Stamp) -> None:
        """Be tracked otherwise; the same way again records nothing."""
        before = self.known.tracking
        if tracking != before:
            self.record(self.TrackingChanged(stamp.by, stamp.at, before=before, tracking=tracking))
