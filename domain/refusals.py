"""The vocabulary of refusals: one class per reason, in the order in which a deal meets them.

Generic ones (not found, role, scope, state, validation) are in ``domain.kernel.refusal``.
"""

from domain.kernel.refusal import ForbiddenRole, InvalidState, NotFound, Refusal

# Master data


class UnknownSku(Refusal):
    """There is no product with this code."""


class UsccDuplicate(Refusal):
    """Another dealer is registered under this unified social credit code."""

    status = 409


class DiDuplicate(Refusal):
    """This device identifier belongs to another product."""

    status = 409


class TerritoryOverlapExclusive(Refusal):
    """Another dealer of the same level holds exclusive rights there at that time."""


class SubdealerTerritoryNotSubset(Refusal):
    """A sub-dealer's territory must lie inside its parent's."""


class LevelTooDeep(Refusal):
    """Channels are at most three levels deep."""


class ParentCycle(Refusal):
    """A dealer cannot be its own ancestor."""


class PriceAmbiguous(Refusal):
    """Two price rows answer the same question."""


class DateRange(Refusal):
    """A validity ends before it begins."""


class NumberTaken(Refusal):
    """This document number is already in use."""

    status = 409


class AlreadyPosted(InvalidState):
    """Opening balances come before the first posting."""


# Orders


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


class SelfApproval(ForbiddenRole):
    """Whoever placed or changed an order may not release it."""


class ReasonRequired(Refusal):
    """A reason must be given."""


# Stock


class LotRequired(Refusal):
    """Goods of this product are counted by lot."""


class SerialRequired(Refusal):
    """Units of this product are known by serial number."""


class SerialDuplicate(Refusal):
    """This serial number exists already, or is named twice."""

    status = 409


class QtySerialMismatch(Refusal):
    """The quantity is not the number of serials."""


class InsufficientAtp(Refusal):
    """That much cannot be promised from this warehouse."""


class LotNotSellable(Refusal):
    """The lot is not here, or may not be sold."""


class ShelfLifeShort(Refusal):
    """The lot has fewer days left than the customer needs."""


class SerialNotAvailable(Refusal):
    """The unit is not here, or not free."""


class ReservationNotFound(NotFound):
    """Nothing is reserved under this reference."""


class NotReserved(Refusal):
    """The goods are not reserved for this order."""


# Shipments


class ScanMismatch(Refusal):
    """What was scanned is not what the shipment says."""


class SamePersonReview(ForbiddenRole):
    """The second check needs a second person."""


class ReviewMissing(InvalidState):
    """The shipment has not passed its outbound review."""


class ShipExceedsReserved(Refusal):
    """More would be shipped than is reserved for the line."""


class CreditLimit(Refusal):
    """The dealer's exposure is above its limit on the day of shipment."""


class CreditOverdue(Refusal):
    """The dealer has overdue invoices on the day of shipment."""


class PodDocRequired(Refusal):
    """A signed proof of delivery must be given."""


class PodBeforeShip(Refusal):
    """Goods cannot be signed for before they were shipped."""


# Accounts


class DuplicateBankRef(Refusal):
    """This bank reference has been booked."""

    status = 409


class DuplicateDocument(Refusal):
    """This document number has been posted."""

    status = 409


class CurrencyMismatch(Refusal):
    """The account is kept in another currency."""


class PayerMismatch(Refusal):
    """The payer is not the dealer."""


class Overallocated(Refusal):
    """More is allocated than was received, or than is open."""


class ItemClosed(Refusal):
    """The item is not open."""


# Scans (GS1 General Specifications)


class UdiCheckDigit(Refusal):
    """The check digit of the device identifier is wrong."""


class UdiUnknownDi(Refusal):
    """No product carries this device identifier."""


class UdiAiUnsupported(Refusal):
    """The scan cannot be read as GS1 application identifiers."""


class UdiMissingPi(Refusal):
    """The scan names neither a serial number nor a lot."""
