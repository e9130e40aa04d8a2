"""Reasons to refuse what concerns orders, prices and contracts.

The codes of holds are here as well: what holds an order at placement refuses it at shipment.
"""

from domain.kernel.refusal import ForbiddenRole, InvalidState, Refusal


class PriceAmbiguous(Refusal):
    """Two price rows answer the same question."""


class DuplicateOrder(Refusal):
    """This dealer has already sent an order with this reference."""

    status = 409


class DealerTerminated(Refusal):
    """The dealer's contract has ended."""


class PackMultiple(Refusal):
    """The quantity is not a multiple of the pack."""


class BelowMoq(Refusal):
    """The quantity is below the minimum order quantity."""


class HoldsActive(InvalidState):
    """The order is held."""


class HoldNotActive(InvalidState):
    """The order is not held for this reason."""


class HoldNotOverridable(Refusal):
    """Nobody may release this hold; the facts have to change."""


class OverrideLimitExceeded(Refusal):
    """The deviation is larger than this person may release."""

    leaves_trace = True


class CreditLimit(Refusal):
    """The dealer's exposure is above its limit on the day of shipment."""


class CreditOverdue(Refusal):
    """The dealer has overdue invoices on the day of shipment."""


class AlreadyShipped(InvalidState):
    """Goods of this order have left; they come back as a return."""


class AmendBelowShipped(Refusal):
    """The quantity cannot be less than what has left or is on its way."""


class PriceLocked(InvalidState):
    """The price of a line is fixed once its first goods have left."""


class AddressLocked(InvalidState):
    """The address is fixed once the first goods have left."""


class NothingOpen(Refusal):
    """The line has no such quantity open."""


class NoSupply(Refusal):
    """Nothing can supply this quantity."""


class WoStarted(InvalidState):
    """Production for this order has begun; a sales manager decides on the fee."""


class ReserveExceedsOpen(Refusal):
    """More would be reserved than the line still needs."""


class PartialNotAllowed(Refusal):
    """The customer wants the goods of this order or line together."""


class NotFullyInvoiced(InvalidState):
    """The order is not fully invoiced."""


class NotSettled(InvalidState):
    """Invoices of the order are open."""


class ReturnWindowOpen(InvalidState):
    """Goods of the order may still be returned."""


class DealerSuspended(Refusal):
    """The dealer is suspended."""


class LicenceMissing(Refusal):
    """The dealer has no licence or filing for this class of device."""


class LicenceExpired(Refusal):
    """The dealer's licence or filing is not valid on this day."""


class LicenceScope(Refusal):
    """The dealer's licence or filing does not cover this product."""


class RegistrationMissing(Refusal):
    """The product has no registration or filing."""


class RegistrationExpired(Refusal):
    """The registration does not cover this day, or the day the unit was made."""


class RecallBlock(Refusal):
    """The product is being recalled."""


class QualityLock(Refusal):
    """The product is locked for reasons of quality."""


class AddressOutOfTerritory(Refusal):
    """The address lies outside the dealer's territory."""


class AddressUnverified(Refusal):
    """The receiver is neither the dealer's registered warehouse nor the named customer."""


class HospitalPermitMissing(Refusal):
    """The hospital has no permit for this large equipment."""


class ApproverIsAuthor(ForbiddenRole):
    """Whoever wrote this may not approve it."""


class DocMissing(Refusal):
    """A document must be given."""


class QtyBelowCalled(Refusal):
    """The contract has already been called off beyond this quantity."""


class PriceBelowFloor(Refusal):
    """The price lies below the floor."""
