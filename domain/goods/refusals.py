"""Reasons to refuse what concerns products, stock, shipments, devices and returns."""

from domain.kernel.refusal import ForbiddenRole, InvalidState, NotFound, Refusal


class UnknownSku(Refusal):
    """There is no product with this code."""


class DiDuplicate(Refusal):
    """This device identifier belongs to another product."""

    status = 409


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


class ScanMismatch(Refusal):
    """What was scanned is not what the shipment says."""


class SamePersonReview(ForbiddenRole):
    """The second check needs a second person."""


class ReviewMissing(InvalidState):
    """The shipment has not passed its outbound review."""


class ShipExceedsReserved(Refusal):
    """More would be shipped than is reserved for the line."""


class PodDocRequired(Refusal):
    """A signed proof of delivery must be given."""


class PodBeforeShip(Refusal):
    """Goods cannot be signed for before they were shipped."""


class UdiCheckDigit(Refusal):
    """The check digit of the device identifier is wrong."""


class UdiUnknownDi(Refusal):
    """No product carries this device identifier."""


class UdiAiUnsupported(Refusal):
    """The scan cannot be read as GS1 application identifiers."""


class UdiMissingPi(Refusal):
    """The scan names neither a serial number nor a lot."""


class UdiDateInvalid(Refusal):
    """The scan holds a date that does not exist."""


class UdiRepeatedAi(Refusal):
    """The scan says the same thing twice, and differently."""


class UdiAmbiguous(Refusal):
    """The scan has no separators and can be read in several ways."""


class UdiPackagingLevel(Refusal):
    """The scan is a carton's, and its devices are not known one by one."""


class TrackingChangeWithStock(Refusal):
    """Tracking can be changed only while nothing is in stock."""


class ExpiredOnReceipt(Refusal):
    """The goods expired before they came in."""


class FefoViolation(Refusal):
    """A lot that expires earlier is in stock; a reason must be given."""


class QcRoleRequired(ForbiddenRole):
    """Only the quality manager may do this."""


class CountStale(InvalidState):
    """Stock has moved since the count sheet was frozen."""


class RecountRequired(Refusal):
    """The difference is above the tolerance; somebody else must count again."""


class ApprovalRequired(ForbiddenRole):
    """Somebody with this authority has to approve it first."""


class SerialCountMismatch(Refusal):
    """The serials that were found are not the quantity counted."""


class UdiMissing(Refusal):
    """The package has no scanned identifier."""


class SerialMismatch(Refusal):
    """This is not the unit that was shipped."""


class SerialNotOnOrder(Refusal):
    """This unit was not shipped under this order."""


class SiteNotReady(InvalidState):
    """The site has not been declared ready."""


class TestsIncomplete(InvalidState):
    """The tests were not passed."""


class NotInstalled(InvalidState):
    """The unit is not installed."""


class AcceptanceDocRequired(Refusal):
    """A signed acceptance must be given."""


class NotShippedToDealer(Refusal):
    """These goods were never shipped to this dealer."""


class ReturnWindowExpired(Refusal):
    """The time in which these goods could be returned is over."""


class QtyExceedsShipped(Refusal):
    """More would be returned than was shipped."""


class AlreadyInstalled(Refusal):
    """The unit is in use; it does not come back for commercial reasons."""


class ColdChainUnknown(Refusal):
    """Goods that must be kept cold cannot be restocked without their temperatures."""
