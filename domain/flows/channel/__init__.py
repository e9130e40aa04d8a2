"""Flows of the channel: what dealers report of our goods, and what follows from it."""
