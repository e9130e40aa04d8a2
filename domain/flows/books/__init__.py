"""The general ledger: what is posted, when a period is closed, what finance gets."""
