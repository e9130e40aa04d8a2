"""Reasons to refuse what concerns transfers, work orders and requisitions."""

from domain.kernel.refusal import Refusal


class SameWarehouse(Refusal):
    """Goods cannot be transferred to the warehouse where they are."""


class DonorBelowSafety(Refusal):
    """The donor would fall below its safety stock."""


class ReceiveExceedsDispatch(Refusal):
    """More would be received than was dispatched."""


class WarehouseClass(Refusal):
    """The warehouse cannot keep these goods as they must be kept."""


class MaterialShortage(Refusal):
    """Components are missing, and nobody has accepted the shortage."""


class OverOutput(Refusal):
    """More would be made than the work order allows."""


class QcNotPassed(Refusal):
    """The release inspection was not passed."""


class SupplierNotQualified(Refusal):
    """The supplier has not passed its first review."""


class DuplicateForDemand(Refusal):
    """This demand has an open requisition."""

    status = 409


class NeedDatePast(Refusal):
    """The goods are needed in the past."""
