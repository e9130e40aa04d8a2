"""The general ledger: what was posted in which period, and what was handed over to finance."""
