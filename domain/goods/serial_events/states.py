"""States of a device, and what they mean."""

from __future__ import annotations

MADE, IN_STOCK, RESERVED, IN_TRANSFER = "MADE", "IN_STOCK", "RESERVED", "IN_TRANSFER"
QUARANTINED, SHIPPED, AT_DEALER = "QUARANTINED", "SHIPPED", "AT_DEALER"
AT_HOSPITAL, INSTALLED, IN_SERVICE = "AT_HOSPITAL", "INSTALLED", "IN_SERVICE"
SCRAPPED, LOST, SOLD = "SCRAPPED", "LOST", "SOLD"

WITH_US = (MADE, IN_STOCK, RESERVED, IN_TRANSFER, QUARANTINED, SCRAPPED)
"""States in which a device cannot be seen in the market."""

WITH_CUSTOMER = (SHIPPED, AT_DEALER, SOLD, AT_HOSPITAL, INSTALLED, IN_SERVICE)
"""States from which a device may come back."""

UNUSED = (AT_DEALER, SOLD, AT_HOSPITAL)
"""States of a device that was delivered and may be installed."""

USED = (INSTALLED, IN_SERVICE)
"""States of a device that stands at a hospital."""
